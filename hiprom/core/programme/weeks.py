"""Trials and diary -> sessions and active minutes a week, against the goal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from hiprom.core.history import DiaryEntry, Programme, SavedTrial
from hiprom.core.measurement import Rep

# A longer rest between two repetitions is a break, not part of the practice.
LONGEST_REST_S = 60.0
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """What was done from a Monday to the Sunday after it.

    Attributes
    ----------
    monday : date
    sessions : int
        Days on which there was a recording, or practice in the diary.
    active_min : float
        Minutes of movement: recordings and diary together.
    has_enough_sessions : bool
        Whether `sessions` reaches the least of the goal.
    has_enough_minutes : bool
        Whether `active_min` reaches the least sessions of the least length.
    is_over : bool
        Whether the Sunday lies before today.
    """

    monday: date
    sessions: int
    active_min: float
    has_enough_sessions: bool
    has_enough_minutes: bool
    is_over: bool


@dataclass(frozen=True)
class Adherence:
    """How regularly someone practises.

    Attributes
    ----------
    weeks : tuple of Week
        From the first with anything in it to the present one, empty weeks included.
    streak_weeks : int
        How many weeks in a row, up to now, had enough sessions. The present week adds
        to it once it has enough, and does not break it before it is over.
    share : float
        Of the weeks that are over, how many had enough sessions; NaN if none is over.
    """

    weeks: tuple[Week, ...]
    streak_weeks: int
    share: float


def adherence(
    trials: Iterable[SavedTrial],
    diary: Iterable[DiaryEntry],
    programme: Programme,
    today: date,
) -> Adherence:
    """Count sessions and minutes week by week.

    Parameters
    ----------
    trials : iterable of SavedTrial
    diary : iterable of DiaryEntry
    programme : Programme
        For its goal.
    today : date
        What lies after it is left out.

    Notes
    -----
    Days are those of the recording's own clock, and weeks begin on Monday. All on one
    day is one session, however many recordings it has: the goal is to practise often,
    not to record often. Repetitions that do not count in a mean were practised all the
    same, and count here.
    """
    minutes_on: dict[date, float] = {}
    for trial in trials:
        day = trial.recorded_at.date()
        minutes_on[day] = minutes_on.get(day, 0.0) + active_s(trial) / 60
    for entry in diary:
        if entry.practised_min > 0:
            day = entry.noted_at.date()
            minutes_on[day] = minutes_on.get(day, 0.0) + entry.practised_min
    done = {day: minutes for day, minutes in minutes_on.items() if day <= today}
    weeks = tuple(_weeks(done, programme, today))
    over = [week.has_enough_sessions for week in weeks if week.is_over]
    return Adherence(
        weeks=weeks,
        streak_weeks=_streak(weeks),
        share=sum(over) / len(over) if over else float("nan"),
    )


def active_s(trial: SavedTrial) -> float:
    """Seconds of practice in a recording: its repetitions and the rests between them.

    From the first repetition's start to the last one's end, on either side; a rest of
    more than a minute does not count. Getting ready in front of the camera is not
    practice. Where no repetition has a time, as in an import, the recording's length;
    0 where that is unknown too.
    """
    return practised_s((saved.rep for saved in trial.reps), trial.duration_s)


def practised_s(reps: Iterable[Rep], duration_s: float) -> float:
    """Seconds of practice in a recording of some length, as `active_s` counts them."""
    times = sorted((rep.start_s, rep.end_s) for rep in reps)
    known = [pair for pair in times if np.isfinite(pair).all()]
    if not known:
        return duration_s if np.isfinite(duration_s) else 0.0
    total, until = 0.0, known[0][0]
    for start, end in known:
        rest = start - until
        total += max(end - max(start, until), 0.0)
        total += rest if 0 < rest <= LONGEST_REST_S else 0.0
        until = max(until, end)
    return total


def monday_of(day: date) -> date:
    """Return the Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def _weeks(
    minutes_on: dict[date, float], programme: Programme, today: date
) -> Iterable[Week]:
    least_sessions, least_minutes = programme.sessions_per_week[0], programme.minutes[0]
    monday = monday_of(min(minutes_on, default=today))
    while monday <= today:
        days = [day for day in minutes_on if monday <= day < monday + _WEEK]
        minutes = sum(minutes_on[day] for day in days)
        yield Week(
            monday=monday,
            sessions=len(days),
            active_min=minutes,
            has_enough_sessions=len(days) >= least_sessions,
            has_enough_minutes=minutes >= least_sessions * least_minutes,
            is_over=monday + _WEEK <= today,
        )
        monday += _WEEK


def _streak(weeks: tuple[Week, ...]) -> int:
    streak = 0
    for week in reversed(weeks):
        if week.has_enough_sessions:
            streak += 1
        elif week.is_over:
            break
    return streak
