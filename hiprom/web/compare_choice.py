"""A person's trials, and what somebody chose -> the two to compare, and what else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from hiprom.core.history import Measure
from hiprom.core.kept import SavedTrial
from hiprom.report.dates import day
from hiprom.web.words import title_of

BY_REPS, BY_TIME = "reps", "time"
Found = TypeVar("Found")


@dataclass(frozen=True)
class Choice:
    """What is to be compared; None where the newest will do.

    Attributes
    ----------
    earlier, later : int or None
        Numbers of trials.
    of : str
        The key of one of the measures that they share; "" for the first.
    align : {"reps", "time"}
    """

    earlier: int | None = None
    later: int | None = None
    of: str = ""
    align: str = BY_REPS


class Option(NamedTuple):
    """A trial or a measure that may be chosen."""

    key: str
    words: str


def chosen(
    among: Sequence[tuple[SavedTrial, Found]], number: int | None
) -> tuple[SavedTrial, Found]:
    """Return the one with that number; the newest where there is none."""
    return next((each for each in among if each[0].trial_id == number), among[-1])


def key_of(measure: Measure) -> str:
    """Return what a measure is called in an address, among those of two trials."""
    return f"{measure.side}{measure.direction:+d}"


def option(trial: SavedTrial) -> Option:
    """Return a trial as it may be chosen: by its day and side."""
    sides = " and ".join(sorted({saved.side for saved in trial.reps}))
    words = f"{day(trial.recorded_at)}, {sides}: {title_of(trial.protocol)}"
    return Option(f"{trial.trial_id}", words)
