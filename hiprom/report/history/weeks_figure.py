"""Adherence and diary -> sessions and minutes week by week, discomfort alongside."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from hiprom.core.overview import Overview
from hiprom.core.programme import Week
from hiprom.report import palette
from hiprom.report.figure_style import rule
from hiprom.report.history.date_axis import date_axis, day_number

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_WEEKS = 53
_WORST = 10


def shown_weeks(overview: Overview) -> tuple[Week, ...]:
    """Return the weeks that the figure has room for: those of the last year."""
    return overview.adherence.weeks[-MOST_WEEKS:]


def has_discomfort(overview: Overview) -> bool:
    """Whether the diary has a number within the weeks that are shown."""
    first = shown_weeks(overview)[0].monday
    return any(each.day >= first for each in overview.discomfort)


def week_panels(overview: Overview) -> tuple[Callable[[Axes], None], ...]:
    """Return what draws sessions a week, active minutes a week, and discomfort by day.

    The goal is the pale band, or the line that is to be reached. Weeks with enough are
    dark, the others light; the present one is not over and is outlined. Only the last
    has dates, and there is no discomfort where the diary has none.
    """
    draws = [_draw_sessions, _draw_minutes]
    if has_discomfort(overview):
        draws.append(_draw_discomfort)

    def panel(index: int, axes: Axes) -> None:
        weeks = shown_weeks(overview)
        draws[index](axes, weeks, overview)
        first, last = day_number(weeks[0].monday), day_number(weeks[-1].monday) + 7
        few = max(0.0, (8 * 7 - (last - first)) / 2)  # a lone week is no broad wall
        date_axis(axes, (first - 1 - few, last + 1 + few))
        if index < len(draws) - 1:
            axes.tick_params(axis="x", labelbottom=False)

    return tuple(partial(panel, index) for index in range(len(draws)))


def _draw_sessions(axes: Axes, weeks: tuple[Week, ...], overview: Overview) -> None:
    least, most = overview.programme.sessions_per_week
    axes.axhspan(least, most, color=palette.TEAL_WASH, linewidth=0, zorder=0)
    axes.axhline(least, color=palette.TEAL, linewidth=0.9, zorder=1)
    _draw_bars(
        axes,
        weeks,
        [week.sessions for week in weeks],
        [week.has_enough_sessions for week in weeks],
    )
    top = max(most, *(week.sessions for week in weeks))
    axes.set_ylim(0, top + 0.5)
    axes.set_yticks(range(0, top + 1, 1 if top <= 4 else 2 if top <= 8 else 5))
    _title(axes, "Sessions a week")


def _draw_minutes(axes: Axes, weeks: tuple[Week, ...], overview: Overview) -> None:
    rule(axes, along="y")
    programme = overview.programme
    goal = programme.sessions_per_week[0] * programme.minutes[0]
    axes.axhline(goal, color=palette.TEAL, linewidth=0.9, zorder=1)
    minutes = [week.active_min for week in weeks]
    _draw_bars(axes, weeks, minutes, [week.has_enough_minutes for week in weeks])
    axes.set_ylim(0, 1.1 * max(goal, *minutes, 1.0))
    _title(axes, "Active minutes a week")


def _draw_bars(
    axes: Axes,
    weeks: tuple[Week, ...],
    heights: list[float] | list[int],
    enough: list[bool],
) -> None:
    axes.bar(
        [day_number(week.monday) + 3.5 for week in weeks],
        heights,
        width=5.4,
        color=[palette.TEAL if each else "#a9b8bf" for each in enough],
        edgecolor=[palette.INK if not week.is_over else "none" for week in weeks],
        linewidth=0.9,
        zorder=2,
    )


def _draw_discomfort(axes: Axes, weeks: tuple[Week, ...], overview: Overview) -> None:
    rule(axes, along="y")
    noted = [each for each in overview.discomfort if each.day >= weeks[0].monday]
    days = [day_number(each.day) + 0.5 for each in noted]
    worst = [each.worst for each in noted]
    axes.vlines(days, 0, worst, color=palette.CAUTION, linewidth=1.2, alpha=0.6)
    axes.plot(days, worst, "o", color=palette.CAUTION, markersize=3.2, clip_on=False)
    axes.set_ylim(0, _WORST)
    axes.set_yticks([0, 5, _WORST])
    _title(axes, "Discomfort, 0 to 10, the worst of each day")


def _title(axes: Axes, words: str) -> None:
    axes.set_title(words, fontsize="medium", color=palette.QUIET, loc="left")
