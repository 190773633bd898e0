"""How slowly and how cleanly each session was done -> four small figures over time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.programme import SessionTempo
from hiprom.core.vectors import Array
from hiprom.report import palette
from hiprom.report.figure_style import rule
from hiprom.report.history.chapters import Chapter, Leg
from hiprom.report.history.date_axis import date_axis
from hiprom.report.history.looks import look
from hiprom.report.history.trend_figure import pauses, session_days

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_ROOM = 1.15
# The lines of more sessions than this would hide one another.
_FEW = 24
Pace = tuple[str, Callable[[SessionTempo], float]]
_PACES: tuple[Pace, ...] = (
    ("Raised in, seconds", lambda tempo: tempo.raise_s),
    ("Held for, seconds", lambda tempo: tempo.hold_s),
    ("Lowered in, seconds", lambda tempo: tempo.lower_s),
    ("Without a flag, %", lambda tempo: 100 * tempo.clean_share),
)


def has_tempo(chapter: Chapter) -> bool:
    """Whether any session tells how slowly it was done; what was typed in does not."""
    return any(
        np.isfinite([each.raise_s, each.hold_s, each.lower_s]).any()
        for leg in chapter.legs
        for each in leg.tempo
    )


def pace_panels(
    chapter: Chapter, days: tuple[float, float]
) -> tuple[Callable[[Axes], None], ...]:
    """Return what draws raise, hold, lower and clean repetitions over time, four.

    Both legs are in each. A line joins the sessions as long as they are few, but never
    across a pause.
    """
    return tuple(partial(_draw_pace, chapter, days, pace) for pace in _PACES)


def _draw_pace(
    chapter: Chapter, days: tuple[float, float], pace: Pace, axes: Axes
) -> None:
    title, value = pace
    rule(axes, along="y")
    top = 0.0
    for leg in chapter.legs:
        values = np.array([value(each) for each in leg.tempo])
        _draw_line(axes, leg, values)
        top = max(top, float(np.nanmax(values, initial=0.0)))
    axes.set_title(title, fontsize="medium", color=palette.QUIET, loc="left")
    axes.set_ylim(0, 104 if title.endswith("%") else max(_ROOM * top, 1.0))
    date_axis(axes, days, most=4)


def _draw_line(axes: Axes, leg: Leg, values: Array) -> None:
    its, days = look(leg.protocol.direction, leg.side), session_days(leg)
    starts = [start for start, _ in pauses(days)]
    edges = [0, *(np.searchsorted(days, starts) + 1), len(days)]
    is_few = len(days) <= _FEW
    for first, last in pairwise(edges):
        axes.plot(
            days[first:last],
            values[first:last],
            marker=its.marker,
            color=its.colour,
            linewidth=0.9 if is_few else 0.0,
            markersize=3.2 if is_few else 2.6,
            alpha=1.0 if is_few else 0.65,
            markeredgewidth=0,
        )
