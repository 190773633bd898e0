"""An Overview -> its chapters: one per protocol and instrument, leg by leg.

Nothing is worked out here but which of the overview's parts belong together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from hiprom.core.history import VIDEO, Measure, SavedRep, Series, measured
from hiprom.core.landmarks import SIDES, MeasuredSide
from hiprom.core.overview import Overview
from hiprom.core.programme import SessionTempo
from hiprom.core.protocols import PROTOCOLS, Protocol
from hiprom.core.quantities import amount
from hiprom.core.statistics import Asymmetry, Progress, SftrNote
from hiprom.report.history.pose import Pose
from hiprom.report.sentences import along

_ORDER: tuple[MeasuredSide, ...] = (*SIDES, "both")


@dataclass(frozen=True)
class RepRow:
    """One repetition of a visit, those that do not count among them.

    Attributes
    ----------
    label : str
        Its number; with the number of its recording before it where a visit has
        several.
    saved : SavedRep
    """

    label: str
    saved: SavedRep


@dataclass(frozen=True, eq=False)
class Leg:
    """One side of a chapter.

    Attributes
    ----------
    series : Series
    progress : Progress
    tempo : tuple of SessionTempo
    newest_reps : tuple of RepRow
        All repetitions of the newest session.
    further : tuple of Series
        What is reported besides, of the same side and direction.
    pose : Pose or None
    """

    series: Series
    progress: Progress
    tempo: tuple[SessionTempo, ...]
    newest_reps: tuple[RepRow, ...]
    further: tuple[Series, ...] = ()
    pose: Pose | None = None

    @property
    def side(self) -> MeasuredSide:
        """The subject's own, or "both"."""
        return self.series.measure.side

    @property
    def protocol(self) -> Protocol:
        """The one that the leg's sessions are of."""
        return self.progress.protocol

    def shown(self, value: float) -> float:
        """Return a value as it counts along the movement: external is positive."""
        return self.protocol.direction * value

    def said(self, value: float) -> str:
        """Return a value along the movement in words: "34.2°"."""
        return amount(self.shown(value), self.protocol.quantity)

    def interval(self, index: int) -> tuple[float, float]:
        """Return the 95 % interval of a session's mean along the movement.

        NaN where the measurement error is not known.
        """
        row, error = self.progress.sessions[index], self.progress.error
        half = error.two_sided() * row.error_sd
        return along(self.protocol, row.mean - half, row.mean + half)


@dataclass(frozen=True, eq=False)
class Chapter:
    """One movement of a protocol, measured by one instrument.

    Attributes
    ----------
    protocol : Protocol
    instrument : str
    legs : tuple of Leg
        One or two, left before right; one alone for a movement of the whole body.
    asymmetry : Asymmetry or None
    notes : tuple of SftrNote
        Of the sides, where external and internal rotation are both there.
    """

    protocol: Protocol
    instrument: str
    legs: tuple[Leg, ...]
    asymmetry: Asymmetry | None
    notes: tuple[SftrNote, ...]

    @property
    def title(self) -> str:
        """The protocol's, with the instrument where it is not the camera."""
        return titled(self.protocol, self.instrument)

    @property
    def period(self) -> tuple[datetime, datetime]:
        """When the first and the newest session of any leg were."""
        times = [
            session.recorded_at for leg in self.legs for session in leg.series.sessions
        ]
        return min(times), max(times)

    @property
    def visits(self) -> int:
        """How many sessions there are, those of both legs counted once."""
        return len(
            {session.session_id for leg in self.legs for session in leg.series.sessions}
        )


def chapters(overview: Overview, poses: Iterable[Pose] = ()) -> tuple[Chapter, ...]:
    """Sort an overview by protocol, instrument and direction, in the protocols' order.

    Parameters
    ----------
    overview : Overview
    poses : iterable of Pose
        For the legs they are of; one that fits no series is passed over.
    """
    pose_of = {pose.measure: pose for pose in poses}
    legs = [
        Leg(
            series=series,
            progress=progress,
            tempo=overview.tempo[series.measure],
            newest_reps=reps_of_visit(
                overview, series.measure, series.sessions[-1].session_id
            ),
            further=tuple(
                each
                for each in overview.further
                if replace(each.measure, quantity=series.measure.quantity)
                == series.measure
            ),
            pose=pose_of.get(series.measure),
        )
        for series, progress in zip(overview.series, overview.progress, strict=True)
    ]
    legs.sort(key=lambda leg: place(leg.series.measure))
    return tuple(
        _chapter(overview, tuple(group)) for _, group in groupby(legs, key=_subject)
    )


def titled(protocol: Protocol, instrument: str) -> str:
    """Return the protocol's title, with the instrument where it is not the camera."""
    if instrument == VIDEO:
        return protocol.title
    return f"{protocol.title}, by {instrument}"


def place(measure: Measure) -> tuple[int, str, bool, str, int, int]:
    """Return what a report sorts by: the registry, the camera and left first."""
    return (
        list(PROTOCOLS).index(measure.protocol),
        measure.quantity,
        measure.instrument != VIDEO,
        measure.instrument,
        -measure.direction,
        _ORDER.index(measure.side),
    )


def reps_of_visit(
    overview: Overview, measure: Measure, session_id: int
) -> tuple[RepRow, ...]:
    """Return every repetition of one measure in one visit, in order of time."""
    recordings = [
        reps
        for trial in sorted(
            overview.trials, key=lambda each: (each.recorded_at, each.trial_id)
        )
        if trial.session_id == session_id
        and (trial.protocol, trial.instrument) == (measure.protocol, measure.instrument)
        for reps in [tuple(saved for its, saved in measured(trial) if its == measure)]
        if reps
    ]
    return tuple(
        RepRow(
            f"{number}.{saved.rep.number}"
            if len(recordings) > 1
            else f"{saved.rep.number}",
            saved,
        )
        for number, reps in enumerate(recordings, start=1)
        for saved in reps
    )


def _chapter(overview: Overview, legs: tuple[Leg, ...]) -> Chapter:
    newest = {leg.series.sessions[-1] for leg in legs}
    sessions = {session for leg in legs for session in leg.series.sessions}
    return Chapter(
        protocol=legs[0].protocol,
        instrument=legs[0].series.measure.instrument,
        legs=legs,
        asymmetry=next(
            (each for each in overview.asymmetries if each.right in newest), None
        ),
        notes=tuple(
            note for note in overview.sftr if {note.external, note.internal} & sessions
        ),
    )


def _subject(leg: Leg) -> tuple[str, str, str, int]:
    measure = leg.series.measure
    return measure.protocol, measure.quantity, measure.instrument, measure.direction
