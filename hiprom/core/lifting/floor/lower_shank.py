"""Chords across the shanks of a person on the floor -> the tilt of their lower part.

Farther up the outline runs into the other leg, the thigh or the trunk. Where the shank
crosses before the pelvis and its knee is lost, its foot end still shows the direction.
"""

from __future__ import annotations

import numpy as np

from hiprom.core.vectors import Array, dot

# A chord this many times as wide as the narrowest three holds more than the shank.
_WIDENING = 1.6
# The shank's own chords begin among the first three arcs: nearer lies the foot.
_LOWEST = 2
_FEWEST = 4
# Mid-points that scatter further than this share of the width lie on no line.
_SCATTER = 0.07


def lower_shank_deg(chords_px: Array, ankles_px: Array) -> Array:
    """Draw a line through the mid-points of the unbroken run of narrow chords.

    Parameters
    ----------
    chords_px : ndarray, shape (n, 2, arcs, 3)
        As `hiprom.core.silhouette.shank_chords` gives them.
    ankles_px : ndarray, shape (n, 2, 2)
        The landmarks about which the arcs were drawn.

    Returns
    -------
    ndarray, shape (n, 2)
        From the knee to the ankle, degrees from straight down to the picture's right;
        NaN where fewer than four arcs show the shank, or not as a line.
    """
    width = chords_px[..., 2]
    index = np.arange(width.shape[-1])
    narrowest = np.sort(width, axis=-1)[..., :3].mean(axis=-1)
    is_narrow = width < _WIDENING * narrowest[..., None]
    first = np.argmax(is_narrow, axis=-1)[..., None]
    run = np.logical_and.accumulate(is_narrow | (index < first), axis=-1)
    run &= (index >= first) & (first <= _LOWEST)
    count = run.sum(axis=-1)
    many = np.maximum(count, 1)

    points = np.where(run[..., None], chords_px[..., :2], 0.0)
    centre = points.sum(axis=-2) / many[..., None]
    away = np.where(run[..., None], points - centre[..., None, :], 0.0)
    x, y = away[..., 0], away[..., 1]
    tilt = 0.5 * np.arctan2(2 * (x * y).sum(-1), (y * y - x * x).sum(-1))
    along = np.stack([np.sin(tilt), np.cos(tilt)], axis=-1)
    beside = x * along[..., None, 1] - y * along[..., None, 0]
    scatter = np.sqrt((beside**2).sum(axis=-1) / many)
    # The axis of the scatter points either way; the ankle is where the arcs begin.
    is_upward = dot(along, ankles_px - centre) < 0
    tilt_deg = np.degrees(tilt) + np.where(is_upward, 180.0, 0.0)
    is_line = (count >= _FEWEST) & (scatter < _SCATTER * narrowest)
    return np.where(is_line, (tilt_deg + 180) % 360 - 180, np.nan)
