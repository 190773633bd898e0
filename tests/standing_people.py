"""Truth: standing bodies that squat or turn, by chains of segments of known length.

The room's axes are the subject's: x forward, y up, z right. Shares no geometry with
hiprom; `synthetic.seen` looks at the joints through an exact pinhole camera.
"""

from dataclasses import replace

import numpy as np
from synthetic import reps_trace, seen

from hiprom.core.landmarks import HIPS, SHOULDERS, Landmark, of_side

THIGH_M, SHANK_M, TRUNK_M = 0.41, 0.43, 0.48
HIP_WIDTH_M, SHOULDER_WIDTH_M, ANKLE_M = 0.18, 0.34, 0.08
SIGNS = {"left": -1.0, "right": 1.0}


def knee_bend_deg(points, side="left"):
    """The angle between shank and thigh, from the joints themselves."""
    hip, knee, ankle = (
        points[:, of_side(joint, side)] for joint in ("hip", "knee", "ankle")
    )
    thigh, shank = hip - knee, knee - ankle
    lengths = np.linalg.norm(thigh, axis=1) * np.linalg.norm(shank, axis=1)
    return np.degrees(np.arccos(np.sum(thigh * shank, axis=1) / lengths))


def _raised(length, lean_deg, aside):
    """A segment that leans forwards and ends `aside` of where it begins."""
    high = np.sqrt(length**2 - aside**2)
    lean = np.radians(lean_deg)
    return np.stack([high * np.sin(lean), high * np.cos(lean), aside], axis=-1)


def standing_joints(
    depth,
    *,
    thigh_m=THIGH_M,
    shank_m=SHANK_M,
    trunk_m=TRUNK_M,
    stance_m=0.30,
    shank_deg=28.0,
    thigh_deg=72.0,
    trunk_deg=36.0,
    knees_in_m=0.0,
    heels_m=0.0,
):
    """All 33 landmarks of a body that squats, (n, 33, 3).

    `depth` (n,) goes from 0 standing to 1; then shanks and trunk lean forwards and the
    thighs backwards by the angles given, the knees are `knees_in_m` inside the line of
    their feet, and the heels are lifted by `heels_m`. The feet point straight ahead.
    """
    depth = np.asarray(depth, dtype=float)
    zero = np.zeros(len(depth))
    points = np.zeros((len(depth), 33, 3))
    for side, sign in SIGNS.items():
        foot = zero + sign * stance_m / 2
        ankle = np.stack([zero, ANKLE_M + 0.75 * heels_m * depth, foot], axis=-1)
        inward = -sign * knees_in_m * depth
        knee = ankle + _raised(shank_m, 4 + (shank_deg - 4) * depth, inward)
        aside = sign * HIP_WIDTH_M / 2 - knee[:, 2]
        hip = knee + _raised(thigh_m, -(2 + (thigh_deg - 2) * depth), aside)
        for name, joint in (("ankle", ankle), ("knee", knee), ("hip", hip)):
            points[:, of_side(name, side)] = joint
        up = np.stack([zero, heels_m * depth, zero], axis=-1)
        sole = np.stack([zero, zero + 0.02, foot], axis=-1)
        points[:, Landmark[f"{side.upper()}_HEEL"]] = sole + up + [-0.05, 0, 0]
        points[:, Landmark[f"{side.upper()}_FOOT_INDEX"]] = sole + [0.2, 0, 0]
    hips = points[:, list(HIPS)].mean(axis=1)
    back = _raised(trunk_m, 3 + (trunk_deg - 3) * depth, zero)
    for mark in range(Landmark.LEFT_HIP):
        points[:, mark] = hips + 1.4 * back
    for side, sign in SIGNS.items():
        aside = [0, 0, sign * SHOULDER_WIDTH_M / 2]
        points[:, of_side("shoulder", side)] = hips + back + aside
    return points


def squat_track(depths=(0.8, 0.9, 1.0), *, body=None, tempo=None, **camera):
    """Squats of these depths: (track, knee_flexion_deg, plateaus_s)."""
    time_s, depth, plateaus = reps_trace(depths, **{"fps": 15.0, **(tempo or {})})
    points = standing_joints(depth, **(body or {}))
    return filmed(points, time_s, **camera), knee_bend_deg(points), plateaus


def turning_track(
    turns_deg=(30.0, -30.0, 40.0, -40.0),
    *,
    pelvis_share=0.0,
    step_m=0.0,
    tempo=None,
    **camera,
):
    """A torso that turns: (track, thorax_rotation_deg, pelvis_deg, plateaus_s).

    To the subject's left is positive. `pelvis_share` of each turn is the pelvis's own,
    and the feet slide aside by `step_m` at its end.
    """
    time_s, turn, plateaus = reps_trace(turns_deg, **{"fps": 15.0, **(tempo or {})})
    points = standing_joints(np.zeros(len(turn)), stance_m=0.06)
    pelvis = pelvis_share * turn
    middle = points[:, list(HIPS)].mean(axis=1)
    for pair, angle in ((SHOULDERS, turn), (HIPS, pelvis)):
        for mark in pair:
            arm = points[:, mark] - middle
            # About the vertical: to the left carries the right side forwards.
            cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
            points[:, mark, 0] = middle[:, 0] + arm[:, 0] * cos + arm[:, 2] * sin
            points[:, mark, 2] = middle[:, 2] + arm[:, 2] * cos - arm[:, 0] * sin
    points[:, :, 2] += step_m * np.abs(turn / np.abs(turn).max())[:, None]
    track = filmed(points, time_s, **camera)
    return track, turn - pelvis, pelvis, plateaus


def filmed(points, time_s, **camera):
    """The exact track of a standing body, its hips in the middle of the picture."""
    hips = points[0, list(HIPS)].mean(axis=0)
    settings = {"distance_m": 3.0, "focal_px": 640.0, "pitch_deg": 4.0, **camera}
    return seen(points - hips + [0.2, 0.0, 0.0], time_s, **settings)


def as_the_model(track, *, bias_deg=4.0, gain=0.9, follow=0.54, whole=0.8):
    """Give a track the habits of the pose model's metric shoulders and hips.

    Shoulders show a share of a turn; hips follow them by half, whatever the pelvis
    does; and both seem turned a little to the left.
    """
    world = track.world_m.astype(float).copy()
    shoulders, hips = (_yaw_deg(world, pair) for pair in (SHOULDERS, HIPS))
    shown = {
        SHOULDERS: gain * shoulders + bias_deg,
        HIPS: follow * gain * (shoulders - hips) + whole * hips + bias_deg,
    }
    for pair, yaw in shown.items():
        left, right = (world[:, mark] for mark in pair)
        middle, half = (left + right) / 2, np.linalg.norm(left - right, axis=1) / 2
        angle = np.radians(yaw)
        arm = np.stack([np.cos(angle), 0 * angle, np.sin(angle)], axis=-1)
        for mark, sign in zip(pair, (1, -1), strict=True):
            world[:, mark] = middle + sign * half[:, None] * arm
    return replace(track, world_m=world.astype(np.float32))


def _yaw_deg(world, pair):
    across = world[:, pair[0]] - world[:, pair[1]]
    return np.degrees(np.arctan2(across[:, 2], across[:, 0]))
