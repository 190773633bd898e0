"""Tests for hiprom.report.painting: what stands on a frame, where and when."""

from dataclasses import replace

import examples
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from hiprom.core.landmarks import Landmark
from hiprom.report.overlay_counter import counter, moment
from hiprom.report.overlay_strip import _pieces
from hiprom.report.overlay_strokes import dashed, lay
from hiprom.report.painting import Painter, sector, shown_sides
from hiprom.report.palette import EMBER_BRIGHT, LIGHT, TEAL_BRIGHT, rgb
from hiprom.report.sprites import panel, put, sprite, words

HELD = 75  # within the hold of the right leg's first repetition
UNREAD = 3
SIZES = [(320, 240), (640, 480), (960, 540), (1080, 1920)]


@pytest.fixture(scope="module")
def trial():
    return examples.trial()


def grey(width=640, height=480):
    return np.full((height, width, 3), 128, dtype=np.uint8)


def painted(measurement, track, index, size=(640, 480)):
    frame = grey(*size)
    Painter(measurement, track, width_px=size[0], height_px=size[1]).paint(frame, index)
    return frame


def near(frame, colour):
    """Where the frame has about this colour, as (rows, columns)."""
    return np.nonzero((np.abs(frame.astype(int) - colour) < 12).all(axis=-1))


@pytest.mark.parametrize("size", SIZES)
def test_the_arm_runs_from_the_knee_to_the_end_of_the_shank(size):
    measurement, track = examples.trial(*size)

    frame = painted(measurement, track, HELD, size)

    knee, end, _ = measurement.sides[1].dial_px[HELD]
    for share in (0.5, 0.7, 0.9, 1.0):
        x, y = np.round(knee + share * (end - knee)).astype(int)
        assert_allclose(frame[y, x], rgb(TEAL_BRIGHT), atol=3)


def test_external_rotation_has_its_own_colour(trial):
    measurement, track = trial
    frame = painted(examples.external(measurement), track, HELD)

    knee, end, _ = measurement.sides[1].dial_px[HELD]
    x, y = np.round((knee + end) / 2).astype(int)
    assert_allclose(frame[y, x], rgb(EMBER_BRIGHT), atol=3)


def test_larger_frames_are_painted_at_their_own_scale(trial):
    measurement, track = trial

    frame = painted(measurement, track, HELD, (1280, 960))

    knee, end, _ = 2 * measurement.sides[1].dial_px[HELD]
    x, y = np.round((knee + end) / 2).astype(int)
    assert_allclose(frame[y, x], rgb(TEAL_BRIGHT), atol=3)


def test_a_frame_that_was_not_measured_has_a_skeleton_but_no_angle(trial):
    measurement, track = trial

    frame = painted(measurement, track, UNREAD)

    middle = frame[100:400, 200:450]
    shoulder = track.image_px[UNREAD, Landmark.LEFT_SHOULDER].round().astype(int)
    assert len(near(middle, rgb(TEAL_BRIGHT))[0]) == 0
    assert frame[shoulder[1], shoulder[0]].min() > 170


def test_without_a_person_nothing_is_drawn_in_the_picture(trial):
    measurement, track = trial
    image_px = track.image_px.copy()
    image_px[UNREAD] = np.nan

    frame = painted(measurement, replace(track, image_px=image_px), UNREAD)

    assert_array_equal(frame[100:400, 100:], 128)


def test_a_landmark_far_outside_does_no_harm(trial):
    measurement, track = trial
    image_px = track.image_px.copy()
    image_px[HELD, Landmark.LEFT_WRIST] = 1e9
    side = measurement.sides[1]
    dial_px = side.dial_px.copy()
    dial_px[HELD, 1] = [-1e9, 1e9]
    sides = (measurement.sides[0], replace(side, dial_px=dial_px))

    painted(replace(measurement, sides=sides), replace(track, image_px=image_px), HELD)


@pytest.mark.parametrize("size", SIZES)
def test_the_number_stays_inside_the_picture_when_the_knee_is_at_its_edge(size):
    measurement, track = examples.trial(*size)
    side = measurement.sides[1]
    knee = side.dial_px[HELD, 0]
    away = knee - 2
    moved = replace(
        measurement,
        sides=(measurement.sides[0], replace(side, dial_px=side.dial_px - away)),
    )
    frame = grey(*size)

    Painter(moved, track, width_px=size[0], height_px=size[1]).paint_still(frame, HELD)

    rows, _ = near(frame[: size[1] // 5, size[0] // 24 : size[0] // 3], LIGHT)
    assert len(rows) > 100
    assert 0 < rows.min() < rows.max() < size[1] // 5 - 1


def test_a_still_has_neither_counter_nor_strip(trial):
    measurement, track = trial
    frame = grey()

    Painter(measurement, track, width_px=640, height_px=480).paint_still(frame, HELD)

    assert_array_equal(frame[:90], 128)
    assert_array_equal(frame[440:], 128)


def test_the_number_on_a_still_is_that_of_the_tables(trial):
    measurement, track = trial

    def drawn(**change):
        left, right = measurement.sides
        reps = (replace(right.reps[0], **change), *right.reps[1:])
        moved = replace(measurement, sides=(left, replace(right, reps=reps)))
        frame = grey()
        Painter(moved, track, width_px=640, height_px=480).paint_still(frame, HELD)
        return frame

    assert (drawn(end_range=12.3) != drawn()).any()
    assert_array_equal(drawn(excursion=12.3), drawn())


def test_the_strip_does_not_join_one_leg_to_the_other(trial):
    measurement, track = trial
    painter = Painter(measurement, track, width_px=640, height_px=480)
    points = painter._strip.points_px

    pieces = _pieces(points, painter._shown)

    assert len(pieces) == 2
    assert sum(map(len, pieces)) == np.isfinite(points[:, 1]).sum()


def test_the_strip_fills_as_time_goes(trial):
    measurement, track = trial

    filled = [
        len(near(painted(measurement, track, index)[405:470], rgb(TEAL_BRIGHT))[0])
        for index in (10, 300, 880)
    ]

    assert filled[0] < filled[1] < filled[2]


def test_a_trial_of_one_frame_and_no_rep_can_be_painted(trial):
    measurement, track = trial
    one = np.s_[5:6]
    side = measurement.sides[0]
    traces = replace(
        side.traces,
        by_name={name: each[one] for name, each in side.traces.by_name.items()},
        valid=side.traces.valid[one],
        reason=side.traces.reason[one],
    )
    short = replace(
        measurement,
        time_s=measurement.time_s[one],
        sides=(replace(side, reps=(), traces=traces, dial_px=side.dial_px[one]),),
    )
    arrays = ("time_s", "image_px", "world_m", "visibility")
    brief = replace(track, **{name: getattr(track, name)[one] for name in arrays})

    painted(short, brief, 0)


def test_the_leg_shown_is_the_one_whose_rep_is_nearest(trial):
    measurement, _ = trial
    left, right = measurement.sides

    shown = shown_sides(measurement)

    assert shown[0] is right
    assert shown[-1] is left
    assert all(
        shown[index] is side
        for side in (left, right)
        for index, now_s in enumerate(measurement.time_s)
        if any(rep.start_s < now_s < rep.end_s for rep in side.reps)
    )


@pytest.mark.parametrize(
    ("index", "begun", "is_moving", "held_s", "reason"),
    [
        (UNREAD, 0, False, 0.0, "too close to the start"),
        (40, 1, True, 0.0, ""),
        (HELD, 1, True, 0.7, ""),
        (130, 1, False, 0.0, ""),
        (490, 4, False, 0.0, ""),
    ],
)
def test_the_panel_says_what_is_going_on(
    trial, index, begun, is_moving, held_s, reason
):
    measurement, _ = trial

    now = moment(measurement, measurement.sides[1], index)

    assert (now.side, now.reps, now.begun) == ("right", 4, begun)
    assert (now.is_moving, now.held_s, now.reason) == (is_moving, held_s, reason)


def test_the_panel_stands_still_while_it_counts(trial):
    measurement, _ = trial
    sizes = {
        counter(
            moment(measurement, measurement.sides[1], index),
            unit_px=1.0,
            colour=rgb(TEAL_BRIGHT),
        ).size
        for index in range(30, 460, 7)
    }

    assert len(sizes) == 1


@given(
    start=st.floats(-170, 170),
    turn=st.floats(-175, 175),
    length=st.floats(10, 200),
    ratio=st.floats(0.3, 2),
)
def test_the_arc_goes_the_short_way_from_arm_to_arm(start, turn, length, ratio):
    centre = np.array([50.0, 60.0])
    first, last = np.radians([start, start + turn])
    arms = length * np.array(
        [[np.cos(first), np.sin(first)], [ratio * np.cos(last), ratio * np.sin(last)]]
    )

    arc = sector(centre, centre + arms[0], centre + arms[1]) - centre

    assert_allclose(arc[0], 0.55 * arms[0], atol=1e-6)
    assert_allclose(arc[-1], 0.55 * arms[1], atol=1e-6)
    steps = np.unwrap(np.arctan2(arc[:, 1], arc[:, 0]))
    assert_allclose(np.degrees(steps[-1] - steps[0]), turn, atol=1e-4)


def test_dashes_begin_and_end_with_a_dash():
    dashes = dashed(np.array([0.0, 0.0]), np.array([0.0, 100.0]), 10.0)

    assert_allclose(dashes[0, 0], [0, 0])
    assert_allclose(dashes[-1, 1], [0, 100])
    assert_allclose(np.diff(dashes[:, :, 1]), 100 / 11)


@pytest.mark.parametrize("place", [(-15, -5), (35, 25), (400, 0), (0, -400)])
def test_a_sprite_half_outside_is_cut_off(place):
    frame = grey(40, 30)
    part = sprite(put(panel(20, 10, radius=3), [(words("8", 9), 2, 0)]))

    lay(frame, part, *place)

    is_inside = max(place, key=abs) in (-15, 35)
    assert (frame != 128).any() == is_inside


def test_blending_keeps_the_share_that_it_says():
    frame = grey(20, 20)

    lay(frame, sprite(panel(20, 20, radius=0, opacity=0.5, colour=(0, 0, 0))), 0, 0)

    assert_allclose(frame, 64, atol=1)
