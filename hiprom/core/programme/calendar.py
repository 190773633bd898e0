"""Trials and diary -> what was done on each day of the last weeks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hiprom.core.history import DiaryEntry, SavedTrial
from hiprom.core.programme.weeks import active_s, monday_of

WEEKS = 6


@dataclass(frozen=True)
class Day:
    """One day.

    Attributes
    ----------
    day : date
    tested : tuple of str
        Protocols that were recorded, each once, in order of time.
    practised : tuple of str
        Drills of the diary, each once; "" for practice that names none.
    active_min : float
        Minutes of movement: recordings and diary together.
    discomfort : int or None
        The worst that was noted; None where nothing was.
    entries : tuple of DiaryEntry
        What was noted, in order of time.
    is_to_come : bool
        Whether it lies after today.
    """

    day: date
    tested: tuple[str, ...]
    practised: tuple[str, ...]
    active_min: float
    discomfort: int | None
    entries: tuple[DiaryEntry, ...]
    is_to_come: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded and nothing noted."""
        return not (self.tested or self.entries)


def calendar(
    trials: Iterable[SavedTrial],
    diary: Iterable[DiaryEntry],
    today: date,
    *,
    weeks: int = WEEKS,
) -> tuple[tuple[Day, ...], ...]:
    """Lay out the last weeks, Monday to Sunday, the present one last.

    Days are those of the recording's own clock. An entry counts as practice if it says
    minutes.
    """
    first = monday_of(today) - timedelta(weeks=weeks - 1)
    recorded: dict[date, list[SavedTrial]] = {}
    for trial in sorted(trials, key=lambda each: each.recorded_at):
        recorded.setdefault(trial.recorded_at.date(), []).append(trial)
    noted: dict[date, list[DiaryEntry]] = {}
    for entry in sorted(diary, key=lambda each: each.noted_at):
        noted.setdefault(entry.noted_at.date(), []).append(entry)
    return tuple(
        tuple(
            _day(day, recorded.get(day, ()), noted.get(day, ()), today)
            for day in (first + timedelta(weeks=week, days=n) for n in range(7))
        )
        for week in range(weeks)
    )


def _day(
    day: date, trials: Iterable[SavedTrial], entries: Iterable[DiaryEntry], today: date
) -> Day:
    trials, entries = tuple(trials), tuple(entries)
    practice = [each for each in entries if each.practised_min > 0]
    minutes = sum(active_s(trial) for trial in trials) / 60
    return Day(
        day=day,
        tested=tuple(dict.fromkeys(trial.protocol for trial in trials)),
        practised=tuple(dict.fromkeys(each.drill for each in practice)),
        active_min=minutes + sum(each.practised_min for each in practice),
        discomfort=max(
            (each.discomfort for each in entries if each.discomfort is not None),
            default=None,
        ),
        entries=entries,
        is_to_come=day > today,
    )
