"""A side-lying person's track -> the upper leg's angles, fitted to the whole trial."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from hiprom.core import readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.landmarks import Side
from hiprom.core.lifting import Assumptions
from hiprom.core.lifting.lying import (
    HEELS_TOGETHER,
    KNEES_TOGETHER,
    SIDE_LYING,
    STRAIGHT,
    About,
    Legs,
    Lying,
    fit_legs,
    foot_turn_deg,
    gaps,
    knee_bend_deg,
    roll_back_deg,
    see_side_lying,
    thigh_forward_deg,
)
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle
from hiprom.core.ways.reading import SideReading, TrialReading
from hiprom.errors import LegsNotReadable

_PLACEMENTS = {
    "leg_lift": STRAIGHT,
    "clamshell": HEELS_TOGETHER,
    "sidelying_ir": KNEES_TOGETHER,
}
# The model's metric knee reads 10 to 20 degrees on a straight leg, 50 on a bent one.
_BENT_DEG = 40.0
_FROM_ABOVE_DEG = 22.0
_CROOKED_DEG = 4.0
_ASKEW_DEG = 20.0
_SMALL_PX = 60.0


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],  # noqa: ARG001 - only the upper leg shows itself
    camera: Camera | None,
    assume: Assumptions,  # noqa: ARG001 - of people who sit
) -> TrialReading:
    """Read the upper leg of a person on the side; see `hiprom.core.ways.Reader`.

    Raises
    ------
    LegsNotReadable
        If the upper leg is out of the picture or hidden, or its knee not as straight or
        as bent as the exercise has it.
    ViewNotUsable
        If the person does not lie on the side, or shows the camera their back.
    """
    assume_lying, focal_px = SIDE_LYING, float(max(track.width_px, track.height_px))
    ideal = track
    if camera is not None:
        assume_lying, focal_px = _knowing(camera), camera.ideal_focal_px
        ideal = ideal_track(track, camera)
    believed = readable.believed(ideal)
    seen = see_side_lying(believed, focal_px)
    upper = seen.upper
    readable.require_legs(track, [upper])
    bend = knee_bend_deg(believed, upper)
    _require_knee(track, upper, protocol, middle(bend))
    legs = fit_legs(seen, _PLACEMENTS[protocol.name], assume_lying)
    return TrialReading(
        sides=(
            SideReading(
                side=upper,
                traces={
                    **_angles_deg(legs, protocol),
                    **gaps(legs),
                    "pelvis_roll_deg": roll_back_deg(believed, "hip", upper),
                    "trunk_roll_deg": roll_back_deg(believed, "shoulder", upper),
                    "thigh_forward_deg": thigh_forward_deg(believed, legs),
                    "knee_bend_deg": bend,
                    "foot_turn_deg": foot_turn_deg(believed, legs),
                },
                dial_px=_dial_px(legs, protocol),
                reason=readable.reasons(track, upper),
            ),
        ),
        warnings=tuple(_advice(legs)),
    )


def _knowing(camera: Camera) -> Lying:
    """Return the assumptions with what the camera's profile knows of its stand."""
    gravity = camera.gravity
    if gravity is None:
        return SIDE_LYING
    return replace(
        SIDE_LYING,
        pitch_deg=About(gravity.pitch_deg, gravity.pitch_sd_deg),
        roll_deg=About(gravity.roll_deg, gravity.roll_sd_deg),
    )


def _require_knee(
    track: PoseTrack, upper: Side, protocol: Protocol, bend_deg: float
) -> None:
    """Raise LegsNotReadable if the knee is bent where it should be straight, or so."""
    if protocol.readable_deg is not None:
        readable.require_bent_knee(track, [upper], protocol)
    elif bend_deg > _BENT_DEG:
        raise LegsNotReadable(
            f"The upper knee seems bent by about {bend_deg:.0f}°, and this exercise is "
            f"done with a straight leg (up to {_BENT_DEG:.0f}° can be allowed for). "
            "Stretch the upper leg in line with your trunk, or name the exercise that "
            "it was with --protocol."
        )


def _angles_deg(legs: Legs, protocol: Protocol) -> dict[str, Array]:
    """Return the angles of the upper leg, and how far those that are rows may be off.

    A straight leg does not show its rotation, so there is none.
    """
    knee = legs.state("knee")
    angles = {
        "hip_adduction_deg": legs.state("adduction"),
        "hip_adduction_sd_deg": legs.state_sd("adduction"),
        "hip_flexion_deg": legs.state("flexion"),
        "knee_flexion_deg": knee,
    }
    if protocol.readable_deg is not None:
        is_bent = protocol.is_readable(knee)
        sd = legs.state_sd("rotation")
        angles["hip_rotation_deg"] = np.where(is_bent, legs.state("rotation"), np.nan)
        angles["hip_rotation_sd_deg"] = np.where(is_bent, sd, np.nan)
    return angles


def _dial_px(legs: Legs, protocol: Protocol) -> Array:
    """Return the pivot, the ankle, and the ankle at zero of the quantity, (n, 3, 2)."""
    is_rotation = protocol.quantity == "hip_rotation_deg"
    angle = "rotation" if is_rotation else "adduction"
    pivot = "knee" if is_rotation else "hip"
    here = legs.drawn_px(
        lambda placed: np.stack(
            [getattr(placed.upper, pivot), placed.upper.ankle], axis=1
        )
    )
    zero = legs.drawn_px(lambda placed: placed.upper.ankle[:, None], **{angle: 0.0})
    return np.concatenate([here, zero], axis=1)


def _advice(legs: Legs) -> Iterator[str]:
    """Say what to change where it costs accuracy."""
    pitch, pitch_sd = legs.constant("pitch")
    if pitch > _FROM_ABOVE_DEG:
        yield (
            f"The camera seems to look down at you by {pitch:.0f}° "
            f"(± {2 * pitch_sd:.0f}°). Lower it to the height of the mat or a little "
            "above."
        )
    roll, roll_sd = legs.constant("roll")
    if abs(roll) > _CROOKED_DEG:
        yield (
            f"The camera seems to lean by {abs(roll):.0f}° (± {2 * roll_sd:.0f}°). Set "
            "it level: a leaning camera and a leaning pelvis are hard to tell apart."
        )
    yaw, yaw_sd = legs.constant("yaw")
    if abs(yaw) > _ASKEW_DEG:
        yield (
            f"You seem to lie {abs(yaw):.0f}° (± {2 * yaw_sd:.0f}°) askew before the "
            "camera. Put it square in front of your hips."
        )
    if legs.seen.trunk_px < _SMALL_PX:
        yield (
            f"You are small in the picture (the trunk is {legs.seen.trunk_px:.0f} "
            "pixels long): come closer, so that you fill its width."
        )
