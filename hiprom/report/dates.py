"""Times and days -> the words for them, by the clock of the recording itself."""

from __future__ import annotations

from datetime import date, datetime

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)


def day(when: date | datetime) -> str:
    """Return "4 May 2026"."""
    return f"{when.day} {month(when)} {when.year}"


def short_day(when: date | datetime) -> str:
    """Return "4 May" above "2026", for the foot of a figure."""
    return f"{when.day} {month(when)[:3]}\n{when.year}"


def month(when: date | datetime) -> str:
    """Return the month's name, in English on every machine."""
    return _MONTHS[when.month - 1]


def period(first: datetime, last: datetime) -> str:
    """Return "4 May 2026", or "4 May 2026 to 6 June 2026"."""
    if first.date() == last.date():
        return day(first)
    return f"{day(first)} to {day(last)}"
