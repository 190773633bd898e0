"""Tests for hiprom.window.side_panel: gauge, repetitions, instruction and hints."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from window_scenes import (
    LONG,
    MOVING,
    PICTURES,
    REPS,
    SIZES,
    TEAL,
    assert_within,
    canvas,
    changed,
    drawn,
    is_near,
    picture,
)

from hiprom.core.scene import Stage
from hiprom.report.palette import LIGHT
from hiprom.report.sprites import words
from hiprom.window.layout import lay_out
from hiprom.window.tones import DONE


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture_px", PICTURES)
@pytest.mark.parametrize("stage", MOVING)
def test_long_hints_stay_in_their_place(stage, size, picture_px):
    scene = replace(REPS, stage=stage)
    without = drawn(scene, seen=picture(*picture_px), size=size)

    frame = drawn(replace(scene, hints=LONG), seen=picture(*picture_px), size=size)

    layout = lay_out(size, picture_px)
    is_beside = stage is Stage.POSITION or picture_px == (480, 640)
    assert_within(layout.panel if is_beside else layout.under, changed(frame, without))


def test_the_first_hint_is_the_one_that_is_kept():
    first, rest = LONG[0], LONG[1:]

    frame = drawn(replace(REPS, hints=(first, *rest)))

    assert_array_equal(frame, drawn(replace(REPS, hints=(first,))))
    assert (frame != drawn(replace(REPS, hints=rest))).any()


def test_a_long_instruction_leaves_the_gauge_where_it_is():
    long = replace(REPS, instruction="Swing your left foot out to the side. " * 4)

    _, top, _, bottom = changed(drawn(long), drawn())

    panel = lay_out((1280, 720), (640, 480)).panel
    assert panel.y < top < bottom <= panel.y + 46 + 178


def ring_share(frame, colour):
    """Where the hold's ring has a colour, every two degrees clockwise from above."""
    x, y = canvas((1280, 720))._place(640, 480)[1]._gauge._middle
    turns = np.radians(np.arange(-89, 271, 2.0))
    rows = np.round(y - 0.5 + 133 * np.sin(turns)).astype(int)
    columns = np.round(x - 0.5 + 133 * np.cos(turns)).astype(int)
    return is_near(frame[rows, columns], colour)


def test_the_ring_fills_clockwise_as_the_hold_goes_on():
    is_full = ring_share(drawn(replace(REPS, angle=np.nan, held_share=0.25)), LIGHT)

    assert_allclose(is_full.mean(), 0.25, atol=0.02)
    assert is_full[: int(0.24 * len(is_full))].all()


def test_a_whole_hold_looks_done():
    frame = drawn(replace(REPS, held_share=1.0))

    assert ring_share(frame, DONE).all()
    assert not is_near(drawn(replace(REPS, held_share=0.99)), DONE).any()


def test_the_digits_follow_the_angle():
    at = [drawn(replace(REPS, angle=angle)) for angle in (30.0, 30.4, 31.0)]

    digits = np.s_[400:500, 930:1130]
    assert_array_equal(at[0][digits], at[1][digits])
    assert (at[0][digits] != at[2][digits]).any()


def test_the_arc_is_filled_from_zero_to_the_angle():
    amounts = [
        is_near(drawn(replace(REPS, angle=angle, title="")), TEAL).sum()
        for angle in (0.0, 15.0, 30.0, -8.0)
    ]

    dots = amounts[0]
    assert_allclose((amounts[2] - dots) / (amounts[1] - dots), 2, atol=0.25)
    assert amounts[3] > dots


def test_an_unknown_angle_is_a_dash_without_a_hand():
    frame = drawn(replace(REPS, angle=np.nan, reps_done=0, title=""))

    letters = np.asarray(words("\N{EN DASH}", 112, weight="bold"))[..., 3]
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    assert cv2.matchTemplate(grey, letters, cv2.TM_CCOEFF_NORMED).max() > 0.95
    assert not is_near(frame, TEAL).any()


@pytest.mark.parametrize("name", ["furthest", "target"])
def test_what_was_reached_is_marked_on_the_gauge(name):
    low, high = (drawn(replace(REPS, angle=np.nan, **{name: v})) for v in (12.0, 48.0))

    panel = lay_out((1280, 720), (640, 480)).panel
    rectangle = changed(low, high)
    assert_within(panel, rectangle)
    upper = np.s_[: panel.bottom - 90]
    moved = (low[upper] != high[upper]).any(axis=-1)
    middle = panel.x + panel.width // 2
    assert moved[:, panel.x : middle].any()
    assert moved[:, middle:].any()


def test_repetitions_are_dots_while_they_can_be_counted_at_a_glance():
    panel = lay_out((1280, 720), (640, 480)).panel
    middle = panel.x + panel.width / 2

    frame = drawn(replace(REPS, reps_done=2, reps_wanted=5))

    row = frame[panel.bottom - 60 : panel.bottom]
    columns = [round(middle + 34 * (number - 2)) for number in range(5)]
    is_done = [bool(is_near(row[:, x], TEAL).sum() > 12) for x in columns]
    assert is_done == [True, True, False, False, False]


@pytest.mark.parametrize(("done", "of"), [(3, None), (3, 12), (1, None)])
def test_many_repetitions_or_an_open_number_are_counted_in_figures(done, of):
    scene = replace(REPS, reps_done=done, reps_wanted=of)

    more = drawn(replace(scene, reps_done=done + 1))

    assert_within(lay_out((1280, 720), (640, 480)).panel, changed(drawn(scene), more))
