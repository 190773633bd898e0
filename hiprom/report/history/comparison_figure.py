"""Two sessions of each side -> their repetitions as marks, their means as bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.quantities import amount
from hiprom.report import palette
from hiprom.report.dates import short_day
from hiprom.report.figure_style import measure_axis, rule
from hiprom.report.history.comparison import Comparison, Pair, Visit
from hiprom.report.history.looks import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_APART, _BETWEEN_SIDES = 1.0, 1.5
_SPREAD, _MEAN = 0.2, 0.3


def draw_comparison(axes: Axes, comparison: Comparison) -> None:
    """Draw each side's earlier session beside its later one.

    A repetition that does not count is hollow. The bar is the mean, the line through it
    its 95 % interval.
    """
    rule(axes, along="y")
    places: list[float] = []
    names: list[str] = []
    for pair in comparison.pairs:
        start = places[-1] + _BETWEEN_SIDES if places else 0.0
        for index, visit in enumerate(pair.visits):
            _draw_visit(axes, pair, visit, start + index * _APART)
        means = [pair.shown(visit.row.mean) for visit in pair.visits]
        axes.plot(
            [start + _MEAN, start + _APART - _MEAN],
            means,
            color=look(pair.protocol.direction, pair.side).colour,
            linewidth=0.9,
            linestyle=(0, (2, 2)),
        )
        places += [start, start + _APART]
        names += [
            f"{pair.side.capitalize()}\n{short_day(visit.row.recorded_at)}"
            for visit in pair.visits
        ]
    axes.set_xticks(places, names)
    axes.tick_params(axis="x", labelcolor=palette.INK)
    axes.set_xlim(-0.65, places[-1] + 0.65)
    axes.margins(y=0.12)
    measure_axis(axes, along="y", protocol=comparison.protocol)


def _draw_visit(axes: Axes, pair: Pair, visit: Visit, x: float) -> None:
    its = look(pair.protocol.direction, pair.side)
    mean = pair.shown(visit.row.mean)
    low, high = pair.interval(visit)
    ends = [pair.shown(row.saved.rep.end_range) for row in visit.reps]
    beside = np.linspace(-_SPREAD, _SPREAD, len(ends)) if len(ends) > 1 else [0.0]
    for end, aside, row in zip(ends, beside, visit.reps, strict=True):
        axes.plot(
            x + aside,
            end,
            its.marker,
            markersize=5.0,
            markerfacecolor=its.colour if row.saved.counts else "none",
            markeredgecolor=its.colour,
            markeredgewidth=0.8,
            alpha=0.55,
        )
    axes.plot(
        [x - _MEAN, x + _MEAN],
        [mean, mean],
        color=its.colour,
        linewidth=2.4,
        solid_capstyle="butt",
    )
    if np.isfinite(low):
        axes.plot([x, x], [low, high], color=palette.INK, linewidth=1.2, zorder=4)
    axes.annotate(
        amount(mean, pair.protocol.quantity),
        (x, np.nanmax([mean, high, *ends])),
        xytext=(0, 5),
        textcoords="offset points",
        ha="center",
        weight="bold",
    )
