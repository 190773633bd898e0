"""The fitted legs -> how far knees and heels are apart, and where the thigh points."""

from __future__ import annotations

import numpy as np

from hiprom.core.lifting.lying.body import Body
from hiprom.core.lifting.lying.legs import Legs
from hiprom.core.vectors import Array, unit


def gaps(legs: Legs) -> dict[str, Array]:
    """Return the gaps between the legs, with standard deviations where they are told.

    ``knee_gap_m`` and ``heel_gap_m`` (n,) lie between the joints' centres, so that
    knees which touch are a knee's breadth apart; ``knee_gap_ratio`` is that of the
    knees in thigh lengths, free of the body's size. ``thigh`` (n, 3) is the upper
    thigh's direction.
    """
    shank_m, shank_sd_m = legs.assume.shank_m
    knees, knees_sd = legs.placed(_knees), legs.placed_sd(_knees)
    shares, shares_sd = legs.placed(_share), legs.placed_sd(_share)
    return {
        "knee_gap_m": shank_m * knees,
        "knee_gap_sd_m": np.hypot(shank_m * knees_sd, shank_sd_m * knees),
        "knee_gap_ratio": shares,
        "knee_gap_sd_ratio": shares_sd,
        "heel_gap_m": shank_m * legs.placed(_heels),
        "thigh": legs.placed(_thigh),
    }


def _knees(placed: Body) -> Array:
    return np.asarray(np.linalg.norm(placed.upper.knee - placed.lower.knee, axis=-1))


def _share(placed: Body) -> Array:
    thigh = placed.upper.knee - placed.upper.hip
    return np.asarray(_knees(placed) / np.linalg.norm(thigh, axis=-1))


def _heels(placed: Body) -> Array:
    return np.asarray(np.linalg.norm(placed.upper.ankle - placed.lower.ankle, axis=-1))


def _thigh(placed: Body) -> Array:
    return unit(placed.upper.knee - placed.upper.hip)
