"""Numbers of a Measurement -> the plain sentences that a person reads."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.protocols import Protocol
from hiprom.report import dates

_MINUS = "\N{MINUS SIGN}"
_TURNED = {1: "inwards", -1: "outwards"}
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def degrees(value: float) -> str:
    """Return an angle to a tenth of a degree; a dash where there is none.

    >>> degrees(34.24), degrees(-0.04)
    ('34.2°', '0.0°')
    """
    if not math.isfinite(value):
        return "\N{EN DASH}"
    return f"{round(value, 1) + 0.0:.1f}°".replace("-", _MINUS)


def seconds(value: float) -> str:
    """Return a time to a tenth of a second; a dash where there is none."""
    return f"{value:.1f} s" if math.isfinite(value) else "\N{EN DASH}"


def interval(low: float, high: float) -> str:
    """Return a 95 % interval in words: "31.0° to 37.4°"; empty without one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{degrees(low)} to {degrees(high)}"


def repetitions(count: int) -> str:
    """Return "one repetition", "four repetitions", "13 repetitions"."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} repetition{'' if count == 1 else 's'}"


def along(protocol: Protocol, low: float, high: float) -> tuple[float, float]:
    """Return an interval as it counts along the protocol's movement."""
    first, last = sorted((protocol.direction * low, protocol.direction * high))
    return first, last


def side_sentence(measurement: Measurement, side: SideMeasurement) -> str:
    """Say in one sentence how far a leg turned and how sure that is.

    A leg without a repetition that counts has no number, and the sentence says so.
    """
    protocol = measurement.protocol
    count, turned = len(side.end_ranges), _TURNED[protocol.direction]
    if count == 0:
        return (
            f"No repetition of the {side.side} hip could be used, "
            "so there is no number for it."
        )
    mean = degrees(protocol.direction * side.mean)
    over = f"on average over {repetitions(count)}" if count > 1 else "in one repetition"
    said = f"Your {side.side} hip turned {turned} by {mean} {over}"
    likely = interval(*along(protocol, *side.mean_interval))
    if not likely:
        return f"{said}; how sure that is could not be worked out."
    low, high = likely.split(" to ")
    return f"{said}; the true value very likely lies between {low} and {high}."


def difference_sentence(measurement: Measurement) -> str:
    """Say how the two legs compare; empty unless both have a number.

    Two means whose intervals overlap are not called different.
    """
    sides = [side for side in measurement.sides if len(side.end_ranges)]
    if len(sides) != 2:
        return ""
    sign = measurement.protocol.direction
    more, less = sorted(sides, key=lambda side: sign * side.mean, reverse=True)
    gap = abs(more.mean - less.mean)
    (_, top), (bottom, _) = (
        along(measurement.protocol, *side.mean_interval) for side in (less, more)
    )
    if not top < bottom:  # also where an interval is missing
        return (
            f"Left and right differ by {degrees(gap)}: less than this recording can "
            "tell apart for sure."
        )
    return (
        f"Left and right differ by {degrees(gap)}: your {more.side} hip turned "
        "further, by more than the uncertainty of this recording."
    )


def sentence(words: str) -> str:
    """Return words with a capital and a full stop; nothing for nothing."""
    return f"{words[0].upper()}{words[1:]}." if words else ""


def flag_sentence(protocol: Protocol, rep: Rep) -> str:
    """Return what was unusual about a repetition, spelt out; empty if nothing was."""
    meanings = [protocol.flags.get(flag, flag.replace("_", " ")) for flag in rep.flags]
    if not rep.valid:
        meanings.append("it does not count in the average")
    return sentence("; ".join(meanings))


def seen_sentence(side: SideMeasurement) -> str:
    """Say in how much of the recording the angle could be read, and why not."""
    valid = side.traces.valid
    share = float(valid.mean()) if len(valid) else 0.0
    said = f"The angle of the {side.side} hip could be read in {_percent(share)}"
    reasons = Counter(str(reason) for reason in side.traces.reason[~valid] if reason)
    if not reasons:
        return f"{said} of the frames."
    return f"{said} of the frames. Elsewhere: {', '.join(_by_count(reasons))}."


def day(iso: str | None) -> str:
    """Return an ISO time as "4 May 2026, 09:31 UTC"; what is no ISO time, as it is."""
    try:
        when = datetime.fromisoformat(iso or "")
    except ValueError:
        return iso or ""
    zone = when.strftime(" %Z") if when.tzinfo else ""
    return f"{dates.day(when)}, {when.hour:02d}:{when.minute:02d}{zone}"


def _percent(share: float) -> str:
    """Round so that only all is called 100 %, and only nothing 0 %."""
    if 0 < share < 1:
        share = min(max(share, 0.01), 0.99)
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def _by_count(reasons: Counter[str]) -> list[str]:
    return [reason for reason, _ in reasons.most_common()]
