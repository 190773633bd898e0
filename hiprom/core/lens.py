"""Directions of sight <-> where a bending lens puts them, on the plane at distance 1.

The lens is OpenCV's: a radial polynomial (k1, k2, k3) and a lens askew (p1, p2).
"""

from __future__ import annotations

import numpy as np

from hiprom.core.vectors import Array

# k1, k2, p1, p2, k3
Coefficients = tuple[float, float, float, float, float]

_NEWTON_STEPS = 12
# Beyond this many focal lengths off the axis no lens is described by a polynomial.
_WIDEST = 4.0


def bent(straight: Array, distortion: Coefficients) -> tuple[Array, Array]:
    """Return where the lens puts points, and how fast it moves them there.

    Parameters
    ----------
    straight : ndarray, shape (..., 2)
        In focal lengths from the optical axis, as a lens without flaws shows them.
    distortion : tuple of float

    Returns
    -------
    points : ndarray, shape (..., 2)
    slopes : ndarray, shape (..., 2, 2)
        The derivatives of `points` by `straight`.
    """
    k1, k2, p1, p2, k3 = distortion
    x, y = straight[..., 0], straight[..., 1]
    square = x * x + y * y
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    steeper = 2 * (k1 + square * (2 * k2 + square * 3 * k3))
    points = np.stack(
        [
            x * radial + 2 * p1 * x * y + p2 * (square + 2 * x * x),
            y * radial + p1 * (square + 2 * y * y) + 2 * p2 * x * y,
        ],
        axis=-1,
    )
    mixed = x * y * steeper + 2 * (p1 * x + p2 * y)
    across = radial + x * x * steeper + 2 * p1 * y + 6 * p2 * x
    down = radial + y * y * steeper + 6 * p1 * y + 2 * p2 * x
    slopes = np.stack(
        [np.stack([across, mixed], axis=-1), np.stack([mixed, down], axis=-1)], axis=-2
    )
    return points, slopes


def unbent(points: Array, distortion: Coefficients) -> Array:
    """Undo the lens, by Newton's method; shape (..., 2) to (..., 2), NaN stays NaN.

    Holds within the lens's `reach`.
    """
    straight = points.copy()
    for _ in range(_NEWTON_STEPS):
        there, slopes = bent(straight, distortion)
        step = np.linalg.solve(slopes, (points - there)[..., None])[..., 0]
        straight = straight + step
    return straight


def reach(distortion: Coefficients) -> float:
    """Return how far from the axis the lens still puts anything, in focal lengths.

    Farther out two directions would meet in one point, and the polynomial lies.
    """
    k1, k2, _, _, k3 = distortion
    straight = np.linspace(0.0, _WIDEST, 801)
    square = straight**2
    rising = 1 + square * (3 * k1 + square * (5 * k2 + square * 7 * k3)) > 0
    if rising.all():
        return float("inf")
    last = straight[np.argmin(rising)]
    return float(last * (1 + last**2 * (k1 + last**2 * (k2 + last**2 * k3))))
