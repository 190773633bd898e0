"""Chords across both shanks -> a robust straight mid-line, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.vectors import Array, dot


@dataclass(frozen=True, eq=False)
class MidLines:
    """The straight mid-line of both shanks through a trial, left first.

    Attributes
    ----------
    tilt_deg : ndarray, shape (n, 2)
        From straight down in the image towards its right; NaN where too few arcs of
        the shank can be believed.
    point_px : ndarray, shape (n, 2, 2)
        A point on the line, amid the arcs it was drawn through.
    sd_deg : ndarray, shape (n, 2)
        How far the arcs' scatter leaves the tilt open. The body's own shape comes on
        top (`Assumptions.shank_bias_sd`).
    """

    tilt_deg: Array
    point_px: Array
    sd_deg: Array


# From above the ankle to the widest of the calf, in shank lengths: below lies the
# foot, above the knee and the thigh bend the mid-line.
_WINDOW = (0.15, 0.70)
# An arc that is this much wider or narrower than usual holds more, or less, than the
# shank.
_WIDTHS = (0.6, 1.3)
# Outline noise: a mid-point this far from the line, or a chord twice this much off the
# leg's own profile, is half believed.
_SCATTER_PX = 1.0
_BULGE_PX = 0.7
_FEWEST = 2.5
# Arcs nearer to each other than this tell no slope.
_APART = 4
_STRETCH = 1000


def mid_lines(
    chords: Array, ankle_px: Array, shank_px: float, slide_px: Array | None = None
) -> MidLines:
    """Draw a robust straight line through each frame's chords.

    Parameters
    ----------
    chords : ndarray, shape (n, 2, arcs, 3)
        As `hiprom.core.silhouette.shank_chords` gives them.
    ankle_px : ndarray, shape (n, 2, 2)
        The ankle landmarks the arcs were drawn about.
    shank_px : float
        Typical length of a shank.
    slide_px : ndarray, shape (n, 2), optional
        How far each landmark lies beyond the ankle itself; the arcs are numbered from
        the ankle.

    Returns
    -------
    MidLines
    """
    width = chords[..., 2].astype(float)
    middle = chords[..., :2]
    beyond = 0.0 if slide_px is None else slide_px[..., None]
    height = (_radius_px(middle, width, ankle_px) - beyond) / shank_px
    usual = _quantile(width.reshape(-1, width.shape[-1]), 0.25)
    shank = (height >= _WINDOW[0]) & (height <= _WINDOW[1])
    shank &= (width >= _WIDTHS[0] * usual - 2) & (width <= _WIDTHS[1] * usual + 2)
    profile = _quantile(np.where(shank, width, np.nan), 0.5, axis=0)

    # Arcs that never cross a shank need not be carried along.
    arcs = shank.any(axis=(0, 1)) | (np.arange(shank.shape[-1]) <= _APART)
    wider, middle, shank = (
        (width - profile)[..., arcs],
        middle[:, :, arcs],
        shank[..., arcs],
    )
    # A stretch at a time: the pairs of arcs of ten minutes would fill a gigabyte.
    parts = [slice(at, at + _STRETCH) for at in range(0, max(len(width), 1), _STRETCH)]
    drawn = [_draw(middle[p], wider[p], shank[p]) for p in parts]
    tilt, point, sd = (np.concatenate(each) for each in zip(*drawn, strict=True))
    return MidLines(tilt_deg=tilt, point_px=point, sd_deg=sd)


def _radius_px(middle: Array, width: Array, ankle_px: Array) -> Array:
    away = np.linalg.norm(middle - ankle_px[:, :, None], axis=-1)
    radius: Array = np.hypot(away, width / 2)
    return radius


def _draw(
    middle: Array, wider: Array, shank: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Tilt, a point and the tilt's deviation of the lines through (n, 2, arcs) chords.

    `wider` is how much wider a chord is than the leg's own profile.
    """
    # Where something behind the leg joins the mask, one edge moves out and the chord's
    # middle with it, by half as much.
    bulge = np.where(shank, wider, np.nan)
    bulge -= _quantile(bulge, 0.5, axis=-1)[..., None]
    trust = np.where(shank, 1 / (1 + (bulge / 2 / _BULGE_PX) ** 2), 0.0)

    across, down = np.moveaxis(np.where(shank[..., None], middle, 0.0), -1, 0)
    away = _theil_sen_residual(across, down, shank)
    for _ in range(5):
        weight = trust / (1 + (away / _SCATTER_PX) ** 2)
        total = weight.sum(axis=-1)
        safe = np.where(total > 0, total, 1.0)
        centre = np.stack([dot(weight, across), dot(weight, down)]) / safe
        x, y = across - centre[0, ..., None], down - centre[1, ..., None]
        xx, yy, xy = dot(weight * x, x), dot(weight * y, y), dot(weight * x, y)
        # The axis of the scatter, as an angle from straight down.
        tilt = 0.5 * np.arctan2(2 * xy, yy - xx)
        away = np.where(
            shank, x * np.cos(tilt)[..., None] - y * np.sin(tilt)[..., None], 0.0
        )

    spread = np.sqrt(dot(weight, away**2) / safe)
    reach = np.sqrt(np.maximum(yy + xx, 1.0))
    seen = total >= _FEWEST
    return (
        np.where(seen, np.degrees(tilt), np.nan),
        np.where(seen[..., None], np.moveaxis(centre, 0, -1), np.nan),
        np.where(seen, np.degrees((spread + 0.1) / reach), np.nan),
    )


def _theil_sen_residual(across: Array, down: Array, shank: NDArray[np.bool_]) -> Array:
    """Distance of points (..., arcs) from the line of median slope; 0 off the shank."""
    lower, upper = np.triu_indices(across.shape[-1], _APART)
    along = across[..., lower] - across[..., upper], down[..., lower] - down[..., upper]
    both = shank[..., lower] & shank[..., upper]
    tilt = _quantile(np.where(both, np.arctan2(*along), np.nan), 0.5, axis=-1)[
        ..., None
    ]
    offset = across * np.cos(tilt) - down * np.sin(tilt)
    middle = _quantile(np.where(shank, offset, np.nan), 0.5, axis=-1)[..., None]
    return np.where(shank, np.nan_to_num(offset - middle), 0.0)


def _quantile(values: Array, share: float, axis: int = 0) -> Array:
    """Return the quantile along one axis, NaN left out; NaN where nothing is left."""
    ordered = np.sort(values, axis=axis)  # NaN go last
    count = np.isfinite(values).sum(axis=axis)
    index = np.expand_dims(
        np.maximum(np.round(share * (count - 1)), 0).astype(int), axis
    )
    picked: Array = np.take_along_axis(ordered, index, axis=axis).squeeze(axis)
    return picked
