"""Torsos that turn by known angles, through the habits of the pose model."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from standing_people import as_the_model, squat_track, turning_track

from hiprom.core.landmarks import ANKLES, SHOULDERS
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol
from hiprom.errors import LegsNotReadable, NoReps, ViewNotUsable

TANDEM = protocol("tandem_rotation")


def turned(turns_deg=(30.0, -30.0, 40.0, -40.0), *, habits=None, **settings):
    """Every rep in order of time, of a body seen as the model sees it."""
    track, *_ = turning_track(turns_deg, **settings)
    measurement = measure(as_the_model(track, **(habits or {})), TANDEM)
    assert {side.side for side in measurement.sides} == {"both"}
    reps = [rep for side in measurement.sides for rep in side.reps]
    return sorted(reps, key=lambda rep: rep.number)


@pytest.mark.parametrize(
    "camera",
    [{}, {"yaw_deg": 15.0}, {"yaw_deg": -15.0}, {"roll_deg": 6.0}, {"pitch_deg": 10.0}],
    ids=["front", "from the right", "from the left", "crooked", "above"],
)
def test_turns_to_both_sides_are_found_and_signed(camera):
    reps = turned(**camera)

    assert [rep.number for rep in reps] == [1, 2, 3, 4]
    assert_allclose([rep.end_range for rep in reps], [30, -30, 40, -40], atol=1.0)
    assert_allclose([rep.neutral for rep in reps], 0.0, atol=0.5)
    assert all(rep.flags == () for rep in reps)
    for rep in reps:
        assert 5.0 < (rep.end_range_high - rep.end_range) / 1.96 < 8.0
        assert_allclose(rep.further["dissociation_ratio"].end_range, 1.0, atol=0.02)


def test_each_way_is_a_movement_of_its_own():
    track, *_ = turning_track()

    left, right = measure(as_the_model(track), TANDEM).sides

    assert (left.movement, right.movement) == ("turn to the left", "turn to the right")
    assert [rep.number for rep in left.reps] == [1, 3]


@pytest.mark.parametrize("gain", [0.8, 1.0])
def test_a_model_that_sees_more_or_less_of_a_turn_stays_in_the_interval(gain):
    reps = turned(habits={"gain": gain})

    for rep, true in zip(reps, [30, -30, 40, -40], strict=True):
        assert rep.end_range_low < true < rep.end_range_high


def test_small_turns_to_both_sides_are_counted_from_the_middle():
    reps = turned((16.0, -16.0, 20.0, -16.0))

    assert_allclose([rep.end_range for rep in reps], [16, -16, 20, -16], atol=1.0)
    assert_allclose([rep.neutral for rep in reps], 0.0, atol=1.0)


def test_long_holds_to_one_side_are_not_taken_for_rest():
    reps = turned((35.0, 35.0), tempo={"hold_s": 4.0})

    assert_allclose([rep.end_range for rep in reps], 35.0, atol=1.0)


def test_a_pelvis_that_follows_is_flagged_and_widens_the_interval():
    (still,), (follows,) = (turned((40.0,), pelvis_share=share) for share in (0.0, 0.5))

    assert still.flags == ()
    assert follows.flags == ("pelvis_follows",)
    assert follows.further["pelvis_rotation_deg"].end_range > 5.0
    assert follows.further["dissociation_ratio"].end_range < 0.9
    assert follows.end_range_low < 20.0 < follows.end_range_high
    assert follows.end_range_high - follows.end_range_low > 1.3 * (
        still.end_range_high - still.end_range_low
    )


def test_feet_that_leave_their_place_are_flagged():
    (rep,) = turned((40.0,), step_m=0.07)

    assert rep.flags == ("stance_shifts",)
    assert_allclose(rep.changes["stance_shifts"], 7.0, atol=0.7)


def test_hips_that_sway_over_the_feet_show_as_sway():
    track, *_ = turning_track((40.0,))
    image_px = track.image_px.copy()
    wave = 8 * np.sin(4 * track.time_s)
    image_px[:, : ANKLES[0], 0] += wave[:, None]
    track = replace(track, image_px=image_px)

    (side,) = measure(as_the_model(track), TANDEM).sides

    leg_px = np.ptp(track.image_px[0, [23, 27], 1])
    expected = 8 / np.sqrt(2) / leg_px * 83.5
    (rep,) = side.reps
    assert_allclose(rep.further["sway_cm"].end_range, expected, rtol=0.15)


@pytest.mark.parametrize(("raise_s", "is_fast"), [(0.4, True), (1.2, False)])
def test_a_swung_turn_is_flagged_both_ways(raise_s, is_fast):
    (rep,) = turned((40.0,), tempo={"raise_s": raise_s, "fps": 30.0})

    assert {"fast_raise", "fast_lower"}.isdisjoint(rep.flags) is not is_fast


def test_jitter_of_the_metric_landmarks_invents_no_turn_and_loses_none():
    track, *_ = turning_track((30.0, -30.0), tempo={"fps": 30.0})
    seen = as_the_model(track)
    noise = np.random.default_rng(7).normal(0, 0.005, seen.world_m.shape)

    sides = measure(replace(seen, world_m=seen.world_m + np.float32(noise)), TANDEM)

    ends = [rep.end_range for side in sides.sides for rep in side.reps]
    assert_allclose(ends, [30.0, -30.0], atol=4.0)


def test_a_foot_hidden_behind_the_other_does_not_matter():
    track, *_ = turning_track((30.0,))
    visibility = track.visibility.copy()
    visibility[:, ANKLES[1]] = 0.2

    (side,) = measure(as_the_model(replace(track, visibility=visibility)), TANDEM).sides

    assert side.reps[0].valid


def test_hidden_shoulders_do():
    track, *_ = turning_track((30.0,))
    visibility = track.visibility.copy()
    visibility[:, SHOULDERS[1]] = 0.2

    with pytest.raises(LegsNotReadable, match=r"Shoulders and hips.*in only 0%"):
        measure(replace(track, visibility=visibility), TANDEM)


@pytest.mark.parametrize("turns_deg", [(8.0, 8.0), (8.0, -8.0, 8.0, -8.0)])
def test_turns_of_less_than_twelve_degrees_are_not_counted(turns_deg):
    track, *_ = turning_track(turns_deg)

    with pytest.raises(NoReps, match=r"turn to the left and turn to the right"):
        measure(as_the_model(track), TANDEM)


def test_a_squat_is_no_turn():
    track, *_ = squat_track((0.9, 1.0))

    with pytest.raises(LegsNotReadable, match=r"hips sank.*use --protocol squat"):
        measure(as_the_model(track), TANDEM)


def test_a_camera_too_far_aside_is_refused():
    track, *_ = turning_track((30.0,), yaw_deg=50.0)

    with pytest.raises(ViewNotUsable, match=r"about \d\d° past the camera; up to 35°"):
        measure(as_the_model(track), TANDEM)
