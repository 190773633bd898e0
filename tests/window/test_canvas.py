"""Tests for hiprom.window.canvas: picture, body, recording and keys."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from window_scenes import (
    DIAL,
    EMBER,
    LONG,
    MOVING,
    PICTURES,
    REPS,
    RESULT,
    SIZES,
    TEAL,
    assert_within,
    changed,
    drawn,
    is_near,
    picture,
    somebody,
)

from hiprom.core.landmarks import Landmark
from hiprom.core.scene import Key
from hiprom.errors import InputError, ShapeError
from hiprom.report.palette import LIGHT
from hiprom.report.sprites import words
from hiprom.window.body import Marks
from hiprom.window.canvas import Canvas
from hiprom.window.layout import lay_out
from hiprom.window.tones import GROUND, RECORDING


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("picture_px", PICTURES)
def test_the_picture_is_shown_whole_and_mirrored(size, picture_px):
    width, height = picture_px
    seen = picture(width, height)
    seen[:, : width // 2] = (200, 0, 0)
    seen[: height // 2] //= 2

    frame = drawn(seen=seen, size=size)

    box = lay_out(size, picture_px).picture
    corners = [
        frame[y, x]
        for y in (box.y + 3, box.bottom - 4)
        for x in (box.x + 3, box.right - 4)
    ]
    assert_allclose(box.width / box.height, width / height, rtol=0.01)
    assert_array_equal(
        corners, [(50, 50, 50), (100, 0, 0), (100, 100, 100), (200, 0, 0)]
    )


@pytest.mark.parametrize("text", [REPS.title, "next"])
def test_letters_are_not_mirrored(text):
    frame = cv2.cvtColor(drawn(), cv2.COLOR_RGB2GRAY)
    is_title = text == REPS.title
    letters = np.asarray(
        words(text, 24 if is_title else 20, weight="bold" if is_title else "regular")
    )[..., 3]

    found, flipped = (
        cv2.matchTemplate(frame, np.ascontiguousarray(each), cv2.TM_CCOEFF_NORMED).max()
        for each in (letters, letters[:, ::-1])
    )

    assert found > 0.98
    assert flipped < 0.8


@pytest.mark.parametrize("picture_px", [(640, 480), (480, 640)])
@pytest.mark.parametrize(
    ("name", "colour"), [("seated_ir", TEAL), ("seated_er", EMBER)]
)
def test_the_dial_lies_on_the_mirrored_shank(name, colour, picture_px):
    frame = drawn(
        marks=Marks(somebody(), DIAL, "left"), seen=picture(*picture_px), name=name
    )

    box = lay_out((1280, 720), picture_px).picture
    scale = box.width / picture_px[0]
    for share in (0.6, 0.8, 1.0):
        x, y = DIAL[0] + share * (DIAL[1] - DIAL[0])
        column = round(box.x + scale * (picture_px[0] - x))
        assert_allclose(frame[round(box.y + scale * y), column], colour, atol=3)
    unmirrored = np.s_[:, box.x : box.x + round(150 * scale)]
    assert not is_near(frame[unmirrored], colour).any()


def test_without_a_dial_the_tested_leg_stands_out():
    body = somebody()

    frame = drawn(marks=Marks(body, None, "right"))

    box = lay_out((1280, 720), (640, 480)).picture
    knee, ankle = body[[Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE]]
    x, y = np.array([640, 0]) + 0.5 * (knee + ankle) * (-1, 1)
    place = np.round(np.array([x, y]) * box.width / 640).astype(int) + (box.x, box.y)
    assert_allclose(frame[place[1], place[0]], LIGHT, atol=3)


@pytest.mark.parametrize(
    "marks",
    [
        Marks(),
        Marks(np.full((33, 2), np.nan), np.full((3, 2), np.nan), "left"),
        Marks(None, None, "left"),
    ],
)
def test_nobody_in_the_picture_leaves_it_as_it_is(marks):
    frame = drawn(marks=marks)

    box = lay_out((1280, 720), (640, 480)).picture
    assert_array_equal(frame[box.y : box.bottom, box.x : box.right], 100)


def test_what_leaves_the_picture_is_not_drawn_beside_it():
    body, dial = somebody(), DIAL.copy()
    body[Landmark.LEFT_WRIST] = (-400, 5000)
    body[Landmark.RIGHT_WRIST] = (1e9, -1e9)
    dial[1] = (-300, 900)

    frame = drawn(marks=Marks(body, dial, "left"))

    box = lay_out((1280, 720), (640, 480)).picture
    frame[box.y : box.bottom, box.x : box.right] = 100
    assert_array_equal(frame, drawn())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("stage", MOVING)
@pytest.mark.parametrize("picture_px", PICTURES)
def test_the_edges_of_the_window_stay_empty(stage, size, picture_px):
    scene = replace(
        REPS, stage=stage, hints=LONG, furthest=60.0, target=-10.0, recorded_s=9.0
    )

    frame = drawn(scene, Marks(somebody(), DIAL, "left"), picture(*picture_px), size)

    edge = round(10 * min(size[0] / 1280, size[1] / 720))
    for strip in (frame[:edge], frame[-edge:], frame[:, :edge], frame[:, -edge:]):
        assert (strip == GROUND).all()


def test_the_red_dot_is_there_only_while_something_is_kept():
    assert is_near(drawn(replace(REPS, recorded_s=0.4)), RECORDING).sum() > 200
    assert not is_near(drawn(replace(REPS, recorded_s=0.0)), RECORDING).any()


def test_the_recording_is_counted_in_whole_seconds():
    at = [drawn(replace(REPS, recorded_s=seconds)) for seconds in (61.2, 61.9, 62.0)]

    assert_array_equal(at[0], at[1])
    assert (at[1] != at[2]).any()


def test_the_keys_stay_on_their_line_however_much_they_say():
    wordy = tuple((key, "do what has to be done with this leg now") for key in Key)

    frame = drawn(replace(REPS, keys=wordy, is_muted=True), size=(960, 540))

    keys = lay_out((960, 540), (640, 480)).keys
    without = drawn(replace(REPS, keys=()), size=(960, 540))
    rectangle = changed(frame, without)
    assert_within(keys.inset(17, 0), rectangle)


def test_the_picture_that_was_given_stays_as_it_was():
    seen = picture()

    drawn(marks=Marks(somebody(), DIAL, "left"), seen=seen)

    assert_array_equal(seen, 100)


def test_each_moment_is_a_picture_of_its_own():
    first = drawn()
    kept = first.copy()

    drawn(RESULT, Marks(somebody(), DIAL, "left"))

    assert_array_equal(first, kept)


def test_a_window_too_small_to_be_read_is_refused():
    with pytest.raises(InputError, match=r"320 x 200 pixels .* 480 x 270 .*larger"):
        Canvas((320, 200))


def test_a_grey_picture_is_refused():
    with pytest.raises(ShapeError, match=r"picture has shape \(480, 640\)"):
        Canvas().draw(np.zeros((480, 640), np.uint8), Marks(), REPS)
