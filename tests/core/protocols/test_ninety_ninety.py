"""90/90 transitions of posed bodies: both hips, both ways, and every flag."""

from functools import partial

import numpy as np
import pytest
from floor_people import (
    butterfly,
    hip_rotation_deg,
    lost_knees,
    out_and_back,
    switching,
    to_and_fro,
    with_habits,
)
from numpy.testing import assert_allclose
from synthetic import seated_track

from hiprom.core.lifting import EXACT
from hiprom.core.measure import measure as measured
from hiprom.core.protocols import protocol
from hiprom.errors import LegsNotReadable, NoReps, ViewNotUsable

NINETY = protocol("ninety_ninety")
# The landmarks of these bodies are exact; a pose model's habits must not be taken off.
measure = partial(measured, assume=EXACT)
ENDS = (60.0, -64.0)
SLOW = {"fps": 15.0}


def reps_of(measurement):
    return {
        (side.side, side.direction): side.reps
        for side in measurement.sides
        if side.quantity == "hip_rotation_deg"
    }


def ends_of(measurement, track, points):
    """Found and true end-ranges of every rep, and their intervals, (reps, 4)."""
    rows = []
    for side in measurement.sides:
        truth = hip_rotation_deg(points, side.side)
        for rep in side.reps:
            held = (track.time_s >= rep.plateau_start_s) & (
                track.time_s <= rep.plateau_end_s
            )
            rows.append(
                (
                    rep.end_range,
                    np.median(truth[held]),
                    rep.end_range_low,
                    rep.end_range_high,
                )
            )
    return np.array(rows)


def flags_of(measurement):
    return {
        flag for reps in reps_of(measurement).values() for r in reps for flag in r.flags
    }


@pytest.fixture(scope="module")
def clean():
    track, points, _ = switching(trace=out_and_back(ENDS, **SLOW))
    return measure(track, NINETY), track, points


def test_both_hips_rotate_both_ways(clean):
    measurement, track, points = clean

    reps = reps_of(measurement)

    assert {key: len(found) for key, found in reps.items()} == {
        ("left", 1): 1,
        ("left", -1): 1,
        ("right", 1): 1,
        ("right", -1): 1,
    }
    # Knees to the right: the right hip rotates out first, the left one in.
    assert reps["right", -1][0].number == 1
    assert reps["left", 1][0].number == 1
    ends = ends_of(measurement, track, points)
    assert_allclose(ends[:, 0], ends[:, 1], atol=1.0)
    assert not flags_of(measurement)


@pytest.mark.parametrize(
    "camera",
    [
        {"yaw_deg": 15.0, "pitch_deg": 3.0},
        {"yaw_deg": -12.0, "pitch_deg": 20.0, "distance_m": 1.9},
    ],
)
def test_a_camera_elsewhere_is_allowed_for(camera):
    body = {"ahead_m": 0.48, "apart_m": 0.22, "turn_deg": lambda share: -8 * share}
    track, points, _ = switching(trace=out_and_back(ENDS, **SLOW), body=body, **camera)

    ends = ends_of(measure(track, NINETY), track, points)

    assert len(ends) == 4
    assert_allclose(ends[:, 0], ends[:, 1], atol=2.0)


def test_a_lost_crossing_knee_stays_inside_the_interval():
    track, points, _ = switching(trace=out_and_back(ENDS, **SLOW))

    ends = ends_of(measured(lost_knees(with_habits(track)), NINETY), track, points)

    assert len(ends) == 4
    assert np.all((ends[:, 2] <= ends[:, 1]) & (ends[:, 1] <= ends[:, 3]))
    # These bodies have no outline, which would show where the crossing shank lies.
    assert np.abs(ends[:, 0] - ends[:, 1]).mean() < 12.0


def test_switching_without_a_pause_in_the_middle_is_told_apart():
    time_s, swing = to_and_fro((60.0, -60.0, 62.0, -62.0), fps=15.0)
    track, _, _ = switching(trace=(time_s, swing, []))

    reps = reps_of(measure(track, NINETY))

    assert [len(reps[key]) for key in reps] == [2, 2, 2, 2]


def test_swinging_to_one_side_only_gives_one_way_of_each_hip():
    track, _, _ = switching(trace=out_and_back((60.0, 64.0), **SLOW))

    reps = reps_of(measure(track, NINETY))

    assert {key: len(found) for key, found in reps.items()} == {
        ("left", 1): 2,
        ("right", -1): 2,
    }


def test_sitting_still_is_no_rep():
    track, _, _ = switching(trace=out_and_back((4.0, -4.0), **SLOW))

    with pytest.raises(NoReps, match=r"needs at least 15°.*both knees"):
        measure(track, NINETY)


@pytest.mark.parametrize(
    ("flags", "body"),
    [
        ({"trunk_lean"}, {"lean_deg": lambda share: 16 * share}),
        ({"hands_used"}, {"wrists_m": 0.0}),
        ({"foot_slide"}, {"slide_m": lambda share: 0.16 * share}),
    ],
)
def test_what_the_body_does_besides_is_flagged(flags, body, clean):
    track, _, _ = switching(trace=out_and_back(ENDS[:1], **SLOW), body=body)

    assert flags_of(measure(track, NINETY)) == flags
    assert not flags_of(clean[0])


def test_knees_that_stay_up_are_flagged(clean):
    track, _, _ = switching(trace=out_and_back((38.0,), **SLOW))

    assert "knee_lift" in flags_of(measure(track, NINETY))
    assert "knee_lift" not in flags_of(clean[0])


def test_hurrying_is_flagged(clean):
    trace = out_and_back(ENDS, move_s=0.6, hold_s=0.1, fps=20.0)
    flags = flags_of(measure(switching(trace=trace)[0], NINETY))

    assert {"fast_raise", "short_pause"} <= flags
    assert not {"fast_raise", "short_pause"} & flags_of(clean[0])


def test_other_postures_are_refused():
    with pytest.raises(LegsNotReadable, match="trunk lengths below the hips"):
        measure(seated_track((30.0,))[0], NINETY)
    with pytest.raises(LegsNotReadable, match="--protocol butterfly"):
        measure(butterfly((70.0,))[0], NINETY)


def test_views_that_show_too_little_are_refused():
    trace = out_and_back((60.0,), **SLOW)

    with pytest.raises(ViewNotUsable, match="past the camera"):
        measure(switching(trace=trace, yaw_deg=50.0)[0], NINETY)
    with pytest.raises(ViewNotUsable, match="Come closer"):
        measure(switching(trace=trace, distance_m=7.0)[0], NINETY)


def test_a_longer_trial_is_no_surer_of_what_all_of_it_shares():
    widths = []
    for repeats in (1, 4):
        track, _, _ = switching(trace=out_and_back(repeats * (60.0, -60.0), **SLOW))
        found = reps_of(measured(lost_knees(with_habits(track)), NINETY))
        assert [len(found[key]) for key in found] == [repeats] * 4
        widths.append(
            np.median([r.end_range_high - r.end_range_low for r in found["right", -1]])
        )

    assert_allclose(widths[1], widths[0], rtol=0.2)
