"""Scenes, somebody who sits in them, and how two drawn frames differ."""

from functools import cache

import numpy as np

from hiprom.core.protocols import PROTOCOLS
from hiprom.core.scene import Key, Outcome, Scene, Stage
from hiprom.report.palette import EMBER_BRIGHT, TEAL_BRIGHT, rgb
from hiprom.window.body import Marks
from hiprom.window.canvas import Canvas

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
RIGHT = Outcome("right", 4, 28.9, 25.2, 32.6)
RESULT = Scene(
    Stage.RESULT, "Seated hip rotation", "Done", outcomes=(LEFT, RIGHT), keys=KEYS
)
NOBODY = Marks()
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
