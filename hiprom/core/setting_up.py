"""A second before a camera -> what to change before the test can begin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hiprom.core import readable
from hiprom.core.landmarks import ANKLES, FEET, HEELS, SIDES, Side
from hiprom.core.lifting import MEDIAPIPE, Assumptions, see_trial, view_of
from hiprom.core.lifting.witnesses import joints_tilt_deg
from hiprom.core.measurement import View
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import typical
from hiprom.core.view import advice, require_view
from hiprom.errors import MeasurementError

# Hanging shanks whose landmarks stay within this are still: jitter is a degree or two.
_STILL_DEG = 5.0
# A swinging foot goes this far sideways, in lengths of the shank (sin 45 degrees), and
# needs this much of the picture below it.
_SWING = 0.7
_BELOW = 0.02


@dataclass(frozen=True)
class SettingUp:
    """Whether a test can begin, and what to change first.

    Attributes
    ----------
    is_ready : bool
        Whether the test could be measured as things are.
    advice : tuple of str
        Sentences for the person, what matters most first; empty when all is well.
    view : View or None
        How the camera stands; None while no seated person is seen.
    """

    is_ready: bool
    advice: tuple[str, ...]
    view: View | None


def look(
    track: PoseTrack,
    protocol: Protocol,
    *,
    sides: tuple[Side, ...] = SIDES,
    assume: Assumptions = MEDIAPIPE,
) -> SettingUp:
    """Judge light, framing, distance, posture and the camera's angles.

    Parameters
    ----------
    track : PoseTrack
        A second or so, before anything moves.
    protocol : Protocol
    sides : tuple of {"left", "right"}
        The legs that will be tested.
    assume : Assumptions

    Returns
    -------
    SettingUp
    """
    try:
        readable.require_person(track)
        readable.require_legs(track, sides)
        readable.require_bent_knee(track, sides, protocol)
        view = view_of(see_trial(readable.believed(track), assume=assume))
        require_view(view)
    except MeasurementError as reason:
        return SettingUp(is_ready=False, advice=(str(reason),), view=None)
    return SettingUp(
        is_ready=True,
        advice=(*_framing(track, view, sides), *advice(view)),
        view=view,
    )


def is_still(track: PoseTrack) -> bool:
    """Whether both shanks hang still all through a second or so."""
    tilts = joints_tilt_deg(track.image_px.astype(np.float64))
    seen = tilts[np.isfinite(tilts).all(axis=1)]
    if len(seen) < len(tilts) / 2 or not len(seen):
        return False
    low, high = np.quantile(seen, [0.1, 0.9], axis=0)
    return bool(np.all(high - low < _STILL_DEG))


def _framing(track: PoseTrack, view: View, sides: tuple[Side, ...]) -> Iterator[str]:
    """Say where the feet will leave the picture once they swing."""
    legs = [SIDES.index(side) for side in sides]
    image = track.image_px.astype(np.float64)
    ankles = typical(image[:, [ANKLES[leg] for leg in legs]])
    soles = [*(HEELS[leg] for leg in legs), *(FEET[leg] for leg in legs)]
    feet = typical(image[:, soles])
    reach = _SWING * view.shank_px
    if np.nanmax(feet[:, 1]) > (1 - _BELOW) * track.height_px:
        yield (
            "Your feet touch the lower edge of the picture: tilt the camera down a "
            "little, or step back."
        )
    room = min(np.nanmin(ankles[:, 0]), track.width_px - np.nanmax(ankles[:, 0]))
    if room < reach:
        yield (
            "A foot that swings out will leave the picture: move to its middle, or "
            "further from the camera."
        )
