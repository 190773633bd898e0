"""TrialReading: what one posture's geometry read from a track, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import View
from hiprom.core.vectors import Array


@dataclass(frozen=True, eq=False)
class SideReading:
    """One side, or the whole body, on the video's own frames.

    Attributes
    ----------
    side : {"left", "right", "both"}
    traces : dict of str to ndarray, shape (n,) or (n, k)
        By name with the unit, signed as docs/conventions.md says: the protocol's
        quantity, its standard deviation with all bias included (`Protocol.sd`), and
        whatever its limits, notes and further quantities read. NaN where unreadable.
    dial_px : ndarray, shape (n, 3, 2)
        The pivot, the end that moves, and where that end would be at zero, in pixels.
        NaN where there is nothing to draw.
    reason : ndarray of str, shape (n,)
        Why a frame cannot be read, in a few words; "" where it can. What was read
        there all the same is not used.
    rest : float
        Where the quantity rests between two ends, where the way knows it; NaN where
        the trace is to show it.
    """

    side: MeasuredSide
    traces: dict[str, Array]
    dial_px: Array
    reason: NDArray[np.str_]
    rest: float = np.nan


@dataclass(frozen=True, eq=False)
class TrialReading:
    """All sides that could be read, how the camera stood, and what to say of it.

    `warnings` are sentences for the person; `view` is None where it is not estimated.
    """

    sides: tuple[SideReading, ...]
    view: View | None = None
    warnings: tuple[str, ...] = ()
