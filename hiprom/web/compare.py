"""A person's history and two of its trials -> all that the page of both shows.

Which trials may be compared is for `hiprom.core.history` to say, and whether they
differ for `hiprom.core.statistics`. Numbers are those of the whole session, as
everywhere; film and curve are of the trial that was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from hiprom.core.history import Measure, in_common, measured
from hiprom.core.in_step import by_reps, by_time
from hiprom.core.kept import SavedTrial
from hiprom.core.overview import Overview
from hiprom.core.protocols import Protocol
from hiprom.core.quantities import gained
from hiprom.errors import MeasurementError
from hiprom.report.dates import day
from hiprom.report.history import comparison_words, words
from hiprom.report.history.chapters import RepRow
from hiprom.report.history.comparison import Comparison, Pair, Visit
from hiprom.report.sentences import along, heading, interval
from hiprom.web.against import pair_of
from hiprom.web.compare_choice import (
    BY_REPS,
    BY_TIME,
    Choice,
    Option,
    chosen,
    key_of,
    option,
)
from hiprom.web.compare_curve import Overlaid, Shown, overlaid, shown
from hiprom.web.trial import measured_as_kept

_WAYS = {BY_REPS: by_reps, BY_TIME: by_time}


class RepPair(NamedTuple):
    """Two repetitions of the same place in line, as they stand in a table."""

    label: str
    earlier: str
    later: str


@dataclass(frozen=True, eq=False)
class One:
    """One of both trials.

    Attributes
    ----------
    trial : SavedTrial
    day, number, interval : str
        Of its session.
    film : str
        Its job, whose film is there; "" where none is.
    has_curve : bool
    is_one_of_several : bool
        Whether its session has other recordings of the same.
    """

    trial: SavedTrial
    day: str
    number: str
    interval: str
    film: str
    has_curve: bool
    is_one_of_several: bool


@dataclass(frozen=True, eq=False)
class ComparePage:
    """What the page of two trials shows.

    Attributes
    ----------
    protocol : Protocol
    heading, title : str
        "Left hip, internal rotation"; the protocol's.
    earlier, later : One
    sessions : pair of int
    change, interval, verdict : str
    is_real : bool
    reps : tuple of RepPair
    rows : tuple
        Of `comparison_words.rows`.
    method : str
    curve : Overlaid or None
        None where of neither landmarks are kept.
    align : str
    trials, partners, measures : tuple of Option
        What else may be chosen: as the later one, against it, and by which measure.
    of : str
    """

    protocol: Protocol
    heading: str
    title: str
    earlier: One
    later: One
    sessions: tuple[int, int]
    change: str
    interval: str
    verdict: str
    is_real: bool
    reps: tuple[RepPair, ...]
    rows: tuple[comparison_words.Row, ...]
    method: str
    curve: Overlaid | None
    align: str
    trials: tuple[Option, ...]
    partners: tuple[Option, ...]
    measures: tuple[Option, ...]
    of: str


def compare_page(
    overview: Overview,
    choice: Choice,
    landmarks: Mapping[int, Path],
    films: Mapping[int, str],
) -> ComparePage | None:
    """Return the page of two trials; None where there are no two to compare.

    Parameters
    ----------
    overview : Overview
    choice : Choice
        What cannot be compared gives way to the nearest that can.
    landmarks : mapping of int to Path
        By the trials' numbers, of those that have some.
    films : mapping of int to str
        The jobs whose films are there, by the trials' numbers.
    """
    with_partners = [
        (trial, found)
        for trial in overview.trials
        if (found := in_common(trial, overview.trials))
    ]
    if not with_partners:
        return None
    later, partners = chosen(with_partners, choice.later)
    before = [pair for pair in partners if pair[0].recorded_at < later.recorded_at]
    earlier, measures = chosen(before or partners, choice.earlier)
    both = sorted((earlier, later), key=lambda trial: trial.recorded_at)
    measure = next(
        (each for each in measures if key_of(each) == choice.of), measures[0]
    )
    pair = pair_of(overview, both[0].session_id, both[1].session_id, measure)
    parts = tuple(_part(each, landmarks, measure) for each in both)
    ones = [
        _one(
            overview,
            trial,
            pair,
            visit,
            film=films.get(trial.trial_id, ""),
            has_curve=its_part is not None,
        )
        for trial, visit, its_part in zip(both, pair.visits, parts, strict=True)
    ]
    align = choice.align if choice.align in _WAYS else BY_REPS
    return ComparePage(
        protocol=pair.protocol,
        heading=heading(measure.side, pair.protocol.movement),
        title=Comparison(pair.protocol, measure.instrument, (pair,)).title,
        earlier=ones[0],
        later=ones[1],
        sessions=(both[0].session_id, both[1].session_id),
        change=gained(pair.shown(pair.change.change), pair.protocol.quantity),
        interval=comparison_words.change_interval(pair),
        verdict=words.verdict(pair.change),
        is_real=pair.change.is_real,
        reps=tuple(_reps(pair)),
        rows=tuple(comparison_words.rows(pair)),
        method=comparison_words.method_sentence(
            Comparison(pair.protocol, measure.instrument, (pair,))
        ),
        curve=_curve((parts[0], parts[1]), align, measure.quantity),
        align=align,
        trials=tuple(option(trial) for trial, _ in reversed(with_partners)),
        partners=tuple(option(trial) for trial, _ in reversed(partners)),
        measures=tuple(
            Option(key_of(each), heading(each.side, each.known.movement))
            for each in measures
            if each.known
        ),
        of=key_of(measure),
    )


def _part(
    trial: SavedTrial, landmarks: Mapping[int, Path], measure: Measure
) -> Shown | None:
    place = landmarks.get(trial.trial_id)
    if place is None:
        return None
    try:
        return shown(measured_as_kept(place, trial), measure)
    except MeasurementError:  # it was measured by a hiprom that judged otherwise
        return None


def _curve(
    both: tuple[Shown | None, Shown | None], align: str, quantity: str
) -> Overlaid | None:
    there = [each.recording for each in both if each is not None]
    if not there:
        return None
    return overlaid(both, _WAYS[align](there[0], there[-1]), quantity)


def _one(
    overview: Overview,
    trial: SavedTrial,
    pair: Pair,
    visit: Visit,
    *,
    film: str,
    has_curve: bool,
) -> One:
    recordings = [
        each
        for each in overview.trials
        if each.session_id == trial.session_id
        and any(its == pair.progress.measure for its, _ in measured(each))
    ]
    return One(
        trial=trial,
        day=day(visit.row.recorded_at),
        number=pair.said(visit.row.mean),
        interval=interval(*pair.interval(visit), pair.protocol.quantity),
        film=film,
        has_curve=has_curve,
        is_one_of_several=len(recordings) > 1,
    )


def _reps(pair: Pair) -> Iterable[RepPair]:
    def cell(row: RepRow | None) -> str:
        if row is None:
            return ""
        rep = row.saved.rep
        limits = along(pair.protocol, rep.end_range_low, rep.end_range_high)
        likely = interval(*limits, pair.protocol.quantity)
        said = pair.said(rep.end_range) + (f" ({likely})" if likely else "")
        return said if row.saved.counts else f"{said}, does not count"

    for place, both in enumerate(
        zip_longest(pair.earlier.reps, pair.later.reps), start=1
    ):
        yield RepPair(f"{place}", *map(cell, both))
