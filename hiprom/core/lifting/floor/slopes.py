"""Functions of a floor pose -> how they change with what holds still and what moves."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from hiprom.core.lifting.floor.pose import MOVING, STILL
from hiprom.core.vectors import Array

# Metres, logs and degrees alike: small against all that is fitted, large against
# rounding.
_STEP = 1e-4

Function = Callable[[Array, Array], Array]


def by_still(function: Function, still: Array, moving: Array) -> Array:
    """Return d function / d still, (..., 18), NaN as 0."""
    here = function(still, moving)
    steps = _STEP * np.eye(len(STILL))
    slopes = [(function(still + step, moving) - here) / _STEP for step in steps]
    return np.nan_to_num(np.stack(slopes, axis=-1))


def by_moving(function: Function, still: Array, moving: Array) -> Array:
    """Return d function / d each frame's own angles, (n, ..., 4), NaN as 0."""
    here = function(still, moving)
    steps = _STEP * np.eye(len(MOVING))
    slopes = [(function(still, moving + step) - here) / _STEP for step in steps]
    return np.nan_to_num(np.stack(slopes, axis=-1))
