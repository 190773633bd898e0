"""A seated person's posture, in angles -> directions in 3D, and the tilt a camera sees.

All directions are in camera axes: x right, y down, z away. Angles are degrees.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.vectors import Array, cross, dot, unit


class Leg(NamedTuple):
    """Unit vectors (..., 3): hip to knee, knee to ankle, and the level hip line."""

    thigh: Array
    shank: Array
    rightward: Array


def gravity(roll_deg: float, pitch_deg: float) -> Array:
    """Direction of gravity, (3,), for a camera rolled clockwise and looking down."""
    roll, pitch = np.radians(roll_deg), np.radians(pitch_deg)
    return np.array(
        [
            -np.sin(roll) * np.cos(pitch),
            np.cos(roll) * np.cos(pitch),
            np.sin(pitch),
        ]
    )


def facing(yaw_deg: ArrayLike, down: Array) -> Array:
    """Level direction (..., 3): at 0 towards the camera, at 90 to the image's right."""
    right = unit(cross(down, [0.0, 0.0, 1.0]))
    yaw = np.radians(np.asarray(yaw_deg, dtype=np.float64))[..., None]
    level: Array = np.cos(yaw) * cross(down, right) + np.sin(yaw) * right
    return level


def hip_line(yaw_deg: ArrayLike, obliquity_deg: ArrayLike, down: Array) -> Array:
    """From the left to the right hip of a pelvis that faces `yaw_deg`, (..., 3)."""
    raised = np.radians(np.asarray(obliquity_deg, dtype=np.float64))[..., None]
    level = facing(np.asarray(yaw_deg) - 90.0, down)
    line: Array = np.cos(raised) * level - np.sin(raised) * down
    return line


def seated_leg(
    thigh_yaw_deg: ArrayLike,
    elevation_deg: ArrayLike,
    knee_flexion_deg: ArrayLike,
    swing_deg: ArrayLike,
    *,
    pelvis_yaw_deg: ArrayLike,
    down: Array,
) -> Leg:
    """Directions of one leg of a person on a level seat.

    Parameters
    ----------
    thigh_yaw_deg, pelvis_yaw_deg : array_like, shape (...)
        Where thigh and pelvis face, as in `facing`.
    elevation_deg : array_like, shape (...)
        The knee above the hip.
    knee_flexion_deg : array_like, shape (...)
    swing_deg : array_like, shape (...)
        The shank's turn about the thigh, towards the subject's right, from the plane
        square to a level hip line.
    down : ndarray, shape (3,)

    Returns
    -------
    Leg
    """
    rise = np.radians(np.asarray(elevation_deg, dtype=np.float64))[..., None]
    bend = np.radians(np.asarray(knee_flexion_deg, dtype=np.float64))[..., None]
    swing = np.radians(np.asarray(swing_deg, dtype=np.float64))[..., None]
    thigh = np.cos(rise) * facing(thigh_yaw_deg, down) - np.sin(rise) * down
    rightward = hip_line(pelvis_yaw_deg, 0.0, down)
    hanging = unit(cross(thigh, rightward))
    aside = cross(hanging, thigh)
    shank = np.cos(bend) * thigh + np.sin(bend) * (
        np.cos(swing) * hanging + np.sin(swing) * aside
    )
    return Leg(thigh, shank, np.broadcast_to(rightward, shank.shape))


def seen_tilt_deg(direction: Array, ray: Array) -> Array:
    """Tilt in the image of a direction (..., 3) met along a line of sight (..., 3).

    `ray` has z = 1. From straight down towards the image's right, in (-180, 180].
    """
    along = direction[..., :2] - ray[..., :2] * direction[..., 2:]
    tilt: Array = np.degrees(np.arctan2(along[..., 0], along[..., 1]))
    return tilt


def mid_line(leg: Leg, calf_deg: float) -> Array:
    """Direction of the shank's visible mid-line, (..., 3): the calf draws it back.

    Seen from the side the mid-line leaves the line of the joints by `calf_deg`, seen
    from the front by nothing.
    """
    forward = unit(leg.thigh - dot(leg.thigh, leg.shank)[..., None] * leg.shank)
    line: Array = leg.shank + np.tan(np.radians(calf_deg)) * forward
    return line


def hip_rotation_deg(leg: Leg, rightward: Array) -> Array:
    """Grood-Suntay rotation (...) of the femur under a hip line, positive to the right.

    Of the pelvis's frame only the hip line matters for this angle.
    """
    up_thigh = -leg.thigh
    floating = unit(cross(up_thigh, rightward))
    front = -unit(leg.shank - dot(leg.shank, leg.thigh)[..., None] * leg.thigh)
    turn: Array = np.degrees(
        np.arctan2(dot(cross(floating, front), up_thigh), dot(floating, front))
    )
    return turn
