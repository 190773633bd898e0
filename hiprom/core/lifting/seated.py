"""A seated person's posture, in angles -> directions in 3D, and the tilt a camera sees.

All directions are in camera axes: x right, y down, z away. Angles are degrees.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.vectors import Array, cross, dot, unit


class Leg(NamedTuple):
    """Unit vectors (..., 3): from hip to knee, and from knee to ankle."""

    thigh: Array
    shank: Array


def gravity(roll_deg: ArrayLike, pitch_deg: ArrayLike) -> Array:
    """Direction of gravity, (..., 3), for a camera rolled clockwise, looking down."""
    roll, pitch = np.radians(roll_deg), np.radians(pitch_deg)
    level = np.cos(pitch)
    return np.stack([-np.sin(roll) * level, np.cos(roll) * level, np.sin(pitch)], -1)


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


def level_axes(yaw_deg: ArrayLike, down: Array) -> Array:
    """Axes (..., 3, 3) of a level pelvis that faces `yaw_deg`.

    A row each, in camera axes: forward, to the subject's right, down.
    """
    forward = facing(yaw_deg, down)
    down = np.broadcast_to(down, forward.shape)
    return np.stack([forward, cross(down, forward), down], axis=-2)


def seated_leg(
    aside_deg: ArrayLike,
    elevation_deg: ArrayLike,
    knee_flexion_deg: ArrayLike,
    swing_deg: ArrayLike,
    axes: Array,
) -> Leg:
    """Directions of one leg of a person on a level seat, in n frames.

    Parameters
    ----------
    aside_deg : array_like, shape (..., n)
        How far the thigh points to the subject's left of where the pelvis faces.
    elevation_deg : array_like, shape (..., n)
        The knee above the hip.
    knee_flexion_deg : array_like, shape (..., n)
    swing_deg : array_like, shape (..., n)
        The shank's turn about the thigh, towards the subject's right, from the plane
        square to a level hip line.
    axes : ndarray, shape (..., 3, 3)
        The pelvis's, as `level_axes` has them.

    Returns
    -------
    Leg
        Shape (..., n, 3), camera axes.
    """
    aside, rise, bend, swing = map(
        np.radians, (aside_deg, elevation_deg, knee_flexion_deg, swing_deg)
    )
    flat, below = np.cos(rise), -np.sin(rise)
    forward, rightward = flat * np.cos(aside), -flat * np.sin(aside)
    # Square to the thigh, the shank hangs in the plane square to the hip line.
    level = np.sqrt(forward**2 + below**2)
    along, back = np.cos(bend), np.sin(bend) * np.cos(swing) / level
    out = np.sin(bend) * np.sin(swing) / level
    shank = _together(
        along * forward - back * below - out * forward * rightward,
        along * rightward + out * level**2,
        along * below + back * forward - out * below * rightward,
    )
    return Leg(_together(forward, rightward, below) @ axes, shank @ axes)


def _together(*parts: Array) -> Array:
    """Stack what broadcasts along a new last axis."""
    return np.stack(np.broadcast_arrays(*parts), axis=-1)


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
