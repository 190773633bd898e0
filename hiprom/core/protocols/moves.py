"""One repetition of one trace's clock -> what a protocol reads from it besides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.vectors import Array, middle, typical


@dataclass(frozen=True, eq=False)
class Moves:
    """All that moved during one repetition, on one even clock.

    Attributes
    ----------
    clock_s : ndarray, shape (n,)
        Of the whole trial.
    traces : mapping of str to ndarray, shape (n,) or (n, 3)
        By name, signed as docs/conventions.md says; NaN where unreadable.
    rest : slice
        The moment before the repetition.
    start, peak, end : int
        Indices of its first, furthest and last sample.
    held : ndarray of int
        Indices of the hold; the peak alone where it was not held.
    hold_s, raise_s, lower_s : float
        Time in the hold, on the way there and on the way back.
    """

    clock_s: Array
    traces: Mapping[str, Array]
    rest: slice
    start: int
    peak: int
    end: int
    held: NDArray[np.intp]
    hold_s: float
    raise_s: float
    lower_s: float

    def at_rest(self, name: str) -> float:
        """Return the typical value before the repetition."""
        return middle(self.traces[name][self.rest])

    def at_hold(self, name: str) -> float:
        """Return the median in the hold."""
        return middle(self.traces[name][self.held])

    def mean_in_hold(self, name: str) -> float:
        """Return the mean in the hold; NaN without a readable sample."""
        values = self.traces[name][self.held]
        known = values[np.isfinite(values)]
        return float(known.mean()) if len(known) else np.nan

    def change(self, name: str) -> float:
        """Return the change from rest to hold; of a place, how far it moved.

        NaN where either has no readable sample.
        """
        trace = self.traces[name]
        gone = typical(trace[self.held]) - typical(trace[self.rest])
        return float(gone if trace.ndim == 1 else np.linalg.norm(gone))

    def during(self, name: str) -> Array:
        """Return the samples from setting off to being back."""
        return self.traces[name][self.start : self.end + 1]

    def most(self, name: str) -> float:
        """Return the largest sample of the repetition; NaN without a readable one."""
        values = self.during(name)
        known = values[np.isfinite(values)]
        return float(known.max()) if len(known) else np.nan

    def way_out(self, name: str) -> Array:
        """Return the samples from setting off to the hold."""
        return self.traces[name][self.start : self.held[0] + 1]

    def way_back(self, name: str) -> Array:
        """Return the samples from the hold to being back."""
        return self.traces[name][self.held[-1] : self.end + 1]


def change_of(name: str, *, sign: int = 1) -> Callable[[Moves], float]:
    """Return what reads the change of a trace from rest to hold."""
    return lambda moves: sign * moves.change(name)


def at_hold(name: str) -> Callable[[Moves], float]:
    """Return what reads the median of a trace in the hold."""
    return lambda moves: moves.at_hold(name)


def at_rest(name: str) -> Callable[[Moves], float]:
    """Return what reads the typical value of a trace before the repetition."""
    return lambda moves: moves.at_rest(name)
