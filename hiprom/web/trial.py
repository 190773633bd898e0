"""A trial, wherever it is kept -> all that its page shows.

Its numbers are those of the history, where it joined one; the curve is read anew from
the landmarks. A repetition that a person left out counts nowhere on the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from hiprom import usecases
from hiprom.core.jobs import Job
from hiprom.core.kept import SavedRep, SavedTrial
from hiprom.core.measurement import Measurement, Rep, SideMeasurement, Value
from hiprom.report.page import said_of
from hiprom.report.summary import summary
from hiprom.web.against import Since
from hiprom.web.curve import Curve, curves
from hiprom.web.trail import Step

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.core.measure import SideChoice
    from hiprom.store.exclusions import Exclusion

_KEPT = 24


@dataclass(frozen=True, eq=False)
class TrialPage:
    """What the page of a trial shows.

    Attributes
    ----------
    said : mapping
        What the report says of it (`hiprom.report.page.said_of`).
    sides : tuple of str
        Whose each of ``said["sides"]`` is.
    curves : tuple of Curve
        One for each side; two movements of one share it.
    left_out : mapping of (side, number) to str
        The repetitions that a person left out, each with its reason.
    trail : tuple of Exclusion
        Every such judgement, undone ones too.
    steps : tuple of Step
        How its recording was measured before, or since.
    since : tuple of Since or None
        How each of ``said["sides"]`` stands against the session before.
    side : str
        As it was asked for.
    job : Job or None
        Whose files are on the shelf.
    trial : SavedTrial or None
        In the history.
    subject : str or None
    """

    said: Mapping[str, Any]
    sides: tuple[str, ...]
    curves: tuple[Curve, ...]
    left_out: Mapping[tuple[str, int], str]
    trail: tuple[Exclusion, ...]
    steps: tuple[Step, ...]
    since: tuple[Since | None, ...]
    side: str
    job: Job | None
    trial: SavedTrial | None
    subject: str | None

    @property
    def given_way(self) -> Step | None:
        """Why it does not count, if another measurement does in its place."""
        return next((each for each in self.steps if each.is_standing), None)


def trial_page(
    landmarks: Path,
    *,
    protocol: str,
    side: str,
    subject: str | None,
    job: Job | None,
    trial: SavedTrial | None,
    trail: tuple[Exclusion, ...] = (),
    steps: tuple[Step, ...] = (),
    since: Mapping[tuple[str, int], Since] = MappingProxyType({}),
) -> TrialPage:
    """Return the page of a trial whose landmarks are kept."""
    changed = landmarks.stat().st_mtime_ns
    analysis = _analysis(landmarks, changed, protocol, cast("SideChoice", side))
    measurement = analysis.measurement
    if trial is not None:
        measurement = _as_kept(measurement, trial)
    facts = analysis.facts | {"subject": subject}
    return TrialPage(
        said=said_of(measurement, summary(measurement, facts)),
        sides=tuple(side.side for side in measurement.sides),
        curves=curves(measurement),
        left_out=_left_out(trial),
        trail=tuple(
            each for each in trail if each.quantity == measurement.protocol.quantity
        ),
        steps=steps,
        since=tuple(
            since.get((each.side, each.direction)) for each in measurement.sides
        ),
        side=side,
        job=job,
        trial=trial,
        subject=subject,
    )


def measured_as_kept(landmarks: Path, trial: SavedTrial) -> Measurement:
    """Return what a trial of the history came to, with its curve."""
    changed, side = landmarks.stat().st_mtime_ns, cast("SideChoice", side_of(trial))
    analysis = _analysis(landmarks, changed, trial.protocol, side)
    return _as_kept(analysis.measurement, trial)


def side_of(trial: SavedTrial) -> str:
    """Return which side a trial was measured on, as one would ask for it."""
    sides = {saved.side for saved in trial.reps}
    if sides == {"left", "right"}:
        return "both"
    (only,) = sides if len(sides) == 1 else ("auto",)
    return "auto" if only == "both" else only


@lru_cache(_KEPT)
def _analysis(
    landmarks: Path, _changed: int, protocol: str, side: SideChoice
) -> Analysis:
    return usecases.analyze_landmarks(landmarks, protocol=protocol, side=side)


def _left_out(trial: SavedTrial | None) -> dict[tuple[str, int], str]:
    return {
        (saved.side, saved.rep.number): saved.excluded
        for saved in (trial.reps if trial else ())
        if saved.excluded is not None
    }


def _as_kept(measurement: Measurement, trial: SavedTrial) -> Measurement:
    """Return the measurement with the repetitions that the history has."""
    sides = tuple(
        replace(side, reps=_kept_reps(side, measurement, trial))
        for side in measurement.sides
    )
    return replace(measurement, sides=sides)


def _kept_reps(
    side: SideMeasurement, measurement: Measurement, trial: SavedTrial
) -> tuple[Rep, ...]:
    is_one_way = len(measurement.protocol.directions) == 1
    mine = [saved for saved in trial.reps if saved.side == side.side]
    return tuple(
        replace(saved.rep, valid=saved.counts, further=_further(saved, mine))
        for saved in mine
        if saved.quantity == side.quantity
        and (is_one_way or saved.rep.excursion * side.direction > 0)
    )


def _further(of: SavedRep, mine: Iterable[SavedRep]) -> dict[str, Value]:
    """Return what the history has of a repetition besides: rows of their own."""
    return {
        saved.quantity: Value(
            saved.rep.end_range,
            saved.rep.end_range_low,
            saved.rep.end_range_high,
            saved.rep.neutral,
        )
        for saved in mine
        if saved.rep.number == of.rep.number and saved.quantity != of.quantity
    }
