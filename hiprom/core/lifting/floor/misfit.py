"""Witnesses and a pose -> how many standard deviations each witness is off."""

from __future__ import annotations

import numpy as np

from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.pose import (
    Joints,
    bend_deg,
    joints,
    pixels,
    place,
    rightward_of,
)
from hiprom.core.lifting.floor.witnesses import FloorWitnesses
from hiprom.core.vectors import Array, across, cross, unit

# A witness this many standard deviations off is half believed.
_DOUBT = 2.0
# Which of a frame's misfits last the whole trial: a habit of the body or the landmark
# (ankles, hips, the hip line and its turn), not of the moment (knees, mid-lines).
LASTING = np.array([False] * 4 + [True] * 6 + [False] * 2 + [True] * 2)


def of_frames(
    still: Array, moving: Array, seen: FloorWitnesses, assume: FloorAssumptions
) -> Array:
    """Return the misfits of each frame, (n, 16), NaN where a witness is silent.

    Knees (4), ankles (4) and the middle of the hips (2) along the picture's axes, the
    shanks' mid-lines (2), the hip line's tilt and the pelvis's turn; last, how far the
    pelvis's turn and obliquity are from what the legs' swing lets expect.
    """
    body = joints(still, moving, assume)
    focal = seen.focal_px
    scale = 1 / seen.metre_px
    knees, hips = pixels(body.knees, focal), pixels(body.hips, focal)
    slid = body.ankles + assume.ankle_slide * (body.knees - body.ankles)
    tilt, visible = _mid_line(body, focal, assume)
    habit = np.array([still[16], -still[17]])
    n = len(moving)
    across = hips[:, 1] - hips[:, 0]
    line = seen.hips[:, 1] - seen.hips[:, 0]
    turned = np.degrees(
        np.arctan2(
            across[:, 0] * line[:, 1] - across[:, 1] * line[:, 0],
            across[:, 0] * line[:, 0] + across[:, 1] * line[:, 1],
        )
    )
    ankles = seen.ankles - pixels(slid, focal)
    swing = moving[:, :2].mean(axis=1)
    expected = swing[:, None] * [assume.turn_share, assume.obliquity_share]
    middle = (seen.hips - hips).mean(axis=1) * scale - habit
    return np.concatenate(
        [
            (seen.knees - knees).reshape(n, 4) * scale / seen.knee_sd_m,
            ankles.reshape(n, 4) * scale / assume.ankle_sd_m,
            middle / assume.hip_sd_m,
            _wrapped(seen.shank_deg - tilt) * visible / assume.line_sd,
            turned[:, None] / assume.hip_line_sd,
            (seen.turn_deg - still[3] - moving[:, 2])[:, None] / assume.turn_seen_sd,
            (moving[:, 2:] - expected) / [assume.turn_sd, assume.obliquity_sd],
        ],
        axis=1,
    )


def _mid_line(
    body: Joints, focal_px: float, assume: FloorAssumptions
) -> tuple[Array, Array]:
    """Tilt in the picture of the shanks' mid-lines, and how much of them shows."""
    shank = body.ankles - body.knees
    toward = unit(shank)
    forward = unit(across(body.knees - body.hips, toward))
    length = np.linalg.norm(shank, axis=-1, keepdims=True)
    foot = body.ankles + np.tan(np.radians(assume.calf)) * length * forward
    line = pixels(foot, focal_px) - pixels(body.knees, focal_px)
    full = length[..., 0] * focal_px / body.knees[..., 2]
    visible = np.clip(np.linalg.norm(line, axis=-1) / full, 0.05, 1.0)
    return np.degrees(np.arctan2(line[..., 0], line[..., 1])), visible


def trust_of(misfits: Array) -> Array:
    """Return how much each witness is believed, (n, 16): 0 where it is silent.

    Both axes of a landmark are believed alike; what is expected is no witness, and
    always counts in full.
    """
    known = np.isfinite(misfits)
    squared = np.where(known, misfits, 0.0) ** 2
    both = squared.copy()
    pairs = squared[:, :10].reshape(len(misfits), 5, 2).sum(axis=-1)
    both[:, :10] = np.repeat(pairs, 2, axis=1)
    both[:, len(LASTING) :] = 0.0
    trust: Array = known / (1 + both / _DOUBT**2)
    return trust


def of_body(
    still: Array, seen: FloorWitnesses, yaw_seen: float, assume: FloorAssumptions
) -> Array:
    """Return the misfits of what holds still with what is known beforehand."""
    body = joints(still, np.zeros((1, 4)), assume)
    depth = np.exp(still[2])
    stature = assume.stature_m * np.exp(still[5])
    # A camera that looks down is nearer to the shoulders than to the hips.
    nearer = assume.trunk * stature * np.sin(np.radians(still[15]))
    shoulders = seen.metre_px * assume.shoulders * assume.stature_m / seen.focal_px
    wide = shoulders * (depth - nearer)
    usual = assume.shoulders * stature
    usual *= np.cos(np.radians(still[3]))
    pitch = np.radians(still[15])
    down = np.array([0.0, np.cos(pitch), np.sin(pitch)])
    below = (body.ankles[0] - place(still)) @ down
    bend = bend_deg(body)[0]
    feet = body.ankles[0] - place(still)
    right = rightward_of(still[3], 0.0)
    ahead = cross(right, [0.0, -1.0, 0.0])
    return np.concatenate(
        [
            still[5:9]
            / [assume.stature_sd, assume.thigh_sd, assume.shank_sd, assume.hips_sd],
            [
                np.log(wide / usual) / assume.shoulders_sd,
                (still[15] - assume.pitch) / assume.pitch_sd,
                (still[3] - yaw_seen) / assume.yaw_seen_sd,
                still[4] / assume.tilt_sd,
                still[16] / assume.hip_aside_sd_m,
                (still[17] - assume.hip_above_m) / assume.hip_above_sd_m,
            ],
            [
                feet.mean(axis=0) @ right / assume.feet_aside_sd_m,
                (feet[1] - feet[0]) @ ahead / assume.feet_ahead_sd_m,
            ],
            (below - assume.ankle_below_hip_m) / assume.ankle_below_hip_sd_m,
            (bend - assume.knee_flexion) / assume.knee_flexion_sd,
        ]
    )


def _wrapped(angle_deg: Array) -> Array:
    wrapped: Array = (angle_deg + 180) % 360 - 180
    return wrapped
