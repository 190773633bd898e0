"""Traces during a rep -> what trunk, pelvis and knee did besides, and its names."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hiprom.core.protocols.protocol import Threshold
from hiprom.core.vectors import Array, middle

Where = slice | NDArray[np.intp]


def changes_deg(
    traces: Mapping[str, Array], rest: Where, held: Where
) -> dict[str, float]:
    """Change of each trace from its rest before the rep to its hold, in degrees.

    Parameters
    ----------
    traces : mapping of str to ndarray, shape (n,)
        Signed as docs/conventions.md says; NaN where unreadable.
    rest, held : slice or ndarray of indices

    Returns
    -------
    dict of str to float
        NaN where either has no readable sample.
    """
    return {
        name: middle(trace[held]) - middle(trace[rest])
        for name, trace in traces.items()
    }


def flags(changes: Mapping[str, float], limits: Mapping[str, Threshold]) -> list[str]:
    """Names of the changes that are larger, either way, than their limit."""
    return [
        name
        for name, limit in limits.items()
        if abs(changes.get(name, np.nan)) > limit.value
    ]
