"""Landmarks of a side-lying person -> what trunk, pelvis and leg do besides.

Rough witnesses, for noticing and not for measuring: the pose model's depth, which shows
about half of what there is, and a foot that points at the camera.
"""

from __future__ import annotations

import numpy as np

from hiprom.core.angles import knee_flexion_deg
from hiprom.core.landmarks import FEET, HEELS, SIDES, Joint, Side, of_side, other
from hiprom.core.lifting.lying.body import Body, constant
from hiprom.core.lifting.lying.legs import Legs
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, across, unit

# From heel to tip, in shank lengths, as `hiprom.core.lifting.Assumptions.foot`.
_FOOT = 0.6
_LEG: tuple[Joint, ...] = ("hip", "knee", "ankle")


def roll_back_deg(track: PoseTrack, joint: Joint, upper: Side) -> Array:
    """Angle by which the upper hip or shoulder lies behind the lower one, (n,).

    By the model's metric landmarks, against the camera's own upright: only its change
    tells of the person. Positive is away from the camera; NaN where not seen.
    """
    world = track.world_m.astype(np.float64)
    line = world[:, of_side(joint, upper)] - world[:, of_side(joint, other(upper))]
    angle: Array = np.degrees(np.arctan2(line[:, 2], -line[:, 1]))
    return angle


def knee_bend_deg(track: PoseTrack, upper: Side) -> Array:
    """How far the upper knee is bent, (n,), by the model's metric landmarks.

    A knee that bends before a camera in front hardly changes the picture. NaN where not
    seen.
    """
    world = track.world_m.astype(np.float64)
    hip, knee, ankle = (world[:, of_side(joint, upper)] for joint in _LEG)
    return knee_flexion_deg(hip, knee, ankle)


def thigh_forward_deg(track: PoseTrack, legs: Legs) -> Array:
    """How far the upper thigh points forwards, (n,), by the model's metric landmarks.

    As `knee_bend_deg`. Only its change tells; NaN where not seen.
    """
    world, upper = track.world_m.astype(np.float64), legs.seen.upper
    thigh = world[:, of_side("knee", upper)] - world[:, of_side("hip", upper)]
    forward = legs.placed(lambda placed: placed.room.forward)
    angle: Array = np.degrees(np.arcsin(unit(thigh) @ forward))
    return angle


def foot_turn_deg(track: PoseTrack, legs: Legs) -> Array:
    """Angle by which the tip of the upper foot has turned up about the shank, (n,).

    Seen from in front a foot points at the camera, and a leg that turns out carries the
    tip upwards. What a foot that points forwards would show is taken off. NaN where the
    foot is not seen.
    """
    side = SIDES.index(legs.seen.upper)
    image = track.image_px.astype(np.float64)
    foot = image[:, FEET[side]] - image[:, HEELS[side]]
    shank, front = legs.placed(_shank), legs.placed(_front)
    # Square to the shank in the picture, upwards: the head is on one side of it.
    up = legs.seen.head_right * np.stack([-shank[:, 1], shank[:, 0]], axis=-1)
    up /= np.linalg.norm(up, axis=-1, keepdims=True)
    scale_px = np.exp(legs.fit.constants[constant("log_scale")])
    turned, straight = (
        np.degrees(np.arcsin(np.clip((along * up).sum(axis=-1), -1.0, 1.0)))
        for along in (foot / (_FOOT * scale_px), front[:, :2])
    )
    turn: Array = turned - straight
    return turn


def _shank(placed: Body) -> Array:
    return placed.upper.ankle - placed.upper.knee


def _front(placed: Body) -> Array:
    """Where the toes point to if the leg is not turned: forwards, square to the leg."""
    shank = unit(_shank(placed))
    return unit(across(np.broadcast_to(placed.room.forward, shank.shape), shank))
