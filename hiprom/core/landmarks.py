"""The 33 landmarks the pose model reports, by name, and the lines between them."""

from __future__ import annotations

from enum import IntEnum
from typing import Literal, get_args

Side = Literal["left", "right"]
# "both" where a movement is the whole body's: a squat has no side.
MeasuredSide = Literal["left", "right", "both"]
Joint = Literal["shoulder", "hip", "knee", "ankle"]
SIDES: tuple[Side, ...] = get_args(Side)


class Landmark(IntEnum):
    """A point the pose model reports; left and right are the subject's own."""

    NOSE = 0
    LEFT_EYE_INNER = 1
    LEFT_EYE = 2
    LEFT_EYE_OUTER = 3
    RIGHT_EYE_INNER = 4
    RIGHT_EYE = 5
    RIGHT_EYE_OUTER = 6
    LEFT_EAR = 7
    RIGHT_EAR = 8
    MOUTH_LEFT = 9
    MOUTH_RIGHT = 10
    LEFT_SHOULDER = 11
    RIGHT_SHOULDER = 12
    LEFT_ELBOW = 13
    RIGHT_ELBOW = 14
    LEFT_WRIST = 15
    RIGHT_WRIST = 16
    LEFT_PINKY = 17
    RIGHT_PINKY = 18
    LEFT_INDEX = 19
    RIGHT_INDEX = 20
    LEFT_THUMB = 21
    RIGHT_THUMB = 22
    LEFT_HIP = 23
    RIGHT_HIP = 24
    LEFT_KNEE = 25
    RIGHT_KNEE = 26
    LEFT_ANKLE = 27
    RIGHT_ANKLE = 28
    LEFT_HEEL = 29
    RIGHT_HEEL = 30
    LEFT_FOOT_INDEX = 31
    RIGHT_FOOT_INDEX = 32


LANDMARK_NAMES: tuple[str, ...] = tuple(mark.name.lower() for mark in Landmark)

# The lines of a drawn skeleton. The face is left out: it measures nothing here.
SKELETON: tuple[tuple[Landmark, Landmark], ...] = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.LEFT_ANKLE, Landmark.LEFT_HEEL),
    (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
    (Landmark.RIGHT_ANKLE, Landmark.RIGHT_HEEL),
    (Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX),
)


# Left before right.
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)
KNEES = (Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE)
ANKLES = (Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE)
HEELS = (Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL)
FEET = (Landmark.LEFT_FOOT_INDEX, Landmark.RIGHT_FOOT_INDEX)


def of_side(joint: Joint, side: Side) -> Landmark:
    """Return the landmark of `joint` on the subject's own `side`."""
    return Landmark[f"{side}_{joint}".upper()]


def other(side: Side) -> Side:
    """Return the opposite side."""
    return "left" if side == "right" else "right"
