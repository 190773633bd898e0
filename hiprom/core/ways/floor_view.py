"""Whether somebody sits on the floor before the camera, and what to change if not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from hiprom.core import readable
from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.lifting.floor import FloorWitnesses, Settled
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import middle
from hiprom.errors import LegsNotReadable, ViewNotUsable

_LEAST_SHARE = 0.5
# The trunk of somebody who sits is this upright in the picture, cosine.
_UPRIGHT = 0.7
# On the floor the ankles appear 0.2 to 0.6 trunk lengths below the hips, on a chair
# a whole one and more.
_FEET_BELOW = 0.85
# Ankles apart, in shoulder widths: 0.2 to 0.5 with the soles together, 1.5 to 1.8 with
# the feet wide.
_TOGETHER, _APART = 1.0, 0.6
_OBLIQUE_DEG, _SIDEWAYS_DEG = 15.0, 35.0
_TINY_PX = 35.0
_DARK = 0.2


def require_seat(track: PoseTrack, protocol: Protocol) -> None:
    """Raise LegsNotReadable unless a person sits on the floor as a movement needs it.

    Both knees have to show; feet stand apart for one movement, together for the other.
    """
    needed = [*SHOULDERS, *HIPS, *KNEES]
    shown = readable.is_readable(track, needed)[track.is_seen]
    share = shown.mean(axis=0)
    if share.min() < _LEAST_SHARE:
        worst = needed[int(np.argmin(share))].name.lower().replace("_", " ")
        raise LegsNotReadable(
            f"The {worst} could be read in only {share.min():.0%} of the frames; "
            "shoulders, hips and both knees are needed. Step back or tilt the camera "
            "so that your whole body stays in the picture."
        )
    image = track.image_px[track.is_seen].astype(np.float64)
    shoulder, hip, ankle = (
        image[:, list(pair)].mean(axis=1) for pair in (SHOULDERS, HIPS, ANKLES)
    )
    trunk = hip - shoulder
    length = np.linalg.norm(trunk, axis=-1)
    upright = middle(trunk[:, 1] / length)
    below = middle((ankle - hip)[:, 1] / length)
    if upright < _UPRIGHT:
        raise LegsNotReadable(
            f"The trunk is {np.degrees(np.arccos(upright)):.0f}° from upright in the "
            "picture, and this movement is done sitting. Sit on the floor facing the "
            "camera."
        )
    if below > _FEET_BELOW:
        raise LegsNotReadable(
            f"The feet are {below:.1f} trunk lengths below the hips, and on the floor "
            f"they are at most {_FEET_BELOW}. Sit on the floor, on a mat, facing the "
            "camera; a camera high above the floor should be lowered."
        )
    feet, wide = (
        middle(np.linalg.norm(image[:, left] - image[:, right], axis=-1))
        for left, right in (ANKLES, SHOULDERS)
    )
    apart = feet / wide
    if protocol.sides == "whole" and apart > _TOGETHER:
        raise LegsNotReadable(
            f"The feet are {apart:.1f} shoulder widths apart, and the soles belong "
            "together here. If you switched the legs from side to side, use "
            "--protocol ninety_ninety."
        )
    if protocol.sides == "each" and apart < _APART:
        raise LegsNotReadable(
            f"The feet are only {apart:.1f} shoulder widths apart; set them wider than "
            "the hips. If your soles were together, use --protocol butterfly."
        )


def require_view(settled: Settled, seen: FloorWitnesses) -> None:
    """Raise ViewNotUsable where no honest number can be had from this view."""
    yaw = settled["yaw"]
    if abs(yaw) > _SIDEWAYS_DEG:
        raise ViewNotUsable(
            f"You face about {abs(yaw):.0f}° past the camera; up to "
            f"{_SIDEWAYS_DEG:.0f}° can be allowed for. Turn towards the camera."
        )
    across = seen.shoulders[:, 0] - seen.shoulders[:, 1]
    wide = middle(np.linalg.norm(across, axis=-1))
    if wide < _TINY_PX:
        raise ViewNotUsable(
            f"Your shoulders are only {wide:.0f} pixels apart in the picture; at least "
            f"{_TINY_PX:.0f} are needed and 80 are good. Come closer, or record with a "
            "higher resolution."
        )


def advice(track: PoseTrack, settled: Settled) -> Iterator[str]:
    """Say what to change where it costs accuracy."""
    yaw = settled["yaw"]
    if abs(yaw) > _OBLIQUE_DEG:
        yield (
            f"You seem to face about {abs(yaw):.0f}° (± {2 * settled.sd('yaw'):.0f}°) "
            "past the camera. It is allowed for, but straight is surer."
        )
    light = np.nan if track.light is None else middle(track.light.astype(np.float64))
    if light < _DARK:
        yield (
            f"It is dark around you ({light:.0%} of full brightness; 35 to 60 % is "
            "good): switch on a light that shines on you, not into the camera."
        )
