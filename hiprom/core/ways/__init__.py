"""Ways a body lies before the camera, each with the geometry that reads it.

A way turns a track into traces, frame by frame; `hiprom.core.measure` makes
repetitions of them, alike for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol as Interface

from hiprom.core.camera import Camera
from hiprom.core.landmarks import Side
from hiprom.core.lifting import Assumptions
from hiprom.core.protocols import Protocol
from hiprom.core.protocols.protocol import Way
from hiprom.core.track import PoseTrack
from hiprom.core.ways import floor, prone, seated, side_lying, standing
from hiprom.core.ways.reading import SideReading, TrialReading


class Reader(Interface):
    """What a way is: a function of this form."""

    def __call__(
        self,
        track: PoseTrack,
        protocol: Protocol,
        *,
        wanted: tuple[Side, ...],
        camera: Camera | None,
        assume: Assumptions,
    ) -> TrialReading:
        """Read a track.

        Parameters
        ----------
        track : PoseTrack
            With somebody in it.
        protocol : Protocol
        wanted : tuple of {"left", "right"}
            The subject's own sides that were asked for. Others may be read too.
        camera : Camera or None
            Scaled to the track; None where nothing is known of it.
        assume : Assumptions

        Raises
        ------
        MeasurementError
            If no honest number can be had; says what was seen and what to change.
        """


WAYS: Mapping[Way, Reader] = MappingProxyType(
    {
        "seated": seated.read,
        "side_lying": side_lying.read,
        "prone": prone.read,
        "floor": floor.read,
        "standing": standing.read,
    }
)

__all__ = ["WAYS", "Reader", "SideReading", "TrialReading"]
