"""The butterfly of posed bodies: the knees' gap, its size problem, and every flag."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from floor_people import THIGH_M, butterfly, knee_gap_m, switching, with_habits
from numpy.testing import assert_allclose

from hiprom.core.camera import Camera, Gravity
from hiprom.core.landmarks import ANKLES
from hiprom.core.lifting import EXACT
from hiprom.core.measure import measure as measured
from hiprom.core.protocols import protocol
from hiprom.errors import LegsNotReadable, NoReps

BUTTERFLY = protocol("butterfly")
measure = partial(measured, assume=EXACT)
ENDS = (62.0, 72.0)


def reps_of(measurement):
    (side,) = measurement.sides
    assert (side.side, side.quantity) == ("both", "knee_gap_m")
    return side.reps


def true_gaps_m(points, track, holds):
    gap = knee_gap_m(points)
    return [
        np.median(gap[(track.time_s >= first) & (track.time_s <= last)])
        for first, last in holds
    ]


def flags_of(measurement):
    return {flag for rep in reps_of(measurement) for flag in rep.flags}


@pytest.fixture(scope="module")
def clean():
    track, points, holds = butterfly(ENDS)
    return measure(track, BUTTERFLY), true_gaps_m(points, track, holds)


def test_the_gap_and_its_share_of_the_thigh(clean):
    measurement, gaps = clean

    reps = reps_of(measurement)

    assert_allclose([rep.end_range for rep in reps], gaps, rtol=0.01)
    for rep, gap in zip(reps, gaps, strict=True):
        share = rep.further["knee_gap_ratio"]
        assert_allclose(share.end_range, gap / THIGH_M, rtol=0.01)
        assert share.end_range_low < gap / THIGH_M < share.end_range_high
        assert share.neutral < share.end_range
    assert not flags_of(measurement)


def test_both_knees_sink_alike(clean):
    for rep in reps_of(clean[0]):
        left, right = (
            rep.further[f"{side}_knee_height_m"] for side in ("left", "right")
        )
        assert_allclose(left.end_range, right.end_range, atol=0.01)
        assert left.excursion < -0.05


@pytest.mark.parametrize("size", [0.92, 1.08])
def test_a_body_of_unknown_size_is_inside_the_interval(size):
    track, points, holds = butterfly(ENDS, body={"size": size})

    reps = reps_of(measured(with_habits(track), BUTTERFLY))

    # A smaller body nearer to the camera looks the same: the share tells, metres can't.
    for rep, gap in zip(reps, true_gaps_m(points, track, holds), strict=True):
        assert rep.end_range_low < gap < rep.end_range_high
        share = rep.further["knee_gap_ratio"].end_range
        assert_allclose(share, gap / (size * THIGH_M), rtol=0.06)


@pytest.mark.parametrize("camera", [{"yaw_deg": 15.0}, {"pitch_deg": 20.0}])
def test_a_camera_elsewhere_is_allowed_for(camera):
    track, points, holds = butterfly(ENDS, **camera)

    reps = reps_of(measure(track, BUTTERFLY))

    gaps = true_gaps_m(points, track, holds)
    assert_allclose([rep.end_range for rep in reps], gaps, rtol=0.02)


@pytest.mark.parametrize(
    ("flag", "body"),
    [
        ("trunk_round", {"round_deg": lambda share: 30 * share}),
        ("trunk_lean", {"lean_deg": lambda share: 12 * share}),
        ("pelvis_tilt", {"hike_deg": lambda share: 9 * share}),
    ],
)
def test_what_the_body_does_besides_is_flagged(flag, body, clean):
    assert flag in flags_of(measure(butterfly(ENDS, body=body)[0], BUTTERFLY))
    assert flag not in flags_of(clean[0])


def test_knees_that_drop_are_flagged(clean):
    flags = flags_of(measure(butterfly(ENDS, move_s=0.5)[0], BUTTERFLY))

    assert {"fast_raise", "fast_lower"} <= flags
    assert not {"fast_raise", "fast_lower"} & flags_of(clean[0])


def test_sitting_still_is_no_rep():
    with pytest.raises(NoReps, match="knees sink"):
        measure(butterfly((44.0, 43.0))[0], BUTTERFLY)


def test_feet_apart_are_refused():
    with pytest.raises(LegsNotReadable, match="--protocol ninety_ninety"):
        measure(switching((60.0,))[0], BUTTERFLY)


def test_knees_out_of_the_picture_are_refused():
    track, _, _ = butterfly((70.0,), distance_m=0.7)

    with pytest.raises(LegsNotReadable, match=r"(knee|hip|shoulder) could be read"):
        measure(track, BUTTERFLY)


def test_hidden_ankles_only_widen_the_interval(clean):
    track, points, holds = butterfly(ENDS)
    visibility = track.visibility.copy()
    visibility[:, list(ANKLES)] = 0.1

    reps = reps_of(measure(replace(track, visibility=visibility), BUTTERFLY))

    gaps = true_gaps_m(points, track, holds)
    for rep, gap, seen in zip(reps, gaps, reps_of(clean[0]), strict=True):
        assert rep.end_range_low < gap < rep.end_range_high
        width = rep.end_range_high - rep.end_range_low
        assert width >= seen.end_range_high - seen.end_range_low


def test_a_known_camera_is_used():
    track, points, holds = butterfly(ENDS, body={"above_m": -0.03}, pitch_deg=24.0)
    camera = Camera(
        *("webcam", 640, 480, (620.0, 620.0), (320.0, 240.0)),
        *((0.0,) * 5, 0.2, "2026-05-04"),
        gravity=Gravity(0.0, 24.0, 0.5, 0.5),
    )

    reps = reps_of(measure(track, BUTTERFLY, camera=camera))

    gaps = true_gaps_m(points, track, holds)
    assert_allclose([rep.end_range for rep in reps], gaps, rtol=0.01)
