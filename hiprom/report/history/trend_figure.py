"""A leg's sessions -> marks over time, the trend behind them, and what is only error.

Angles count along the protocol's movement, so that more range is always higher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from hiprom.core.vectors import Array
from hiprom.report import palette
from hiprom.report.figure_style import measure_axis, rule
from hiprom.report.history.chapters import Chapter, Leg
from hiprom.report.history.date_axis import date_axis, day_number
from hiprom.report.history.looks import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Across a longer pause nothing is known; the line is dashed there.
LONGEST_PAUSE_DAYS = 21.0
_DAY_S = 86400.0
# With more sessions than this, marks and lines are drawn finer.
_MANY = 45


@dataclass(frozen=True)
class Scale:
    """What the figures of a chapter share: days since 1970, and values."""

    days: tuple[float, float]
    values: tuple[float, float]


def scale(chapter: Chapter) -> Scale:
    """Return limits that hold all of a chapter's sessions with their errors."""
    days = [day for leg in chapter.legs for day in session_days(leg)]
    ends = [
        end
        for leg in chapter.legs
        for index in range(len(leg.progress.sessions))
        for end in (
            *leg.interval(index),
            leg.shown(leg.progress.sessions[index].mean),
        )
    ]
    for leg in chapter.legs:
        first, mdc = leg.shown(leg.progress.sessions[0].mean), leg.progress.error
        ends += [first - mdc.mdc95, first + mdc.mdc95]
    low, high = float(np.nanmin(ends)), float(np.nanmax(ends))
    beside = max(0.04 * (max(days) - min(days)), 0.7)
    above = 0.05 * (high - low)
    return Scale((min(days) - beside, max(days) + beside), (low - above, high + above))


def session_days(leg: Leg) -> Array:
    """Return when each session was, in days since 1970 by the clock of the first."""
    return _first_day(leg) + leg.series.time_days


def draw_trend(axes: Axes, leg: Leg, limits: Scale) -> None:
    """Draw the sessions of one leg and, from two on, the trend behind them."""
    rule(axes, along="y")
    _draw_error_band(axes, leg)
    if len(leg.progress.sessions) > 1:
        _draw_trend(axes, leg)
    _draw_sessions(axes, leg)
    axes.set_ylim(*limits.values)
    measure_axis(axes, along="y", protocol=leg.protocol)
    date_axis(axes, limits.days)


def pauses(days: Array) -> Iterator[tuple[float, float]]:
    """Yield the stretches without a session that are longer than three weeks."""
    for start, end in pairwise(days):
        if end - start > LONGEST_PAUSE_DAYS:
            yield float(start), float(end)


def _first_day(leg: Leg) -> float:
    first = leg.series.sessions[0].recorded_at
    passed = first - first.replace(hour=0, minute=0, second=0, microsecond=0)
    return day_number(first.date()) + passed.total_seconds() / _DAY_S


def _draw_error_band(axes: Axes, leg: Leg) -> None:
    first, mdc95 = leg.progress.sessions[0].mean, leg.progress.error.mdc95
    baseline = leg.shown(first)
    if np.isfinite(mdc95):
        axes.axhspan(
            baseline - mdc95,
            baseline + mdc95,
            color=palette.LINE,
            alpha=0.55,
            linewidth=0,
            zorder=0.5,
        )
    axes.axhline(
        baseline, color=palette.QUIET, linewidth=0.8, linestyle=(0, (1, 2)), zorder=0.6
    )


def _draw_trend(axes: Axes, leg: Leg) -> None:
    if leg.progress.trend is None:
        return
    band, colour = (
        leg.progress.trend.daily(),
        look(leg.protocol.direction, leg.side).colour,
    )
    days = _first_day(leg) + band.days
    middle, low, high = (
        leg.shown(1.0) * each for each in (band.mean, band.low, band.high)
    )
    gaps = list(pauses(session_days(leg)))
    for start, end, is_gap in _stretches(days, gaps):
        part = (days >= start) & (days <= end)
        axes.fill_between(
            days[part],
            low[part],
            high[part],
            color=colour,
            alpha=0.1 if is_gap else 0.24,
            linewidth=0,
            zorder=1.5,
        )
        axes.plot(
            days[part],
            middle[part],
            color=colour,
            linewidth=1.0 if is_gap else 1.8,
            linestyle=cast("Any", (0, (2, 2)) if is_gap else "-"),
            zorder=2,
        )


def _stretches(
    days: Array, gaps: Iterable[tuple[float, float]]
) -> Iterator[tuple[float, float, bool]]:
    """Yield start, end and whether it is a pause, from the first day to the last."""
    start = float(days[0])
    for gap_start, gap_end in gaps:
        yield start, gap_start, False
        yield gap_start, gap_end, True
        start = gap_end
    yield start, float(days[-1]), False


def _draw_sessions(axes: Axes, leg: Leg) -> None:
    its = look(leg.protocol.direction, leg.side)
    days, rows = session_days(leg), leg.progress.sessions
    means = np.array([leg.shown(row.mean) for row in rows])
    ends = np.array([leg.interval(index) for index in range(len(rows))])
    is_many = len(rows) > _MANY
    axes.vlines(
        days,
        ends[:, 0],
        ends[:, 1],
        color=its.colour,
        linewidth=0.6 if is_many else 1.0,
        alpha=0.3 if is_many else 0.55,
        zorder=3,
    )
    size = {"o": 1.0, "D": 0.86}[its.marker] * (3.2 if is_many else 5.0)
    axes.plot(
        days,
        means,
        its.marker,
        color=its.colour,
        markersize=size,
        markeredgewidth=0,
        alpha=0.75 if is_many else 1.0,
        zorder=4,
    )
    axes.plot(
        days[-1],
        means[-1],
        its.marker,
        color=its.colour,
        markersize=size + 2.2,
        markeredgewidth=1.2,
        markeredgecolor=palette.PAPER,
        zorder=5,
    )
