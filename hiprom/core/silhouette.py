"""A person's mask and landmarks -> chords across both shanks, arc by arc.

From the ankle upwards, arcs of growing radius cut across the limb. Where an arc
enters and leaves the mask are two points of the outline; the middle of the chord
between them lies on the limb's mid-line, however far the ankle landmark sits beside
it, and whatever the knee landmark says.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.vectors import Array

# Radii in lengths of the longest of both shanks and the trunk as the landmarks show
# them: a seated person's shank is 0.9 to 1.15 trunks long, and a knee landmark that
# slid down the limb must not shorten the arcs. Nearer than 0.1 lies the foot.
RADII = np.linspace(0.10, 1.05, 20)

# Arcs span this much to either side of the ankle-to-knee direction of the landmarks,
# which a misplaced knee can turn by 25 degrees. The outline is then found to about a
# tenth of a step, 0.1 px on a shank of 110 px.
_SPAN = np.radians(np.arange(-75.0, 75.1, 0.75))
_OUTLINE = 0.5


def shank_chords(
    mask: NDArray[np.float32], image_px: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Cut both shanks with arcs about the ankle.

    Parameters
    ----------
    mask : ndarray of float32, shape (height, width)
        How surely each pixel belongs to the person, 0 to 1.
    image_px : ndarray of float32, shape (33, 2)
        Landmarks of the same frame, pixels: x right, y down.

    Returns
    -------
    ndarray of float32, shape (2, 20, 3)
        Left and right shank, from the ankle up: x and y of the chord's middle and the
        chord's length, in pixels. NaN where an arc meets no limb, or does not leave it
        again within 75 degrees or the picture.
    """
    chords = np.full((2, len(RADII), 3), np.nan, dtype=np.float32)
    marks = image_px.astype(np.float64)
    ankle = marks[list(ANKLES)]
    upward = marks[list(KNEES)] - ankle
    trunk = marks[list(SHOULDERS)].mean(axis=0) - marks[list(HIPS)].mean(axis=0)
    longest = np.linalg.norm([*upward, trunk], axis=-1).max()
    if not np.isfinite(longest):
        return chords

    heading = np.arctan2(upward[:, 1], upward[:, 0])
    toward = heading[:, None] + _SPAN
    ray = np.stack([np.cos(toward), np.sin(toward)], axis=-1)
    points = ankle[:, None, None] + longest * RADII[:, None, None] * ray[:, None]
    above = _sample(mask, points) - _OUTLINE

    # The limb on one arc is the run of mask nearest the limb on the arc below it; on
    # the first, and where the run below holds both legs, nearest the knee landmark.
    straight = np.full(2, (len(_SPAN) - 1) / 2)
    middle = straight
    for arc, radius in enumerate(longest * RADII):
        ends = _run_nearest(above[:, arc], middle)
        seen = np.isfinite(ends).all(axis=-1)
        angle = heading[:, None] + np.interp(ends, np.arange(len(_SPAN)), _SPAN)
        edge = ankle[:, None] + radius * np.stack([np.cos(angle), np.sin(angle)], -1)
        chords[:, arc, :2] = edge.mean(axis=1)
        chords[:, arc, 2] = np.linalg.norm(edge[:, 1] - edge[:, 0], axis=-1)
        both = _crosses(edge, ankle[::-1], marks[list(KNEES)][::-1])
        middle = np.where(seen, np.where(both, straight, ends.mean(axis=-1)), middle)
    return chords


def _crosses(chord: Array, start: Array, end: Array) -> NDArray[np.bool_]:
    """Whether each chord (2 legs, 2 ends, 2) cuts the segment from start to end."""

    def side(a: Array, b: Array, point: Array) -> Array:
        along, out = b - a, point - a
        turn: Array = along[:, 0] * out[:, 1] - along[:, 1] * out[:, 0]
        return turn

    a, b = chord[:, 0], chord[:, 1]
    apart: NDArray[np.bool_] = (side(a, b, start) * side(a, b, end) < 0) & (
        side(start, end, a) * side(start, end, b) < 0
    )
    return apart


def _run_nearest(above: Array, index: Array) -> Array:
    """Fractional start and end, (2 legs, 2), of the run above zero nearest `index`."""
    ends = np.full((2, 2), np.nan)
    for leg, (level, wanted) in enumerate(zip(above, index, strict=True)):
        inside = level > 0
        starts = np.flatnonzero(~inside[:-1] & inside[1:])
        stops = np.flatnonzero(inside[:-1] & ~inside[1:])
        if inside[0]:
            starts = np.concatenate([[-1], starts])
        if inside[-1]:
            stops = np.concatenate([stops, [len(level) - 1]])
        if not len(starts):
            continue
        outside = np.maximum(np.maximum(starts + 1 - wanted, wanted - stops), 0.0)
        run = int(np.argmin(outside))
        start, stop = starts[run], stops[run]
        if start >= 0 and stop < len(level) - 1:
            ends[leg] = (
                start + level[start] / (level[start] - level[start + 1]),
                stop + level[stop] / (level[stop] - level[stop + 1]),
            )
    return ends


def _sample(mask: NDArray[np.float32], points: Array) -> Array:
    """Values of `mask` at `points` (..., 2), linear between pixels, 0 outside."""
    height, width = mask.shape
    x, y = points[..., 0], points[..., 1]
    inside = (x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)
    x, y = np.where(inside, x, 0.0), np.where(inside, y, 0.0)
    column, row = x.astype(np.intp), y.astype(np.intp)
    right, down = x - column, y - row
    flat = mask.ravel()
    corner = row * width + column
    upper = flat[corner] * (1 - right) + flat[corner + 1] * right
    lower = flat[corner + width] * (1 - right) + flat[corner + width + 1] * right
    return np.where(inside, upper * (1 - down) + lower * down, 0.0)
