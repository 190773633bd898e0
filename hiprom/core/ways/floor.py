"""A track of a person on the floor -> hip rotation of both legs, or the knees' gap."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hiprom.core import angles, readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.landmarks import (
    ANKLES,
    HIPS,
    SHOULDERS,
    SIDES,
    Joint,
    Landmark,
    Side,
    of_side,
)
from hiprom.core.lifting import Assumptions
from hiprom.core.lifting.floor import (
    FloorAssumptions,
    Followed,
    follow,
    gather,
    quantities,
    settle,
)
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, cross, middle, typical, unit
from hiprom.core.ways.floor_view import advice, require_seat, require_view
from hiprom.core.ways.reading import SideReading, TrialReading

# With the knees this near to straight up the legs are between both sides.
_MIDDLE_DEG = 15.0
# However well the camera's pitch is known, the floor may slope.
_LEAST_PITCH_SD = 1.0
_WRISTS = [Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST]
_JOINTS: tuple[Joint, ...] = ("hip", "knee", "ankle")


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],
    camera: Camera | None,
    assume: Assumptions,
) -> TrialReading:
    """Read both legs of a person on the floor; see `hiprom.core.ways.Reader`.

    Both legs are needed, whichever is wanted: they share a pelvis and its place.

    Raises
    ------
    LegsNotReadable
        If hips or knees cannot be seen, or the person does not sit as the movement
        needs it.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    """
    del wanted
    focal_px = float(max(track.width_px, track.height_px))
    if camera is not None:
        track, focal_px = ideal_track(track, camera), camera.ideal_focal_px
    require_seat(track, protocol)
    taken = _expected(assume.floor, protocol, camera)
    seen = gather(readable.believed(track), focal_px, taken)
    settled = settle(seen, taken)
    require_view(settled, seen)
    followed = follow(seen, settled, taken)
    trunk = _trunk_and_hands(track, seen.metre_px)
    sides = (
        (_gap(track, followed, trunk),)
        if protocol.sides == "whole"
        else tuple(_leg(track, followed, trunk, side, protocol) for side in SIDES)
    )
    return TrialReading(sides=sides, warnings=tuple(advice(track, settled)))


def _expected(
    assume: FloorAssumptions, protocol: Protocol, camera: Camera | None
) -> FloorAssumptions:
    """Expect folded knees where soles are together, and the camera as it is known."""
    if protocol.sides == "whole":
        assume = replace(
            assume,
            knee_flexion=assume.folded_knee_flexion,
            knee_flexion_sd=assume.folded_knee_flexion_sd,
        )
    if camera is not None and camera.gravity is not None:
        gravity = camera.gravity
        assume = replace(
            assume,
            pitch=gravity.pitch_deg,
            pitch_sd=max(gravity.pitch_sd_deg, _LEAST_PITCH_SD),
        )
    return assume


def _leg(
    track: PoseTrack,
    followed: Followed,
    trunk: dict[str, Array],
    side: Side,
    protocol: Protocol,
) -> SideReading:
    """Read the rotation of one hip, and what else its leg does."""
    body, taken, leg = followed.body, followed.assume, SIDES.index(side)
    still, moving = followed.settled.still, followed.moving
    up = quantities.up_of(still)
    hip = quantities.hip_angles(body, up, side)
    bend = angles.knee_flexion_deg(
        body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg]
    )
    is_bent = protocol.is_readable(bend)
    rotation = partial(quantities.rotation_deg, assume=taken, side=side)
    sd = np.hypot(followed.spread(rotation), taken.rotation_model_sd)
    lean = trunk["trunk_lean_deg"]
    return SideReading(
        side=side,
        traces={
            "hip_rotation_deg": np.where(is_bent, hip.rotation_deg, np.nan),
            "hip_rotation_sd_deg": np.where(is_bent, sd, np.nan),
            "hip_flexion_deg": hip.flexion_deg,
            "hip_adduction_deg": hip.adduction_deg,
            "knee_flexion_deg": bend,
            "pelvis_obliquity_deg": angles.obliquity_deg(body.rightward, up, side=side),
            "trunk_lean_deg": lean if side == "right" else -lean,
            "knee_height_m": quantities.knee_height_m(still, moving, taken, side),
            "hands_height_m": trunk["hands_height_m"],
            "foot_cm": trunk[f"{side}_foot_cm"],
        },
        dial_px=_dial_px(track, followed, side),
        reason=_reasons(track, (side,)),
        # The legs pass the middle, or rest there, between one side and the other.
        rest=middle(hip.rotation_deg[np.abs(followed.swing_deg) < _MIDDLE_DEG]),
    )


def _gap(track: PoseTrack, followed: Followed, trunk: dict[str, Array]) -> SideReading:
    """Read how far the knees are apart, and what else the body does."""
    body, taken = followed.body, followed.assume
    still, moving = followed.settled.still, followed.moving
    gap = partial(quantities.gap_m, assume=taken)
    ratio = partial(quantities.gap_ratio, assume=taken)
    traces = {
        "knee_gap_m": gap(still, moving),
        "knee_gap_sd_m": np.hypot(followed.spread(gap), taken.gap_model_sd_m),
        "knee_gap_ratio": ratio(still, moving),
        "knee_gap_sd_ratio": np.hypot(followed.spread(ratio), taken.ratio_model_sd),
        "pelvis_obliquity_deg": angles.obliquity_deg(
            body.rightward, quantities.up_of(still), side="right"
        ),
        "trunk_lean_deg": trunk["trunk_lean_deg"],
        "shoulder_height_m": trunk["shoulder_height_m"],
    }
    for side in SIDES:
        height = partial(quantities.knee_height_m, assume=taken, side=side)
        traces[f"{side}_knee_height_m"] = height(still, moving)
        traces[f"{side}_knee_height_sd_m"] = np.hypot(
            followed.spread(height), taken.height_model_sd_m
        )
    return SideReading(
        side="both",
        traces=traces,
        dial_px=np.full((len(track), 3, 2), np.nan),
        reason=_reasons(track, SIDES),
    )


def _trunk_and_hands(track: PoseTrack, metre_px: float) -> dict[str, Array]:
    """Return what trunk, hands and feet do in the picture; lean to the right is +."""
    image = track.image_px.astype(np.float64)
    hips, shoulders = (image[:, list(pair)].mean(axis=1) for pair in (HIPS, SHOULDERS))
    trunk = shoulders - hips
    lower = image[:, _WRISTS, 1].max(axis=1)
    return {
        # The subject's right is the picture's left.
        "trunk_lean_deg": np.degrees(np.arctan2(-trunk[:, 0], -trunk[:, 1])),
        "shoulder_height_m": -shoulders[:, 1] / metre_px,
        "hands_height_m": (typical(hips)[1] - lower) / metre_px,
        **{
            f"{side}_foot_cm": 100 / metre_px * image[:, ankle]
            for side, ankle in zip(SIDES, ANKLES, strict=True)
        },
    }


def _dial_px(track: PoseTrack, followed: Followed, side: Side) -> Array:
    """Knee, ankle, and where the ankle would be at zero rotation; (n, 3, 2)."""
    body, leg = followed.body, SIDES.index(side)
    hip, knee, ankle = body.hips[:, leg], body.knees[:, leg], body.ankles[:, leg]
    thigh = unit(knee - hip)
    length = np.linalg.norm(ankle - knee, axis=-1, keepdims=True)
    bend = np.radians(angles.knee_flexion_deg(hip, knee, ankle))[:, None]
    floating = unit(cross(-thigh, body.rightward))
    zero = knee + length * (np.cos(bend) * thigh - np.sin(bend) * floating)
    points = np.stack([knee, ankle, zero], axis=1)
    centre = np.array([track.width_px, track.height_px]) / 2
    dial: Array = followed.focal_px * points[..., :2] / points[..., 2:] + centre
    return dial


def _reasons(track: PoseTrack, sides: tuple[Side, ...]) -> NDArray[np.str_]:
    """Say why a frame cannot be read, (n,); a knee lost for a while is bridged."""
    marks = [of_side(joint, side) for side in sides for joint in _JOINTS]
    inside = readable.is_inside(track, marks).all(axis=1)
    return np.select(
        [~track.is_seen, ~inside],
        ["nobody in view", "leg out of the picture"],
        default="",
    )
