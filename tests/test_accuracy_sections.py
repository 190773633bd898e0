"""What the accuracy page says of known cameras and of the live test, and its tables."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from synthetic import reps_trace, seated_joints, seen

import hiprom
from hiprom.core.lifting import EXACT

sys.path.insert(0, str(Path(__file__).parents[1] / "calibration"))

import live
from benchmark_clips import SEATED, Clip, clips_of
from known_cameras import CAMERAS, KNOWN, camera_of, table_knowing
from random_lenses import calibrated, drawn
from scoring import measured

ROOT = Path(__file__).parents[1]
CALIBRATION = ROOT / "calibration"
GOLDEN = ROOT / "tests" / "golden"
MINUS = "\N{MINUS SIGN}"
CLIPS = {clip.name: clip for clip in clips_of(SEATED)}
# The landmarks of these films lie among the tests.
KEPT = {"seated_ir_02": "seated_ir_left", "seated_er_01": "seated_er_right"}
# Another processor's rounding.
ROUNDING_DEG, ROUNDING_PX = 0.1, 0.05
CLOSE = {"rtol": 0, "atol": ROUNDING_DEG}


def table(name):
    return pd.read_csv(CALIBRATION / f"{name}.csv")


def section(title):
    page = (ROOT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    return page.split(f"## {title}\n")[1].split("\n## ")[0]


def stated(title):
    """Every row of a section's tables, by its first cell."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in section(title).splitlines()
        if line.startswith("| ")
    ]
    return {row[0]: row[1:] for row in rows}


def kept_track(name):
    return hiprom.read_landmarks(GOLDEN / f"{KEPT[name]}.parquet")[0]


def of_clip(rows, name):
    return rows[rows["clip"] == name].reset_index(drop=True)


def found_text(away, half, unit, wanted):
    return [
        f"{away.mean():.2f}{unit}, {away.max():.2f}{unit}",
        f"{wanted:g}{unit}",
        "met" if away.max() <= wanted else "**missed**",
        f"{np.median(half):.2f}{unit}",
        f"{100 * (away <= half).mean():.0f} %",
    ]


@pytest.mark.parametrize(
    ("name", "row", "unit", "wanted"),
    [("focal", "focal length", " %", 0.5), ("centre", "centre", " px", 2.0)],
)
def test_the_page_states_how_well_lenses_are_found(name, row, unit, wanted):
    cameras = table("cameras")
    across, down = (
        cameras.rename(columns=lambda column, a=axis: column.replace(f"_{a}_", "_"))
        for axis in "xy"
    )
    both = pd.concat([across, down])
    share = 100 / both[f"true_{name}_px"] if unit == " %" else 1.0
    away = (both[f"{name}_px"] - both[f"true_{name}_px"]).abs() * share
    half = 1.96 * both[f"{name}_sd_px"] * share

    assert len(both) == 2 * CAMERAS
    assert away.max() <= wanted
    assert stated("A camera that is known")[row] == found_text(away, half, unit, wanted)


@pytest.mark.parametrize("angle", ["roll", "pitch"])
@pytest.mark.parametrize(
    ("by", "row"),
    [
        ("board", "by the board"),
        ("lines", "by two plumb lines"),
        ("marked", "by the same lines, marked to whole pixels"),
    ],
)
def test_the_page_states_how_well_cameras_are_levelled(by, row, angle):
    cameras = table("cameras")
    away = (cameras[f"{by}_{angle}_deg"] - cameras[f"true_{angle}_deg"]).abs()
    half = 1.96 * cameras[f"{by}_{angle}_sd_deg"]

    row = stated("A camera that is known")[f"{angle} {row}"]
    assert row == found_text(away, half, "°", 0.2)
    assert away.max() <= 0.2 or (by, angle) == ("marked", "pitch")


def errors(reps):
    return reps["end_range"] - reps["true_end_range"]


def oblique(reps):
    return reps[reps[["true_yaw_deg", "true_pitch_deg"]].abs().max(axis=1) >= 15]


@pytest.mark.parametrize("known", KNOWN)
def test_the_page_states_how_the_films_are_measured_with_known_cameras(known):
    films = table("known_cameras")
    mine = films[films["known"] == known]

    rows = stated("A camera that is known")
    for name, reps in (
        (known, mine),
        (f"{known}, yaw or pitch 15° or more", oblique(mine)),
    ):
        error = errors(reps)
        ends = error.abs().mean(), error.mean(), error.abs().max()
        low, high = reps["end_range_low"], reps["end_range_high"]
        away = (reps["excursion"] - reps["true_excursion"]).abs()
        inside = reps["true_end_range"].between(low, high)
        assert rows[name] == [
            f"{reps['end_range'].notna().sum()} of {len(reps)}",
            "{:.2f}°, {:+.2f}°, {:.2f}°".format(*ends).replace("-", MINUS),
            f"{away.mean():.2f}°",
            f"{100 * inside.mean():.0f} %",
            f"{((high - low) / 2).median():.2f}°",
        ]


def test_a_known_camera_measures_no_worse_and_better_from_aside():
    films = table("known_cameras")
    nothing, _, all_known = (films[films["known"] == known] for known in KNOWN)

    assert errors(all_known).abs().mean() <= errors(nothing).abs().mean()
    aside = [errors(oblique(reps)).abs().mean() for reps in (nothing, all_known)]
    assert aside[1] < aside[0]
    assert len(oblique(nothing)) == 15


def test_the_page_says_what_was_never_tried_with_a_camera():
    words = " ".join(section("A camera that is known").split())

    assert "Never tried: a board that was printed, and a camera that exists." in words


def test_the_page_states_what_was_shown_live():
    reps = table("live")
    rows = stated("While it is recorded")

    for name, mine in [*reps.groupby("clip"), ("**all films, live**", reps)]:
        away = (mine["live_hold"] - mine["trial_hold"]).abs()
        films = mine.groupby("clip")
        assert rows[name] == [
            f"{films['counted'].last().sum()} of {len(mine)}",
            f"{films['rms_deg'].first().mean():.2f}°",
            f"{away.mean():.2f}°, {away.max():.2f}°",
        ]


def test_the_live_test_counts_every_repetition_and_shows_nearly_the_trial_s_angle():
    reps = table("live")
    words = " ".join(section("While it is recorded").split())
    off = [(reps[f"{by}_hold"] - reps["true_hold"]).abs() for by in ("live", "trial")]

    assert_array_equal(reps["counted"], reps["rep"])
    assert reps["rms_deg"].max() < 2.5
    assert (reps["live_hold"] - reps["trial_hold"]).abs().max() < 3.0
    assert "The count was right after 49 of 49 repetitions." in words
    assert f"the live angle is {off[0].mean():.2f}° off in the holds" in words
    assert f"and the whole trial's {off[1].mean():.2f}°" in words


def test_the_page_says_which_number_is_reported():
    words = " ".join(section("While it is recorded").split())

    assert "the number that is reported and kept comes from the whole trial" in words


def test_all_tables_were_made_by_a_program_that_measures_alike():
    accuracy, films = table("accuracy"), table("known_cameras")
    plain = films[films["known"] == "nothing"].drop(columns="known")

    numbers = accuracy.select_dtypes("number").columns
    assert_allclose(plain[numbers], accuracy[numbers], **CLOSE)
    assert_allclose(table("live")["end_range"], accuracy["end_range"], **CLOSE)
    assert list(plain["clip"]) == list(table("live")["clip"]) == list(accuracy["clip"])


@pytest.mark.parametrize("name", KEPT)
def test_the_tables_are_not_older_than_the_program(name):
    track = kept_track(name)
    protocol = hiprom.PROTOCOLS[CLIPS[name].protocol]

    now = measured(
        [(CLIPS[name], track)], lambda _, kept: hiprom.measure(kept, protocol)
    )

    then = of_clip(table("accuracy"), name)
    numbers = then.select_dtypes("number").columns
    assert_allclose(now[numbers].astype(float), then[numbers], **CLOSE)
    films = table("known_cameras")
    for known in KNOWN:
        then = of_clip(films[films["known"] == known], name)
        now = table_knowing(known, [(CLIPS[name], track)])
        assert_allclose(now[numbers].astype(float), then[numbers], **CLOSE)


def test_the_live_table_is_not_older_than_the_program():
    name = "seated_er_01"
    track, protocol = kept_track(name), hiprom.PROTOCOLS["seated_er"]

    showed = live.shown(track, protocol, "right")

    rows = live.compared(CLIPS[name], showed, hiprom.measure(track, protocol))
    now, then = live.table_of(rows), of_clip(table("live"), name)
    numbers = then.select_dtypes("number").columns
    assert_allclose(now[numbers].astype(float), then[numbers], **CLOSE)


def test_the_table_of_cameras_is_not_older_than_the_program():
    then = table("cameras").set_index("seed").loc[7]

    now = calibrated(7)

    for name, value in then.items():
        within = ROUNDING_DEG if name.endswith("_deg") else ROUNDING_PX
        assert now[name] == pytest.approx(value, abs=within), name


def test_every_camera_is_another_and_leans_as_the_level_can_be_found():
    draws = [drawn(seed) for seed in range(CAMERAS)]

    assert len({draw.camera for draw in draws}) == CAMERAS
    assert {draw.camera.size_px for draw in draws} == {(640, 480), (1280, 720)}
    assert all(abs(draw.gravity.roll_deg) <= 6 for draw in draws)


def test_a_film_s_camera_is_known_as_far_as_it_is_told():
    nothing, lens, stance = (
        camera_of(CLIPS["seated_ir_11_dark_roll"], known) for known in KNOWN
    )

    assert nothing is None
    assert lens.gravity is None
    assert lens.focal_px == (625.22, 625.22)
    assert lens.centre_px == (320, 240)
    assert stance.focal_px == lens.focal_px
    assert (stance.gravity.roll_deg, stance.gravity.pitch_deg) == (6, 6)


def test_a_count_that_is_late_or_a_leg_unseen_stands_in_the_table():
    time_s, angle_deg, holds_s = reps_trace([20.0, 30.0])
    track = seen(seated_joints(angle_deg), time_s, focal_px=640.0)
    truth = pd.DataFrame({"time_s": time_s, "right_hip_rotation_deg": angle_deg})
    times = [
        {"start_s": start - 1.2, "peak_start_s": start, "peak_end_s": end}
        for start, end in holds_s
    ]
    clip = Clip("made", {"protocol": "seated_ir", "side": "right", "reps": times})
    clip.__dict__["truth"] = truth  # as if it had been read
    trial = hiprom.measure(track, hiprom.PROTOCOLS["seated_ir"], assume=EXACT)
    too_far_deg = angle_deg + 3.0
    too_far_deg[time_s < 1.0] = np.nan
    counted = np.where(time_s < holds_s[1][0], 0, 1)

    rows = live.compared(clip, live.Shown(0.4, too_far_deg, angle_deg, counted), trial)

    shown = live.table_of(rows)
    assert list(shown["counted"]) == [0, 1]
    assert_allclose(shown["true_hold"], [20, 30], atol=0.01)
    assert_allclose(shown["live_hold"] - shown["trial_hold"], 3.0, atol=0.3)
    assert_allclose(shown["end_range"], [20, 30], atol=0.3)
    assert_allclose(shown["rms_deg"], 3.0, atol=0.3)
    assert_allclose(shown["needle_rms_deg"], 0.0, atol=0.3)
