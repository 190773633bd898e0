"""Truth: a body on the floor whose feet stay, posed by turning knees about a line.

Shares no code with hiprom's geometry: a knee is turned about the line from hip to ankle
by a rotation vector, and its angles are read from rotation matrices, in the order of
the joint coordinate system.
"""

import itertools
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation
from synthetic import minimum_jerk, seen

from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS, Landmark, of_side
from hiprom.core.lifting import MEDIAPIPE

THIGH_M, SHANK_M, HIP_WIDTH_M, TRUNK_M, SHOULDER_WIDTH_M = 0.40, 0.42, 0.175, 0.47, 0.32
SIGN = {"left": -1.0, "right": 1.0}


def out_and_back(ends, *, rest=0.0, move_s=1.4, hold_s=1.0, rest_s=0.8, fps=30.0):
    """Times and a trace that goes to each of `ends` and back to `rest`, and holds."""
    cycle_s = rest_s + 2 * move_s + hold_s
    time_s = np.arange(round((len(ends) * cycle_s + rest_s) * fps)) / fps
    trace = np.full(len(time_s), float(rest))
    holds = []
    for index, end in enumerate(ends):
        start = rest_s + index * cycle_s
        there = minimum_jerk((time_s - start) / move_s)
        back = minimum_jerk((time_s - start - move_s - hold_s) / move_s)
        trace += (end - rest) * (there - back)
        holds.append((start + move_s, start + move_s + hold_s))
    return time_s, trace, holds


def to_and_fro(ends, *, move_s=2.0, hold_s=1.0, fps=30.0):
    """Times and a trace that goes from each of `ends` straight to the next."""
    time_s = np.arange(round(len(ends) * (move_s + hold_s) * fps)) / fps
    trace = np.full(len(time_s), float(ends[0]))
    for index, (one, two) in enumerate(itertools.pairwise(ends)):
        start = hold_s + index * (move_s + hold_s)
        trace += (two - one) * minimum_jerk((time_s - start) / move_s)
    return time_s, trace


def person(
    left_deg,
    right_deg,
    *,
    ahead_m=0.44,
    apart_m=0.27,
    above_m=0.02,
    size=1.0,
    turn_deg=0.0,
    hike_deg=0.0,
    lean_deg=0.0,
    round_deg=0.0,
    wrists_m=0.35,
    slide_m=0.0,
):
    """All 33 landmarks, (n, 33, 3), in the room: x forward, y up, z to the right.

    `left_deg` and `right_deg` (n,) turn each knee from straight up to the subject's
    right. `ahead_m`, `apart_m`, `above_m` place each foot (`slide_m` moves both to the
    right); `hike_deg` lifts the right hip, `turn_deg` turns the pelvis to the left;
    `lean_deg` takes the trunk to the right, `round_deg` forwards; `wrists_m` is how far
    the hands are above the hips.
    """
    n = len(left_deg)
    turn, hike, lean, bow, slide, wrists = (
        np.broadcast_to(each, (n,)).astype(float)
        for each in (turn_deg, hike_deg, lean_deg, round_deg, slide_m, wrists_m)
    )
    pelvis = Rotation.from_euler("YX", np.stack([turn, -hike], 1), degrees=True)
    points = np.zeros((n, 33, 3))
    for side, knee_deg in (("left", left_deg), ("right", right_deg)):
        sign = SIGN[side]
        hip = pelvis.apply([0, 0, sign * size * HIP_WIDTH_M / 2])
        ankle = np.tile([ahead_m, above_m, sign * apart_m], (n, 1)) * size
        ankle[:, 2] += slide
        points[:, of_side("hip", side)] = hip
        points[:, of_side("ankle", side)] = ankle
        points[:, of_side("knee", side)] = _knee(hip, ankle, np.asarray(knee_deg), size)
        foot = side.upper()
        points[:, Landmark[f"{foot}_HEEL"]] = ankle + [-0.05, -0.05, 0]
        points[:, Landmark[f"{foot}_FOOT_INDEX"]] = ankle + [0.18, -0.04, 0]
    trunk = Rotation.from_euler("XZ", np.stack([lean, -bow], 1), degrees=True)
    for mark in range(Landmark.LEFT_HIP):
        points[:, mark] = trunk.apply([0.05, size * (TRUNK_M + 0.2), 0])
    for side, sign in SIGN.items():
        shoulder = [0.0, size * TRUNK_M, sign * size * SHOULDER_WIDTH_M / 2]
        points[:, of_side("shoulder", side)] = trunk.apply(shoulder)
        wrist = Landmark[f"{side}_wrist".upper()]
        points[:, wrist] = np.stack([0 * wrists, wrists, 0 * wrists + 0.25 * sign], 1)
    return points


def _knee(hip, ankle, knee_deg, size):
    """Return the knee that two lengths and a turn to the right leave."""
    line = ankle - hip
    apart = np.linalg.norm(line, axis=1, keepdims=True)
    line = line / apart
    thigh, shank = size * THIGH_M, size * SHANK_M
    cosine = (thigh**2 + apart**2 - shank**2) / (2 * thigh * apart)
    up = np.array([0.0, 1.0, 0.0]) - line[:, 1:2] * line
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    knee = hip + thigh * (cosine * line + np.sqrt(1 - cosine**2) * up)
    turned = Rotation.from_rotvec(np.radians(knee_deg)[:, None] * line)
    return hip + turned.apply(knee - hip)


def hip_rotation_deg(points, side):
    """True rotation (n,) of a hip, internal positive, from the joints alone."""
    hip, knee, ankle = (points[:, of_side(j, side)] for j in ("hip", "knee", "ankle"))
    right = _unit(points[:, Landmark.RIGHT_HIP] - points[:, Landmark.LEFT_HIP])
    up = _unit(np.array([0.0, 1.0, 0.0]) - right[:, 1:2] * right)
    pelvis = np.stack([np.cross(up, right), up, right], axis=-1)
    y = _unit(hip - knee)
    shank = ankle - knee
    x = -_unit(shank - (shank * y).sum(1, keepdims=True) * y)
    femur = np.stack([x, y, np.cross(x, y)], axis=-1)
    relative = Rotation.from_matrix(np.swapaxes(pelvis, 1, 2) @ femur)
    return SIGN[side] * relative.as_euler("ZXY", degrees=True)[:, 2]


def knee_gap_m(points):
    """True distance (n,) between the knees."""
    left, right = (points[:, of_side("knee", side)] for side in ("left", "right"))
    return np.linalg.norm(right - left, axis=1)


def switching(ends=(60.0, -60.0, 65.0, -65.0), *, body=None, trace=None, **camera):
    """A 90/90 trial: (track, points, holds). Knees go right for positive ends."""
    time_s, swing, holds = out_and_back(ends) if trace is None else trace
    both = {name: _of(each, swing) for name, each in (body or {}).items()}
    points = person(swing - 6, swing + 6, **both)
    return seen(points, time_s, **({"pitch_deg": 10.0} | camera)), points, holds


def butterfly(ends=(66.0, 70.0, 72.0), *, body=None, move_s=1.4, **camera):
    """A butterfly trial: (track, points, holds). The knees open to `ends`."""
    time_s, opening, holds = out_and_back(ends, rest=42.0, move_s=move_s, fps=15.0)
    both = {"ahead_m": 0.33, "apart_m": 0.035} | {
        name: _of(each, opening) for name, each in (body or {}).items()
    }
    points = person(-opening, opening, **both)
    return seen(points, time_s, **({"pitch_deg": 10.0} | camera)), points, holds


def with_habits(track):
    """Return the track as the pose model would give it.

    Hips too high, shoulders too near, ankles up the shank, a facing that is not seen.
    """
    assume = MEDIAPIPE.floor
    image, world = track.image_px.copy(), track.world_m.copy()
    hips, shoulders = list(HIPS), list(SHOULDERS)
    wide = np.linalg.norm(np.diff(image[:, shoulders], axis=1), axis=-1)
    metre_px = np.median(wide) / SHOULDER_WIDTH_M
    image[:, hips, 1] -= assume.hip_above_m * metre_px
    shin = image[:, list(KNEES)] - image[:, list(ANKLES)]
    image[:, list(ANKLES)] += assume.ankle_slide * shin
    world[:, hips, 2] = 0.0
    return replace(track, image_px=image, world_m=world)


def lost_knees(track):
    """Return the track with each crossing knee left beside its own hip."""
    image = track.image_px.copy()
    for outward, hip, knee in zip((1, -1), HIPS, KNEES, strict=True):
        gone = outward * (image[:, knee, 0] - image[:, hip, 0]) < 0
        image[gone, knee] = image[gone, hip] + [8.0 * outward, 5.0]
    return replace(track, image_px=image)


def _of(value, swing):
    """Return a number, or what a function makes of the share of the way out."""
    return (
        value((swing - swing[0]) / np.abs(swing - swing[0]).max())
        if callable(value)
        else value
    )


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
