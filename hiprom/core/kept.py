"""What is kept of a person: who they are, trials with their reps, diary, programme."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

import numpy as np

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Rep, SideMeasurement

Sex = Literal["female", "male"]
InjuredSide = Literal["left", "right", "both", "none"]


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
        What measured: `history.VIDEO`, or the name an import gave.
    video : str
        The file's name, "" where there was none.
    duration_s : float
        Length of the recording; NaN where unknown.
    reps : tuple of SavedRep
    summary : mapping
        What summary.json holds; empty for an import.
    set_aside : str or None
        Why another measurement of the recording counts in its place; None where none
        does.
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
    set_aside: str | None = None


def saved_reps(side: SideMeasurement) -> Iterator[SavedRep]:
    """Yield the reps of a side as they are kept: each quantity has one of its own.

    That of a further quantity has the rep's number and times, and the quantity's own
    values; the rest is NaN, and the flags stay with the primary one.
    """
    for rep in side.reps:
        yield SavedRep(side.side, side.quantity, replace(rep, further={}))
        for quantity, value in rep.further.items():
            yield SavedRep(
                side.side,
                quantity,
                Rep(
                    number=rep.number,
                    start_s=rep.start_s,
                    peak_s=rep.peak_s,
                    end_s=rep.end_s,
                    plateau_start_s=np.nan,
                    plateau_end_s=np.nan,
                    end_range=value.end_range,
                    end_range_low=value.end_range_low,
                    end_range_high=value.end_range_high,
                    neutral=value.neutral,
                    excursion=value.excursion,
                    hold_s=np.nan,
                    raise_s=np.nan,
                    lower_s=np.nan,
                    peak_velocity=np.nan,
                    shank_tilt_deg=np.nan,
                    compensation_deg=np.nan,
                    flags=(),
                    valid=rep.valid,
                ),
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
