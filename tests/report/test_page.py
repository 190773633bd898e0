"""Tests for hiprom.report.page: the number, the words, and nothing from outside."""

import base64
from dataclasses import replace

import examples
import numpy as np
import pytest
from reading import Page

from hiprom.errors import ResultsError
from hiprom.report.page import page, write_report

HOSTILE = '<img src=x onerror=alert(1)>"&\u202e.mp4'
JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"


@pytest.fixture(scope="module")
def trial():
    return examples.trial()


@pytest.fixture(scope="module")
def summary(trial):
    return examples.summary(*trial)


@pytest.fixture(scope="module")
def html(trial, summary):
    return page(trial[0], summary, JPEG)


@pytest.fixture(scope="module")
def read(html):
    return Page(html)


def test_the_number_stands_first_with_its_interval(read):
    assert "Left hip, internal rotation 29.7° 26.6° to 32.8° 95 % interval" in read.text
    assert "Your right hip turned inwards by 34.1° on average over four" in read.text


def test_each_repetition_has_its_row_and_its_flags_in_words(read):
    assert "3 35.8° 32.8° to 38.8° 37.0° 1.2 s 1.0 s 1.0 s 1.4°" in read.text
    assert "The trunk leaned sideways by more than 5°." in read.text
    assert "trunk_lean" not in read.text


def test_the_still_is_in_the_page_and_described(read):
    picture = next(attrs for attrs in read.all("img"))

    start, data = picture["src"].split(",")
    assert start == "data:image/jpeg;base64"
    assert base64.b64decode(data) == JPEG
    assert "repetition 3, with the angle of 35.8° drawn" in picture["alt"]


def test_it_says_that_it_is_no_diagnosis_and_whom_to_ask(read):
    assert "This is a measurement, not a diagnosis." in read.text
    assert "Ask a physiotherapist or doctor if" in read.text


def test_it_tells_of_the_instrument(read):
    for words in (
        "29.6 s, 888 frames, 30.0 a second, h264 mp4, sha256 9b2e77aa01c4…",
        "pose_landmarker_full, sha256 5c1f0c1f0d6a…",
        "you faced 12 ± 6° past it, leaning by 1 ± 2°, looking down by 5 ± 8°",
        "the pose model ran in a process that has no network",
        "mediapipe 1.2.2",
        "4 May 2026, 09:31 UTC",
    ):
        assert words in read.text


def test_warnings_and_what_else_moved_are_said(trial, summary):
    moved = {
        "left": {"trunk_lean_deg": 2.04, "pelvic_hike_deg": None},
        "right": {"trunk_lean_deg": -7.0, "pelvic_hike_deg": 0.4, "other_deg": 3.0},
    }
    read = Page(page(trial[0], summary | {"compensations": moved}, None))

    assert "it is marked in the table." in read.text
    assert "on average, the trunk leaned towards that side by 2.0°." in read.text
    assert (
        "the right leg, on average, the trunk leaned away from that side by 7.0°, "
        "that side of the pelvis rose by 0.4°." in read.text
    )


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(read):
    assert not read.asked_for
    assert "default-src 'none'" in read.all("meta")[2]["content"]


def test_what_a_name_points_to_is_there_and_the_same_everywhere(read):
    assert not read.unclear_names


def test_every_size_and_colour_of_its_style_has_a_value(read):
    assert not read.unset


def test_readers_that_speak_find_their_way(read):
    assert read.all("html")[0]["lang"] == "en"
    assert len(read.all("h1")) == 1
    assert all(attrs.get("alt") for attrs in read.all("img"))
    figures = [attrs for attrs in read.all("figure") if attrs.get("role") == "img"]
    assert len(figures) == 3
    assert all(attrs["aria-label"] for attrs in figures)
    assert {attrs.get("scope") for attrs in read.all("th")} == {"col", "row"}


def test_a_hostile_name_is_only_a_name(trial, summary):
    video = summary["video"] | {"name": HOSTILE, "codec": HOSTILE}
    hostile = summary | {
        "video": video,
        "subject": HOSTILE,
        "warnings": [HOSTILE],
        "software": {HOSTILE: HOSTILE},
    }

    read = Page(page(trial[0], hostile, None))

    assert not read.all("img")
    assert read.text.count("<img src=x onerror=alert(1)>") >= 6


def test_a_name_that_is_no_text_can_be_written(trial, summary, tmp_path):
    video = summary["video"] | {"name": "a\udcff.mp4"}
    path = tmp_path / "report.html"

    write_report(path, trial[0], summary | {"video": video}, None)

    assert r"a\udcff.mp4" in path.read_text(encoding="utf-8")


def test_external_rotation_is_positive_here_and_says_so(trial, summary):
    read = Page(page(examples.external(trial[0]), summary, None))

    assert "Right hip, external rotation 34.1° 31.0° to 37.3°" in read.text
    assert "3 35.8° 32.8° to 38.8° 37.0° 1.2 s" in read.text
    assert "In the CSV files external rotation is negative" in read.text


def test_a_trial_without_a_rep_still_makes_a_page(trial):
    sides = tuple(replace(side, reps=()) for side in trial[0].sides)

    read = Page(page(replace(trial[0], sides=sides), {}, None))

    assert "No repetition of the left hip could be used" in read.text
    assert "No repetition was found on this side." in read.text


def test_missing_numbers_are_dashes_never_nan(trial, summary):
    side = trial[0].sides[0]
    nothing = dict.fromkeys(
        ("end_range_low", "end_range_high", "hold_s", "excursion", "compensation_deg"),
        np.nan,
    )
    reps = tuple(replace(rep, **nothing) for rep in side.reps)
    measurement = replace(trial[0], sides=(replace(side, reps=reps),))

    html = page(measurement, summary | {"video": {"fps": None}}, None)
    read = Page(html)

    dash = "\N{EN DASH}"
    assert f"1 28.4° {dash} {dash} {dash} 1.0 s 1.0 s" in read.text
    assert "nan" not in html.lower().replace("nance", "")
    assert "None" not in read.text


def test_the_same_trial_makes_the_same_page(trial, summary, html):
    assert page(trial[0], summary, JPEG) == html


def test_says_when_the_page_cannot_be_written(trial, summary, tmp_path):
    with pytest.raises(ResultsError, match=r"report\.html: the folder does not exist"):
        write_report(tmp_path / "no" / "report.html", trial[0], summary, None)
