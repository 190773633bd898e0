"""Truth: a seated body posed at known angles and seen by an exact pinhole camera.

Shares no code with hiprom's geometry: joints are posed by rotation matrices in the
order of the joint coordinate system, flexion, then adduction, then rotation.
"""

import numpy as np
from scipy.spatial.transform import Rotation

from hiprom.core.landmarks import Landmark, of_side
from hiprom.core.track import PoseTrack

THIGH_M, SHANK_M, HIP_WIDTH_M, TRUNK_M, SHOULDER_WIDTH_M = 0.42, 0.42, 0.19, 0.50, 0.36


def _about(axis, angle_deg):
    return Rotation.from_euler(axis, np.asarray(angle_deg)[..., None], degrees=True)


def minimum_jerk(share):
    """A smooth step from 0 to 1."""
    s = np.clip(share, 0, 1)
    return s**3 * (10 - 15 * s + 6 * s**2)


def reps_trace(
    peaks_deg, *, neutral_deg=0.0, raise_s=1.2, hold_s=1.0, rest_s=1.0, fps=30.0
):
    """Times and angles of reps with known ends: (time_s, angle_deg, plateaus_s)."""
    cycle_s = rest_s + 2 * raise_s + hold_s
    time_s = np.arange(round((len(peaks_deg) * cycle_s + rest_s) * fps)) / fps
    angle = np.full(len(time_s), float(neutral_deg))
    plateaus = []
    for index, peak in enumerate(peaks_deg):
        start = rest_s + index * cycle_s
        up = minimum_jerk((time_s - start) / raise_s)
        down = minimum_jerk((time_s - start - raise_s - hold_s) / raise_s)
        angle += (peak - neutral_deg) * (up - down)
        plateaus.append((start + raise_s, start + raise_s + hold_s))
    return time_s, angle, plateaus


def leg_joints(flexion, adduction, rotation, knee_flexion, *, side):
    """Hip, knee and ankle, (n, 3) each, in the pelvis frame: x forward, z right."""
    sign = 1.0 if side == "right" else -1.0
    flexion, adduction, rotation, knee_flexion = np.broadcast_arrays(
        *(np.atleast_1d(v) for v in (flexion, adduction, rotation, knee_flexion))
    )
    femur = (
        _about("z", flexion)
        * _about("x", sign * adduction)
        * _about("y", sign * rotation)
    )
    knee_joint = _about("z", -knee_flexion)
    hip = np.tile([0.0, 0.0, sign * HIP_WIDTH_M / 2], (len(flexion), 1))
    knee = hip + femur.apply([0, -THIGH_M, 0])
    ankle = knee + (femur * knee_joint).apply([0, -SHANK_M, 0])
    return hip, knee, ankle


def seated_joints(
    rotation_deg,
    *,
    side="right",
    hip_flexion_deg=90.0,
    hip_adduction_deg=-5.0,
    knee_flexion_deg=90.0,
    hike_deg=0.0,
    lean_deg=0.0,
):
    """All 33 landmarks of a seated body in the room, (n, 33, 3).

    The room's axes are the subject's: x forward, y up, z right. `hike_deg` lifts the
    moving side of the pelvis, `lean_deg` leans the trunk to the moving side.
    """
    n = len(rotation_deg)
    sign = 1.0 if side == "right" else -1.0
    hike, lean = (np.broadcast_to(v, (n,)).astype(float) for v in (hike_deg, lean_deg))
    # Turning about "forward" lifts the left hip, so the right one's hike is negative.
    pelvis = _about("x", -sign * hike)
    points = np.zeros((n, 33, 3))
    for each in ("left", "right"):
        moves = each == side
        joints = leg_joints(
            hip_flexion_deg,
            np.where(moves, hip_adduction_deg, -5.0),
            np.where(moves, rotation_deg, 0.0),
            knee_flexion_deg,
            side=each,
        )
        for name, joint in zip(("hip", "knee", "ankle"), joints, strict=True):
            points[:, of_side(name, each)] = pelvis.apply(joint)
        ankle = points[:, of_side("ankle", each)]
        foot = "LEFT" if each == "left" else "RIGHT"
        points[:, Landmark[f"{foot}_HEEL"]] = ankle + np.array([-0.05, -0.06, 0])
        points[:, Landmark[f"{foot}_FOOT_INDEX"]] = ankle + np.array([0.14, -0.08, 0])
    trunk = _about("x", sign * lean)
    for mark in range(Landmark.LEFT_HIP):
        points[:, mark] = trunk.apply([0.05, TRUNK_M + 0.2, 0])
    for each, z in (("left", -1), ("right", 1)):
        shoulder = [0.0, TRUNK_M, z * SHOULDER_WIDTH_M / 2]
        points[:, of_side("shoulder", each)] = trunk.apply(shoulder)
    return points


def camera_axes(yaw_deg, pitch_deg, roll_deg):
    """Rotation from the room to a camera in front (x right, y down, z away).

    Yaw moves the camera to the subject's right, pitch lifts it to look down.
    """
    facing = np.array([[0, 0, -1], [0, -1, 0], [-1, 0, 0]], dtype=float)
    turn, look, lean = (
        _about(axis, angle).as_matrix()
        for axis, angle in (("y", yaw_deg), ("x", pitch_deg), ("z", roll_deg))
    )
    return lean @ look @ facing @ turn


def seen(
    points,
    time_s,
    *,
    yaw_deg=0.0,
    pitch_deg=0.0,
    roll_deg=0.0,
    distance_m=2.5,
    size=(640, 480),
    focal_px=620.0,
    noise_px=0.0,
    seed=0,
):
    """The exact PoseTrack of `points` (n, 33, 3), with optional image noise."""
    axes = camera_axes(yaw_deg, pitch_deg, roll_deg)
    middle = (points[:, Landmark.LEFT_HIP] + points[:, Landmark.RIGHT_HIP]) / 2
    world = (points - middle[:, None]) @ axes.T
    target = np.array([0.2, 0.05, 0.0])
    from_camera = (points - target) @ axes.T + [0, 0, distance_m]
    image = focal_px * from_camera[..., :2] / from_camera[..., 2:] + np.array(size) / 2
    noise = np.random.default_rng(seed).normal(0, noise_px, image.shape)
    return PoseTrack(
        time_s=np.asarray(time_s, dtype=float),
        image_px=(image + noise).astype(np.float32),
        world_m=world.astype(np.float32),
        visibility=np.ones(points.shape[:2], dtype=np.float32),
        width_px=size[0],
        height_px=size[1],
    )


def seated_track(peaks_deg=(30.0, 35.0, 40.0), *, side="right", body=None, **camera):
    """A whole seated test: (track, angle_deg, plateaus_s)."""
    time_s, angle, plateaus = reps_trace(peaks_deg)
    points = seated_joints(angle, side=side, **(body or {}))
    return seen(points, time_s, **camera), angle, plateaus
