"""A series of sessions -> its smoothed trend with a band, and its slope.

The trend is the level behind the scatter of the sessions (level.py). How the level
moves is not known beforehand. Instead of settling on one answer, all that the sessions
allow are averaged, each by how well it explains them: the single best answer would be
too sure of itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.history import Series
from hiprom.core.protocols.protocol import Protocol
from hiprom.core.quantities import unit
from hiprom.core.statistics.change import Direction, direction_of
from hiprom.core.statistics.level import Smoothed, Wandering, smoothed
from hiprom.core.statistics.quantiles import two_sided
from hiprom.core.statistics.reliability import MeasurementError
from hiprom.core.vectors import Array

LEAST_SESSIONS_FOR_A_SLOPE = 5
MONTH_DAYS = 30.0
# Where a range moves, 3 degrees in 30 days is a usual pace, and to change by 4 (the
# level by itself, or the pace) is already quick. For a distance as many centimetres.
_PACE_DEG = 3.0
_QUICK_DEG = 4.0
# Still, straight and curved are equally likely beforehand. A level that jumps about
# from session to session is less so: most of that is measurement error by definition.
_STILL, _STRAIGHT, _CURVED, _JUMPING = 1.0, 1.0, 1.0, 0.25


@dataclass(frozen=True, eq=False)
class Band:
    """A trend on some days, each attribute of shape (days,).

    Attributes
    ----------
    days : ndarray
        Since the first session.
    mean, sd : ndarray
        Of the level, in the quantity's unit.
    low, high : ndarray
        The 95 % interval of the level: not of a session, which scatters about it.
    """

    days: Array
    mean: Array
    sd: Array
    low: Array
    high: Array


@dataclass(frozen=True)
class Slope:
    """How fast the range is changing at the newest session.

    Attributes
    ----------
    per_30_days, low, high : float
        With the 95 % interval, signed as the quantity is.
    direction : {"more range", "less range", "the same range"}
    is_real : bool
        Whether the interval leaves out zero.
    """

    per_30_days: float
    low: float
    high: float
    direction: Direction
    is_real: bool


@dataclass(frozen=True, eq=False)
class Trend:
    """The level behind a series of sessions.

    Attributes
    ----------
    sessions : Band
        At the sessions.
    slope : Slope or None
        None below five sessions.
    """

    sessions: Band
    slope: Slope | None
    _values: Array
    _variances: Array
    _wandering: Wandering

    def daily(self) -> Band:
        """Return the trend day by day from the first session to the last, to draw."""
        at = self.sessions.days
        every_day = np.arange(0.0, np.floor(at[-1]) + 1.0)
        every_day = np.union1d(every_day, at[[0, -1]])
        days = np.concatenate([at, every_day])
        order = np.argsort(days, kind="stable")
        no_session = np.full(len(every_day), np.nan)
        answer = smoothed(
            days[order],
            np.concatenate([self._values, no_session])[order],
            np.concatenate([self._variances, no_session])[order],
            self._wandering,
        )
        shown = np.flatnonzero(order >= len(at))
        return _band(days[order], answer, shown)


def trend(series: Series, error: MeasurementError, protocol: Protocol) -> Trend | None:
    """Smooth a series of sessions.

    Parameters
    ----------
    series : Series
    error : MeasurementError
        Of the series: it says how sure each session is.
    protocol : Protocol
        For its direction.

    Returns
    -------
    Trend or None
        None where the measurement error is unknown.

    Notes
    -----
    A local-level model whose level may stand still, follow a straight line, a smooth
    curve, or jump about. The four are weighed 4 : 4 : 4 : 1 beforehand, and how
    strongly a curve bends or a level jumps has a half-normal prior.
    docs/decisions/0004-what-counts-as-a-change.md says why, and how often the band
    holds the truth.
    """
    sd = error.sd_of(series.sessions)
    if not np.isfinite(sd).all():
        return None
    days, values = series.time_days, series.means
    wandering = _in_units(1 / unit(series.measure.quantity).per_own)
    answer = smoothed(days, values, sd**2, wandering)
    return Trend(
        sessions=_band(days, answer, np.arange(len(days))),
        slope=(
            _slope(answer, protocol)
            if len(days) >= LEAST_SESSIONS_FOR_A_SLOPE
            else None
        ),
        _values=values,
        _variances=sd**2,
        _wandering=wandering,
    )


def _beforehand() -> tuple[Wandering, Array]:
    """Return the answers to be averaged, and how likely each is beforehand."""
    strengths = np.geomspace(0.15, 12.0, 12)
    # On a geometric grid a point stands for a stretch in proportion to itself.
    odds = strengths * np.exp(-((strengths / _QUICK_DEG) ** 2) / 2)
    odds /= odds.sum()
    none, zero = np.zeros_like(strengths), np.zeros(2)
    variance = strengths**2 / MONTH_DAYS
    pace = (_PACE_DEG / MONTH_DAYS) ** 2
    wandering = Wandering(
        level=np.concatenate([zero, none, variance]),
        slope=np.concatenate([zero, variance / MONTH_DAYS**2, none]),
        first_slope=np.concatenate([[0.0, pace], none + pace, none]),
    )
    prior = np.concatenate([[_STILL, _STRAIGHT], _CURVED * odds, _JUMPING * odds])
    return wandering, prior / prior.sum()


_WANDERING, _PRIOR = _beforehand()


def _in_units(size: float) -> Wandering:
    """Return the ways of wandering where a degree's like is so large."""
    return Wandering(
        level=_WANDERING.level * size**2,
        slope=_WANDERING.slope * size**2,
        first_slope=_WANDERING.first_slope * size**2,
    )


def _weights(answer: Smoothed) -> Array:
    """How likely each answer is after the sessions, shape (k,), sum 1."""
    likelihood = np.exp(answer.log_likelihood - answer.log_likelihood.max())
    weights = _PRIOR * likelihood
    return np.asarray(weights / weights.sum())


def _averaged(weights: Array, mean: Array, variance: Array) -> tuple[Array, Array]:
    """Mean and SD of a mixture: what the answers say, and how they differ."""
    middle = weights @ mean
    return middle, np.sqrt(weights @ (variance + (mean - middle) ** 2))


def _band(days: Array, answer: Smoothed, shown: NDArray[np.intp]) -> Band:
    middle, sd = _averaged(
        _weights(answer), answer.mean[:, shown, 0], answer.covariance[:, shown, 0, 0]
    )
    half = two_sided() * sd
    return Band(days[shown], middle, sd, middle - half, middle + half)


def _slope(answer: Smoothed, protocol: Protocol) -> Slope:
    middle, sd = _averaged(
        _weights(answer), answer.mean[:, -1, 1], answer.covariance[:, -1, 1, 1]
    )
    rate, half = MONTH_DAYS * float(middle), MONTH_DAYS * two_sided() * float(sd)
    return Slope(
        per_30_days=rate,
        low=rate - half,
        high=rate + half,
        direction=direction_of(protocol.direction * rate),
        is_real=abs(rate) > half,
    )
