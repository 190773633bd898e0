"""Numbers of a Measurement -> the plain sentences that a person reads."""

from __future__ import annotations

import math
from collections import Counter
from datetime import datetime

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.protocols import Protocol, one_way
from hiprom.core.quantities import amount, is_angle, unit, words_of
from hiprom.report import dates

# What a mean says of a quantity and a direction; else the movement's own name does.
_SAID = {
    ("hip_rotation_deg", 1): "Your {side} hip turned inwards by",
    ("hip_rotation_deg", -1): "Your {side} hip turned outwards by",
    ("hip_adduction_deg", 1): "Your {side} leg came inwards by",
    ("hip_adduction_deg", -1): "Your {side} leg was lifted sideways by",
    ("thorax_rotation_deg", 1): "Your ribcage turned to the left by",
    ("thorax_rotation_deg", -1): "Your ribcage turned to the right by",
    ("knee_flexion_deg", 1): "Your knees were bent by",
    ("knee_gap_m", 1): "Your knees were apart by",
}
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)


def degrees(value: float) -> str:
    """Return an angle to a tenth of a degree; a dash where there is none.

    >>> degrees(34.24), degrees(-0.04)
    ('34.2°', '0.0°')
    """
    return amount(value, "angle_deg")


def seconds(value: float) -> str:
    """Return a time to a tenth of a second; a dash where there is none."""
    return amount(value, "time_s")


def interval(low: float, high: float, quantity: str = "angle_deg") -> str:
    """Return a 95 % interval in words: "31.0° to 37.4°"; empty without one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{amount(low, quantity)} to {amount(high, quantity)}"


def repetitions(count: int) -> str:
    """Return "one repetition", "four repetitions", "13 repetitions"."""
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"{number} repetition{'' if count == 1 else 's'}"


def along(protocol: Protocol, low: float, high: float) -> tuple[float, float]:
    """Return an interval as it counts along the protocol's movement."""
    first, last = sorted((protocol.direction * low, protocol.direction * high))
    return first, last


def heading(side: MeasuredSide, movement: str) -> str:
    """Return what a number is of: "Left hip, internal rotation", "Knees apart"."""
    return sentence(movement)[:-1] if side == "both" else f"{part(side)}, {movement}"


def part(side: MeasuredSide) -> str:
    """Return whose side something is of: "Left hip", or "Both sides"."""
    return "Both sides" if side == "both" else f"{side.capitalize()} hip"


def side_sentence(measurement: Measurement, side: SideMeasurement) -> str:
    """Say in one sentence how far a movement went and how sure that is.

    One without a repetition that counts has no number, and the sentence says so.
    """
    protocol = one_way(measurement.protocol, side.direction)
    count, direction = len(side.end_ranges), side.direction
    if count == 0:
        whose = "" if side.side == "both" else f" of the {side.side} hip"
        return f"No repetition{whose} could be used, so there is no number for it."
    moved = _SAID.get((side.quantity, direction), f"{sentence(side.movement)[:-1]}:")
    mean = amount(direction * side.mean, side.quantity)
    over = f"on average over {repetitions(count)}" if count > 1 else "in one repetition"
    said = f"{moved.format(side=side.side)} {mean} {over}"
    likely = interval(*along(protocol, *side.mean_interval), side.quantity)
    if not likely:
        return f"{said}; how sure that is could not be worked out."
    low, high = likely.split(" to ")
    return f"{said}; the true value very likely lies between {low} and {high}."


def difference_sentence(measurement: Measurement) -> str:
    """Say how the two legs compare; empty unless both have a number.

    Two means whose intervals overlap are not called different. Where a protocol counts
    both ways, the measurement's own notes compare the arcs.
    """
    direction = measurement.protocol.direction
    if len(measurement.protocol.movements) > 1:
        return ""
    sides = [
        side
        for side in measurement.sides
        if side.side != "both" and len(side.end_ranges)
    ]
    if len(sides) != 2:
        return ""
    more, less = sorted(sides, key=lambda side: direction * side.mean, reverse=True)
    gap = amount(abs(more.mean - less.mean), more.quantity)
    (_, top), (bottom, _) = (
        along(measurement.protocol, *side.mean_interval) for side in (less, more)
    )
    if not top < bottom:  # also where an interval is missing
        return (
            f"Left and right differ by {gap}: less than this recording can tell apart "
            "for sure."
        )
    went = "turned" if more.quantity == "hip_rotation_deg" else "went"
    return (
        f"Left and right differ by {gap}: your {more.side} hip {went} further, by more "
        "than the uncertainty of this recording."
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


def further_words(rep: Rep) -> str:
    """Return what else was measured in a repetition: "knee gap 18 cm (16 to 20 cm)"."""
    said = []
    for quantity, value in rep.further.items():
        likely = interval(value.end_range_low, value.end_range_high, quantity)
        words = f"{words_of(quantity)} {amount(value.end_range, quantity)}"
        said.append(f"{words} ({likely})" if likely else words)
    return sentence("; ".join(said))


def further_heading(quantity: str) -> str:
    """Return what a quantity is called, with its unit: "Knee opening, centimetres"."""
    name = sentence(words_of(quantity))[:-1]
    return ", ".join(filter(None, [name, unit(quantity).word]))


def negative_sentence(protocol: Protocol) -> str:
    """Say which movement is negative in the files though it is not here; or nothing."""
    downwards = protocol.movements.get(-1)
    if downwards is None:
        return ""
    return f"In the CSV files {downwards} is negative; on this page it is positive."


def seen_sentence(side: SideMeasurement) -> str:
    """Say in how much of the recording the quantity could be read, and why not."""
    valid = side.traces.valid
    share = float(valid.mean()) if len(valid) else 0.0
    what = "angle" if is_angle(side.quantity) else words_of(side.quantity)
    whose = "" if side.side == "both" else f" of the {side.side} hip"
    said = f"The {what}{whose} could be read in {_percent(share)}"
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
