"""A Measurement -> its curves as numbers in percent, for a drawing of any width."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.quantities import amount, unit
from hiprom.core.vectors import Array
from hiprom.report import sentences

Place = Callable[[float], float]
# More points than this no screen shows.
_MOST_POINTS = 1500
_TICKS = 4
MARGIN = 0.08


@dataclass(frozen=True)
class Band:
    """Where a repetition is, in percent from the left, and its end from the top."""

    number: int
    start: float
    width: float
    counts: bool
    hold_start: float
    hold_width: float
    end: float
    low: float
    high: float
    words: str


@dataclass(frozen=True)
class Tick:
    """A line to read by: where it is, in percent, and what it says."""

    at: float
    words: str


@dataclass(frozen=True)
class Curve:
    """One side's quantity over time, its main movement upwards.

    Attributes
    ----------
    side, heading : str
        "left"; "Left hip, internal rotation".
    path : str
        As SVG draws it, in a box of 1000 by 1000.
    bands : tuple of Band
    across, up : tuple of Tick
        Of time and of the quantity.
    zero : float
        Where the quantity is zero, in percent from the top.
    start_s, duration_s : float
    times_s, values : list
        What the curve is at a moment, for the words beside it.
    unit : str
    """

    side: str
    heading: str
    path: str
    bands: tuple[Band, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    zero: float
    start_s: float
    duration_s: float
    times_s: list[float]
    values: list[float | None]
    unit: str


def curves(measurement: Measurement) -> tuple[Curve, ...]:
    """Return the curve of each side; all share their scales."""
    way = measurement.protocol.direction
    scale = way * unit(measurement.protocol.quantity).per_own
    ends = [
        scale * value
        for side in measurement.sides
        for rep in side.reps
        for value in (rep.end_range, rep.end_range_low, rep.end_range_high)
    ]
    shown = [scale * side.trace for side in measurement.sides]
    seen = np.concatenate([[0.0], *shown, ends])
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    room = MARGIN * ((high - low) or 1.0)
    limits = (low - room, high + room)
    together: dict[str, list[SideMeasurement]] = {}
    for side in measurement.sides:
        together.setdefault(side.side, []).append(side)
    return tuple(
        _curve(measurement, movements, scale, limits) for movements in together.values()
    )


def _curve(
    measurement: Measurement,
    movements: list[SideMeasurement],
    scale: float,
    limits: tuple[float, float],
) -> Curve:
    first, time_s = movements[0], measurement.time_s
    values = scale * first.trace
    start_s, duration_s = float(time_s[0]), float(time_s[-1] - time_s[0]) or 1.0
    sign = unit(first.quantity).sign
    few = thinned(time_s)

    def across(at_s: float) -> float:
        return round(100 * (at_s - start_s) / duration_s, 3)

    def down(value: float) -> float:
        return round(100 * (limits[1] - value) / (limits[1] - limits[0]), 3)

    def band(rep: Rep, direction: int) -> Band:
        edges = sorted(scale * each for each in (rep.end_range_low, rep.end_range_high))
        held = hold(rep)
        end = down(scale * rep.end_range)
        is_sure = all(map(math.isfinite, edges))
        return Band(
            number=rep.number,
            start=across(rep.start_s),
            width=across(rep.end_s) - across(rep.start_s),
            counts=rep.valid,
            hold_start=across(held[0]),
            hold_width=across(held[1]) - across(held[0]),
            end=end,
            low=down(edges[0]) if is_sure else end,
            high=down(edges[1]) if is_sure else end,
            words=amount(direction * rep.end_range, first.quantity),
        )

    return Curve(
        side=first.side,
        heading=sentences.heading(first.side, measurement.protocol.movement),
        path=path(time_s[few], values[few], across, down),
        bands=tuple(
            band(rep, side.direction)
            for side in movements
            for rep in side.reps
            if math.isfinite(rep.end_range)
        ),
        across=tuple(
            Tick(across(at), f"{at - start_s:g} s")
            for at in start_s + steps(0.0, duration_s)
        ),
        up=tuple(Tick(down(at), tick_words(at, sign)) for at in steps(*limits)),
        zero=down(0.0),
        start_s=start_s,
        duration_s=duration_s,
        times_s=[round(float(at), 3) for at in time_s[few] - start_s],
        values=told(values[few]),
        unit=sign,
    )


def path(time_s: Array, values: Array, across: Place, down: Place) -> str:
    """Return a line through what is finite, as SVG has it in a box of 1000 by 1000."""
    parts, is_drawing = [], False
    for at_s, value in zip(time_s, values, strict=True):
        if not math.isfinite(value):
            is_drawing = False
            continue
        x, y = 10 * across(at_s), 10 * down(value)
        parts.append(f"{'L' if is_drawing else 'M'}{x:.1f} {y:.1f}")
        is_drawing = True
    return "".join(parts)


def thinned(time_s: Array) -> slice:
    """Return which points of a curve are drawn."""
    return slice(None, None, max(1, math.ceil(len(time_s) / _MOST_POINTS)))


def told(values: Array) -> list[float | None]:
    """Return a curve's values as a script is told them; None is unknown."""
    return [round(float(v), 2) if math.isfinite(v) else None for v in values]


def hold(rep: Rep) -> tuple[float, float]:
    """Return from when to when a repetition's end was held; its peak if it was not."""
    held = (rep.plateau_start_s, rep.plateau_end_s)
    return held if all(map(math.isfinite, held)) else (rep.peak_s, rep.peak_s)


def tick_words(at: float, sign: str) -> str:
    """Return what stands at a line to read by: "-20°", with a true minus."""
    return f"{round(at, 6):g}{sign}".replace("-", "\N{MINUS SIGN}")


def steps(low: float, high: float) -> Array:
    """Return round numbers between two, about as many as are easily read."""
    raw = (high - low) / _TICKS
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * each for each in (1, 2, 5, 10) if size * each >= raw)
    counts = np.arange(math.ceil(low / step), math.floor(high / step) + 1)
    return step * counts.astype(np.float64)
