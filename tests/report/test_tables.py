"""Tests for hiprom.report.tables: the contract's columns, then what survives a trip."""

from dataclasses import replace
from pathlib import Path

import examples
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.errors import ResultsError
from hiprom.report.reps_csv import read_reps_csv
from hiprom.report.tables import (
    frames_table,
    plain_text,
    rep_at,
    reps_table,
    safe_text,
    write_csv,
)

REPS_HEADING = (
    "video,subject,recorded_at,protocol,side,rep,quantity,start_s,peak_s,end_s,"
    "end_range,end_range_low,end_range_high,neutral,excursion,hold_s,raise_s,lower_s,"
    "peak_velocity,shank_tilt_deg,compensation_deg,flags,valid"
)
CHANGES_HEADING = (
    ",trunk_lean_deg,pelvic_hike_deg,pelvic_turn_deg,thigh_drift_deg,thigh_lift_deg,"
    "knee_travel_cm,foot_turn_deg"
)
FRAMES_HEADING = (
    "frame,time_s,side,hip_rotation_deg,hip_rotation_sd_deg,hip_flexion_deg,"
    "hip_adduction_deg,knee_flexion_deg,shank_tilt_deg,pelvis_obliquity_deg,"
    "trunk_lean_deg,thorax_rotation_deg,rep,valid,reason"
)
NASTY = [
    "=1+1",
    "+49 30",
    "-2",
    "@sum(a1)",
    "\tx",
    "\rx",
    "\nx",
    " =1",
    "\u00a0=1",
    "'=1",
    "\uff1d1",  # a full-width equals sign
]


@pytest.fixture
def measurement():
    return examples.trial()[0]


def lines(table, tmp_path):
    path = tmp_path / "table.csv"
    write_csv(table, path)
    return path.read_bytes().decode().split("\n")


def test_the_reps_file_has_the_columns_others_rely_on(measurement, tmp_path):
    heading, first, *_ = lines(reps_table(measurement, video="a.mp4"), tmp_path)

    assert heading == REPS_HEADING + CHANGES_HEADING
    assert first == (
        "a.mp4,,,seated_ir,left,1,hip_rotation_deg,16.8000,18.4000,20.0000,28.400,"
        "25.350,31.450,-1.200,29.600,1.2000,1.0000,1.0000,42.600,29.800,1.400,,true,,,,,,,"
    )


def test_the_frames_file_has_a_row_per_frame_and_side(measurement, tmp_path):
    heading, *rows, end = lines(frames_table(measurement), tmp_path)

    assert heading == FRAMES_HEADING
    assert len(rows) == 2 * len(measurement.time_s)
    assert [row.split(",")[0:3:2] for row in rows[:4]] == [
        ["0", "left"],
        ["0", "right"],
        ["1", "left"],
        ["1", "right"],
    ]
    assert end == ""


def test_a_frame_that_could_not_be_read_is_empty_and_says_why(measurement, tmp_path):
    first = lines(frames_table(measurement), tmp_path)[1].split(",")

    assert first[3:5] == ["", ""]
    assert first[-3:] == ["", "false", "too close to the start"]


def test_a_frame_knows_the_rep_it_belongs_to(measurement):
    right = measurement.sides[1]

    table = frames_table(measurement)

    mine = table[table["side"] == "right"]
    for time_s, number in zip(mine["time_s"], mine["rep"], strict=True):
        rep = rep_at(time_s, right.reps)
        assert pd.isna(number) if rep is None else number == rep.number


def test_a_file_from_before_the_changes_were_written_is_read_all_the_same(
    measurement, tmp_path
):
    table = reps_table(measurement, video="a.mp4")[REPS_HEADING.split(",")]
    path = tmp_path / "reps.csv"

    write_csv(table, path)

    pd.testing.assert_frame_equal(read_reps_csv(path), table)


def test_reps_come_back_from_the_file_as_they_were(measurement, tmp_path):
    table = reps_table(
        measurement, video='naïve, "quoted"\n.mp4', subject="P-01", recorded_at="2026"
    )
    path = tmp_path / "reps.csv"

    write_csv(table, path)

    pd.testing.assert_frame_equal(read_reps_csv(path), table)


def test_flags_are_joined_by_semicolons(measurement):
    assert reps_table(measurement, video="a.mp4")["flags"].iloc[-1] == (
        "short_hold;pelvic_hike"
    )


def test_missing_numbers_and_names_stay_missing(measurement, tmp_path):
    side = measurement.sides[0]
    rep = replace(side.reps[0], plateau_start_s=np.nan, hold_s=np.nan, valid=False)
    measurement = replace(measurement, sides=(replace(side, reps=(rep,)),))
    path = tmp_path / "reps.csv"

    write_csv(reps_table(measurement, video="a.mp4"), path)
    row = read_reps_csv(path).iloc[0]

    assert np.isnan(row["hold_s"])
    assert pd.isna(row["subject"])
    assert row["flags"] == ""
    assert not row["valid"]


def test_no_reps_make_an_empty_table_that_can_be_read(measurement, tmp_path):
    sides = tuple(replace(side, reps=()) for side in measurement.sides)
    path = tmp_path / "reps.csv"

    write_csv(reps_table(replace(measurement, sides=sides), video="a.mp4"), path)

    assert path.read_text() == REPS_HEADING + CHANGES_HEADING + "\n"
    assert read_reps_csv(path).empty
    assert frames_table(replace(measurement, sides=())).empty


def test_no_minus_stands_before_a_zero(tmp_path):
    table = pd.DataFrame({"end_range": [-0.0001, -0.0006], "start_s": [-0.00001, 2.0]})

    assert lines(table, tmp_path) == [
        "end_range,start_s",
        "0.000,0.0000",
        "-0.001,2.0000",
        "",
    ]


@pytest.mark.parametrize("text", NASTY)
def test_a_spreadsheet_takes_no_text_for_a_formula(text, measurement, tmp_path):
    path = tmp_path / "reps.csv"

    write_csv(reps_table(measurement, video=text), path)

    raw = pd.read_csv(path, keep_default_na=False)["video"]
    assert list(raw) == ["'" + text] * 7
    assert set(read_reps_csv(path)["video"]) == {text}


def test_negative_numbers_are_left_alone(measurement, tmp_path):
    row = lines(reps_table(measurement, video="a.mp4"), tmp_path)[1].split(",")

    assert row[13] == "-1.200"


@given(st.text())
def test_what_was_made_safe_can_be_had_back(text):
    assert plain_text(safe_text(text)) == text


def test_a_file_name_that_is_no_text_is_spelt_out(measurement, tmp_path):
    path = tmp_path / "reps.csv"

    write_csv(reps_table(measurement, video="a\udcff.mp4"), path)

    assert path.read_text(encoding="utf-8").count(r"a\udcff.mp4") == 7


def test_says_where_a_full_disk_stopped_it(measurement):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")

    with pytest.raises(ResultsError, match=r"write /dev/full: the disk is full\. Free"):
        write_csv(frames_table(measurement), full)


def test_says_which_folder_is_not_there(measurement, tmp_path):
    path = tmp_path / "nowhere" / "reps.csv"

    with pytest.raises(ResultsError, match="the folder does not exist"):
        write_csv(reps_table(measurement, video="a.mp4"), path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no column 'video'"),
        ("a,b\n1,2\n", "has no column 'video'"),
        (REPS_HEADING + "\na.mp4,,,seated_ir\n", "a row is cut"),
        (REPS_HEADING + "\n" + "x," * 22 + "true\n", "is damaged"),
    ],
)
def test_says_what_is_wrong_with_a_file_that_is_not_ours(content, message, tmp_path):
    path = tmp_path / "reps.csv"
    path.write_text(content)

    with pytest.raises(ResultsError, match=message):
        read_reps_csv(path)


def test_says_that_a_file_is_missing(tmp_path):
    with pytest.raises(ResultsError, match=r"Could not read .*No such file"):
        read_reps_csv(tmp_path / "reps.csv")
