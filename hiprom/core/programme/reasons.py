"""History, diary and answers -> calm reasons to ask a professional, if there are any.

A reason says what was seen, what it may be worth asking, and whom. It never says what
it is: that takes a person who can look, feel and ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from hiprom.core.history import DiaryEntry, Programme, SavedTrial, series_of
from hiprom.core.programme.from_diary import from_diary
from hiprom.core.programme.from_measurements import from_measurements
from hiprom.core.programme.reason import Reason
from hiprom.core.programme.red_flags import questions


def reasons_to_ask(
    trials: Iterable[SavedTrial],
    diary: Iterable[DiaryEntry],
    programme: Programme,
    today: date,
) -> tuple[Reason, ...]:
    """Look for reasons to ask a professional.

    Parameters
    ----------
    trials : iterable of SavedTrial
    diary : iterable of DiaryEntry
    programme : Programme
        For the answers to the first questions.
    today : date
        What lies after it is left out.

    Returns
    -------
    tuple of Reason
        Answers first, then what the diary says, then what was measured. Empty most of
        the time: that is no promise that all is well.

    Notes
    -----
    From the diary: discomfort of 5 of 10 or more, or a movement that stopped early with
    pain, within 14 days; discomfort higher each time on the last three days noted,
    although there was practice in between.

    From the measurements: a drop larger than measurement error, in each of the newest
    two sessions, from the mean of the five before them or of the first five; a side
    difference of more than 15 degrees that was not there before.
    """
    seen = tuple(trial for trial in trials if trial.recorded_at.date() <= today)
    noted = tuple(entry for entry in diary if entry.noted_at.date() <= today)
    return (
        *_answers(programme),
        *from_diary(noted, seen, today),
        *from_measurements(series_of(seen)),
    )


def _answers(programme: Programme) -> Iterator[Reason]:
    for question in questions():
        if question.name in (programme.red_flags or ()):
            is_urgent = question.when == "today"
            yield Reason(
                name=question.name,
                seen=f"You answered yes to: {question.question}",
                ask="whether this should be examined before you practise.",
                whom=(
                    "a doctor or an emergency department, today"
                    if is_urgent
                    else "your doctor, before you start"
                ),
                source=question.source,
            )
