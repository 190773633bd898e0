"""A diary -> reasons to ask: strong or rising discomfort, movement stopped by pain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from hiprom.core.history import DiaryEntry, SavedTrial
from hiprom.core.programme.discomfort import Discomfort, discomfort
from hiprom.core.programme.reason import CAUTIOUS, PHYSIO, Reason, day_words
from hiprom.core.protocols.protocol import Threshold

STRONG_DISCOMFORT = Threshold(
    5.0,
    "of 10",
    "discomfort as strong as this",
    "ours, cautious; the pain-monitoring model of Silbernagel et al. 2007, made for "
    "the Achilles tendon, calls more than 5 of 10 unacceptable",
)
_RISING_DAYS = 3
_RECENT = timedelta(days=14)
_LEAST_PRACTICE_DAYS = 2


def from_diary(
    diary: Sequence[DiaryEntry], trials: Sequence[SavedTrial], today: date
) -> Iterator[Reason]:
    """Yield what the diary of the last two weeks gives reason to ask.

    Parameters
    ----------
    diary : sequence of DiaryEntry
    trials : sequence of SavedTrial
        They count as practice, like the minutes in the diary.
    today : date
    """
    days = discomfort(diary)
    recent = [day for day in days if day.day > today - _RECENT]
    strong = [day for day in recent if day.worst >= STRONG_DISCOMFORT.value]
    if strong:
        latest = strong[-1]
        yield Reason(
            name="strong_discomfort",
            seen=f"Discomfort of {latest.worst} of 10 on {day_words(latest.day)}"
            f"{_where(latest)}.",
            ask="what it may come from, and how to go on practising.",
            whom=PHYSIO,
            source=STRONG_DISCOMFORT.source,
        )
    last = days[-_RISING_DAYS:]
    if recent and len(last) == _RISING_DAYS and _rises(last):
        practised = {trial.recorded_at.date() for trial in trials}
        practised |= {each.noted_at.date() for each in diary if each.practised_min > 0}
        between = [day for day in practised if last[0].day <= day <= last[-1].day]
        if len(between) >= _LEAST_PRACTICE_DAYS:
            numbers = ", ".join(str(day.worst) for day in last)
            yield Reason(
                name="rising_discomfort",
                seen=f"Discomfort rose from time to time ({numbers} of 10, up to "
                f"{day_words(last[-1].day)}) although you practised.",
                ask="whether joint, muscle or nerve may limit the movement, and "
                "whether the programme suits you.",
                whom=PHYSIO,
                source=CAUTIOUS,
            )
    stopped = [
        entry.noted_at.date()
        for entry in diary
        if entry.stopped_early and entry.noted_at.date() > today - _RECENT
    ]
    if stopped:
        when = day_words(max(stopped))
        yield Reason(
            name="stopped_early",
            seen=f"A movement had to stop early because of pain on {when}.",
            ask="what stops it, before you go further into the range.",
            whom=PHYSIO,
            source=CAUTIOUS,
        )


def _rises(days: Sequence[Discomfort]) -> bool:
    worst = [day.worst for day in days]
    return all(a < b for a, b in pairwise(worst))


def _where(day: Discomfort) -> str:
    return f" ({', '.join(day.places)})" if day.places else ""
