"""Measured sessions -> reasons to ask: a lasting drop, a new side difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import floor

import numpy as np

from hiprom.core.history import Measure, Series
from hiprom.core.programme.reason import CAUTIOUS, PHYSIO, Reason, day_words
from hiprom.core.protocols import Protocol, Threshold
from hiprom.core.quantities import unit
from hiprom.core.statistics.asymmetry import Asymmetry, asymmetries, asymmetry
from hiprom.core.statistics.reliability import MeasurementError, measurement_error
from hiprom.core.vectors import Array

# What the newest two sessions are held against: about two weeks of practice.
BEFORE = 5
LASTING_SESSIONS = 2
_OF_QUANTITY = "hip_rotation_deg"
SIDE_DIFFERENCE = Threshold(
    15.0,
    "deg",
    "one hip turns this much less than the other",
    "with pain on that side, in adults over 50, among the criteria of a guideline: "
    "Cibulka et al. 2017, doi:10.2519/jospt.2017.0301; without pain: ours, cautious",
)


def from_measurements(series: Iterable[Series]) -> Iterator[Reason]:
    """Yield what the measured sessions give reason to ask.

    Parameters
    ----------
    series : iterable of Series
        All that the subject has; those of an unknown protocol are passed over.
    """
    known: dict[Measure, tuple[Series, MeasurementError, Protocol]] = {}
    for each in series:
        measure, protocol = each.measure, each.measure.known
        if protocol is not None and measure.is_primary:
            error = measurement_error(each, protocol)
            known[measure] = each, error, protocol
            yield from _drop(each, error, protocol)
    for measure, (right, of_right, protocol) in known.items():
        opposite = replace(measure, side="left")
        is_hip = measure.quantity == _OF_QUANTITY and measure.side == "right"
        if is_hip and opposite in known:
            left, of_left, _ = known[opposite]
            yield from _side_difference(right, left, (of_right, of_left), protocol)


def _drop(
    series: Series, error: MeasurementError, protocol: Protocol
) -> Iterator[Reason]:
    """Less range in both of the newest sessions than before them, or at the start."""
    if len(series.sessions) <= LASTING_SESSIONS:
        return
    side = "" if series.measure.side == "both" else f", {series.measure.side}"
    ranges = protocol.direction * series.means
    sds = error.sd_of(series.sessions)
    levels = {
        "the sessions before": slice(-BEFORE - LASTING_SESSIONS, -LASTING_SESSIONS),
        "the first sessions": slice(0, min(BEFORE, len(ranges) - LASTING_SESSIONS)),
    }
    for name, where in levels.items():
        loss = _lasting_loss(ranges, sds, where, error)
        if np.isfinite(loss):
            days = [
                day_words(each.recorded_at.date())
                for each in series.sessions[-LASTING_SESSIONS:]
            ]
            yield Reason(
                name="drop",
                seen=f"{protocol.title}{side}: the last two sessions "
                f"({' and '.join(days)}) each had at least "
                f"{_at_least(loss, protocol.quantity)} less range than {name}, more "
                "than measurement error.",
                ask="why the range may have become smaller, above all if nothing in "
                "your practice has changed.",
                whom=PHYSIO,
                source=f"{CAUTIOUS}. Measurement error: {error.source_sentence}",
            )
            return


def _lasting_loss(
    ranges: Array, sds: Array, where: slice, error: MeasurementError
) -> float:
    """How much less range both newest sessions had; NaN if not beyond the error."""
    level = ranges[where].mean()
    level_sd = np.sqrt(np.mean(sds[where] ** 2) / len(sds[where]))
    losses = level - ranges[-LASTING_SESSIONS:]
    # The MDC95 is the limit for a change between two sessions. The mean of several is
    # surer than one session, but the drop need not therefore be called sooner.
    limits = error.two_sided() * np.maximum(
        np.hypot(sds[-LASTING_SESSIONS:], level_sd), np.sqrt(2) * error.sem
    )
    return float(losses.min()) if (losses > limits).all() else float("nan")


def _at_least(loss: float, quantity: str) -> str:
    """Return a loss in whole degrees or centimetres, never more than it was."""
    its = unit(quantity)
    return f"{floor(loss * its.per_own)}{its.sign}"


def _side_difference(
    right: Series,
    left: Series,
    errors: tuple[MeasurementError, MeasurementError],
    protocol: Protocol,
) -> Iterator[Reason]:
    """One hip far behind the other, which it was not before."""
    now = asymmetry(right, left, errors, protocol)
    if now is None or abs(now.difference_deg) <= SIDE_DIFFERENCE.value:
        return
    earlier = [
        each
        for each in asymmetries(right, left, errors, protocol)
        if each.right is not now.right and each.left is not now.left
    ]
    if now.is_real and _is_new(now, earlier):
        less = "left" if now.difference_deg > 0 else "right"
        when = max(now.right.recorded_at, now.left.recorded_at).date()
        yield Reason(
            name="side_difference",
            seen=f"{protocol.title}: on {day_words(when)} the {less} hip turned "
            f"{abs(now.difference_deg):.0f}° less than the other"
            f"{', which it did not before' if earlier else ''}.",
            ask="whether the two hips should be compared by hand.",
            whom=PHYSIO,
            source=SIDE_DIFFERENCE.source,
        )


def _is_new(now: Asymmetry, earlier: Sequence[Asymmetry]) -> bool:
    """Whether a side difference was not as large, this way round, before."""
    if not earlier:
        return True
    sign = np.sign(now.difference_deg)
    usual = np.median([sign * each.difference_deg for each in earlier])
    return bool(usual <= SIDE_DIFFERENCE.value)
