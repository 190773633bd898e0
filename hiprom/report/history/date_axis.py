"""Two ends of a time -> an axis with a few dates that say their year once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain, islice
from typing import TYPE_CHECKING

from hiprom.report.dates import month

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_EPOCH = date(1970, 1, 1)
_DAY_STEPS = (1, 2, 3, 7, 14)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def day_number(when: date) -> float:
    """Return a date as days since 1970: the unit of the figures' time axes."""
    return float((when - _EPOCH) / timedelta(days=1))


def date_axis(axes: Axes, days: tuple[float, float], *, most: int = 6) -> None:
    """Show at most so many dates along the foot of a figure, between two days."""
    axes.set_xlim(*days)
    dates = date_ticks(*days, most=most)
    axes.set_xticks([day_number(each) for each in dates], list(_labels(dates)))


def date_ticks(first: float, last: float, *, most: int = 6) -> list[date]:
    """Return the dates to mark between two days since 1970, one at least.

    Days, or Mondays, as long as there are few; then the first of months or of years.
    """
    start = _EPOCH + timedelta(days=int(-(-first // 1)))
    end = _EPOCH + timedelta(days=int(last // 1))
    by_days = (_days(start, end, step) for step in _DAY_STEPS)
    by_months = (_months(start, end, step) for step in _MONTH_STEPS)
    for dates in chain(by_days, by_months):
        ticks = list(islice(dates, most + 1))
        if len(ticks) <= most:
            break
    return ticks[:most]


def _days(start: date, end: date, step: int) -> Iterator[date]:
    if step >= 7:
        start += timedelta(days=-start.weekday() % 7)
    while start <= end:
        yield start
        start += timedelta(days=step)


def _months(start: date, end: date, step: int) -> Iterator[date]:
    months = start.year * 12 + start.month - 1 + (start.day > 1)
    months += -months % step
    while (tick := date(months // 12, months % 12 + 1, 1)) <= end:
        yield tick
        months += step


def _labels(dates: list[date]) -> Iterator[str]:
    """Yield "4 May" or "May", and the year below the first and below each new one."""
    has_days = any(each.day != 1 for each in dates)
    year = None
    for each in dates:
        name = month(each)[:3]
        said = f"{each.day} {name}" if has_days else name
        yield said if each.year == year else f"{said}\n{each.year}"
        year = each.year
