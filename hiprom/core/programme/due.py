"""Trials, diary and programme -> which drill comes next, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from hiprom.core.history import DiaryEntry, Programme, SavedTrial
from hiprom.core.programme.weeks import monday_of


@dataclass(frozen=True)
class Due:
    """The drill to do next.

    Attributes
    ----------
    drill : str
        Name of its protocol.
    last_done : date or None
        None if never.
    reason : str
        Why it is this one, and whether it can wait, in a sentence or two.
    may_rest : bool
        Whether enough was done today or this week: then it can wait.
    """

    drill: str
    last_done: date | None
    reason: str
    may_rest: bool


def due(
    trials: Iterable[SavedTrial],
    diary: Iterable[DiaryEntry],
    programme: Programme,
    today: date,
) -> Due | None:
    """Choose the drill that was left the longest; one never done goes first.

    Parameters
    ----------
    trials : iterable of SavedTrial
    diary : iterable of DiaryEntry
        An entry with a drill's name and minutes of practice counts as doing it.
    programme : Programme
        Its drills, in the order in which they follow when nothing else decides.
    today : date
        What lies after it is left out.

    Returns
    -------
    Due or None
        None where the programme names no drill.
    """
    done = [(trial.recorded_at.date(), trial.protocol) for trial in trials]
    done += [
        (entry.noted_at.date(), entry.drill)
        for entry in diary
        if entry.practised_min > 0
    ]
    done = [(day, drill) for day, drill in done if day <= today]
    if not programme.drills:
        return None
    last = {
        drill: max((day for day, name in done if name == drill), default=None)
        for drill in programme.drills
    }
    drill = min(programme.drills, key=lambda each: last[each] or date.min)
    days = {day for day, _ in done}
    rest = _why_rest(days, programme, today)
    return Due(
        drill=drill,
        last_done=last[drill],
        reason=" ".join(filter(None, [_why_this(last, drill, today), rest])),
        may_rest=bool(rest),
    )


def _why_this(last: dict[str, date | None], drill: str, today: date) -> str:
    when = last[drill]
    if when is None:
        return "It has not been done yet."
    if len(last) == 1:
        return f"It was last done {_ago(when, today)}."
    return f"Of all the drills it was left the longest: {_ago(when, today)}."


def _why_rest(days: set[date], programme: Programme, today: date) -> str:
    if today in days:
        return "You have practised today, so it can wait for the next time."
    monday, most = monday_of(today), programme.sessions_per_week[1]
    if sum(monday <= day for day in days) >= most:
        return (
            f"This week has its {most} sessions, so it can wait until "
            f"{monday + timedelta(days=7):%A}."
        )
    return ""


def _ago(when: date, today: date) -> str:
    days = (today - when).days
    return {0: "today", 1: "yesterday"}.get(days, f"{days} days ago")
