"""Measurements of both ways of rotation -> each hip's arc, and sentences on it.

Sides are compared, and an arc that lies far to one way is pointed out as something that
a professional can check. Nothing is diagnosed, and nothing is said that the intervals
leave open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from hiprom.core.landmarks import SIDES, Side
from hiprom.core.measurement import Measurement, SideMeasurement
from hiprom.core.protocols.protocol import Direction, Threshold

_QUANTITY = "hip_rotation_deg"
_WAYS: dict[Direction, str] = {1: "internal", -1: "external"}
SHIFTED = Threshold(
    20.0,
    "deg",
    "one way of rotation goes this much further than the other",
    "Uding et al. 2019, doi:10.1016/j.msksp.2018.12.003",
)


@dataclass(frozen=True)
class Reach:
    """How far a hip goes one way: degrees and half of its 95 % interval, both >= 0."""

    deg: float
    half_deg: float

    def minus(self, other: Reach) -> Reach:
        """Return the difference; its degrees are signed."""
        return Reach(
            self.deg - other.deg, float(np.hypot(self.half_deg, other.half_deg))
        )

    @property
    def is_told(self) -> bool:
        """Whether the interval leaves out zero."""
        return abs(self.deg) > self.half_deg


@dataclass(frozen=True)
class Arc:
    """Both ends of one hip's rotation in one posture.

    Attributes
    ----------
    side : {"left", "right"}
    internal, external : Reach
        Mean of the valid reps; external rotation counts positive here.
    """

    side: Side
    internal: Reach
    external: Reach

    @property
    def total_deg(self) -> float:
        """The whole arc from one end to the other."""
        return self.internal.deg + self.external.deg

    @property
    def shift(self) -> Reach:
        """How much further internal rotation goes than external."""
        return self.internal.minus(self.external)


def arcs_of(measurements: Iterable[Measurement]) -> tuple[Arc, ...]:
    """Join what was measured of both ways of rotation.

    Parameters
    ----------
    measurements : iterable of Measurement
        Of one person in one posture (`Protocol.way`): a trial that counts both ways, or
        two trials, one of each way. Other quantities are passed over.

    Returns
    -------
    tuple of Arc
        Left before right; only sides of which both ways have a valid rep.
    """
    reach = {
        (side.side, side.direction): _reach(side)
        for each in measurements
        for side in each.sides
        if side.quantity == _QUANTITY and np.isfinite(side.mean)
    }
    return tuple(
        Arc(side, reach[side, 1], reach[side, -1])
        for side in SIDES
        if (side, 1) in reach and (side, -1) in reach
    )


def notes_on(arcs: tuple[Arc, ...]) -> Iterator[str]:
    """Say how the sides compare, and whether an arc lies far to one way."""
    if len(arcs) == len(SIDES):
        left, right = arcs
        for way in _WAYS.values():
            yield _compared(way, getattr(left, way), getattr(right, way))
    for arc in arcs:
        yield from _shifted(arc)


def _reach(side: SideMeasurement) -> Reach:
    low, high = side.mean_interval
    return Reach(side.direction * side.mean, (high - low) / 2)


def _compared(way: str, left: Reach, right: Reach) -> str:
    more = right.minus(left)
    found = f"Hip {way} rotation: left {left.deg:.0f}°, right {right.deg:.0f}°"
    told = f"{abs(more.deg):.0f}° (± {more.half_deg:.0f}°)"
    if not more.is_told:
        return f"{found}; a difference of {told} is within the measurement's error."
    further = "right" if more.deg > 0 else "left"
    return f"{found}; the {further} goes {told} further."


def _shifted(arc: Arc) -> Iterator[str]:
    shift = arc.shift
    if abs(shift.deg) - shift.half_deg <= SHIFTED.value:
        return
    high, low = ("internal", "external") if shift.deg > 0 else ("external", "internal")
    yield (
        f"The {arc.side} hip's arc lies far towards {high} rotation: {high} "
        f"{getattr(arc, high).deg:.0f}°, {low} {getattr(arc, low).deg:.0f}°. The shape "
        "of the bones is one reason among several; a professional can check it. This "
        "is no diagnosis."
    )
