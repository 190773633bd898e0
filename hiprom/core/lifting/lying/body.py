"""A side-lying body's constants and angles -> its joints in space and in the picture.

Camera axes: x right, y down, z away. Lengths are in shank lengths, angles in degrees.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.lifting.seated import facing, gravity
from hiprom.core.vectors import Array, across, unit

# What stays the same through a trial, in this order: the camera, the pelvis, lengths,
# the lower leg, where the upper leg's angles come from, and how stacked joints lie.
CONSTANTS = (
    "log_scale",
    "pitch",
    "roll",
    "yaw",
    "rolled_back",
    "leaning",
    "thigh",
    "hip_gap",
    "lower_flexion",
    "lower_knee",
    "lower_knee_drop",
    "lower_ankle_drop",
    "flexion",
    "adduction",
    "rotation",
    "knee",
    "gap_up",
    "gap_headward",
    "gap_forward",
)
# What each frame has: where the middle of the hips is in the picture, and the upper
# leg's angles.
STATES = ("x_px", "y_px", "flexion", "adduction", "rotation", "knee")
ANGLES = slice(2, 6)


class Axes(NamedTuple):
    """Unit vectors (..., 3): towards the belly, the head, and the upper side."""

    forward: Array
    headward: Array
    upward: Array


class Limb(NamedTuple):
    """Places (n, 3) of a leg's joints, from the middle between the hips."""

    hip: Array
    knee: Array
    ankle: Array


class Body(NamedTuple):
    """Both legs and the axes of the room, (3,), in a body's constants and states."""

    lower: Limb
    upper: Limb
    room: Axes


def constant(name: str) -> int:
    """Return the index of a constant."""
    return CONSTANTS.index(name)


def room_axes(constants: Array, head_right: float) -> Axes:
    """Level and plumb axes (3,) of the mat; `head_right` is 1, -1 for a head left."""
    _, pitch, roll, yaw = constants[:4]
    down = gravity(roll, pitch)
    return Axes(facing(yaw, down), head_right * facing(yaw + 90.0, down), -down)


def pelvis_axes(room: Axes, rolled_back_deg: float, leaning_deg: float) -> Axes:
    """Axes (3,) of a pelvis whose upper hip has gone away from the belly, headwards."""
    back, lean = np.tan(np.radians([rolled_back_deg, leaning_deg]))
    upward = unit(room.upward - back * room.forward + lean * room.headward)
    headward = unit(across(room.headward, upward))
    forward = unit(across(across(room.forward, upward), headward))
    return Axes(forward, headward, upward)


def upper_leg(pelvis: Axes, angles_deg: ArrayLike) -> tuple[Array, Array]:
    """Directions (n, 3) of thigh and shank at flexion, adduction, rotation and knee.

    `angles_deg` (n, 4), in the joint coordinate system of docs/conventions.md: flexion
    about the hip line, then adduction, then rotation about the thigh itself.
    """
    flexion, adduction, rotation, knee = np.moveaxis(
        np.radians(np.asarray(angles_deg))[..., None], -2, 0
    )
    level = np.sin(flexion) * pelvis.forward - np.cos(flexion) * pelvis.headward
    floating = np.cos(flexion) * pelvis.forward + np.sin(flexion) * pelvis.headward
    thigh = np.cos(adduction) * level - np.sin(adduction) * pelvis.upward
    inward = -np.cos(adduction) * pelvis.upward - np.sin(adduction) * level
    front = np.cos(rotation) * floating + np.sin(rotation) * inward
    return thigh, np.cos(knee) * thigh - np.sin(knee) * front


def body(constants: Array, states: Array, head_right: float) -> Body:
    """Place both legs in every frame."""
    named = dict(zip(CONSTANTS, constants, strict=True))
    room = room_axes(constants, head_right)
    pelvis = pelvis_axes(room, named["rolled_back"], named["leaning"])
    hip = np.broadcast_to(named["hip_gap"] / 2 * pelvis.upward, (len(states), 3))

    thigh, shank = upper_leg(pelvis, states[:, ANGLES])
    knee = hip + named["thigh"] * thigh
    lower_knee = -hip + _on_mat(
        room, named["thigh"], named["lower_flexion"], named["lower_knee_drop"]
    )
    lower_ankle = lower_knee + _on_mat(
        room,
        1.0,
        named["lower_flexion"] - named["lower_knee"],
        named["lower_ankle_drop"],
    )
    return Body(
        lower=Limb(-hip, lower_knee, lower_ankle),
        upper=Limb(hip, knee, knee + shank),
        room=room,
    )


def seen_px(
    points: Array, constants: Array, states: Array, focal_px: float, centre_px: Array
) -> Array:
    """Project points (n, j, 3) given from the middle between the hips; (n, j, 2)."""
    depth = focal_px / np.exp(constants[constant("log_scale")])
    middle = depth * (states[:, None, :2] - centre_px) / focal_px
    plane = (middle + points[..., :2]) / (depth + points[..., 2:])
    pixels: Array = centre_px + focal_px * plane
    return pixels


def _on_mat(room: Axes, length: float, azimuth_deg: float, drop: float) -> Array:
    """Return a segment (3,) that sinks by `drop`; its azimuth is 0 to the feet."""
    level = np.sqrt(max(length**2 - drop**2, 0.0))
    azimuth = np.radians(azimuth_deg)
    flat = np.sin(azimuth) * room.forward - np.cos(azimuth) * room.headward
    segment: Array = level * flat - drop * room.upward
    return segment
