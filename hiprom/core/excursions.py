"""A trace -> repetitions: when they start and end, and how far they go.

A rep leaves rest, reaches an extreme and comes back. Extremes are peaks that stand
out by the protocol's smallest excursion; setting off, hold and return are told by
speed. The end-range is the median of the hold, never the single furthest sample,
which jitter pushes outwards.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

from hiprom.core.protocols.protocol import RepRules
from hiprom.core.signals import smooth
from hiprom.core.vectors import Array, middle

# For telling movement from stillness, not for measuring: at 3 Hz a degree of jitter
# is no speed, and a one-second swing keeps its own.
_SLOW_HZ = 3.0
# Rest is read over this long before the leg sets off.
REST_S = 0.4
# A leg has set off, and is back, at this share of the greatest speed, and never below
# that share of the speed at which it counts as held.
_SET_OFF = 0.08
_SLOWEST = 0.375
# The hold is slower than this share of the greatest speed, so that the slow last part
# of a slow swing is not taken for a hold.
_HELD = 0.15
# Jitter reaches to this many standard deviations: a hold may wander as far, and what
# stands out no further from rest is none. Its speed is that of noise below 3 Hz.
_JITTER_REACH = 1.5
_JITTER_SPEED_HZ = 2 * np.pi * _SLOW_HZ / np.sqrt(3)
# Between two reps the leg comes back by at least this share of the lesser one.
_OWN_SHARE = 0.5


@dataclass(frozen=True)
class Excursion:
    """One rep: sample indices into the clock, and values in the trace's own sign.

    `held` holds the indices of the plateau (perhaps none). `end_range`, `neutral` and
    `spread` (SD within the plateau) are in the trace's unit, `peak_velocity` in that
    a second. `is_cut_off` says that the recording begins or ends inside the rep.
    """

    start: int
    peak: int
    end: int
    held: NDArray[np.intp]
    end_range: float
    neutral: float
    spread: float
    peak_velocity: float
    has_gap: bool
    is_cut_off: bool


def excursions(
    clock_s: Array,
    trace: Array,
    *,
    direction: int,
    rules: RepRules,
    rest: float = np.nan,
) -> list[Excursion]:
    """Find the reps of a trace and read their end-ranges.

    Parameters
    ----------
    clock_s : ndarray, shape (n,)
        Evenly spaced seconds.
    trace : ndarray, shape (n,)
        NaN in gaps. A gap does not hide a rep: it is flagged in it.
    direction : {1, -1}
        The sign of an excursion that counts.
    rules : RepRules
    rest : float
        Where the trace rests, if that is known; NaN where its still moments are to
        show it.

    Returns
    -------
    list of Excursion
        In order of time; empty when nothing moves far enough.
    """
    readable = np.isfinite(trace)
    if readable.sum() < 3:
        return []
    step_s = float(clock_s[1] - clock_s[0])
    bridged = np.interp(clock_s, clock_s[readable], direction * trace[readable])
    slow = smooth(bridged, rate_hz=1 / step_s, cutoff_hz=_SLOW_HZ)
    speed = np.gradient(slow, step_s)
    jitter = _jitter(bridged - slow)
    if np.isfinite(rest):
        resting = direction * rest
    else:
        usual = direction * rules.usual_rest.value
        resting = usual + _rest_level(slow - usual, speed, rules)
    least = max(rules.min_excursion.value, 2 * _JITTER_REACH * jitter)
    peaks = _peaks(slow, resting, least)
    valleys = [
        0,
        *(a + int(np.argmin(slow[a:b])) for a, b in itertools.pairwise(peaks)),
        len(slow) - 1,
    ]
    moves = _Moves(trace, slow, speed, resting, jitter, direction, step_s)
    found = [
        _read(moves, first, peak, last, rules)
        for first, peak, last in zip(valleys, peaks, valleys[1:], strict=False)
    ]
    shortest = rules.min_duration_s.value / step_s
    lowest = resting + rules.min_excursion.value
    return [
        rep
        for rep in found
        if rep.end - rep.start >= shortest and direction * rep.end_range >= lowest
    ]


class _Moves(NamedTuple):
    """What all reps of one trace are read from, on one clock."""

    trace: Array
    slow: Array
    speed: Array
    rest: float
    jitter: float
    direction: int
    step_s: float


def _jitter(left_over: Array) -> float:
    """Return the SD of the jitter that is left in the slow trace.

    Noise that is alike at all speeds leaves as much below 3 Hz as between 3 and 6 Hz,
    which is what the slow trace lacks.
    """
    return 1.4826 * float(np.median(np.abs(left_over)))


def _rest_level(slow: Array, speed: Array, rules: RepRules) -> float:
    """Where the leg rests: the low end of its still moments, the other way left out."""
    still = np.abs(speed) < rules.plateau_speed.value
    near = still & (slow > -1.5 * rules.min_excursion.value)
    for chosen in (near, still):
        if chosen.sum() >= 0.02 * len(slow):
            return float(np.percentile(slow[chosen], 15))
    return float(np.percentile(slow, 15))


def _peaks(slow: Array, rest: float, least: float) -> list[int]:
    """Find the extremes that stand out; one held at either end counts too.

    Of two peaks without a valley between them that is deep enough to be a return,
    the higher stands for both.
    """
    framed = np.concatenate(([rest], slow, [rest]))
    apart: list[int] = []
    for peak in find_peaks(framed, height=rest + least)[0] - 1:
        higher = int(peak)
        while apart:
            lower = min(slow[apart[-1]], slow[peak])
            dip = lower - np.min(slow[apart[-1] : peak + 1])
            if dip >= max(least, _OWN_SHARE * (lower - rest)):
                break
            last = apart.pop()
            higher = max(last, higher, key=lambda index: slow[index])
        apart.append(higher)
    return apart


def _read(
    moves: _Moves, first: int, peak: int, last: int, rules: RepRules
) -> Excursion:
    """Read the rep that peaks at `peak` and lies between two valleys."""
    trace, slow, speed, rest, jitter, direction, step_s = moves
    depth = slow[peak] - rest
    # Half of the way out, and half of the way back.
    out = first + _last(slow[first : peak + 1] < rest + depth / 2)
    back = peak + _first(slow[peak : last + 1] < rest + depth / 2)
    greatest = float(np.max(np.abs(speed[first : last + 1])))
    slowest = _SLOWEST * rules.plateau_speed.value
    set_off = max(slowest, _SET_OFF * greatest)
    is_near_rest = slow < rest + depth / 4

    start = first + _last(
        (speed[first : out + 1] < set_off) & is_near_rest[first : out + 1]
    )
    end = back + _first(
        (-speed[back : last + 1] < set_off) & is_near_rest[back : last + 1]
    )
    # Coming straight from the other side, a rep begins where it passes rest.
    if slow[start] < rest - rules.min_excursion.value:
        start += _first(slow[start : peak + 1] >= rest)
        neutral = direction * rest
    else:
        neutral = middle(trace[max(0, start - round(REST_S / step_s)) : start + 1])

    between = np.arange(out, back + 1)
    band = rules.plateau_band.value + 2.0 * _JITTER_REACH * jitter
    is_far = slow[between] >= slow[peak] - band
    stillness = np.clip(_HELD * greatest, slowest, rules.plateau_speed.value)
    stillness += _JITTER_REACH * _JITTER_SPEED_HZ * jitter
    is_held = is_far & (np.abs(speed[between]) < stillness)
    held = between[is_held & np.isfinite(trace[between])]
    values = trace[held] if len(held) else trace[between[is_far]]
    return Excursion(
        start=start,
        peak=peak,
        end=end,
        held=held,
        end_range=middle(values),
        neutral=neutral if np.isfinite(neutral) else direction * rest,
        spread=float(np.nanstd(values)) if np.isfinite(values).any() else np.nan,
        peak_velocity=float(np.max(speed[start : peak + 1])),
        has_gap=bool(np.isnan(trace[start : end + 1]).any()),
        is_cut_off=bool(
            (start == 0 and not is_near_rest[0])
            or (end == len(slow) - 1 and not is_near_rest[-1])
        ),
    )


def _first(truth: NDArray[np.bool_]) -> int:
    """Index of the first true sample; the last index where there is none."""
    return int(np.argmax(truth)) if truth.any() else len(truth) - 1


def _last(truth: NDArray[np.bool_]) -> int:
    """Index of the last true sample; 0 where there is none."""
    return len(truth) - 1 - int(np.argmax(truth[::-1])) if truth.any() else 0
