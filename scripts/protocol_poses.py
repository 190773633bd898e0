"""A protocol's name -> how a person's sticks lie in space at the start and at the end.

Metres: x to the right of the picture, y up from the floor, z towards who looks at it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]
Joints = dict[str, Point]

TRUNK, THIGH, SHANK, FOOT = 0.5, 0.42, 0.42, 0.18
_ARM, _FOREARM, _NECK = 0.28, 0.25, 0.2
_HIP, _SHOULDER = 0.1, 0.18
_SIDES = {"left": 1.0, "right": -1.0}
UP, FRONT, RIGHTWARD = np.eye(3)[1], np.eye(3)[2], np.eye(3)[0]


@dataclass(frozen=True, eq=False)
class Figure:
    """Both ends of a movement, and what stands around it.

    Attributes
    ----------
    start, end : dict of str to ndarray, shape (3,)
        Joints by name: ``left_knee``, ``head``.
    camera : tuple of float
        Where it stands.
    looks_at : tuple of float
    moving : tuple of str
        The joints whose limbs are coloured.
    seat : tuple of float or None
        The middle of a seat's upper face; its height is that above the floor.
    """

    start: Joints
    end: Joints
    camera: tuple[float, float, float]
    looks_at: tuple[float, float, float]
    moving: tuple[str, ...]
    seat: tuple[float, float, float] | None = field(default=None)


def _unit(*parts: float) -> Point:
    vector = np.array(parts, float)
    return np.asarray(vector / np.linalg.norm(vector))


def _turned(vector: Point, axis: Point, angle_deg: float) -> Point:
    """Turn a vector about an axis, by the right-hand rule."""
    angle, k = np.radians(angle_deg), axis / np.linalg.norm(axis)
    return np.asarray(
        vector * np.cos(angle)
        + np.cross(k, vector) * np.sin(angle)
        + k * (k @ vector) * (1 - np.cos(angle))
    )


def _body(
    pelvis: Point,
    up: Point,
    leftward: Point,
    *,
    chest_leftward: Point | None = None,
    arms: tuple[Point, Point] | None = None,
    left_arm: tuple[Point, Point] | None = None,
) -> Joints:
    """Return trunk, head and arms; upper arm and forearm lie along `arms`.

    The left one may lie along `left_arm` instead.
    """
    across = leftward if chest_leftward is None else chest_leftward
    neck = pelvis + TRUNK * up
    joints = {"pelvis": pelvis, "neck": neck, "head": neck + _NECK * up}
    arms = arms or (_unit(*(-up + 0.15 * np.cross(leftward, up))),) * 2
    for side, sign in _SIDES.items():
        shoulder = neck + sign * _SHOULDER * across
        upper, fore = (left_arm or arms) if side == "left" else arms
        joints[f"{side}_shoulder"] = shoulder
        joints[f"{side}_hip"] = pelvis + sign * _HIP * leftward
        joints[f"{side}_elbow"] = elbow = shoulder + _ARM * upper
        joints[f"{side}_wrist"] = elbow + _FOREARM * fore
    return joints


def _leg(joints: Joints, side: str, thigh: Point, shank: Point, foot: Point) -> Joints:
    """Return the joints with a leg that points in these directions."""
    knee = joints[f"{side}_hip"] + THIGH * thigh
    ankle = knee + SHANK * shank
    return joints | {
        f"{side}_knee": knee,
        f"{side}_ankle": ankle,
        f"{side}_toe": ankle + FOOT * foot,
    }


def _swivelled(joints: Joints, side: str, angle_deg: float) -> Joints:
    """Turn a knee about the line from hip to ankle, which both stay."""
    hip, ankle = joints[f"{side}_hip"], joints[f"{side}_ankle"]
    knee = _turned(joints[f"{side}_knee"] - hip, ankle - hip, angle_deg)
    return joints | {f"{side}_knee": hip + knee}


def _seated(outward_deg: float) -> Joints:
    joints = _body(np.array([0.0, 0.78, 0.0]), UP, RIGHTWARD)
    joints = _leg(joints, "left", FRONT, -UP, FRONT)
    shank = _turned(-UP, FRONT, -outward_deg)
    return _leg(joints, "right", FRONT, shank, FRONT)


def _on_side(*, is_bent: bool) -> Joints:
    """Lie on the left side, the head to the right, facing who looks."""
    joints = _body(
        np.array([0.0, 0.22, 0.0]),
        RIGHTWARD,
        -UP,
        arms=(_unit(-0.5, -0.5, 0.7), _unit(0.3, -0.6, 0.7)),
        left_arm=(_unit(1, 0, 0.3), _unit(1, 0, 0.5)),
    )
    thigh = _unit(-0.7, 0, 0.75) if is_bent else -RIGHTWARD
    shank = _unit(-0.75, 0, -0.7) if is_bent else -RIGHTWARD
    foot = _unit(-0.5, 0, 0.6) if is_bent else _unit(-0.3, 0, 1)
    for side in _SIDES:
        joints = _leg(joints, side, thigh, shank, foot)
    return joints


def _side_lying_rotation(angle_deg: float) -> Joints:
    joints = _on_side(is_bent=True)
    thigh = joints["right_knee"] - joints["right_hip"]
    shank, foot = (
        _turned(each, thigh, -angle_deg)
        for each in (_unit(-0.75, 0, -0.7), _unit(-0.5, 0, 0.6))
    )
    return _leg(joints, "right", thigh / THIGH, shank, foot)


def _side_lying_raise(angle_deg: float) -> Joints:
    joints = _on_side(is_bent=False)
    leg = _turned(-RIGHTWARD, FRONT, -angle_deg)
    return _leg(joints, "right", leg, leg, _unit(-0.3, 0, 1))


def _prone(outward_deg: float) -> Joints:
    joints = _body(
        np.array([0.0, 0.12, 0.0]), -FRONT, -RIGHTWARD, arms=(_unit(0, 0, -1),) * 2
    )
    joints = _leg(joints, "left", FRONT, FRONT, _unit(0, -0.3, 1))
    shank = _turned(UP, FRONT, -outward_deg)
    return _leg(joints, "right", FRONT, shank, FRONT)


def _ninety(front: str) -> Joints:
    back = "left" if front == "right" else "right"
    sign = _SIDES[front]
    joints = _body(np.array([0.0, 0.14, 0.0]), UP, RIGHTWARD)
    joints = _leg(
        joints,
        front,
        _unit(0.35 * sign, -0.1, 1),
        _unit(-sign, 0, 0.25),
        _unit(-sign, 0, 0.2),
    )
    return _leg(
        joints,
        back,
        _unit(-sign, -0.1, 0.25),
        _unit(-0.2 * sign, 0, -1),
        _unit(-0.6 * sign, 0, -1),
    )


def _tandem(turn_deg: float) -> Joints:
    chest = _turned(RIGHTWARD, UP, turn_deg)
    ahead = _turned(FRONT, UP, turn_deg)
    joints = _body(
        np.array([0.0, 0.86, 0.0]),
        UP,
        RIGHTWARD,
        chest_leftward=chest,
        arms=(_unit(*(-UP + 0.5 * ahead)), ahead),
    )
    joints = _leg(joints, "left", _unit(-0.2, -1, 0.35), _unit(0, -1, 0.1), FRONT)
    return _leg(joints, "right", _unit(0.2, -1, -0.2), _unit(0, -1, -0.25), FRONT)


def _butterfly(drop_deg: float) -> Joints:
    joints = _body(np.array([0.0, 0.12, 0.0]), UP, RIGHTWARD)
    for side, sign in _SIDES.items():
        thigh = _unit(sign * 0.55, 0.65, 0.6)
        knee = THIGH * thigh
        ankle = np.array([-sign * 0.06, -0.08, 0.38])
        shank = (ankle - knee) / np.linalg.norm(ankle - knee)
        joints = _leg(joints, side, thigh, shank, _unit(0, 0.2, 1))
        joints = _swivelled(joints, side, -sign * drop_deg)
    return joints


def _squat(bend_deg: float) -> Joints:
    half = np.radians(bend_deg / 2)
    lift = SHANK * np.cos(0.8 * half) + THIGH * np.cos(1.2 * half)
    back = SHANK * np.sin(0.8 * half) - THIGH * np.sin(1.2 * half)
    trunk = _unit(0, 1, 0.35 * np.sin(half))
    joints = _body(
        np.array([0.0, 0.05 + lift, back]),
        trunk,
        RIGHTWARD,
        arms=(_unit(0, -0.4, 1), _unit(0, 0.1, 1)),
    )
    for side, sign in _SIDES.items():
        thigh = _unit(0.18 * sign, -np.cos(1.2 * half), np.sin(1.2 * half))
        shank = _unit(0, -np.cos(0.8 * half), -np.sin(0.8 * half))
        joints = _leg(joints, side, thigh, shank, _unit(0.3 * sign, 0, 1))
    return joints


_AHEAD = {"camera": (0.0, 0.45, 1.9), "looks_at": (0.0, 0.45, 0.5)}
_BESIDE = {"camera": (-0.2, 0.35, 1.7), "looks_at": (-0.2, 0.3, 0.5)}
_SHANK = ("right_ankle", "right_toe")
_LEG = ("right_knee", *_SHANK)
_BOTH_LEGS = (*_LEG, "left_knee", "left_ankle", "left_toe")

FIGURES: dict[str, Figure] = {
    "seated_ir": Figure(
        _seated(0), _seated(38), **_AHEAD, moving=_SHANK, seat=(0.0, 0.7, 0.02)
    ),
    "seated_er": Figure(
        _seated(0), _seated(-34), **_AHEAD, moving=_SHANK, seat=(0.0, 0.7, 0.02)
    ),
    "prone_ir": Figure(
        _prone(0),
        _prone(35),
        camera=(0.0, 0.5, 1.9),
        looks_at=(0.0, 0.4, 0.7),
        moving=_SHANK,
    ),
    "sidelying_ir": Figure(
        _side_lying_rotation(0), _side_lying_rotation(40), **_BESIDE, moving=_SHANK
    ),
    "clamshell": Figure(
        _on_side(is_bent=True),
        _swivelled(_on_side(is_bent=True), "right", 60),
        **_BESIDE,
        moving=_LEG,
    ),
    "leg_lift": Figure(
        _side_lying_raise(0), _side_lying_raise(35), **_BESIDE, moving=_LEG
    ),
    "ninety_ninety": Figure(
        _ninety("right"), _ninety("left"), **_AHEAD, moving=_BOTH_LEGS
    ),
    "tandem_rotation": Figure(
        _tandem(0),
        _tandem(38),
        camera=(0.0, 0.9, 1.9),
        looks_at=(0.0, 0.9, 0.4),
        moving=(
            *("left_shoulder", "right_shoulder", "left_elbow", "right_elbow"),
            *("left_wrist", "right_wrist"),
        ),
    ),
    "butterfly": Figure(_butterfly(0), _butterfly(48), **_AHEAD, moving=_BOTH_LEGS),
    "squat": Figure(
        _squat(8),
        _squat(105),
        camera=(0.0, 0.6, 2.0),
        looks_at=(0.0, 0.6, 0.6),
        moving=_BOTH_LEGS,
    ),
}
