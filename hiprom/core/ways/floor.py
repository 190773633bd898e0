"""A track of a person on the floor -> hip rotation of both legs, and the knees' gap."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from hiprom.core import angles, readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.frames import femur_frame, pelvis_frame
from hiprom.core.landmarks import ANKLES, HIPS, SHOULDERS, SIDES, Landmark, Side
from hiprom.core.lifting import Assumptions
from hiprom.core.lifting.floor import (
    FloorAssumptions,
    Followed,
    Joints,
    follow,
    gather,
    joints,
    lengths_m,
    settle,
)
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, cross, middle, typical, unit
from hiprom.core.ways.floor_view import advice, require_seat, require_view
from hiprom.core.ways.reading import SideReading, TrialReading

# With the knees this near to straight up the legs are between both sides.
_MIDDLE_DEG = 15.0
_WRISTS = [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],
    camera: Camera | None,
    assume: Assumptions,
) -> TrialReading:
    """Read both legs of a person on the floor; see `hiprom.core.ways.Reader`.

    Both legs are needed whichever is wanted: they share the pelvis, and its place.

    Raises
    ------
    LegsNotReadable
        If hips or knees cannot be seen, or the person does not sit on the floor.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    """
    del wanted
    if camera is not None:
        track = ideal_track(track, camera)
    focal_px = (
        float(max(track.width_px, track.height_px))
        if camera is None
        else camera.ideal_focal_px
    )
    require_seat(track)
    taken = assume.floor
    if protocol.sides == "whole":
        taken = replace(
            taken,
            knee_flexion=taken.folded_knee_flexion,
            knee_flexion_sd=taken.folded_knee_flexion_sd,
        )
    seen = gather(readable.believed(track), focal_px, taken)
    settled = settle(seen, taken)
    require_view(settled, seen)
    followed = follow(seen, settled, taken)
    shared = _shared(track, seen.metre_px)
    sides = (
        (_gap(track, followed, shared),)
        if protocol.sides == "whole"
        else tuple(_leg(track, followed, shared, side, protocol) for side in SIDES)
    )
    return TrialReading(sides=sides, warnings=tuple(advice(track, settled)))


def _leg(
    track: PoseTrack,
    followed: Followed,
    shared: dict[str, Array],
    side: Side,
    protocol: Protocol,
) -> SideReading:
    """Hip rotation of one leg, and what else it does."""
    body, leg, taken = followed.body, SIDES.index(side), followed.assume
    hip = _hip_angles_deg(followed, body, side)
    bend = angles.knee_flexion_deg(
        body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg]
    )
    rotation = partial(_rotation_deg, assume=taken, side=side)
    is_bent = protocol.is_readable(bend)
    sd = np.hypot(followed.spread(rotation), taken.rotation_model_sd)
    sign = 1.0 if side == "right" else -1.0
    ankle = track.image_px[:, ANKLES[leg]].astype(np.float64)
    return SideReading(
        side=side,
        traces={
            "hip_rotation_deg": np.where(is_bent, hip.rotation_deg, np.nan),
            "hip_rotation_sd_deg": np.where(is_bent, sd, np.nan),
            "hip_flexion_deg": hip.flexion_deg,
            "hip_adduction_deg": hip.adduction_deg,
            "knee_flexion_deg": bend,
            "pelvis_obliquity_deg": angles.obliquity_deg(
                body.rightward, _up(followed), side=side
            ),
            "trunk_lean_deg": sign * shared["trunk_lean_right_deg"],
            "knee_height_m": _heights_m(followed, body)[:, leg],
            "hands_height_m": shared["hands_height_m"],
            "foot_cm": 100 * ankle * shared["metres_a_pixel"][:, None],
        },
        dial_px=_dial_px(track, followed, body, side),
        reason=_reasons(track, [leg]),
        # The legs pass the middle, or rest there, between one side and the other.
        rest=middle(hip.rotation_deg[np.abs(followed.swing_deg) < _MIDDLE_DEG]),
    )


def _gap(track: PoseTrack, followed: Followed, shared: dict[str, Array]) -> SideReading:
    """How far the knees are apart, and what else the body does."""
    body, taken = followed.body, followed.assume
    still, moving = followed.settled.still, followed.moving
    gap = partial(_gap_m, assume=taken)
    share = partial(_gap_share, assume=taken)
    heights = _heights_m(followed, body)
    height_sd = [
        np.hypot(
            followed.spread(partial(_height_m, assume=taken, leg=leg)),
            taken.height_model_sd_m,
        )
        for leg in range(2)
    ]
    return SideReading(
        side="both",
        traces={
            "knee_gap_m": gap(still, moving),
            "knee_gap_sd_m": np.hypot(followed.spread(gap), taken.gap_model_sd_m),
            "knee_gap_ratio": share(still, moving),
            "knee_gap_sd_ratio": np.hypot(
                followed.spread(share),
                taken.gap_model_sd_m / (taken.thigh * taken.stature_m),
            ),
            **{
                f"{side}_{name}": values
                for leg, side in enumerate(SIDES)
                for name, values in (
                    ("knee_height_m", heights[:, leg]),
                    ("knee_height_sd_m", height_sd[leg]),
                )
            },
            "pelvis_obliquity_deg": angles.obliquity_deg(
                body.rightward, _up(followed), side="right"
            ),
            "trunk_lean_deg": shared["trunk_lean_right_deg"],
            "shoulder_height_m": shared["shoulder_height_m"],
        },
        dial_px=np.full((len(track), 3, 2), np.nan),
        reason=_reasons(track, [0, 1]),
    )


def _hip_angles_deg(followed: Followed, body: Joints, side: Side) -> angles.HipAngles:
    leg = SIDES.index(side)
    pelvis = pelvis_frame(0 * body.rightward, body.rightward, _up(followed))
    femur = femur_frame(body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg])
    return angles.hip_angles_deg(pelvis, femur, side=side)


def _rotation_deg(
    still: Array, moving: Array, assume: FloorAssumptions, side: Side
) -> Array:
    """Hip rotation of a pose, (n,); of the pelvis only the hip line matters for it."""
    body, leg = joints(still, moving, assume), SIDES.index(side)
    pelvis = pelvis_frame(0 * body.rightward, body.rightward, [0.0, -1.0, 0.0])
    femur = femur_frame(body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg])
    return angles.hip_angles_deg(pelvis, femur, side=side).rotation_deg


def _gap_m(still: Array, moving: Array, assume: FloorAssumptions) -> Array:
    knees = joints(still, moving, assume).knees
    gap: Array = np.linalg.norm(knees[:, 1] - knees[:, 0], axis=-1)
    return gap


def _gap_share(still: Array, moving: Array, assume: FloorAssumptions) -> Array:
    share: Array = _gap_m(still, moving, assume) / lengths_m(still, assume)[0]
    return share


def _height_m(still: Array, moving: Array, assume: FloorAssumptions, leg: int) -> Array:
    body = joints(still, moving, assume)
    up = _up_of(still[15])
    height: Array = (body.knees[:, leg] - body.hips.mean(axis=1)) @ up
    return height


def _heights_m(followed: Followed, body: Joints) -> Array:
    """How far the knees are above the middle of the hips, (n, 2)."""
    centre = body.hips.mean(axis=1, keepdims=True)
    heights: Array = (body.knees - centre) @ _up(followed)
    return heights


def _up(followed: Followed) -> Array:
    return _up_of(followed.settled["pitch"])


def _up_of(pitch_deg: float) -> Array:
    pitch = np.radians(pitch_deg)
    return np.array([0.0, -np.cos(pitch), -np.sin(pitch)])


def _shared(track: PoseTrack, metre_px: float) -> dict[str, Array]:
    """Return what trunk and hands do, in the picture, each (n,)."""
    image = track.image_px.astype(np.float64)
    hips, shoulders = image[:, list(HIPS)].mean(axis=1), image[:, list(SHOULDERS)]
    trunk = shoulders.mean(axis=1) - hips
    # The subject's right is the picture's left.
    lean = np.degrees(np.arctan2(-trunk[:, 0], -trunk[:, 1]))
    wrists = image[:, _WRISTS, 1].max(axis=1)
    return {
        "trunk_lean_right_deg": lean,
        "shoulder_height_m": -shoulders.mean(axis=1)[:, 1] / metre_px,
        "hands_height_m": (typical(hips)[1] - wrists) / metre_px,
        "metres_a_pixel": np.full(len(track), 1 / metre_px),
    }


def _dial_px(track: PoseTrack, followed: Followed, body: Joints, side: Side) -> Array:
    """Knee, ankle, and where the ankle would be at zero rotation; (n, 3, 2)."""
    leg = SIDES.index(side)
    hip, knee, ankle = body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg]
    thigh, shank = unit(knee - hip), ankle - knee
    length = np.linalg.norm(shank, axis=-1, keepdims=True)
    bend = np.radians(angles.knee_flexion_deg(hip, knee, ankle))[:, None]
    floating = unit(cross(-thigh, body.rightward))
    zero = knee + length * (np.cos(bend) * thigh - np.sin(bend) * floating)
    points = np.stack([knee, ankle, zero], axis=1)
    focal = followed.focal_px
    centre = np.array([track.width_px, track.height_px]) / 2
    dial: Array = focal * points[..., :2] / points[..., 2:] + centre
    return dial


def _reasons(track: PoseTrack, legs: list[int]) -> np.ndarray:
    """Why a frame cannot be read, (n,); a knee that is lost for a while is bridged."""
    marks = [
        Landmark[f"{SIDES[leg]}_{joint}".upper()]
        for leg in legs
        for joint in ("hip", "knee", "ankle")
    ]
    inside = readable.is_inside(track, marks).all(axis=1)
    return np.select(
        [~track.is_seen, ~inside],
        ["nobody in view", "leg out of the picture"],
        default="",
    )
