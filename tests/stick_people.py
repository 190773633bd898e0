"""Truth: people of sticks who do every test, seen by an exact pinhole camera.

The room: x to the camera's right, y up, z towards a camera at azimuth 0. Like
synthetic.py, this shares no code with hiprom's geometry.
"""

import numpy as np
from scipy.spatial.transform import Rotation
from synthetic import (
    HIP_WIDTH_M,
    SHANK_M,
    SHOULDER_WIDTH_M,
    THIGH_M,
    TRUNK_M,
    leg_joints,
    reps_trace,
)

from hiprom.core.landmarks import Landmark, of_side
from hiprom.core.track import PoseTrack

SIDES = ("left", "right")
# Columns: where the subject's front, head and right point to in the room.
FACING = np.array([[0, 0, 1], [0, 1, 0], [-1, 0, 0]], float).T
ON_LEFT_SIDE = np.array([[0, 0, 1], [1, 0, 0], [0, 1, 0]], float).T
ON_RIGHT_SIDE = np.array([[0, 0, 1], [-1, 0, 0], [0, -1, 0]], float).T
PRONE = np.array([[0, -1, 0], [0, 0, -1], [1, 0, 0]], float).T


def _about(axis, angle_deg, n=None):
    angles = np.asarray(angle_deg, float)
    angles = angles if n is None else np.broadcast_to(angles, n)
    return Rotation.from_euler(axis, angles[..., None], degrees=True)


def two_bones(hip, ankle, toward):
    """Where the knee is, (n, 3), if it points `toward` and both bones keep length."""
    line = ankle - hip
    length = np.linalg.norm(line, axis=-1, keepdims=True)
    along = line / length
    at = (length**2 + THIGH_M**2 - SHANK_M**2) / (2 * length)
    out = np.broadcast_to(toward, hip.shape)
    out = out - (out * along).sum(axis=-1, keepdims=True) * along
    out = out / np.linalg.norm(out, axis=-1, keepdims=True)
    return hip + at * along + np.sqrt(np.maximum(THIGH_M**2 - at**2, 0)) * out


def body(legs, pose, *, turn_deg=0.0, pelvis=None, roll_deg=0.0):
    """All landmarks in the room, (n, 33, 3).

    `legs` has hip, knee and ankle of each side in the pelvis frame (x forward, y up,
    z right), before the pelvis is moved to `pelvis` (n, 3) and turned by `pose`.
    `turn_deg` turns the thorax to the left, `roll_deg` the pelvis and the legs about
    the body's long axis, the right side to the front.
    """
    n = max(len(each[1]) for each in legs.values())
    points = np.zeros((n, 33, 3))
    rolled = _about("y", roll_deg, n)
    for side, (hip, knee, ankle) in legs.items():
        foot = side.upper()
        for joint, at in (("hip", hip), ("knee", knee), ("ankle", ankle)):
            points[:, of_side(joint, side)] = rolled.apply(at)
        shank = ankle - knee
        shank = shank / np.linalg.norm(shank, axis=-1, keepdims=True)
        points[:, Landmark[f"{foot}_HEEL"]] = ankle + 0.07 * shank
        points[:, Landmark[f"{foot}_FOOT_INDEX"]] = ankle + 0.1 * shank + [0.1, 0, 0]
    turned = _about("y", turn_deg, n)
    for mark in range(Landmark.LEFT_HIP):
        points[:, mark] = turned.apply(np.tile([0.05, TRUNK_M + 0.2, 0.0], (n, 1)))
    for side, sign in zip(SIDES, (-1, 1), strict=True):
        shoulder = [0.0, TRUNK_M, sign * SHOULDER_WIDTH_M / 2]
        points[:, of_side("shoulder", side)] = turned.apply(np.tile(shoulder, (n, 1)))
    if pelvis is not None:
        points += pelvis[:, None]
    return points @ pose.T


def filmed(
    points,
    time_s,
    *,
    azimuth_deg=0.0,
    elevation_deg=5.0,
    roll_deg=0.0,
    distance_m=2.5,
    size=(640, 480),
    focal_px=620.0,
    noise_px=0.0,
    seed=0,
):
    """The exact PoseTrack of `points` (n, 33, 3), with optional image noise."""
    around = _about("y", -azimuth_deg)
    down = _about("x", elevation_deg)
    lean = _about("z", roll_deg).as_matrix()
    axes = (
        lean.squeeze()
        @ np.diag([1.0, -1.0, -1.0])
        @ (down * around).as_matrix().squeeze()
    )
    hips = points[:, [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]].mean(axis=1)
    low, high = points.min(axis=(0, 1)), points.max(axis=(0, 1))
    seen = (points - (low + high) / 2) @ axes.T + [0, 0, distance_m]
    image = focal_px * seen[..., :2] / seen[..., 2:] + np.array(size) / 2
    noise = np.random.default_rng(seed).normal(0, noise_px, image.shape)
    return PoseTrack(
        time_s=np.asarray(time_s, dtype=float),
        image_px=(image + noise).astype(np.float32),
        world_m=((points - hips[:, None]) @ axes.T).astype(np.float32),
        visibility=np.ones(points.shape[:2], dtype=np.float32),
        width_px=size[0],
        height_px=size[1],
    )


def _hips(n):
    return {
        side: np.tile([0.0, 0.0, sign * HIP_WIDTH_M / 2], (n, 1))
        for side, sign in zip(SIDES, (-1, 1), strict=True)
    }


def _bent(peaks, side, still, moving):
    """A leg that follows `moving(value)`, the other `still`; angles of leg_joints."""
    time_s, value, _ = reps_trace(peaks)
    return time_s, {
        each: leg_joints(*(moving(value) if each == side else still), side=each)
        for each in SIDES
    }


def seated(peaks=(30, 35), *, side="right", outwards=1):
    time_s, legs = _bent(
        peaks, side, (90, -5, 0 * reps_trace(peaks)[0], 90),
        lambda value: (90, -5, outwards * value, 90),
    )  # fmt: skip
    return time_s, body(legs, FACING)


def prone(peaks=(30, 35), *, side="right", knee_deg=90.0, roll_deg=None, splay_deg=5.0):
    """On the belly; `roll_deg(value)` is how far the pelvis rolls at each rotation,
    the moving side off the table, and `knee_deg` may be such a function too.
    """
    time_s, value, _ = reps_trace(peaks)
    rolls = 0.0 if roll_deg is None else np.asarray(roll_deg(value))
    bends = knee_deg(value) if callable(knee_deg) else knee_deg
    legs = {
        each: leg_joints(0.0, -splay_deg, value, bends, side=each)
        if each == side
        else leg_joints(0.0, -splay_deg, 0 * value, 3.0, side=each)
        for each in SIDES
    }
    sign = 1.0 if side == "right" else -1.0
    return time_s, body(legs, PRONE, roll_deg=-sign * rolls)


def sidelying_ir(peaks=(25, 30), *, side="right"):
    time_s, legs = _bent(
        peaks, side, (45, 0, 0 * reps_trace(peaks)[0], 80),
        lambda value: (45, 0, value, 80),
    )  # fmt: skip
    return time_s, body(legs, ON_LEFT_SIDE if side == "right" else ON_RIGHT_SIDE)


def leg_lift(peaks=(30, 35), *, side="right"):
    time_s, legs = _bent(
        peaks, side, (5, 0, 0 * reps_trace(peaks)[0], 5),
        lambda value: (5, -value, 0, 5),
    )  # fmt: skip
    return time_s, body(legs, ON_LEFT_SIDE if side == "right" else ON_RIGHT_SIDE)


def clamshell(peaks=(40, 45), *, side="right"):
    """The top knee opens about the line from hip to ankle; the feet stay together."""
    time_s, value, _ = reps_trace(peaks)
    legs = {}
    for each in SIDES:
        hip, knee, ankle = leg_joints(45, 0, 0 * value, 80, side=each)
        if each == side:
            sign = 1.0 if side == "right" else -1.0
            open_rad = np.radians(value)[:, None]
            toward = np.cos(open_rad) * [1.0, 0, 0] + np.sin(open_rad) * [0, 0, sign]
            knee = two_bones(hip, ankle, toward)
        legs[each] = hip, knee, ankle
    return time_s, body(legs, ON_LEFT_SIDE if side == "right" else ON_RIGHT_SIDE)


def _on_floor(time_s, feet, toward):
    """Both legs on the floor: ankles at `feet[side]`, knees pointing `toward[side]`."""
    hips = _hips(len(time_s))
    legs = {}
    for side in SIDES:
        ankle = np.tile(np.asarray(feet[side], float), (len(time_s), 1))
        legs[side] = hips[side], two_bones(hips[side], ankle, toward[side]), ankle
    return time_s, body(legs, FACING)


def butterfly(peaks=(60, 65)):
    time_s, value, _ = reps_trace(peaks, neutral_deg=30)
    opened = np.radians(value)[:, None]
    feet = {"left": (0.25, 0, -0.04), "right": (0.25, 0, 0.04)}
    toward = {
        side: np.cos(opened) * [0, 1.0, 0] + np.sin(opened) * [0, 0, sign]
        for side, sign in zip(SIDES, (-1, 1), strict=True)
    }
    return _on_floor(time_s, feet, toward)


def ninety_ninety(peaks=(65, 65)):
    time_s, right, _ = reps_trace(peaks, rest_s=2.0)
    fallen = np.radians(right - np.roll(right, len(right) // 4))[:, None]
    feet = {"left": (0.5, 0, -0.37), "right": (0.5, 0, 0.37)}
    toward = np.cos(fallen) * [0, 1.0, 0] + np.sin(fallen) * [0, 0, 1.0]
    return _on_floor(time_s, feet, {"left": toward, "right": toward})


def tandem(peaks=(30, 35)):
    time_s, value, _ = reps_trace(peaks)
    hips = _hips(len(time_s))
    feet = {"left": (-0.12, -0.81, 0), "right": (0.15, -0.81, 0)}
    legs = {
        side: (hip, two_bones(hip, np.tile(feet[side], (len(hip), 1)), [1.0, 0, 0]),
               np.tile(feet[side], (len(hip), 1)))
        for side, hip in hips.items()
    }  # fmt: skip
    return time_s, body(legs, FACING, turn_deg=value)


def squat(peaks=(0.35, 0.4)):
    """The hips sink by so many metres."""
    time_s, sunk, _ = reps_trace(peaks)
    hips = _hips(len(time_s))
    pelvis = np.stack([-0.5 * sunk, -sunk, 0 * sunk], axis=-1)
    legs = {}
    for side, sign in zip(SIDES, (-1, 1), strict=True):
        ankle = np.array([0.0, -0.83, sign * 0.15]) - pelvis
        legs[side] = (
            hips[side],
            two_bones(hips[side], ankle, [1.0, 0, 0.3 * sign]),
            ankle,
        )
    return time_s, body(legs, FACING, pelvis=pelvis)


TESTS = {
    "seated_ir": seated,
    "seated_er": lambda: seated(outwards=-1),
    "prone_ir": prone,
    "sidelying_ir": sidelying_ir,
    "clamshell": clamshell,
    "leg_lift": leg_lift,
    "ninety_ninety": ninety_ninety,
    "tandem_rotation": tandem,
    "butterfly": butterfly,
    "squat": squat,
}
