"""Tests for hiprom.window.canvas: what stands where, in each stage and size."""

from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from hiprom.core.landmarks import Landmark
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.scene import Key, Outcome, Scene, Stage
from hiprom.errors import InputError, ShapeError
from hiprom.report.palette import EMBER_BRIGHT, LIGHT, TEAL_BRIGHT, rgb
from hiprom.report.sprites import words
from hiprom.window.body import Marks
from hiprom.window.canvas import Canvas
from hiprom.window.layout import lay_out
from hiprom.window.tones import DONE, GROUND, RECORDING

TEAL, EMBER = rgb(TEAL_BRIGHT), rgb(EMBER_BRIGHT)
SIZES = [(1280, 720), (960, 540), (1000, 800)]
PICTURES = [(640, 480), (480, 640), (1280, 720)]
MOVING = [Stage.POSITION, Stage.STILL, Stage.REPS]
KEYS = ((Key.NEXT, "next"), (Key.REPEAT, "repeat"), (Key.STOP, "finish"))
LONG = (
    "You face about 27° past the camera. It is allowed for, but straight is surer: "
    "turn your chair or the camera to the left, so that your thighs point at it.",
    "Your feet touch the lower edge of the picture: tilt the camera down a little, or "
    "step back.",
    "The camera seems to look down at you by 17° (± 6°). Lower it to the height of "
    "your knees.",
) * 2
REPS = Scene(
    Stage.REPS,
    "Left leg, internal rotation",
    "Swing your left foot out",
    side="left",
    angle=30.0,
    reps_done=2,
    reps_wanted=5,
    keys=KEYS,
)
LEFT = Outcome("left", 5, 34.2, 31.0, 37.4, "3.1° more than on 8 November.")
NOBODY = Marks()
RIGHT = Outcome("right", 4, 28.9, 25.2, 32.6)
RESULT = Scene(
    Stage.RESULT, "Seated hip rotation", "Done", outcomes=(LEFT, RIGHT), keys=KEYS
)
# Knee, end of the shank, that end at zero: well away from the picture's middle.
DIAL = np.array([[160.0, 250.0], [80.0, 350.0], [160.0, 378.0]])


def picture(width=640, height=480):
    return np.full((height, width, 3), 100, dtype=np.uint8)


def somebody():
    """Landmarks that stand anywhere, each in a place of its own."""
    return np.random.default_rng(7).uniform((100, 60), (540, 420), (33, 2))


def drawn(scene=REPS, marks=NOBODY, seen=None, size=(1280, 720), name="seated_ir"):
    seen = picture() if seen is None else seen
    return canvas(size, name).draw(seen, marks, scene)


@cache
def canvas(size, name="seated_ir"):
    return Canvas(size, protocol=PROTOCOLS[name])


def is_near(frame, colour, tolerance=12):
    return (np.abs(frame.astype(int) - colour) <= tolerance).all(axis=-1)


def changed(first, second):
    """The rectangle outside which two frames agree: x, y, right, bottom."""
    rows, columns = np.nonzero((first != second).any(axis=-1))
    assert len(rows), "the frames do not differ"
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def assert_within(box, rectangle):
    x, y, right, bottom = rectangle
    assert box.x <= x < right <= box.right
    assert box.y <= y < bottom <= box.bottom


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


@pytest.mark.parametrize("size", SIZES)
def test_a_card_stands_on_the_dimmed_mirrored_picture(size):
    seen = picture()
    seen[:, :320] = (250, 0, 0)
    scene = replace(RESULT, stage=Stage.CONSENT, outcomes=(), hints=LONG)

    frame = drawn(scene, seen=seen, size=size)

    assert_allclose(frame[5, -5], (75, 0, 0), atol=3)
    assert_allclose(frame[5, 5], (30, 30, 30), atol=3)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("outcomes", [(), (LEFT,), (LEFT, RIGHT), (LEFT, RIGHT) * 2])
def test_a_card_ends_before_the_keys_however_much_it_says(outcomes, size):
    long = tuple(replace(outcome, comparison=LONG[0]) for outcome in outcomes)
    stage = Stage.RESULT if outcomes else Stage.CONSENT
    bare = Scene(stage, "", "", outcomes=(), hints=())
    full = replace(RESULT, stage=stage, outcomes=long, hints=LONG * 3, keys=())

    rectangle = changed(drawn(full, size=size), drawn(bare, size=size))

    assert_within(lay_out(size, (640, 480)).card, rectangle)


def test_each_leg_has_its_row():
    before = drawn(RESULT)

    for leg, other in ((0, "lower"), (1, "upper")):
        outcomes = list(RESULT.outcomes)
        outcomes[leg] = replace(outcomes[leg], mean=51.7)
        _, top, _, bottom = changed(before, drawn(replace(RESULT, outcomes=outcomes)))
        assert (bottom < 400) if other == "lower" else (top > 400)


def test_a_leg_without_a_number_has_a_dash_and_its_sentence():
    without = Outcome("left", 0, np.nan, np.nan, np.nan, "Nothing could be measured.")

    frame = drawn(replace(RESULT, title="", outcomes=(without,)))

    silent = replace(without, comparison="")
    assert not is_near(frame, TEAL).any()
    assert (frame != drawn(replace(RESULT, title="", outcomes=(silent,)))).any()


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
