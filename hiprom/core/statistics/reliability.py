"""A series of sessions -> its measurement error: SEM, MDC95, and who says so.

Two sessions never give quite the same number, though the hip has not changed: the
person sits a little differently, the camera stands elsewhere. The standard error of
measurement (SEM) is the size of that scatter; a change smaller than the minimal
detectable change (MDC95) is no more than the scatter of an unchanged hip.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.history import Series, Session
from hiprom.core.protocols.protocol import Protocol
from hiprom.core.quantities import unit
from hiprom.core.statistics.agreement import Icc, icc_a1
from hiprom.core.statistics.quantiles import two_sided
from hiprom.core.vectors import Array

# Seated, active, one leg at a time, digital inclinometer: MDC95 5.4, and 5.4 / (1.96
# sqrt(2)) = 1.95.
LITERATURE_SEM_DEG = 1.95
LITERATURE = (
    "Krause et al. 2015 (Knee Surg Sports Traumatol Arthrosc 23:2562): 25 healthy "
    "adults, seated, active, digital inclinometer"
)
# Below this many pairs the own SEM would itself be uncertain by more than a quarter.
LEAST_PAIRS = 12
# Neighbours further apart may differ because the hip changed.
MOST_DAYS_APART = 10.0
# A view so much worse than usual says little about the usual error.
_WORSE_VIEW = 1.5
# Numbers written down in whole degrees, or centimetres, can repeat exactly; no
# measurement is exact.
_LEAST_SEM = 0.5
_OF_PROTOCOL, _OF_WAY, _OF_QUANTITY = "seated_ir", "seated", "hip_rotation_deg"


@dataclass(frozen=True)
class MeasurementError:
    """How far a session's mean lies from the truth by chance.

    Attributes
    ----------
    sem : float
        Standard error of measurement: the standard deviation of a session's mean when
        nothing has changed. NaN where nobody knows it.
    mdc95 : float
        Minimal detectable change: two sessions of an unchanged hip differ by less in
        95 % of cases.
    icc : Icc or None
        ICC(A,1) of neighbouring sessions: the share of the spread of this person's
        sessions over time that is more than error. None unless `is_own`.
    source_sentence : str
        Whose error this is, in words.
    is_own : bool
        Whether it was learnt from the person's own sessions.
    sessions : int
        How many of them it was learnt from; 0 if none.
    degrees_of_freedom : float
        How well the SEM is known; infinite where it is taken as given.
    usual_view_sd : float
        The error that a session may state of itself (`Session.error_sd`) before it
        counts as less sure than the SEM says: the largest that the SEM was learnt from.
    """

    sem: float
    mdc95: float
    icc: Icc | None
    source_sentence: str
    is_own: bool
    sessions: int
    degrees_of_freedom: float
    usual_view_sd: float

    def sd_of(self, sessions: Sequence[Session]) -> Array:
        """Return the standard deviation of each session's mean, shape (sessions,).

        Never below the SEM, however sure the session is of itself; above it where the
        session's view was worse than usual: what its own variance has beyond the usual
        is added to the SEM's.
        """
        own = np.array([each.error_sd for each in sessions])
        beyond = np.nan_to_num(own) ** 2 - np.nan_to_num(self.usual_view_sd) ** 2
        return np.asarray(np.sqrt(self.sem**2 + np.maximum(beyond, 0.0)))

    def two_sided(self, confidence: float = 0.95) -> float:
        """Half-width of an interval in standard deviations; 1.96 if the SEM is given.

        More where the SEM was learnt, because it is itself uncertain: Student's t.
        """
        return two_sided(confidence, self.degrees_of_freedom)


def measurement_error(series: Series, protocol: Protocol) -> MeasurementError:
    """Measurement error of a series: the person's own, or the literature's before that.

    Parameters
    ----------
    series : Series
        Of one measure.
    protocol : Protocol
        The one that the series is of.

    Returns
    -------
    MeasurementError
        Own from `LEAST_PAIRS` pairs of neighbouring sessions on. Before that the
        literature's figure for seated internal rotation, which is borrowed for the
        other seated rotation, and says so. NaN for all else, which nobody measured.

    Notes
    -----
    Own: half the mean square of the differences between sessions that follow each other
    within `MOST_DAYS_APART` days. A slow trend, or a change during a pause, therefore
    does not count as error, as it would in the plain standard deviation. Sessions whose
    view was much worse than usual are left out. What is learnt so holds for this
    person, place and camera, and contains the day-to-day change of the hip itself.

    The differences of a chain overlap: with m pairs, c of which share a session with
    the pair before, the estimate has 2 m^2 / (2 m + c) degrees of freedom.

    MDC95 is 1.96 sqrt(2) SEM; where the SEM was learnt, Student's quantile takes the
    place of 1.96, so that an unchanged hip still stays within it in 95 % of cases.

    References
    ----------
    Weir JP (2005). Quantifying test-retest reliability using the intraclass correlation
    coefficient and the SEM. J Strength Cond Res 19(1):231-240. doi:10.1519/15184.1
    Krause DA et al. (2015). Reliability of hip internal rotation range of motion
    measurement using a digital inclinometer. Knee Surg Sports Traumatol Arthrosc
    23(9):2562-2567: MDC 5.4 degrees.
    """
    views = series.error_sds
    known = views[np.isfinite(views)]
    usual = float(np.median(known)) if len(known) else 0.0
    clear = ~(views > _WORSE_VIEW * usual)
    time_days, means = series.time_days[clear], series.means[clear]
    first = np.flatnonzero(np.diff(time_days) <= MOST_DAYS_APART)
    if len(first) < LEAST_PAIRS:
        return _of_the_literature(protocol)
    differences = means[first + 1] - means[first]
    least = _LEAST_SEM / unit(protocol.quantity).per_own
    sem = max(float(np.sqrt(np.mean(differences**2) / 2)), least)
    overlapping = int(np.sum(np.diff(first) == 1))
    freedom = 2 * len(first) ** 2 / (2 * len(first) + overlapping)
    sessions = len(np.union1d(first, first + 1))
    apart = _without_overlap(first)
    return MeasurementError(
        sem=sem,
        mdc95=two_sided(degrees_of_freedom=freedom) * float(np.sqrt(2)) * sem,
        icc=icc_a1(np.column_stack([means[apart], means[apart + 1]])),
        source_sentence=(
            f"Learnt from {sessions} of this person's own sessions that followed each "
            f"other within {MOST_DAYS_APART:g} days."
        ),
        is_own=True,
        sessions=sessions,
        degrees_of_freedom=freedom,
        usual_view_sd=float(
            np.max(known, where=known <= _WORSE_VIEW * usual, initial=0)
        ),
    )


def _of_the_literature(protocol: Protocol) -> MeasurementError:
    sem, said = LITERATURE_SEM_DEG, f"From the literature: {LITERATURE}; not video."
    if (protocol.way, protocol.quantity) != (_OF_WAY, _OF_QUANTITY):
        sem = float("nan")
        said = f"Nobody has measured it for {protocol.title.lower()} yet."
    elif protocol.name != _OF_PROTOCOL:
        said = (
            f"Borrowed from seated internal rotation, for want of a figure for "
            f"{protocol.title.lower()}. {said}"
        )
    return MeasurementError(
        sem=sem,
        mdc95=two_sided() * float(np.sqrt(2)) * sem,
        icc=None,
        source_sentence=(
            f"{said} The person's own takes its place after {LEAST_PAIRS + 1} sessions "
            f"that follow each other within {MOST_DAYS_APART:g} days."
        ),
        is_own=False,
        sessions=0,
        degrees_of_freedom=np.inf,
        usual_view_sd=sem,
    )


def _without_overlap(first: NDArray[np.intp]) -> NDArray[np.intp]:
    """Every pair's first session, leaving out pairs that share one with the last."""
    taken: list[int] = []
    for index in first:
        if not taken or index > taken[-1] + 1:
            taken.append(int(index))
    return np.array(taken)
