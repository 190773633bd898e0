"""A subject's saved trials -> series of sessions that may be compared.

Only what was measured alike is ever compared: the same protocol (and with it the same
posture), quantity, side, direction and instrument. `Series` holds one such row of
sessions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hiprom.core.kept import (
    DiaryEntry,
    InjuredSide,
    Programme,
    SavedRep,
    SavedTrial,
    Sex,
    Subject,
    saved_reps,
)
from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Rep
from hiprom.core.protocols import PROTOCOLS, Direction, Protocol, one_way
from hiprom.core.vectors import Array

# What measured: our own trial-level estimate from an ordinary video.
VIDEO = "hiprom video"
# Half-width of a 95 % interval, in standard deviations.
_Z95 = 1.96


@dataclass(frozen=True, order=True)
class Measure:
    """What makes two numbers comparable: all five must agree.

    `direction` is the sign of the reps' excursions, so that a protocol that counts both
    ways never has its two movements in one mean.
    """

    protocol: str
    quantity: str
    side: MeasuredSide
    instrument: str = VIDEO
    direction: Direction = 1

    @property
    def known(self) -> Protocol | None:
        """The protocol, as it is in this one direction; None for an unknown one."""
        protocol = PROTOCOLS.get(self.protocol)
        return None if protocol is None else one_way(protocol, self.direction)

    @property
    def is_primary(self) -> bool:
        """Whether this is what its protocol is about; a further quantity is not."""
        protocol = PROTOCOLS.get(self.protocol)
        return protocol is None or self.quantity == protocol.quantity


@dataclass(frozen=True, eq=False)
class Session:
    """One visit's reps of one measure, those that count.

    Attributes
    ----------
    session_id : int
    recorded_at : datetime
        Of its first trial.
    reps : tuple of Rep
        At least one.
    """

    session_id: int
    recorded_at: datetime
    reps: tuple[Rep, ...]

    @property
    def end_ranges(self) -> Array:
        """Signed end-ranges, shape (reps,)."""
        return np.array([rep.end_range for rep in self.reps])

    @property
    def mean(self) -> float:
        """Mean end-range."""
        return float(self.end_ranges.mean())

    @property
    def sd(self) -> float:
        """Sample standard deviation of the end-ranges; NaN below two reps."""
        return float(self.end_ranges.std(ddof=1)) if len(self.reps) > 1 else np.nan

    @property
    def sem(self) -> float:
        """Standard error of the mean, SD / sqrt(reps); NaN below two reps."""
        return self.sd / float(np.sqrt(len(self.reps)))

    @property
    def error_sd(self) -> float:
        """Standard deviation of `mean` as a measurement; NaN where no rep tells.

        The reps of a session share camera, body and so the model's bias: averaging does
        not shrink the mean of their own intervals.
        """
        widths = np.array([rep.end_range_high - rep.end_range_low for rep in self.reps])
        known = widths[np.isfinite(widths)]
        return float(known.mean() / 2 / _Z95) if len(known) else np.nan

    def best(self, direction: int) -> Rep:
        """Return the rep that went furthest in a direction (1 or -1)."""
        return max(self.reps, key=lambda rep: direction * rep.end_range)


@dataclass(frozen=True, eq=False)
class Series:
    """The sessions of one measure, in order of time; at least one."""

    measure: Measure
    sessions: tuple[Session, ...]

    @property
    def time_days(self) -> Array:
        """Days since the first session, shape (sessions,)."""
        first = self.sessions[0].recorded_at
        seconds = [(each.recorded_at - first).total_seconds() for each in self.sessions]
        return np.array(seconds) / 86400.0

    @property
    def means(self) -> Array:
        """Mean end-range of each session, shape (sessions,)."""
        return np.array([each.mean for each in self.sessions])

    @property
    def error_sds(self) -> Array:
        """Each session's own measurement error, shape (sessions,); NaN if unknown."""
        return np.array([each.error_sd for each in self.sessions])


def measured(trial: SavedTrial) -> Iterator[tuple[Measure, SavedRep]]:
    """Yield each rep of a trial with what it is a measure of.

    Where a protocol counts both ways, the way is the sign of the primary quantity's
    excursion, for all quantities of that rep.
    """
    known = PROTOCOLS.get(trial.protocol)
    ways: dict[tuple[MeasuredSide, int], Direction] = {}
    if known is not None and len(known.movements) > 1:
        ways = {
            (saved.side, saved.rep.number): _way(saved.rep, known)
            for saved in trial.reps
            if saved.quantity == known.quantity
        }
    usual: Direction = known.direction if known else 1
    for saved in trial.reps:
        way = ways.get((saved.side, saved.rep.number), usual)
        yield (
            Measure(trial.protocol, saved.quantity, saved.side, trial.instrument, way),
            saved,
        )


def _way(rep: Rep, known: Protocol) -> Direction:
    """Return which way a rep went: in a list kept by hand the end alone may tell."""
    went = rep.excursion if math.isfinite(rep.excursion) else rep.end_range
    if not math.isfinite(went) or went == 0:
        return known.direction
    return 1 if went > 0 else -1


def _recording(trial: SavedTrial) -> tuple[object, ...]:
    """Return what makes two trials the same recording."""
    own = trial.trial_id if not trial.video else None
    return trial.recorded_at, trial.video, trial.protocol, trial.instrument, own


def _counting(
    trials: Iterable[SavedTrial],
) -> Iterator[tuple[Measure, SavedTrial, Rep]]:
    """Yield what counts in a subject's trials, in order of time."""
    in_order = sorted(
        (trial for trial in trials if trial.set_aside is None),
        key=lambda trial: (trial.recorded_at, trial.trial_id),
    )
    measured_last = {
        (_recording(trial), saved.side, saved.quantity): trial.trial_id
        for trial in in_order
        for saved in trial.reps
    }
    for trial in in_order:
        for measure, saved in measured(trial):
            last = measured_last[_recording(trial), saved.side, saved.quantity]
            if saved.counts and trial.trial_id == last:
                yield measure, trial, saved.rep


def in_common(
    one: SavedTrial, trials: Iterable[SavedTrial]
) -> tuple[tuple[SavedTrial, tuple[Measure, ...]], ...]:
    """Return the trials that one may be compared with, and by which measures.

    Only what counts, and what its protocol is about: measured alike, in another
    session.

    Returns
    -------
    tuple of (SavedTrial, tuple of Measure)
        In order of time.
    """
    measures: dict[int, set[Measure]] = {}
    of_id: dict[int, SavedTrial] = {}
    for measure, trial, _ in _counting(trials):
        of_id[trial.trial_id] = trial
        if measure.known is not None and measure.is_primary:
            measures.setdefault(trial.trial_id, set()).add(measure)
    mine = measures.get(one.trial_id, set())
    return tuple(
        (of_id[number], tuple(sorted(mine & theirs)))
        for number, theirs in measures.items()
        if mine & theirs and of_id[number].session_id != one.session_id
    )


def series_of(trials: Iterable[SavedTrial]) -> tuple[Series, ...]:
    """Sort the reps of a subject's trials into comparable series.

    Returns
    -------
    tuple of Series
        In order of protocol, quantity, side, instrument and direction; reps that do not
        count are left out, and so is a session without any that do, and a trial that
        was set aside. A recording that was measured several times counts as it was
        measured last.
    """
    visits: dict[Measure, dict[int, list[tuple[datetime, Rep]]]] = {}
    for measure, trial, rep in _counting(trials):
        visit = visits.setdefault(measure, {})
        visit.setdefault(trial.session_id, []).append((trial.recorded_at, rep))
    return tuple(
        Series(
            measure,
            tuple(
                Session(session_id, reps[0][0], tuple(rep for _, rep in reps))
                for session_id, reps in sessions.items()
            ),
        )
        for measure, sessions in sorted(visits.items())
    )


__all__ = [
    "VIDEO",
    "DiaryEntry",
    "InjuredSide",
    "Measure",
    "Programme",
    "SavedRep",
    "SavedTrial",
    "Series",
    "Session",
    "Sex",
    "Subject",
    "in_common",
    "measured",
    "saved_reps",
    "series_of",
]
