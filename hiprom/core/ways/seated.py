"""A seated person's track -> hip rotation of both legs, by the trial-level fit."""

from __future__ import annotations

from dataclasses import astuple

import numpy as np

from hiprom.core import angles, readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.frames import femur_frame, pelvis_frame, thorax_frame
from hiprom.core.landmarks import SIDES, Side
from hiprom.core.lifting import (
    Assumptions,
    Body,
    Trial,
    lift,
    see_trial,
    view_of,
)
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array
from hiprom.core.view import advice, require_view
from hiprom.core.ways.reading import SideReading, TrialReading


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],
    camera: Camera | None,
    assume: Assumptions,
) -> TrialReading:
    """Read both legs of a seated person; see `hiprom.core.ways.Reader`.

    Raises
    ------
    LegsNotReadable
        If the leg is out of the picture or hidden, or the knee too straight.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    """
    readable.require_legs(track, wanted)
    readable.require_bent_knee(track, wanted, protocol)
    trial = see(readable.believed(track), camera, assume)
    view = view_of(trial)
    require_view(view)
    seen = [each for each in SIDES if readable.is_measurable(track, each)]
    bodies = lift(trial, seen)
    return TrialReading(
        sides=tuple(
            SideReading(
                side=side,
                traces={
                    **body_angles_deg(body, protocol, side=side),
                    "pelvis_turn_deg": body.pelvis_turn_deg,
                    "foot_turn_deg": body.foot_turn_deg,
                    "knee_cm": body.knee_cm,
                    "outlined": body.is_outlined.astype(np.float64),
                },
                dial_px=body.dial_px,
                reason=readable.reasons(track, side),
            )
            for side, body in bodies.items()
        ),
        view=view,
        warnings=tuple(advice(view)),
    )


def see(track: PoseTrack, camera: Camera | None, assume: Assumptions) -> Trial:
    """Gather what was seen, through a camera that is known or through a usual one."""
    if camera is None:
        return see_trial(track, assume=assume)
    gravity = camera.gravity
    return see_trial(
        ideal_track(track, camera),
        focal_px=camera.ideal_focal_px,
        gravity_deg=None if gravity is None else astuple(gravity),
        assume=assume,
    )


def body_angles_deg(body: Body, protocol: Protocol, *, side: Side) -> dict[str, Array]:
    """Return every angle of docs/conventions.md by its name, each of shape (n,).

    Hip rotation is NaN where the knee is straighter, or folded further, than the
    protocol can read.
    """
    at_knee = np.zeros_like(body.shank)
    pelvis = pelvis_frame(-body.rightward, body.rightward, body.up)
    thorax = thorax_frame(-body.shoulders, body.shoulders, body.trunk)
    femur = femur_frame(-body.thigh, at_knee, body.shank)
    hip = angles.hip_angles_deg(pelvis, femur, side=side)
    knee = angles.knee_flexion_deg(-body.thigh, at_knee, body.shank)
    is_bent = protocol.is_readable(knee)
    right, up = body.rightward, body.up
    # A pelvis that turns takes the thigh along: that is no adduction.
    turned = body.pelvis_turn_deg if side == "right" else -body.pelvis_turn_deg
    return {
        "hip_rotation_deg": np.where(is_bent, hip.rotation_deg, np.nan),
        "hip_rotation_sd_deg": np.where(is_bent, body.rotation_sd_deg, np.nan),
        "hip_flexion_deg": hip.flexion_deg,
        "hip_adduction_deg": hip.adduction_deg - turned,
        "knee_flexion_deg": knee,
        "shank_tilt_deg": angles.outward_tilt_deg(body.shank, -up, right, side=side),
        "pelvis_obliquity_deg": angles.obliquity_deg(right, up, side=side),
        "trunk_lean_deg": angles.outward_tilt_deg(body.trunk, up, right, side=side),
        "thorax_rotation_deg": angles.thorax_rotation_deg(pelvis, thorax),
    }
