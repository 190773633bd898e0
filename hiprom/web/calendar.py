"""Days of a programme -> cells of a calendar, and the words that stand for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hiprom.core.programme import Day
from hiprom.core.programme.from_diary import STRONG_DISCOMFORT
from hiprom.report.dates import month
from hiprom.report.history.diary_words import drill_title, entry_words

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
WEEKDAYS = (*_WEEKDAYS, "Sunday")


@dataclass(frozen=True)
class Cell:
    """A day as it is drawn.

    Attributes
    ----------
    number : int
        Of the day in its month.
    words : str
        All that the cell shows, for who cannot see it.
    is_tested, is_practised : bool
    discomfort : int or None
    is_strong : bool
        Whether the discomfort stands out.
    is_to_come, is_today : bool
    """

    number: int
    words: str
    is_tested: bool
    is_practised: bool
    discomfort: int | None
    is_strong: bool
    is_to_come: bool
    is_today: bool


@dataclass(frozen=True)
class Week:
    """A row of the calendar: its Monday in words, and seven cells."""

    monday: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Noted:
    """A day of the list: when, and what was done and noted, a line each."""

    when: str
    lines: tuple[str, ...]


def weeks(days: Iterable[Iterable[Day]], today: date) -> tuple[Week, ...]:
    """Return the rows of a calendar."""
    return tuple(
        Week(
            f"{row[0].day.day} {month(row[0].day)[:3]}",
            tuple(_cell(each, today) for each in row),
        )
        for row in (tuple(week) for week in days)
    )


def noted(days: Iterable[Iterable[Day]]) -> tuple[Noted, ...]:
    """Return the days on which there was something, the newest first."""
    full = [day for week in days for day in week if not day.is_empty]
    return tuple(Noted(_when(each.day), tuple(_lines(each))) for each in full[::-1])


def _cell(day: Day, today: date) -> Cell:
    what = [f"tested: {', '.join(map(drill_title, day.tested))}"] if day.tested else []
    if day.practised:
        what.append("practised")
    if day.active_min >= 0.5:
        what.append(f"{day.active_min:.0f} active minutes")
    if day.discomfort is not None:
        what.append(f"discomfort {day.discomfort} of 10")
    if day.entries and not what:
        what.append("noted")
    nothing = "to come" if day.is_to_come else "nothing"
    return Cell(
        number=day.day.day,
        words=f"{'today, ' if day.day == today else ''}{'; '.join(what) or nothing}",
        is_tested=bool(day.tested),
        is_practised=bool(day.practised),
        discomfort=day.discomfort,
        is_strong=day.discomfort is not None
        and day.discomfort >= STRONG_DISCOMFORT.value,
        is_to_come=day.is_to_come,
        is_today=day.day == today,
    )


def _lines(day: Day) -> Iterable[str]:
    if day.tested:
        yield f"Tested: {', '.join(map(drill_title, day.tested))}"
    yield from (
        entry_words(each)[:1].upper() + entry_words(each)[1:] for each in day.entries
    )


def _when(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {month(day)}"
