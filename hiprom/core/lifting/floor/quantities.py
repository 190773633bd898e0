"""A pose on the floor -> what is measured of it, each of shape (n,).

Functions of what holds still and what moves, so that `Followed.spread` can say how far
each is known.
"""

from __future__ import annotations

import numpy as np

from hiprom.core.angles import HipAngles, hip_angles_deg
from hiprom.core.frames import femur_frame, pelvis_frame
from hiprom.core.landmarks import SIDES, Side
from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.pose import STILL, Joints, joints, lengths_m
from hiprom.core.vectors import Array

_PITCH = STILL.index("pitch")


def up_of(still: Array) -> Array:
    """Return the direction against gravity, (3,), for a camera without roll."""
    pitch = np.radians(still[_PITCH])
    return np.array([0.0, -np.cos(pitch), -np.sin(pitch)])


def hip_angles(body: Joints, up: Array, side: Side) -> HipAngles:
    """Return the hip's angles; its rotation depends on the hip line, not on `up`."""
    leg = SIDES.index(side)
    pelvis = pelvis_frame(0 * body.rightward, body.rightward, up)
    femur = femur_frame(body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg])
    return hip_angles_deg(pelvis, femur, side=side)


def rotation_deg(
    still: Array, moving: Array, assume: FloorAssumptions, side: Side
) -> Array:
    """Return a hip's rotation, internal positive."""
    return hip_angles(joints(still, moving, assume), up_of(still), side).rotation_deg


def gap_m(still: Array, moving: Array, assume: FloorAssumptions) -> Array:
    """Return how far the knees are apart."""
    knees = joints(still, moving, assume).knees
    gap: Array = np.linalg.norm(knees[:, 1] - knees[:, 0], axis=-1)
    return gap


def gap_ratio(still: Array, moving: Array, assume: FloorAssumptions) -> Array:
    """Return that gap in thigh lengths, which asks for no one's size."""
    ratio: Array = gap_m(still, moving, assume) / lengths_m(still, assume)[0]
    return ratio


def knee_height_m(
    still: Array, moving: Array, assume: FloorAssumptions, side: Side
) -> Array:
    """Return how far a knee is above the middle of the hips."""
    body = joints(still, moving, assume)
    above = body.knees[:, SIDES.index(side)] - body.hips.mean(axis=1)
    height: Array = above @ up_of(still)
    return height
