"""Truth: a body lying on its side, posed at known angles, before an exact camera.

Shares no code with hiprom's geometry. The room's axes are those of `synthetic.seen`: x
to the camera, y up, z to the picture's left.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation
from synthetic import minimum_jerk, seen

from hiprom.core.landmarks import Landmark, of_side, other

_FOOT_M = 0.25
_SIGN = {"right": 1.0, "left": -1.0}
_JOINTS = ("hip", "knee", "ankle", "heel", "foot_index")


@dataclass(frozen=True)
class Body:
    """Lengths, how the pelvis lies, and the lower leg's angles."""

    thigh_m: float = 0.40
    shank_m: float = 0.42
    hips_m: float = 0.172
    trunk_m: float = 0.47
    shoulders_m: float = 0.34
    rolled_back_deg: float = 0.0
    leaning_deg: float = 0.0
    lower_deg: tuple[float, float, float, float] = (57.0, -8.0, 2.0, 88.0)


STRAIGHT = Body(lower_deg=(18.0, -5.0, 0.0, 28.0))
BENT = Body()


def _about(axis, angle_deg):
    return Rotation.from_euler(axis, np.asarray(angle_deg)[..., None], degrees=True)


def _leg(angles_deg, body, *, side):
    """Hip, knee, ankle, heel and tip, (n, 3) each, in the pelvis frame."""
    sign = _SIGN[side]
    flexion, adduction, rotation, knee = np.moveaxis(np.asarray(angles_deg), -1, 0)
    femur = (
        _about("z", flexion)
        * _about("x", sign * adduction)
        * _about("y", sign * rotation)
    )
    tibia = femur * _about("z", -knee)
    hip = np.tile([0.0, 0.0, sign * body.hips_m / 2], (len(flexion), 1))
    knee_at = hip + femur.apply([0, -body.thigh_m, 0])
    ankle = knee_at + tibia.apply([0, -body.shank_m, 0])
    heel = ankle + tibia.apply([-0.04, -0.04, 0])
    tip = heel + tibia.apply([_FOOT_M, -0.02, 0])
    return hip, knee_at, ankle, heel, tip


def upper_angles(kind, opening_deg, body, *, side="right"):
    """Angles (n, 4) of the upper leg: flexion, adduction, rotation, knee.

    "leg_lift" raises the straight leg, "sidelying_ir" turns the thigh, "clamshell"
    turns the leg about the line from hip to ankle, which both stay.
    """
    opening = np.asarray(opening_deg, dtype=float)
    n = len(opening)
    if kind == "leg_lift":
        return np.stack(
            [np.full(n, 3.0), 10.0 - opening, np.full(n, -2.0), np.full(n, 3.0)], -1
        )
    rest = np.tile([57.0, 17.0, -5.0, 88.0], (n, 1))
    if kind == "sidelying_ir":
        rest[:, 2] += opening
        return rest
    hip, knee, ankle, *_ = _leg(rest, body, side=side)
    axis = (ankle - hip) / np.linalg.norm(ankle - hip, axis=1, keepdims=True)
    sign = _SIGN[side]
    turn = Rotation.from_rotvec(sign * np.radians(opening)[:, None] * axis)
    opened = hip + turn.apply(knee - hip)
    y = (hip - opened) / np.linalg.norm(hip - opened, axis=1, keepdims=True)
    shank = ankle - opened
    x = -(shank - (shank * y).sum(1, keepdims=True) * y)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    femur = Rotation.from_matrix(np.stack([x, y, np.cross(x, y)], axis=-1))
    flexion, adduction, rotation = femur.as_euler("ZXY", degrees=True).T
    return np.stack([flexion, sign * adduction, sign * rotation, rest[:, 3]], axis=-1)


def lying_points(angles_deg, body, *, upper="right", back_deg=0.0, foot_turn_deg=0.0):
    """All 33 landmarks (n, 33, 3) in the room.

    `back_deg` (n,) rolls pelvis, trunk and upper leg back, away from the camera;
    `foot_turn_deg` (n,) turns the upper leg out about itself.
    """
    n = len(angles_deg)
    angles = np.array(angles_deg, dtype=float)
    angles[:, 2] -= foot_turn_deg
    lower = np.tile(np.array(body.lower_deg, dtype=float), (n, 1))
    points = np.zeros((n, 33, 3))
    points[:, : Landmark.LEFT_SHOULDER] = [0.08, body.trunk_m + 0.2, 0.0]
    points[:, Landmark.LEFT_ELBOW : Landmark.LEFT_HIP] = [0.25, body.trunk_m - 0.1, 0]
    stays = []
    for side, each in ((upper, angles), (other(upper), lower)):
        marks = [Landmark[f"{side}_{joint}".upper()] for joint in _JOINTS]
        for mark, joint in zip(marks, _leg(each, body, side=side), strict=True):
            points[:, mark] = joint
        points[:, of_side("shoulder", side)] = [
            0.03,
            body.trunk_m,
            _SIGN[side] * body.shoulders_m / 2,
        ]
        stays = marks[1:]

    # The head to the picture's right where the right side is up.
    lies = Rotation.from_euler("x", -90.0 * _SIGN[upper], degrees=True)
    leans = Rotation.from_euler("x", -_SIGN[upper] * body.leaning_deg, degrees=True)
    room = np.empty_like(points)
    for mark in range(33):
        rolls = body.rolled_back_deg + (0.0 if mark in stays else back_deg)
        about_z = _about("z", np.broadcast_to(rolls, (n,)))
        room[:, mark] = (leans * about_z * lies).apply(points[:, mark])
    return room + [0.0, 0.0, -0.2 * _SIGN[upper]]


def exercise(ends_deg, *, raise_s=1.2, hold_s=1.5, lower_s=1.2, rest_s=1.0, fps=15.0):
    """Times and openings of reps from 0 to known ends, and when they are held."""
    cycle_s = rest_s + raise_s + hold_s + lower_s
    time_s = np.arange(round((len(ends_deg) * cycle_s + rest_s) * fps)) / fps
    opening = np.zeros(len(time_s))
    plateaus = []
    for index, end in enumerate(ends_deg):
        top = rest_s + index * cycle_s + raise_s
        up = minimum_jerk((time_s - top + raise_s) / raise_s)
        down = minimum_jerk((time_s - top - hold_s) / lower_s)
        opening += end * (up - down)
        plateaus.append((top, top + hold_s))
    return time_s, opening, plateaus


def lying_track(
    kind, ends_deg=(30.0, 40.0), *, body=None, upper="right", tempo=None, **altered
):
    """A whole exercise: (track, truth (n,), plateaus_s).

    The truth is the protocol's quantity. Of `altered`, `rest_deg` (4,) is added to the
    upper leg's angles throughout; `angles_deg` (4,), `back_deg` and `foot_turn_deg`
    grow with the opening to what they are at the furthest end; the rest goes to the
    camera.
    """
    body = body or (STRAIGHT if kind == "leg_lift" else BENT)
    time_s, opening, plateaus = exercise(ends_deg, **(tempo or {}))
    share = opening / max(ends_deg)
    angles = upper_angles(kind, opening, body, side=upper)
    angles = angles + np.array(altered.pop("rest_deg", 0.0))
    angles = angles + share[:, None] * np.array(altered.pop("angles_deg", 0.0))
    grown = {
        name: share * altered.pop(name)
        for name in ("back_deg", "foot_turn_deg")
        if name in altered
    }
    room = lying_points(angles, body, upper=upper, **grown)
    truth = angles[:, 1] if kind == "leg_lift" else angles[:, 2]
    return seen(room, time_s, **{"pitch_deg": 10.0, **altered}), truth, plateaus
