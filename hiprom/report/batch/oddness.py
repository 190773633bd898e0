"""The results of a batch -> what is usual among them, and which stand out and why.

Standing out is a reason to look, not an error: the person may move further than others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from hiprom.core.jobs import JobState
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.quantities import Unit, unit
from hiprom.report.batch.results import SideResult

# A modified z-score beyond this is a likely outlier (Iglewicz and Hoaglin 1993); the
# factor makes the median absolute deviation a standard deviation of normal values.
_FAR, _MAD_TO_SD = 3.5, 1.4826
# Nearer than the MDC95 of an inclinometer (Krause et al. 2015), nothing is far off;
# nor is it for as many centimetres (ours).
_LEAST_REACH = 5.4
# With fewer there is no telling what is usual.
_ENOUGH = 5
# Repetitions of one recording usually stay within 2 to 4 degrees of their mean.
_WIDE_SD = 6.0
_LOW_COVERAGE = 0.9
# Of a view that costs accuracy: less odd than a mean that is clearly far off.
_POOR_VIEW = 1.2


@dataclass(frozen=True)
class Usual:
    """What is usual for one protocol in this batch, along its movement.

    Attributes
    ----------
    count : int
        Videos and sides that have a mean.
    median : float
        Of their means, as `along` gives them; NaN without any.
    reach : float
        How far from it a mean may be and not stand out; NaN where there are too few.
    """

    count: int
    median: float
    reach: float


@dataclass(frozen=True)
class Standing:
    """How one result stands among all of its protocol.

    Attributes
    ----------
    result : SideResult
    reasons : tuple of str
        Why to look at it, in words; none if it is as usual.
    oddness : float
        Above 1 there is a reason, and the larger the odder.
    """

    result: SideResult
    reasons: tuple[str, ...]
    oddness: float


def usual_of(results: Iterable[SideResult]) -> dict[str, Usual]:
    """Return what is usual for each protocol, in our order; legs are not told apart."""
    means: dict[str, list[float]] = defaultdict(list)
    for result in results:
        if result.state == JobState.DONE:
            mean = along(result, result.mean)
            means[result.protocol] += [mean] if math.isfinite(mean) else []
    ours = list(PROTOCOLS)
    in_order = sorted(
        means, key=lambda name: (name not in ours, [*ours, name].index(name), name)
    )
    return {protocol: _usual(means[protocol]) for protocol in in_order}


def standings(
    results: Iterable[SideResult], usual: Mapping[str, Usual]
) -> list[Standing]:
    """Return how each result that is done stands, the oddest first, then by name."""
    found = [
        _standing(result, usual[result.protocol])
        for result in results
        if result.state == JobState.DONE
    ]
    return sorted(
        found, key=lambda each: (-each.oddness, each.result.name, each.result.side)
    )


def along(result: SideResult, value: float) -> float:
    """Return a value as it counts along the protocol's movement, in people's unit.

    Metres are centimetres here: what decides of degrees decides of them too.
    """
    known = PROTOCOLS.get(result.protocol)
    return known.direction * value * _unit(known.name).per_own if known else value


def said(protocol: str, number: float) -> str:
    """Return what `along` gave in words: "34.2°", "62 cm"."""
    its = _unit(protocol)
    return its.shown(number / its.per_own)


def between(protocol: str, low: float, high: float) -> str:
    """Return an interval of `along` in words; empty without one."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return f"{said(protocol, low)} to {said(protocol, high)}"


def sign_of(protocol: str) -> str:
    """Return what stands behind the numbers of a figure: "°", or nothing."""
    sign = _unit(protocol).sign
    return sign if len(sign) == 1 else ""


def _unit(protocol: str) -> Unit:
    known = PROTOCOLS.get(protocol)
    return unit(known.quantity if known else "angle_deg")


def _usual(means: list[float]) -> Usual:
    if not means:
        return Usual(0, math.nan, math.nan)
    middle = median(means)
    reach = math.nan
    if len(means) >= _ENOUGH:
        spread = _MAD_TO_SD * median(abs(mean - middle) for mean in means)
        reach = max(_FAR * spread, _LEAST_REACH)
    return Usual(len(means), middle, reach)


def _standing(result: SideResult, usual: Usual) -> Standing:
    found = [each for each in _findings(result, usual) if not math.isnan(each[0])]
    reasons = tuple(words for oddness, words in found if oddness > 1)
    return Standing(result, reasons, max(oddness for oddness, _ in found))


def _findings(result: SideResult, usual: Usual) -> Iterator[tuple[float, str]]:
    """Yield how odd a result is in each respect, and the words for it."""
    yield (
        0.0 if result.valid_reps else math.inf,
        "No repetition counts, so there is no number.",
    )
    gap = along(result, result.mean) - usual.median
    way = "more" if gap > 0 else "less"
    yield (
        abs(gap) / usual.reach,
        f"{said(result.protocol, abs(gap))} {way} than the median of this batch.",
    )
    sd = result.sd * _unit(result.protocol).per_own
    yield (
        sd / _WIDE_SD,
        f"Its repetitions differ much: standard deviation {said(result.protocol, sd)}.",
    )
    yield (_POOR_VIEW if result.view else 0.0, f"{result.view}.")
    if result.coverage < _LOW_COVERAGE:
        yield (
            _LOW_COVERAGE / max(result.coverage, 0.01),
            f"Only {100 * result.coverage:.0f}\N{NO-BREAK SPACE}% of the recording "
            "could be read.",
        )
