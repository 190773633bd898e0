"""What statistics say of a leg, or of two -> the plain sentences of the reports."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hiprom.core.history import Subject
from hiprom.core.landmarks import MeasuredSide
from hiprom.core.protocols import Protocol
from hiprom.core.quantities import amount, gained, words_of
from hiprom.core.statistics import Change, MeasurementError
from hiprom.core.statistics.reliability import LEAST_PAIRS
from hiprom.core.statistics.trend import LEAST_SESSIONS_FOR_A_SLOPE
from hiprom.report.dates import day
from hiprom.report.history.chapters import Leg
from hiprom.report.sentences import (
    along,
    interval,
    repetitions,
)
from hiprom.report.tables import printable

# Of what somebody typed, so many letters are printed.
_LONGEST = 120
FIRST = "the first session"
_AGAINST = {
    "last": "the session before",
    "baseline": FIRST,
    "best": "the best session before",
}


def name(subject: Subject) -> str:
    """Return "Anna (P-07)", or the code alone; on one line, whatever was typed."""
    code = line(subject.code)
    shown = line(subject.display_name or "")
    return f"{shown} ({code})" if shown and shown != code else code


def line(text: str) -> str:
    """Return what somebody typed as one printable line, and not too long a one."""
    whole = " ".join(printable(text).split())
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 1].rstrip()}…"


def gained_interval(protocol: Protocol, low: float, high: float) -> str:
    """Return "+2.2° to +8.3°" along the movement; empty without an interval."""
    low, high = along(protocol, low, high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{gained(low, protocol.quantity)} to {gained(high, protocol.quantity)}"


def newest_sentence(leg: Leg) -> str:
    """Say when the newest number was measured and over what it is a mean."""
    row = leg.progress.sessions[-1]
    over = f"mean of {repetitions(row.reps)}" if row.reps > 1 else "one repetition"
    return f"{day(row.recorded_at)}, {over}"


def best_sentence(leg: Leg) -> str:
    """Say how far the furthest repetition of the newest session went."""
    return f"furthest {leg.said(leg.progress.sessions[-1].best)}"


def further_sentence(leg: Leg) -> str:
    """Say what was measured besides in the newest session, on average; or nothing."""
    newest = leg.progress.sessions[-1].session_id
    said = [
        f"{words_of(each.measure.quantity)} "
        f"{amount(each.sessions[-1].mean, each.measure.quantity)}"
        for each in leg.further
        if each.sessions[-1].session_id == newest
    ]
    return f"Also, on average: {', '.join(said)}." if said else ""


def change_rows(leg: Leg) -> list[tuple[str, str, str, str, bool]]:
    """Return what the newest session is held against.

    Returns
    -------
    list of tuple
        Against what, its date, the change with its interval, the verdict, and whether
        it is a real change. With two sessions the three would be the same one, and
        only one is given.
    """
    changes = leg.progress.changes
    if len(leg.progress.sessions) == 2:
        changes = changes[:1]
    return [_change_row(leg, change) for change in changes]


def verdict(change: Change) -> str:
    """Return "more range, larger than measurement error" or that it is within it."""
    if change.is_real:
        return f"{change.direction}, {change.verdict}"
    return change.verdict


def slope_sentence(leg: Leg) -> str:
    """Say how fast the range is changing at present, or from when that can be said."""
    slope, sessions = leg.progress.slope, len(leg.progress.sessions)
    if slope is None:
        missing = LEAST_SESSIONS_FOR_A_SLOPE - sessions
        if missing <= 0 or sessions == 1:
            return ""
        return (
            f"How fast the range changes can be told from {LEAST_SESSIONS_FOR_A_SLOPE} "
            f"sessions on: {missing} more."
        )
    rate = leg.shown(slope.per_30_days)
    likely = gained_interval(leg.protocol, slope.low, slope.high)
    if slope.is_real:
        grows = "grows" if slope.direction == "more range" else "shrinks"
        said = f"At present the range {grows}"
    else:
        said = "At present no sure direction"
    return f"{said}: {gained(rate, leg.protocol.quantity)} in 30 days ({likely})."


def first_visit_sentence(error: MeasurementError) -> str:
    """Say what comes with more sessions, where so much is known of the error."""
    is_known = math.isfinite(error.sem)
    ends = "takes the place of the literature's" if is_known else "is known"
    return (
        "This is the first session, the baseline. With the next one this page shows "
        "the change between them and whether it is more than measurement error; from "
        f"{LEAST_SESSIONS_FOR_A_SLOPE} sessions on, how fast the range changes; and "
        f"after {LEAST_PAIRS + 1} sessions close to each other, your own "
        f"measurement error {ends}."
    )


def error_sentence(
    errors: Mapping[MeasuredSide, MeasurementError], quantity: str
) -> str:
    """Say which measurement error was used, and whose, for each leg or for both."""
    sizes = {side: error_size(error, quantity) for side, error in errors.items()}
    size = next(iter(sizes.values()))
    if len(set(sizes.values())) > 1:
        size = "; ".join(f"{side} {said}" for side, said in sizes.items())
    sources = {side: error.source_sentence for side, error in errors.items()}
    whose = list(sources.values())
    if len(set(whose)) > 1:
        whose = [f"{side.capitalize()}: {said}" for side, said in sources.items()]
    return " ".join([f"Measurement error: {size}.", *dict.fromkeys(whose)])


def likely(leg: Leg, index: int = -1) -> str:
    """Return the 95 % interval of a session's mean in words; empty if unknown."""
    return interval(*leg.interval(index), leg.protocol.quantity)


def _change_row(leg: Leg, change: Change) -> tuple[str, str, str, str, bool]:
    against = _AGAINST[change.against]
    if len(leg.progress.sessions) == 2:
        against = FIRST
    text = gained(leg.shown(change.change), leg.protocol.quantity)
    between = gained_interval(leg.protocol, change.low, change.high)
    if between:
        text = f"{text} ({between})"
    return against, day(change.recorded_at), text, verdict(change), change.is_real


def error_size(error: MeasurementError, quantity: str) -> str:
    """Return SEM, MDC95 and ICC, as far as they are known."""
    if not math.isfinite(error.sem):
        return "not known"
    sem, mdc95 = (amount(size, quantity) for size in (error.sem, error.mdc95))
    said = f"SEM {sem}, MDC95 {mdc95}"
    if error.icc is None or not math.isfinite(error.icc.low):
        return said
    icc = error.icc
    likely = f"{icc.low:.2f} to {icc.high:.2f}".replace("-", "\N{MINUS SIGN}")
    return f"{said}, ICC(A,1) {icc.value:.2f} ({likely})"


def percent(share: float) -> str:
    """Return a share as "67 %"."""
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")
