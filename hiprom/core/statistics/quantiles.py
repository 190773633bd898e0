"""A probability -> the quantile of the normal, Student's and the F distribution.

numpy alone: scipy's special functions take longer to load than a history to be shown.
"""

from __future__ import annotations

import math

import numpy as np

# Angles at which F's distribution is laid out; see `f_quantile`.
_ANGLES = np.linspace(0.0, math.pi / 2, 4097)
_SIN, _COS = np.sin(_ANGLES), np.cos(_ANGLES)
_MOST_STEPS, _CLOSE = 60, 1e-13


def two_sided(confidence: float = 0.95, degrees_of_freedom: float = math.inf) -> float:
    """Half-width of an interval that holds `confidence`, in standard deviations.

    Parameters
    ----------
    confidence : float
        Above 0 and below 1.
    degrees_of_freedom : float
        How well the standard deviation is itself known, at least 1. Infinite where it
        is given.

    Returns
    -------
    float
        1.96 for 95 % and a known standard deviation, the normal quantile; more where
        it had to be learnt, Student's.
    """
    if math.isinf(degrees_of_freedom):
        return _normal(confidence)
    return math.sqrt(f_quantile(confidence, 1.0, degrees_of_freedom))


def f_quantile(probability: float, above: float, below: float) -> float:
    """Value that an F-distributed ratio stays under with `probability`.

    Parameters
    ----------
    probability : float
        Above 0 and below 1.
    above, below : float
        Degrees of freedom of the ratio's numerator and denominator, at least 1.

    Notes
    -----
    With the ratio written as below / above * tan(angle)**2, the density is a product of
    powers of sine and cosine. It is summed over a fine grid of angles and read off,
    to 0.2 % at worst and to 0.01 % from five degrees of freedom on.
    """
    density = _SIN ** (above - 1) * _COS ** (below - 1)
    reached = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    angle = np.interp(probability * reached[-1], reached, _ANGLES)
    return below / above * math.tan(angle) ** 2


def _normal(confidence: float) -> float:
    """Newton's method, which climbs to the quantile from below."""
    z = 0.0
    for _ in range(_MOST_STEPS):
        density = math.sqrt(2 / math.pi) * math.exp(-z * z / 2)
        step = (confidence - math.erf(z / math.sqrt(2))) / density
        z += step
        if abs(step) < _CLOSE:
            break
    return z
