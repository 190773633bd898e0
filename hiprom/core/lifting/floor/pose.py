"""A pelvis on the floor, two feet that stay and an angle a leg -> joints in 3D.

Hip and ankle are fixed and thigh and shank have their lengths: the knee has one
freedom left, along the circle in which two spheres meet. Camera axes throughout
(x right, y down, z away), metres and degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.vectors import Array, across, cross, dot, unit

# What holds still through a trial, in the order of the fit.
STILL = (
    "aside_m",
    "below_m",
    "log_depth",
    "yaw",
    "tilt",
    "log_stature",
    "log_thigh",
    "log_shank",
    "log_hips",
    *(f"{side}_ankle_{axis}_m" for side in ("left", "right") for axis in "xyz"),
    "pitch",
    "hip_aside_m",
    "hip_above_m",
)
# What moves: the legs' swivels, and the pelvis's turn and obliquity from its own mean.
MOVING = ("left_swivel", "right_swivel", "turn", "obliquity")
_UP = np.array([0.0, -1.0, 0.0])
# A leg pulled straight keeps this share of its thigh as the circle's radius.
_LEAST = 0.05


@dataclass(frozen=True, eq=False)
class Joints:
    """Hips, knees and ankles, (..., 2, 3) each, left before right; the hip line.

    `rightward` (..., 3) has unit length, from the left to the right hip.
    """

    hips: Array
    knees: Array
    ankles: Array
    rightward: Array


def rightward_of(yaw_deg: ArrayLike, rise_deg: ArrayLike) -> Array:
    """From the left to the right hip, (..., 3).

    At yaw 0 the pelvis faces the camera, at 90 the picture's right; `rise_deg` lifts
    the right hip in the picture.
    """
    yaw, rise = np.radians(yaw_deg), np.radians(rise_deg)
    return np.stack(
        np.broadcast_arrays(
            -np.cos(yaw) * np.cos(rise), -np.sin(rise), -np.sin(yaw) * np.cos(rise)
        ),
        axis=-1,
    )


def lengths_m(still: Array, assume: FloorAssumptions) -> tuple[float, float, float]:
    """Thigh, shank, and the distance between the hips."""
    stature = assume.stature_m * np.exp(still[5])
    thigh, shank, hips = np.exp(still[6:9])
    return (
        float(stature * assume.thigh * thigh),
        float(stature * assume.shank * shank),
        float(stature * assume.hips * hips),
    )


def joints(still: Array, moving: Array, assume: FloorAssumptions) -> Joints:
    """Pose the pelvis and both legs.

    Parameters
    ----------
    still : ndarray, shape (18,)
        As `STILL` names them; ankles are measured from the middle of the hips.
    moving : ndarray, shape (n, 4)
        As `MOVING` names them. A swivel of 0 holds the knee up, 90 carries it to the
        picture's right.
    assume : FloorAssumptions
    """
    thigh, shank, breadth = lengths_m(still, assume)
    middle = place(still)
    rightward = rightward_of(still[3] + moving[:, 2], still[4] + moving[:, 3])
    half = rightward[:, None] * np.array([-0.5, 0.5])[:, None] * breadth
    hips = middle + half
    ankles = np.broadcast_to(middle + still[9:15].reshape(2, 3), hips.shape)
    return Joints(
        hips=hips,
        knees=knee_on_circle(hips, ankles, thigh, shank, moving[:, :2]),
        ankles=ankles,
        rightward=rightward,
    )


def place(still: Array) -> Array:
    """Return the middle of the hips, (3,)."""
    return np.array([still[0], still[1], np.exp(still[2])])


def knee_on_circle(
    hip: Array, ankle: Array, thigh_m: float, shank_m: float, swivel_deg: Array
) -> Array:
    """Return the knee (..., 3) between a hip and an ankle.

    Where the two are too far apart for the leg's length the knee lies next to the
    straight line between them.
    """
    toward = unit(ankle - hip)
    apart = np.linalg.norm(ankle - hip, axis=-1)
    along = (thigh_m**2 - shank_m**2 + apart**2) / (2 * apart)
    radius = np.sqrt(np.maximum(thigh_m**2 - along**2, (_LEAST * thigh_m) ** 2))
    up = unit(across(np.broadcast_to(_UP, toward.shape), toward))
    swivel = np.radians(swivel_deg)[..., None]
    out = np.cos(swivel) * up + np.sin(swivel) * cross(up, toward)
    knee: Array = hip + along[..., None] * toward + radius[..., None] * out
    return knee


def pixels(points: Array, focal_px: float) -> Array:
    """Project (..., 3) to pixels from the picture's middle, (..., 2)."""
    seen: Array = focal_px * points[..., :2] / points[..., 2:]
    return seen


def bend_deg(body: Joints) -> Array:
    """Return the knees' flexion, (..., 2)."""
    thigh, shank = unit(body.knees - body.hips), unit(body.ankles - body.knees)
    angle: Array = np.degrees(np.arccos(np.clip(dot(thigh, shank), -1, 1)))
    return angle
