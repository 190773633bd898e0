"""Newest sessions of both ways of rotation -> each hip's arc, posture by posture."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import numpy as np

from hiprom.core.arc import Arc, Reach
from hiprom.core.history import Series, Session
from hiprom.core.landmarks import SIDES, Side

AT_MOST_APART = timedelta(days=14)
_QUANTITY = "hip_rotation_deg"
_Z95 = 1.96


def arcs_over_time(series: Iterable[Series]) -> dict[str, tuple[Arc, ...]]:
    """Join the newest of both ways of rotation, by posture.

    Parameters
    ----------
    series : iterable of Series
        All that the subject has; what is no rotation of a hip is passed over.

    Returns
    -------
    dict of str to tuple of Arc
        By the posture's words, left before right: of a protocol that counts both ways,
        or of two that name each other as opposites, measured by one instrument within
        14 days. A side is left out where an interval is not known.
    """
    newest: dict[tuple[str, str], dict[tuple[Side, int], Session]] = {}
    for each in series:
        measure, known = each.measure, each.measure.known
        if known is None or measure.quantity != _QUANTITY or not measure.is_primary:
            continue
        which = min(known.name, known.opposite or known.name)
        place = f"{known.posture} ({which})", measure.instrument
        for side in SIDES:
            if side == measure.side:
                ways = newest.setdefault(place, {})
                ways[side, measure.direction] = each.sessions[-1]
    found = {
        place: tuple(
            _arc(side, ways[side, 1], ways[side, -1])
            for side in SIDES
            if (side, 1) in ways
            and (side, -1) in ways
            and _can_be_joined(ways[side, 1], ways[side, -1])
        )
        for place, ways in newest.items()
    }
    return {
        posture.rpartition(" (")[0]: arcs
        for (posture, _), arcs in found.items()
        if arcs
    }


def _can_be_joined(internal: Session, external: Session) -> bool:
    near = abs(internal.recorded_at - external.recorded_at) <= AT_MOST_APART
    return near and bool(np.isfinite([internal.error_sd, external.error_sd]).all())


def _arc(side: Side, internal: Session, external: Session) -> Arc:
    return Arc(
        side,
        Reach(internal.mean, _Z95 * internal.error_sd),
        Reach(-external.mean, _Z95 * external.error_sd),
    )
