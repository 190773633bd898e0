"""A person's Overview -> the rows of their trials, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hiprom.core.history import VIDEO
from hiprom.core.jobs import Job
from hiprom.core.kept import SavedTrial
from hiprom.core.overview import Overview
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.dates import day
from hiprom.web import pages


@dataclass(frozen=True)
class TrialRow:
    """A trial in a list.

    Attributes
    ----------
    day, title, sides, video : str
    reps, counted : int
    link : str
        Where its page is; empty where there is none.
    has_film : bool
    """

    day: str
    title: str
    sides: str
    video: str
    reps: int
    counted: int
    link: str
    has_film: bool


def listed(
    overview: Overview, trials: Iterable[SavedTrial], jobs: Iterable[Job]
) -> list[TrialRow]:
    """Return a row for each of a person's trials."""
    filmed = {job.trial_id for job in jobs if job.trial_id is not None}
    newest = sorted(
        trials,
        key=lambda each: (each.recorded_at, each.trial_id),
        reverse=True,
    )
    return [_row(overview.subject.code, each, filmed) for each in newest]


def _row(code: str, trial: SavedTrial, filmed: set[int]) -> TrialRow:
    protocol = PROTOCOLS.get(trial.protocol)  # an import may hold others
    main = [
        each
        for each in trial.reps
        if protocol is None or each.quantity == protocol.quantity
    ]
    is_ours = protocol is not None and trial.instrument == VIDEO
    return TrialRow(
        day=day(trial.recorded_at),
        title=protocol.title if protocol else trial.protocol,
        sides=" and ".join(sorted({each.side for each in main})) or "\N{EN DASH}",
        video=trial.video if is_ours else trial.instrument,
        reps=len(main),
        counted=sum(each.counts for each in main),
        link=pages.address("/trial", code=code, number=trial.trial_id)
        if is_ours
        else "",
        has_film=trial.trial_id in filmed,
    )
