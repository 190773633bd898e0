"""Tests for the JSON of a history: everything is in it, and plain json reads it."""

import json
import tempfile
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import numpy as np
from hypothesis import given, settings
from made_up_history import HISTORY, MONDAY, SUBJECT, external, histories, rep, trial

from hiprom.core.history import DiaryEntry, Programme, SavedRep, SavedTrial
from hiprom.core.measurement import Rep
from hiprom.report.exports import write_history_json


def read(path):
    def refuse(word):
        raise AssertionError(f"{word} is no JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)


def test_the_document_names_its_schema_and_its_subject(tmp_path):
    (path,) = write_history_json(
        tmp_path / "p.json", SUBJECT, HISTORY, exported_at=MONDAY
    )

    document = read(path)

    assert document["schema"] == "hiprom.history/1"
    assert document["exported_at"] == "2026-05-04T09:12:00+02:00"
    assert document["subject"] == {
        "code": "P-01",
        "display_name": None,
        "sex": "female",
        "birth_year": 1980,
        "injured_side": "right",
    }


def test_every_field_of_a_trial_and_of_a_repetition_is_there(tmp_path):
    (path,) = write_history_json(tmp_path / "p.json", SUBJECT, (trial(),))

    (told,) = read(path)["trials"]

    assert list(told) == [field.name for field in fields(SavedTrial)]
    assert list(told["reps"][0]) == [field.name for field in fields(SavedRep)]
    assert list(told["reps"][0]["rep"]) == [
        field.name for field in fields(Rep) if field.name != "further"
    ]
    assert told["recorded_at"] == "2026-05-04T09:12:00+02:00"
    assert told["summary"]["software"] == {"hiprom": "0.1"}
    assert told["reps"][2]["excluded"] == "foot slipped"
    assert told["reps"][0]["rep"]["changes"] == {"trunk_lean": 1.1, "knee_travel": -0.4}


def test_missing_is_null_and_nothing_is_rounded(tmp_path):
    saved = SavedRep(
        "left", "hip_rotation_deg", rep(end_range=1 / 3, hold_s=np.nan, neutral=np.inf)
    )
    (path,) = write_history_json(tmp_path / "p.json", SUBJECT, (trial(reps=(saved,)),))

    told = read(path)["trials"][0]["reps"][0]["rep"]

    assert told["end_range"] == 1 / 3
    assert told["hold_s"] is None
    assert told["neutral"] is None


def test_trials_stand_in_order_of_time(tmp_path):
    (path,) = write_history_json(
        tmp_path / "p.json", SUBJECT, (external(9), trial(2), trial(1))
    )

    assert [told["trial_id"] for told in read(path)["trials"]] == [1, 2, 9]


def test_diary_and_programme_go_along(tmp_path):
    (path,) = write_history_json(
        tmp_path / "p.json",
        SUBJECT,
        (),
        diary=[DiaryEntry(MONDAY + timedelta(hours=8), discomfort=3, place="groin")],
        programme=Programme(drills=("seated_ir",)),
    )

    document = read(path)

    assert document["diary"][0]["noted_at"] == "2026-05-04T17:12:00+02:00"
    assert document["diary"][0]["discomfort"] == 3
    assert document["programme"]["sessions_per_week"] == [2, 3]


def test_a_summary_may_be_any_mapping(tmp_path):
    odd = trial(summary=MappingProxyType({"sides": (1, np.float64(np.nan))}))
    (path,) = write_history_json(tmp_path / "p.json", SUBJECT, (odd,))

    assert read(path)["trials"][0]["summary"] == {"sides": [1, None]}


@settings(max_examples=15, deadline=None)
@given(histories())
def test_any_history_reads_back_exactly(history):
    subject, trials = history
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_history_json(Path(folder) / "p.json", subject, trials)
        document = read(path)

    trials = sorted(trials, key=lambda each: (each.recorded_at, each.trial_id))
    assert document["subject"]["code"] == subject.code
    for told, saved in zip(document["trials"], trials, strict=True):
        assert told["video"] == saved.video
        for mine, theirs in zip(told["reps"], saved.reps, strict=True):
            value = theirs.rep.end_range
            assert mine["rep"]["end_range"] == (None if np.isnan(value) else value)
            assert mine["excluded"] == theirs.excluded
