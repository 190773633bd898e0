"""Two sides of one measure -> how much further one hip goes than the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal

import numpy as np

from hiprom.core.history import Series, Session
from hiprom.core.protocols.protocol import Protocol, Threshold
from hiprom.core.statistics.reliability import MeasurementError
from hiprom.errors import InputError

BandName = Literal["within measurement error", "green", "amber", "red", "not rated"]

AT_MOST_APART = timedelta(days=14)
_AS_OTHERS = "the bands that VALD HumanTrak shows; a convention, not a limit of health"
GREEN_BELOW = Threshold(10.0, "%", "a small side difference", _AS_OTHERS)
RED_ABOVE = Threshold(25.0, "%", "a large side difference", _AS_OTHERS)
LEAST_RANGE = Threshold(
    10.0,
    "deg",
    "below this on the better side a percentage says nothing",
    "ours: the MDC95 of 5.4 deg would be more than half of it",
)


@dataclass(frozen=True)
class Asymmetry:
    """Right against left, of one protocol, quantity and instrument.

    Attributes
    ----------
    right, left : Session
        What was compared.
    is_same_session : bool
        Whether in one visit; otherwise the newest of each side, within 14 days.
    difference_deg, low_deg, high_deg : float
        Range of the right minus range of the left with its 95 % interval: positive if
        the right goes further, whichever way the quantity is signed. NaN interval where
        the error is unknown.
    percent : float
        The difference as a share of the side that goes further; NaN near zero.
    band : str
        "within measurement error" first of all; else "green" below 10 %, "amber" to
        25 %, "red" above; "not rated" where there is no percentage or no known error.
    """

    right: Session
    left: Session
    is_same_session: bool
    difference_deg: float
    low_deg: float
    high_deg: float
    percent: float
    band: BandName

    @property
    def is_real(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low_deg > 0 or self.high_deg < 0


def asymmetry(
    right: Series,
    left: Series,
    errors: tuple[MeasurementError, MeasurementError],
    protocol: Protocol,
) -> Asymmetry | None:
    """Compare the newest session of each side.

    Parameters
    ----------
    right, left : Series
        Of the same protocol, quantity, direction and instrument.
    errors : pair of MeasurementError
        Of the right and of the left series.
    protocol : Protocol

    Returns
    -------
    Asymmetry or None
        None where the newest sessions lie more than 14 days apart: between them the
        hips may have changed.

    Raises
    ------
    InputError
        If the two are not the two sides of one measure.

    Notes
    -----
    The share is taken of the side that goes further, so that it does not depend on
    which side is called first. There are many other formulas, and they give other
    numbers (Bishop et al. 2016).

    References
    ----------
    Bishop C, Read P, Chavda S, Turner A (2016). Asymmetries of the lower limb: the
    calculation conundrum in strength training and conditioning. Strength and
    Conditioning Journal. doi:10.1519/SSC.0000000000000264
    """
    _check_sides(right, left)
    newest = right.sessions[-1], left.sessions[-1]
    if abs(newest[0].recorded_at - newest[1].recorded_at) > AT_MOST_APART:
        return None
    return _between(*newest, errors, protocol)


def asymmetries(
    right: Series,
    left: Series,
    errors: tuple[MeasurementError, MeasurementError],
    protocol: Protocol,
) -> tuple[Asymmetry, ...]:
    """Compare every session of the right with its nearest of the left, over time.

    Parameters and errors are those of `asymmetry`. The nearest is the left of the same
    session, if there is one; a session without any within 14 days is left out.
    """
    _check_sides(right, left)
    pairs = [
        (
            session,
            min(
                left.sessions,
                key=lambda other: (
                    session.session_id != other.session_id,
                    abs(session.recorded_at - other.recorded_at),
                ),
            ),
        )
        for session in right.sessions
    ]
    return tuple(
        _between(*pair, errors, protocol)
        for pair in pairs
        if abs(pair[0].recorded_at - pair[1].recorded_at) <= AT_MOST_APART
    )


def _check_sides(right: Series, left: Series) -> None:
    r, s = right.measure, left.measure
    if replace(r, side="left") != s or r.side != "right":
        raise InputError(
            f"Cannot compare {r} with {s}. A side difference needs the right and the "
            "left of one protocol, quantity, direction and instrument, in this order."
        )


def _between(
    right: Session,
    left: Session,
    errors: tuple[MeasurementError, MeasurementError],
    protocol: Protocol,
) -> Asymmetry:
    ranges = protocol.direction * right.mean, protocol.direction * left.mean
    difference = ranges[0] - ranges[1]
    widest = max(error.two_sided() for error in errors)
    half = widest * float(
        np.hypot(errors[0].sd_of((right,))[0], errors[1].sd_of((left,))[0])
    )
    further = max(ranges)
    percent = 100 * difference / further if further >= LEAST_RANGE.value else np.nan
    return Asymmetry(
        right=right,
        left=left,
        is_same_session=right.session_id == left.session_id,
        difference_deg=difference,
        low_deg=difference - half,
        high_deg=difference + half,
        percent=percent,
        band=_band(abs(difference), half, abs(percent)),
    )


def _band(difference: float, half: float, percent: float) -> BandName:
    if np.isnan(half):
        return "not rated"
    if difference <= half:
        return "within measurement error"
    if np.isnan(percent):
        return "not rated"
    if percent < GREEN_BELOW.value:
        return "green"
    return "amber" if percent <= RED_ABOVE.value else "red"
