"""A subject's saved trials -> series of sessions that may be compared.

Only what was measured alike is ever compared: the same protocol (and with it the same
posture), quantity, side and instrument. `Series` holds one such row of sessions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import numpy as np

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Rep
from hiprom.core.vectors import Array

Sex = Literal["female", "male"]
InjuredSide = Literal["left", "right", "both", "none"]

# What measured: our own trial-level estimate from an ordinary video.
VIDEO = "hiprom video"
# Half-width of a 95 % interval, in standard deviations.
_Z95 = 1.96


@dataclass(frozen=True)
class Subject:
    """A person, known by a code; the rest is kept only if it is given.

    Attributes
    ----------
    code : str
        What stands in tables and files.
    display_name : str or None
    sex : {"female", "male"} or None
        For norms only.
    birth_year : int or None
    injured_side : {"left", "right", "both", "none"} or None
    """

    code: str
    display_name: str | None = None
    sex: Sex | None = None
    birth_year: int | None = None
    injured_side: InjuredSide | None = None


@dataclass(frozen=True)
class SavedRep:
    """One rep of a saved trial.

    Attributes
    ----------
    side : {"left", "right", "both"}
    quantity : str
        What `rep` is a value of, with its unit: ``hip_rotation_deg``.
    rep : Rep
    excluded : str or None
        Why a person took this rep out of the reckoning; None where nobody did.
    """

    side: MeasuredSide
    quantity: str
    rep: Rep
    excluded: str | None = None

    @property
    def counts(self) -> bool:
        """Whether the rep enters means and trends."""
        return (
            self.rep.valid
            and self.excluded is None
            and math.isfinite(self.rep.end_range)
        )


@dataclass(frozen=True)
class SavedTrial:
    """One recording as the history keeps it.

    Attributes
    ----------
    trial_id, session_id : int
        A session is one visit: the trials of one subject on one day.
    recorded_at : datetime
        With its offset from UTC.
    protocol : str
    instrument : str
        What measured: `VIDEO`, or the name an import gave.
    video : str
        The file's name, "" where there was none.
    duration_s : float
        Length of the recording; NaN where unknown.
    reps : tuple of SavedRep
    summary : mapping
        What summary.json holds; empty for an import.
    """

    trial_id: int
    session_id: int
    recorded_at: datetime
    protocol: str
    instrument: str
    video: str
    duration_s: float
    reps: tuple[SavedRep, ...]
    summary: Mapping[str, object] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, order=True)
class Measure:
    """What makes two numbers comparable: all four must agree."""

    protocol: str
    quantity: str
    side: MeasuredSide
    instrument: str = VIDEO


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
        """Return the rep that went furthest in the protocol's direction (1 or -1)."""
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


def _recording(trial: SavedTrial) -> tuple[object, ...]:
    """Return what makes two trials the same recording."""
    own = trial.trial_id if not trial.video else None
    return trial.recorded_at, trial.video, trial.protocol, trial.instrument, own


def series_of(trials: Iterable[SavedTrial]) -> tuple[Series, ...]:
    """Sort the reps of a subject's trials into comparable series.

    Returns
    -------
    tuple of Series
        In order of protocol, quantity, side and instrument; reps that do not count are
        left out, and so is a session without any that do. A recording that was measured
        several times counts as it was measured last.
    """
    in_order = sorted(trials, key=lambda trial: (trial.recorded_at, trial.trial_id))
    measured_last = {
        (_recording(trial), saved.side, saved.quantity): trial.trial_id
        for trial in in_order
        for saved in trial.reps
    }
    visits: dict[Measure, dict[int, list[tuple[datetime, Rep]]]] = {}
    for trial in in_order:
        for saved in trial.reps:
            last = measured_last[_recording(trial), saved.side, saved.quantity]
            if saved.counts and trial.trial_id == last:
                measure = Measure(
                    trial.protocol, saved.quantity, saved.side, trial.instrument
                )
                visit = visits.setdefault(measure, {})
                visit.setdefault(trial.session_id, []).append(
                    (trial.recorded_at, saved.rep)
                )
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


@dataclass(frozen=True)
class DiaryEntry:
    """What a person noted on a day.

    Attributes
    ----------
    noted_at : datetime
        With its offset from UTC.
    discomfort : int or None
        0 none, 10 the worst imaginable.
    place : str
        Where: "groin", "low back"; "" where not said.
    stopped_early : bool
        Whether a movement had to stop early because of pain.
    practised_min : float
        Minutes of practice without a recording; 0 if none.
    drill : str
        The protocol that was practised; "" if several or none.
    note : str
    """

    noted_at: datetime
    discomfort: int | None = None
    place: str = ""
    stopped_early: bool = False
    practised_min: float = 0.0
    drill: str = ""
    note: str = ""


@dataclass(frozen=True)
class Programme:
    """What a subject means to do: two or three short sessions a week by default.

    Attributes
    ----------
    sessions_per_week : tuple of int
        The least and the most.
    minutes : tuple of float
        Active minutes a session, the least and the most.
    drills : tuple of str
        Protocols to practise, in order.
    red_flags : tuple of str
        Names of the first-use questions answered with yes; None where not yet asked.
    """

    sessions_per_week: tuple[int, int] = (2, 3)
    minutes: tuple[float, float] = (5.0, 10.0)
    drills: tuple[str, ...] = ()
    red_flags: tuple[str, ...] | None = None


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
    "series_of",
]
