"""Two sessions of a series -> the change between them, and whether it is real."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np

from hiprom.core.history import Series, Session
from hiprom.core.protocols.protocol import Protocol
from hiprom.core.statistics.reliability import MeasurementError

Against = Literal["last", "baseline", "best"]
Direction = Literal["more range", "less range", "the same range"]
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Change:
    """How far the newest session lies from an earlier one.

    Attributes
    ----------
    against : {"last", "baseline", "best"}
        Which one: the session before, the first, or the best before the newest.
    session_id : int
    recorded_at : datetime
        Of the earlier session.
    change, low, high : float
        Newest minus earlier, and its 95 % interval, signed as the quantity is: more
        external rotation is negative. NaN where the error is unknown.
    direction : {"more range", "less range", "the same range"}
        What that means for this protocol.
    is_real : bool
        Whether the interval leaves out zero.
    """

    against: Against
    session_id: int
    recorded_at: datetime
    change: float
    low: float
    high: float
    direction: Direction
    is_real: bool

    @property
    def verdict(self) -> str:
        """Whether the change is more than error, in words."""
        if not np.isfinite(self.low):
            return "of unknown meaning: the measurement error is not known"
        if self.is_real:
            return "larger than measurement error"
        return "within measurement error"


def change_between(
    earlier: Session,
    later: Session,
    error: MeasurementError,
    protocol: Protocol,
    *,
    against: Against = "last",
    chosen_from: int = 1,
) -> Change:
    """Change from one session to another of the same series.

    Parameters
    ----------
    earlier, later : Session
    error : MeasurementError
        Of their series.
    protocol : Protocol
        For its direction.
    against : {"last", "baseline", "best"}
        What `earlier` is called.
    chosen_from : int
        From how many sessions `earlier` was picked for its value.

    Notes
    -----
    The interval joins the errors of both sessions. Between two ordinary sessions it is
    the MDC95 to either side, so "larger than measurement error" means beyond the MDC95;
    a session with a bad view makes it wider.

    The best of many sessions owes part of its place to luck: an unchanged hip falls
    short of it again and again. Its interval is widened for having been picked
    (Bonferroni: the 5 % are shared out among all it was picked from).
    """
    change = later.mean - earlier.mean
    sd = float(np.linalg.norm(error.sd_of((earlier, later))))
    half = error.two_sided(1 - (1 - _CONFIDENCE) / chosen_from) * sd
    gain = protocol.direction * change
    return Change(
        against=against,
        session_id=earlier.session_id,
        recorded_at=earlier.recorded_at,
        change=change,
        low=change - half,
        high=change + half,
        direction=direction_of(gain),
        is_real=bool(abs(change) > half),
    )


def changes(
    series: Series, error: MeasurementError, protocol: Protocol
) -> tuple[Change, ...]:
    """Change of the newest session against the last, the baseline and the best.

    Returns
    -------
    tuple of Change
        In that order; empty for a single session. With two sessions all three speak of
        the same one.

    Notes
    -----
    The best is the session that surely went furthest: a standard error is taken off
    each before they are compared, so that a poor view is not the best by its error.
    """
    *earlier, newest = series.sessions
    if not earlier:
        return ()
    sure = protocol.direction * series.means - np.nan_to_num(
        error.sd_of(series.sessions)
    )
    best = earlier[int(np.argmax(sure[:-1]))]
    return (
        change_between(earlier[-1], newest, error, protocol, against="last"),
        change_between(earlier[0], newest, error, protocol, against="baseline"),
        change_between(
            best, newest, error, protocol, against="best", chosen_from=len(earlier)
        ),
    )


def direction_of(gain: float) -> Direction:
    """Return what a gain along the protocol's movement is called."""
    if gain == 0:
        return "the same range"
    return "more range" if gain > 0 else "less range"
