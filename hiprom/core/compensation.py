"""Traces of a rep -> what trunk, pelvis, thigh and foot did besides, by name."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from hiprom.core.protocols.protocol import Threshold
from hiprom.core.vectors import Array, typical

Where = slice | NDArray[np.intp]


def changes(traces: Mapping[str, Array], rest: Where, held: Where) -> dict[str, float]:
    """Change of each trace from its rest before the rep to its hold.

    Parameters
    ----------
    traces : mapping of str to ndarray, shape (n,) or (n, 3)
        Signed as docs/conventions.md says; NaN where unreadable. Of a place in space
        the change is the distance, at least 0.
    rest, held : slice or ndarray of indices

    Returns
    -------
    dict of str to float
        NaN where either has no readable sample.
    """
    return {
        name: float(typical(trace[held]) - typical(trace[rest]))
        if trace.ndim == 1
        else float(np.linalg.norm(typical(trace[held]) - typical(trace[rest])))
        for name, trace in traces.items()
    }


def flags(found: Mapping[str, float], limits: Mapping[str, Threshold]) -> list[str]:
    """Names of the changes that are larger, either way, than their limit."""
    return [
        name
        for name, limit in limits.items()
        if abs(found.get(name, np.nan)) > limit.value
    ]
