"""Landmarks of a whole seated trial -> segment directions in 3D.

A pose model's depth is its weak axis, but a seated test needs little of it: the
thigh hardly moves, the knee keeps its bend, and the shank's tilt is seen in the
image. So the thigh's direction and the knee's bend are taken once from the whole
trial (medians of the world landmarks), and the shank's depth follows from them,
frame by frame, in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.angles import knee_flexion_deg
from hiprom.core.landmarks import SIDES, Side, of_side
from hiprom.core.vectors import Array, across, dot, unit

# The camera is taken to be level: image up is against gravity.
UP = np.array([0.0, -1.0, 0.0])

# What the landmarks' bias leaves in an end-range: the standard deviation of its error
# on the development clips (calibration/accuracy.md).
MODEL_SD_DEG = 2.4


@dataclass(frozen=True, eq=False)
class Body:
    """Directions of one leg and the trunk through a trial, in camera axes.

    Attributes
    ----------
    rightward : ndarray, shape (n, 3)
        Along the hip line, left hip to right hip.
    thigh, shank : ndarray, shape (n, 3)
        Of the measured side, from upper to lower joint, unit length.
    shoulders : ndarray, shape (n, 3)
        Left shoulder to right shoulder.
    trunk : ndarray, shape (n, 3)
        Mid-hip to mid-shoulder.
    up : ndarray, shape (3,)
        Against gravity.
    rotation_sd_deg : ndarray, shape (n,)
        Standard deviation of the hip rotation that follows from these.
    """

    rightward: Array
    thigh: Array
    shank: Array
    shoulders: Array
    trunk: Array
    up: Array
    rotation_sd_deg: Array


def lift(image_px: Array, world_m: Array, *, side: Side) -> Body:
    """Lift one leg of a seated trial, and the trunk above it.

    Parameters
    ----------
    image_px : ndarray, shape (n, 33, 2)
    world_m : ndarray, shape (n, 33, 3)
        Smoothed landmarks on one clock; NaN where unreadable.
    side : {"left", "right"}

    Returns
    -------
    Body
        NaN in the frames whose landmarks are; throughout if a thigh was never seen.

    Notes
    -----
    The pelvis is taken to face where the two thighs point on average. Its obliquity
    is the change of the shoulder line from its median: the hip landmarks wander by
    2 degrees when nothing moves.
    """
    joints = {
        joint: {each: world_m[:, of_side(joint, each)] for each in SIDES}
        for joint in ("hip", "knee", "ankle", "shoulder")
    }
    thighs = {
        each: _typical(unit(joints["knee"][each] - joints["hip"][each]))
        for each in SIDES
    }
    forward = unit(across(thighs["left"] + thighs["right"], UP))

    shoulders_px = image_px[:, of_side("shoulder", "right")]
    shoulders_px = shoulders_px - image_px[:, of_side("shoulder", "left")]
    lean = np.arctan2(-shoulders_px[:, 1], np.abs(shoulders_px[:, 0]))
    hike = (lean - _typical(lean))[:, None]
    rightward = np.cos(hike) * np.cross(forward, UP) + np.sin(hike) * UP

    hip, knee, ankle = (joints[joint][side] for joint in ("hip", "knee", "ankle"))
    bend_deg = float(_typical(knee_flexion_deg(hip, knee, ankle)))
    seen_px = image_px[:, of_side("ankle", side)] - image_px[:, of_side("knee", side)]
    shank = shank_direction(seen_px, thighs[side], knee_flexion_deg=bend_deg)

    middle_hip = (joints["hip"]["left"] + joints["hip"]["right"]) / 2
    middle_shoulder = (joints["shoulder"]["left"] + joints["shoulder"]["right"]) / 2
    return Body(
        rightward=rightward,
        thigh=np.broadcast_to(thighs[side], shank.shape),
        shank=shank,
        shoulders=joints["shoulder"]["right"] - joints["shoulder"]["left"],
        trunk=middle_shoulder - middle_hip,
        up=UP,
        rotation_sd_deg=np.where(np.isfinite(shank[:, 0]), MODEL_SD_DEG, np.nan),
    )


def shank_direction(seen_px: Array, thigh: Array, *, knee_flexion_deg: float) -> Array:
    """Direction of a shank in 3D from its direction in the image.

    The shank lies in the plane of its line of sight (the tilt that is seen) and on
    the cone that the knee's bend draws about the thigh: where both meet, it is.

    Parameters
    ----------
    seen_px : ndarray, shape (..., 2)
        Knee to ankle in the image, x right, y down; any length.
    thigh : ndarray, shape (3,)
        Unit vector, hip to knee, camera axes.
    knee_flexion_deg : float

    Returns
    -------
    ndarray, shape (..., 3)
        Unit vectors. Where the plane misses the cone, the nearest direction in it.
    """
    tilt = seen_px / np.linalg.norm(seen_px, axis=-1, keepdims=True)
    inside = dot(tilt, thigh[:2])
    reach = np.hypot(inside, thigh[2])
    apart = np.arccos(np.clip(np.cos(np.radians(knee_flexion_deg)) / reach, -1, 1))
    # Of the two crossings, the one that the image shows longer: the shank does not
    # point at the camera.
    centre = np.arctan2(thigh[2], inside)
    either = np.stack([centre - apart, centre + apart])
    depth = np.take_along_axis(
        either, np.argmax(np.cos(either), axis=0)[None, ...], axis=0
    )[0]
    return np.concatenate(
        [np.cos(depth)[..., None] * tilt, np.sin(depth)[..., None]], axis=-1
    )


def _typical(values: Array) -> Array:
    """Median over frames, NaN left out; NaN where nothing is left."""
    if not np.isfinite(values).any():
        return np.full(values.shape[1:], np.nan)
    middle: Array = np.nanmedian(values, axis=0)
    return middle
