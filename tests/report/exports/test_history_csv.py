"""Tests for the CSV of a history: read back by pandas, by csv and by our own import."""

import csv
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from made_up_history import HISTORY, NASTY, SUBJECT, histories, rep, trial

from hiprom.core.history import SavedRep, Subject
from hiprom.errors import ResultsError
from hiprom.report.exports import write_history_csv
from hiprom.report.imports import read_reps
from hiprom.report.tables import REPS_COLUMNS, plain_text, safe_text


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_columns_are_those_of_reps_csv_and_four_more(tmp_path):
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, HISTORY)

    heading = path.read_text(encoding="utf-8").split("\n")[0]

    assert heading == ",".join(REPS_COLUMNS) + ",session,trial,instrument,excluded"


def test_a_repetition_is_a_row_that_reads_as_it_was(tmp_path):
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, (trial(),))

    third = read(path)[2]

    assert third["subject"] == "P-01"
    assert third["video"] == "day_1.mp4"
    assert third["recorded_at"] == "2026-05-04T09:12:00+02:00"
    assert (third["side"], third["rep"], third["end_range"]) == ("right", "3", "12.0")
    assert (third["session"], third["trial"]) == ("1", "1")
    assert third["instrument"] == "hiprom video"
    assert (third["valid"], third["excluded"]) == ("true", "foot slipped")


def test_missing_is_an_empty_cell_and_flags_are_joined(tmp_path):
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, (trial(),))

    *_, fourth, fifth = read(path)

    assert fourth["flags"] == "trunk_lean;gap"
    assert (fifth["end_range"], fifth["hold_s"], fifth["valid"]) == ("", "", "false")


def test_pandas_reads_the_numbers_exactly_and_negative_ones_as_numbers(tmp_path):
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, HISTORY)

    table = pd.read_csv(path)

    external = table[table["protocol"] == "seated_er"]
    assert list(external["end_range"]) == [-38.4, -41.0]
    assert table["end_range"].dtype == "float64"
    assert list(table["recorded_at"]) == sorted(table["recorded_at"])


def test_compensations_stand_beside_in_long_form_with_their_units(tmp_path):
    _, beside = write_history_csv(tmp_path / "p.csv", SUBJECT, (trial(),))

    rows = read(beside)

    assert beside.name == "p_compensations.csv"
    assert len(rows) == 2 * 5
    assert [
        (row["side"], row["rep"], row["compensation"], row["change"], row["unit"])
        for row in rows[:2]
    ] == [
        ("right", "1", "trunk_lean", "1.1", "deg"),
        ("right", "1", "knee_travel", "-0.4", "cm"),
    ]


@pytest.mark.parametrize("text", NASTY)
def test_no_text_cell_begins_like_a_formula(text, tmp_path):
    path, _ = write_history_csv(
        tmp_path / "p.csv", Subject(text), (trial(video=text, instrument=text),)
    )

    for row in read(path):
        for name in ("subject", "video", "instrument"):
            assert row[name] == safe_text(text)
            assert not row[name].lstrip().startswith(("=", "+", "-", "@"))
            assert plain_text(row[name]) == text


def test_a_repetition_taken_out_without_a_reason_stays_out(tmp_path):
    saved = SavedRep("left", "hip_rotation_deg", rep(), excluded="")
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, (trial(reps=(saved,)),))

    (back,) = read_reps(path)

    assert not back.reps[0].counts


@settings(max_examples=25, deadline=None)
@given(histories())
def test_what_was_exported_can_be_imported_again(history):
    subject, trials = history
    with tempfile.TemporaryDirectory() as folder:
        path, _ = write_history_csv(Path(folder) / "p.csv", subject, trials)
        back = read_reps(path)

    trials = sorted(trials, key=lambda each: (each.recorded_at, each.trial_id))
    assert len(back) == len(trials)
    for imported, saved in zip(back, trials, strict=True):
        assert imported.subject == subject.code
        assert imported.recorded_at == saved.recorded_at
        assert (imported.protocol, imported.instrument, imported.video) == (
            saved.protocol,
            saved.instrument,
            saved.video,
        )
        for mine, theirs in zip(imported.reps, saved.reps, strict=True):
            kept = replace(
                theirs.rep, plateau_start_s=np.nan, plateau_end_s=np.nan, changes={}
            )
            assert repr(mine.rep) == repr(kept)
            assert (mine.side, mine.quantity, mine.excluded) == (
                theirs.side,
                theirs.quantity,
                theirs.excluded,
            )


def test_a_full_folder_of_that_name_is_said_and_left_alone(tmp_path):
    (tmp_path / "p.csv").mkdir()

    with pytest.raises(ResultsError, match="it is a folder or a device"):
        write_history_csv(tmp_path / "p.csv", SUBJECT, HISTORY)

    assert [each.name for each in tmp_path.iterdir()] == ["p.csv"]


def test_a_trial_that_was_set_aside_says_why_and_stays_out(tmp_path):
    aside = replace(trial(), set_aside="it was the left leg")
    path, _ = write_history_csv(tmp_path / "p.csv", SUBJECT, (aside,))

    (back,) = read_reps(path)

    assert not any(each.counts for each in back.reps)
    # A repetition that a person took out by itself keeps its own reason.
    assert {each.excluded for each in back.reps} == {
        *("it was the left leg", "foot slipped"),
    }
