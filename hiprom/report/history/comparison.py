"""An Overview and two of its sessions -> what was measured alike in both.

The change is `change_between` of the core, as between a session and the one before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from hiprom.core.history import Series
from hiprom.core.landmarks import MeasuredSide
from hiprom.core.overview import Overview
from hiprom.core.programme import SessionTempo
from hiprom.core.protocols import Protocol
from hiprom.core.quantities import amount
from hiprom.core.statistics import Change, Progress, SessionRow, change_between
from hiprom.errors import InputError
from hiprom.report.dates import day
from hiprom.report.history.chapters import RepRow, place, reps_of_visit, titled
from hiprom.report.sentences import along

# So many sessions are named where the one asked for is not there.
_MOST_NAMED = 8


@dataclass(frozen=True, eq=False)
class Visit:
    """One session's part in a comparison.

    Attributes
    ----------
    row : SessionRow
    tempo : SessionTempo
    reps : tuple of RepRow
        All of them, those that do not count among them.
    """

    row: SessionRow
    tempo: SessionTempo
    reps: tuple[RepRow, ...]


@dataclass(frozen=True, eq=False)
class Pair:
    """One side of one protocol, measured by one instrument in both sessions."""

    progress: Progress
    earlier: Visit
    later: Visit
    change: Change

    @property
    def side(self) -> MeasuredSide:
        """The subject's own, or "both"."""
        return self.progress.measure.side

    @property
    def protocol(self) -> Protocol:
        """The one that both sessions are of."""
        return self.progress.protocol

    @property
    def visits(self) -> tuple[Visit, Visit]:
        """Earlier before later."""
        return self.earlier, self.later

    def shown(self, value: float) -> float:
        """Return a value as it counts along the movement: external is positive."""
        return self.protocol.direction * value

    def said(self, value: float) -> str:
        """Return a value along the movement in words: "34.2°"."""
        return amount(self.shown(value), self.protocol.quantity)

    def interval(self, visit: Visit) -> tuple[float, float]:
        """Return the 95 % interval of a visit's mean along the movement."""
        half = self.progress.error.two_sided() * visit.row.error_sd
        return along(self.protocol, visit.row.mean - half, visit.row.mean + half)


@dataclass(frozen=True, eq=False)
class Comparison:
    """The sides of one protocol and instrument, left before right."""

    protocol: Protocol
    instrument: str
    pairs: tuple[Pair, ...]

    @property
    def title(self) -> str:
        """The protocol's, with the instrument where it is not the camera."""
        return titled(self.protocol, self.instrument)


def compare(
    overview: Overview, earlier_session_id: int, later_session_id: int
) -> tuple[Comparison, ...]:
    """Put two sessions side by side, measure by measure.

    Parameters
    ----------
    overview : Overview
    earlier_session_id, later_session_id : int
        In either order: the earlier one comes first in what is returned.

    Raises
    ------
    InputError
        If a session is not there, both are the same, or they have no measure in common.
    """
    wanted = {earlier_session_id, later_session_id}
    for session_id in (earlier_session_id, later_session_id):
        _check_there(overview, session_id)
    if len(wanted) == 1:
        raise InputError(
            f"Session {earlier_session_id} cannot be compared with itself. Name two."
        )
    pairs = sorted(_pairs(overview, wanted), key=_place)
    if not pairs:
        raise InputError(
            f"Sessions {earlier_session_id} and {later_session_id} have nothing in "
            "common: only the same protocol, side and instrument can be compared. "
            "Choose two sessions of one protocol."
        )
    return tuple(
        Comparison(group[0].protocol, group[0].progress.measure.instrument, group)
        for _, found in groupby(pairs, key=lambda pair: _place(pair)[:-1])
        for group in [tuple(found)]
    )


def _pairs(overview: Overview, wanted: set[int]) -> Iterator[Pair]:
    for series, progress in zip(overview.series, overview.progress, strict=True):
        at = [
            index
            for index, session in enumerate(series.sessions)
            if session.session_id in wanted
        ]
        if len(at) == len(wanted):
            earlier, later = (series.sessions[index] for index in at)
            first, last = (_visit(overview, series, progress, index) for index in at)
            yield Pair(
                progress=progress,
                earlier=first,
                later=last,
                change=change_between(
                    earlier, later, progress.error, progress.protocol
                ),
            )


def _visit(overview: Overview, series: Series, progress: Progress, index: int) -> Visit:
    session_id = series.sessions[index].session_id
    return Visit(
        row=progress.sessions[index],
        tempo=overview.tempo[series.measure][index],
        reps=reps_of_visit(overview, series.measure, session_id),
    )


def _place(pair: Pair) -> tuple[int, str, bool, str, int, int]:
    return place(pair.progress.measure)


def _check_there(overview: Overview, session_id: int) -> None:
    known = {
        session.session_id: session.recorded_at
        for series in overview.series
        for session in series.sessions
    }
    if session_id in known:
        return
    newest = sorted(known, key=lambda each: known[each])[-_MOST_NAMED:]
    named = ", ".join(f"{each} ({day(known[each])})" for each in newest)
    raise InputError(
        f"There is no session {session_id} with a repetition that counts. "
        + (f"The newest are {named}." if named else "There is none at all yet.")
    )
