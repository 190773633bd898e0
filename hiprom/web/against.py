"""An Overview and one of its trials -> what changed since the session before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hiprom.core.history import Measure, measured
from hiprom.core.kept import SavedTrial
from hiprom.core.overview import Overview
from hiprom.core.quantities import gained
from hiprom.report.dates import day
from hiprom.report.history import comparison_words, words
from hiprom.report.history.comparison import Pair, compare


@dataclass(frozen=True)
class Since:
    """How one movement stands against the session before.

    Attributes
    ----------
    day : str
        Of that session.
    change, interval, verdict : str
    is_real : bool
    """

    day: str
    change: str
    interval: str
    verdict: str
    is_real: bool


def pair_of(overview: Overview, earlier: int, later: int, measure: Measure) -> Pair:
    """Return how two sessions compare that both have a measure."""
    return next(
        pair
        for comparison in compare(overview, earlier, later)
        for pair in comparison.pairs
        if pair.progress.measure == measure
    )


def since_the_session_before(
    overview: Overview, trial: SavedTrial
) -> dict[tuple[str, int], Since]:
    """Return it for each side and direction of a trial that has a session before."""
    return dict(_since(overview, trial))


def _since(
    overview: Overview, trial: SavedTrial
) -> Iterator[tuple[tuple[str, int], Since]]:
    mine = {measure for measure, _ in measured(trial)}
    for progress in overview.progress:
        measure = progress.measure
        for before, this in pairwise(progress.sessions):
            if measure in mine and this.session_id == trial.session_id:
                pair = pair_of(overview, before.session_id, this.session_id, measure)
                yield (measure.side, measure.direction), _said(pair)


def _said(pair: Pair) -> Since:
    return Since(
        day=day(pair.earlier.row.recorded_at),
        change=gained(pair.shown(pair.change.change), pair.protocol.quantity),
        interval=comparison_words.change_interval(pair),
        verdict=words.verdict(pair.change),
        is_real=pair.change.is_real,
    )
