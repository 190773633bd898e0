"""Two sides and published averages -> the sentences that compare a leg with them."""

from __future__ import annotations

import math

from hiprom.core.landmarks import Side, other
from hiprom.core.quantities import gained
from hiprom.core.statistics import Asymmetry
from hiprom.core.statistics.asymmetry import GREEN_BELOW, LEAST_RANGE, RED_ABOVE
from hiprom.report.dates import day
from hiprom.report.history.chapters import Leg
from hiprom.report.history.words import percent
from hiprom.report.sentences import degrees

_ANGLE = "difference_deg"
_GREEN, _RED = percent(GREEN_BELOW.value / 100), percent(RED_ABOVE.value / 100)
_BANDS = {
    "green": f"green: a small difference, below {_GREEN}",
    "amber": f"amber: between {_GREEN} and {_RED}",
    "red": f"red: a large difference, above {_RED}",
}


def places_sentence(leg: Leg) -> str:
    """Say where the newest mean lies among published averages; empty without any."""
    if not leg.progress.places:
        return ""
    said = "; ".join(place.sentence for place in leg.progress.places)
    return f"{leg.side.capitalize()}: {said}."


def asymmetry_sentence(found: Asymmetry | None) -> str:
    """Say how the sides compare, in degrees, percent and words; empty for one side."""
    if found is None:
        return ""
    further: Side = "right" if found.difference_deg > 0 else "left"
    low, high = sorted(
        math.copysign(1.0, found.difference_deg) * end
        for end in (found.low_deg, found.high_deg)
    )
    gap, likely = (
        abs(found.difference_deg),
        f"{gained(low, _ANGLE)} to {gained(high, _ANGLE)}",
    )
    share = (
        f", {percent(abs(found.percent) / 100)}" if math.isfinite(found.percent) else ""
    )
    if not math.isfinite(low):
        said = f"Left and right differ by {degrees(gap)}; how sure that is, is unknown."
    elif found.band == "within measurement error":
        said = (
            f"Left and right differ by {degrees(gap)}{share} (the {further} minus the "
            f"{other(further)}: {likely}): within "
            "measurement error."
        )
    else:
        band = _BANDS.get(
            found.band,
            f"not rated in percent, as neither side reaches {LEAST_RANGE.value:.0f}°",
        )
        said = (
            f"The {further} hip goes {degrees(gap)} ({likely}) further than the "
            f"{other(further)}{share}: larger than "
            f"measurement error; {band}."
        )
    if not found.is_same_session:
        said += (
            f" Compared are the left of {day(found.left.recorded_at)} and the right of "
            f"{day(found.right.recorded_at)}."
        )
    return said


def bands_source(found: Asymmetry | None) -> str:
    """Say where the bands come from; empty where none of them is called."""
    if found is None or found.band not in _BANDS:
        return ""
    return f"Green, amber and red: {GREEN_BELOW.source}."
