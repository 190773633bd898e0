"""Witnesses and a still body -> where each leg's knee lies on its circle, roughly.

The circle meets a line of sight twice, so a search along all of it comes before any
fit.
"""

from __future__ import annotations

import numpy as np

from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.misfit import of_frames
from hiprom.core.lifting.floor.pose import MOVING
from hiprom.core.lifting.floor.witnesses import FloorWitnesses
from hiprom.core.vectors import Array

# A knee does not go through the floor.
_SEARCHED_DEG = np.arange(-110.0, 111.0, 10.0)
_DOUBT = 2.0


def best_swivels(
    still: Array,
    seen: FloorWitnesses,
    assume: FloorAssumptions,
    moving: Array | None = None,
) -> Array:
    """Return the states (n, 4) whose swivels fit best, the rest as given.

    A given state stays where none of those searched is better.
    """
    start = np.zeros((len(seen.time_s), len(MOVING))) if moving is None else moving
    best, lowest = start.copy(), _cost(still, start, seen, assume)
    if moving is None:
        lowest[:] = np.inf
    for swivel in _SEARCHED_DEG:
        tried = start.copy()
        tried[:, :2] = swivel
        cost = _cost(still, tried, seen, assume)
        better = cost < lowest
        best[:, :2] = np.where(better, swivel, best[:, :2])
        lowest = np.where(better, cost, lowest)
    return best


def _cost(
    still: Array, moving: Array, seen: FloorWitnesses, assume: FloorAssumptions
) -> Array:
    """Return what each leg's knee and mid-line cost, (n, 2), robustly."""
    rows = np.nan_to_num(of_frames(still, moving, seen, assume))
    knees = (rows[:, :4].reshape(-1, 2, 2) ** 2).sum(axis=-1)
    cost: Array = np.log1p(knees / _DOUBT**2) + np.log1p((rows[:, 10:12] / _DOUBT) ** 2)
    return cost
