"""A person's mask and landmarks -> chords across both shanks, arc by arc.

From the ankle upwards, arcs of growing radius cut across the limb. Where an arc
enters and leaves the mask are two points of the outline; the middle of the chord
between them lies on the limb's mid-line, however far the ankle landmark sits beside
it, and whatever the knee landmark says.
"""

from __future__ import annotations

import math
from typing import NamedTuple

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
    radii = longest * RADII
    points = _on_arcs(
        ankle[:, None, None], heading[:, None, None] + _SPAN, radii[:, None]
    )
    runs = _runs(_sample(mask, *points) - _OUTLINE)
    # Ends of each run, (runs, 2 ends, x and y).
    leg, radius = runs.leg[:, None], radii[runs.arc, None]
    angle = heading[leg] + np.interp(runs.ends, np.arange(len(_SPAN)), _SPAN)
    edge = np.stack(_on_arcs(ankle[leg], angle, radius), axis=-1)
    other = 1 - runs.leg
    both = _crosses(edge, ankle[other], marks[list(KNEES)][other])
    chosen = _follow(runs, both)

    leg, arc, edge = runs.leg[chosen], runs.arc[chosen], edge[chosen]
    chords[leg, arc, :2] = edge.mean(axis=1)
    chords[leg, arc, 2] = np.linalg.norm(edge[:, 1] - edge[:, 0], axis=-1)
    return chords


class _Runs(NamedTuple):
    """Where arcs lie within the mask: one entry a run, arc by arc from the ankle up.

    Attributes
    ----------
    leg, arc : ndarray of int, shape (runs,)
    first, last : ndarray of int, shape (runs,)
        Samples before its first, and its last, within the mask.
    ends : ndarray, shape (runs, 2)
        Where it crosses the outline, in samples; NaN where the arc ends before.
    """

    leg: NDArray[np.intp]
    arc: NDArray[np.intp]
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    ends: Array


def _runs(above: Array) -> _Runs:
    """Find the runs above zero of both legs' arcs, (2, arcs, samples)."""
    inside = np.zeros((*above.shape[:2], above.shape[2] + 2), dtype=bool)
    np.greater(above, 0, out=inside[..., 1:-1])
    leg, arc, first = np.nonzero(~inside[..., :-1] & inside[..., 1:])
    last = np.nonzero(inside[..., :-1] & ~inside[..., 1:])[2] - 1
    first -= 1
    whole = (first >= 0) & (last < above.shape[2] - 1)
    ends = np.full((len(leg), 2), np.nan)
    for end, before in enumerate((first, last)):
        place = leg[whole], arc[whole], before[whole]
        level, beyond = above[place], above[(*place[:2], place[2] + 1)]
        ends[whole, end] = before[whole] + level / (level - beyond)
    return _Runs(leg, arc, first, last, ends)


def _follow(runs: _Runs, both: NDArray[np.bool_]) -> list[int]:
    """Choose one run of each arc, from the ankle up; left out where none can be.

    The limb on one arc is the run of mask nearest the limb on the arc below it; on the
    first, and where the run below holds `both` legs, nearest the knee landmark.
    """
    straight = (len(_SPAN) - 1) / 2
    middles = runs.ends.mean(axis=1).tolist()
    holds_both, first, last = both.tolist(), runs.first.tolist(), runs.last.tolist()
    on_arc: dict[tuple[int, int], list[int]] = {}
    for run, place in enumerate(zip(runs.leg.tolist(), runs.arc.tolist(), strict=True)):
        on_arc.setdefault(place, []).append(run)
    chosen: list[int] = []
    wanted = {0: straight, 1: straight}
    for (leg, _), found in on_arc.items():
        run = found[0]
        if len(found) > 1:
            aim = wanted[leg]
            run = min(found, key=lambda n: max(first[n] + 1 - aim, aim - last[n], 0.0))
        if not math.isnan(middles[run]):
            chosen.append(run)
            wanted[leg] = straight if holds_both[run] else middles[run]
    return chosen


def _crosses(chord: Array, start: Array, end: Array) -> NDArray[np.bool_]:
    """Whether each chord (n, 2 ends, 2) cuts the segment from start to end (n, 2)."""

    def side(a: Array, b: Array, point: Array) -> Array:
        along, out = b - a, point - a
        turn: Array = along[:, 0] * out[:, 1] - along[:, 1] * out[:, 0]
        return turn

    a, b = chord[:, 0], chord[:, 1]
    apart: NDArray[np.bool_] = (side(a, b, start) * side(a, b, end) < 0) & (
        side(start, end, a) * side(start, end, b) < 0
    )
    return apart


def _on_arcs(ankle: Array, angle: Array, radius: Array) -> tuple[Array, Array]:
    """Return x and y of points at an angle and a distance from ankles (..., 2)."""
    x, y = ankle[..., 0], ankle[..., 1]
    return x + radius * np.cos(angle), y + radius * np.sin(angle)


def _sample(mask: NDArray[np.float32], x: Array, y: Array) -> Array:
    """Values of `mask` at points, linear between pixels, 0 outside."""
    height, width = mask.shape
    inside = (x >= 0) & (x < width - 1) & (y >= 0) & (y < height - 1)
    if not inside.all():
        x, y = np.where(inside, x, 0.0), np.where(inside, y, 0.0)
    column, row = np.floor(x), np.floor(y)
    right, down = x - column, y - row
    flat, corner = mask.ravel(), (row * width + column).astype(np.intp)
    left = 1 - right
    upper = flat.take(corner) * left + flat.take(corner + 1) * right
    corner += width
    lower = flat.take(corner) * left + flat.take(corner + 1) * right
    return np.where(inside, upper * (1 - down) + lower * down, 0.0)
