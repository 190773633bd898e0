"""Two measurements and a common clock -> both curves in one figure, in percent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from hiprom.core.history import Measure
from hiprom.core.in_step import Piece, Recording, Span
from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.quantities import unit
from hiprom.core.vectors import Array
from hiprom.web.curve import MARGIN, Tick, hold, path, steps, thinned, tick_words, told


@dataclass(frozen=True, eq=False)
class Shown:
    """One recording's part: its curve, upwards along the movement, and what counts.

    Attributes
    ----------
    time_s, values : array
    reps : tuple of Rep
        Those that count, in order of time.
    scale : float
        From a rep's numbers to `values`.
    """

    time_s: Array
    values: Array
    reps: tuple[Rep, ...]
    scale: float

    @property
    def recording(self) -> Recording:
        """As the common clock asks for it."""
        spans = tuple((rep.start_s, rep.end_s) for rep in self.reps)
        return Recording(float(self.time_s[0]), float(self.time_s[-1]), spans)


@dataclass(frozen=True)
class End:
    """Where the held end of a repetition is, in percent."""

    start: float
    width: float
    at: float


@dataclass(frozen=True)
class Overlaid:
    """Both curves over the common clock.

    Attributes
    ----------
    paths : pair of str
        Earlier before later; "" for one without a curve.
    ends : pair of tuple of End
    starts : tuple of Tick
        Where the repetitions begin, with their numbers: "2", or "3 | 2" where they
        differ.
    across, up : tuple of Tick
    zero, duration_s : float
    data : dict
        For the script: the pieces of the clock, both curves by their own clocks.
    """

    paths: tuple[str, str]
    ends: tuple[tuple[End, ...], tuple[End, ...]]
    starts: tuple[Tick, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    zero: float
    duration_s: float
    data: dict[str, Any]


def shown(measurement: Measurement, measure: Measure) -> Shown | None:
    """Return a measurement's part in a comparison; None if it has none."""
    for side in measurement.sides:
        if (side.side, side.direction) == (measure.side, measure.direction):
            return _shown(measurement, side)
    return None


def overlaid(
    both: tuple[Shown | None, Shown | None], pieces: Sequence[Piece], quantity: str
) -> Overlaid:
    """Draw what there is of two recordings on one clock."""
    duration_s = pieces[-1].end_s or 1.0
    there = [each for each in both if each is not None]
    seen = np.concatenate([[0.0], *(each.values for each in there)])
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    room = MARGIN * ((high - low) or 1.0)
    low, high = low - room, high + room
    sign = unit(quantity).sign

    def across(at_s: float) -> float:
        return round(100 * at_s / duration_s, 3)

    def down(value: float) -> float:
        return round(100 * (high - value) / (high - low), 3)

    def line(one: Shown | None, spans: Sequence[Span]) -> str:
        if one is None:
            return ""
        few = thinned(one.time_s)
        time_s, values = one.time_s[few], one.values[few]
        return "".join(
            path(time_s[inside] - span[0] + piece.at_s, values[inside], across, down)
            for piece, span in zip(pieces, spans, strict=True)
            for inside in [(time_s >= span[0]) & (time_s <= span[1])]
        )

    def ends(one: Shown | None, spans: Sequence[Span]) -> tuple[End, ...]:
        if one is None:
            return ()
        return tuple(
            End(
                across(start_s - span[0] + piece.at_s),
                across(end_s - start_s),
                down(one.scale * rep.end_range),
            )
            for piece, span in zip(pieces, spans, strict=True)
            for rep in one.reps
            for start_s, end_s in [hold(rep)]
            if span[0] <= start_s and end_s <= span[1]
        )

    spans = ([piece.first for piece in pieces], [piece.second for piece in pieces])
    by_reps = [piece for piece in pieces if piece.rep is not None]
    return Overlaid(
        paths=(line(both[0], spans[0]), line(both[1], spans[1])),
        ends=(ends(both[0], spans[0]), ends(both[1], spans[1])),
        starts=tuple(
            Tick(across(each.at_s), _numbers(there, each)) for each in by_reps
        ),
        across=()
        if by_reps
        else tuple(Tick(across(at), f"{at:g} s") for at in steps(0.0, duration_s)),
        up=tuple(Tick(down(at), tick_words(at, sign)) for at in steps(low, high)),
        zero=down(0.0),
        duration_s=duration_s,
        data={
            "pieces": [
                [piece.at_s, piece.end_s, *piece.first, *piece.second]
                for piece in pieces
            ],
            "curves": [_data(each) for each in both],
            "unit": sign,
        },
    )


def _shown(measurement: Measurement, side: SideMeasurement) -> Shown:
    scale = side.direction * unit(side.quantity).per_own
    counting = (rep for rep in side.reps if rep.valid and math.isfinite(rep.end_range))
    return Shown(
        time_s=measurement.time_s,
        values=scale * side.trace,
        reps=tuple(sorted(counting, key=lambda rep: rep.start_s)),
        scale=scale,
    )


def _numbers(there: Sequence[Shown], piece: Piece) -> str:
    """Return the number of a piece's repetition in each recording, if they differ."""
    numbers = [each.reps[piece.rep - 1].number for each in there if piece.rep]
    return " | ".join(str(number) for number in dict.fromkeys(numbers))


def _data(one: Shown | None) -> dict[str, Any] | None:
    if one is None:
        return None
    few = thinned(one.time_s)
    return {
        "times": [round(float(at), 3) for at in one.time_s[few]],
        "values": told(one.values[few]),
    }
