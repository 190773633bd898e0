"""A diary -> discomfort day by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hiprom.core.history import DiaryEntry


@dataclass(frozen=True)
class Discomfort:
    """The worst of a day.

    Attributes
    ----------
    day : date
    worst : int
        0 none, 10 the worst imaginable.
    places : tuple of str
        Where it was, in order of noting, each once.
    """

    day: date
    worst: int
    places: tuple[str, ...]


def discomfort(diary: Iterable[DiaryEntry]) -> tuple[Discomfort, ...]:
    """Gather a diary by day, in order of time; days without a number are left out."""
    by_day: dict[date, list[DiaryEntry]] = {}
    for entry in sorted(diary, key=lambda entry: entry.noted_at):
        if entry.discomfort is not None:
            by_day.setdefault(entry.noted_at.date(), []).append(entry)
    return tuple(
        Discomfort(
            day=day,
            worst=max(each.discomfort or 0 for each in entries),
            places=tuple(dict.fromkeys(each.place for each in entries if each.place)),
        )
        for day, entries in sorted(by_day.items())
    )
