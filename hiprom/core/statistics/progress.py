"""A series of sessions -> all that a report prints about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from hiprom.core.history import Measure, Series, Session, Sex
from hiprom.core.protocols.protocol import Protocol
from hiprom.core.statistics.change import Change, changes
from hiprom.core.statistics.norms import Place, places
from hiprom.core.statistics.reliability import MeasurementError, measurement_error
from hiprom.core.statistics.trend import Slope, Trend, trend
from hiprom.errors import InputError


@dataclass(frozen=True)
class SessionRow:
    """One visit, as a table shows it; angles signed as the quantity is.

    Attributes
    ----------
    session_id : int
    recorded_at : datetime
    mean, best : float
        Of the repetitions that count.
    sd, sem : float
        Scatter of the repetitions, and standard error of their mean; NaN below two.
        This is not the standard error of measurement, which is between visits.
    reps : int
    error_sd : float
        Standard deviation of `mean` as a measurement: what the trend and the changes
        take it for. Where nobody knows the measurement error, what the session states
        of itself, which leaves out how a person differs from day to day.
    """

    session_id: int
    recorded_at: datetime
    mean: float
    best: float
    sd: float
    sem: float
    reps: int
    error_sd: float


@dataclass(frozen=True, eq=False)
class Progress:
    """What a series of sessions says.

    Attributes
    ----------
    measure : Measure
    protocol : Protocol
    sessions : tuple of SessionRow
        In order of time.
    error : MeasurementError
    changes : tuple of Change
        Newest against last, baseline and best; empty for a single session.
    trend : Trend or None
        None where the measurement error is unknown.
    places : tuple of Place
        Of the newest session among the protocol's norms.
    """

    measure: Measure
    protocol: Protocol
    sessions: tuple[SessionRow, ...]
    error: MeasurementError
    changes: tuple[Change, ...]
    trend: Trend | None
    places: tuple[Place, ...]

    @property
    def slope(self) -> Slope | None:
        """How fast the range is changing; None below five sessions."""
        return self.trend.slope if self.trend else None


def progress(series: Series, protocol: Protocol, *, sex: Sex | None = None) -> Progress:
    """Work out everything about one series.

    Parameters
    ----------
    series : Series
    protocol : Protocol
        The one that the series is of.
    sex : {"female", "male"} or None
        The subject's, to choose norms.

    Raises
    ------
    InputError
        If the series is of another protocol.
    """
    if series.measure.protocol != protocol.name:
        raise InputError(
            f"The series is of {series.measure.protocol!r}, the protocol is "
            f"{protocol.name!r}. Numbers of one protocol mean nothing in another."
        )
    error = measurement_error(series, protocol)
    sds = error.sd_of(series.sessions)
    sds = np.where(np.isfinite(sds), sds, series.error_sds)
    return Progress(
        measure=series.measure,
        protocol=protocol,
        sessions=tuple(
            _row(session, float(sd), protocol)
            for session, sd in zip(series.sessions, sds, strict=True)
        ),
        error=error,
        changes=changes(series, error, protocol),
        trend=trend(series, error, protocol),
        places=places(series.sessions[-1].mean, protocol, sex),
    )


def _row(session: Session, error_sd: float, protocol: Protocol) -> SessionRow:
    return SessionRow(
        session_id=session.session_id,
        recorded_at=session.recorded_at,
        mean=session.mean,
        best=session.best(protocol.direction).end_range,
        sd=session.sd,
        sem=session.sem,
        reps=len(session.reps),
        error_sd=error_sd,
    )
