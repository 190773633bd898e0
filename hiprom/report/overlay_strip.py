"""The quantity over time -> a strip along the lower edge that fills as time goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiprom.core.measurement import Measurement, SideMeasurement
from hiprom.report.overlay_strokes import disc, lay, stroke
from hiprom.report.palette import LIGHT, Rgb
from hiprom.report.sprites import Pixels, Sprite, curve, panel, put, sprite, words

_PALE: Rgb = (146, 156, 165)
_FAINT: Rgb = (92, 102, 112)


@dataclass(frozen=True, eq=False)
class Strip:
    """One trial's curve, once pale (to come) and once bright (gone by).

    `points_px`, shape (n, 2), is where the curve is at each frame, counted from the
    strip's own corner; y is NaN where there is none.
    """

    to_come: Sprite
    gone_by: Sprite
    points_px: NDArray[np.float64]
    colour: Rgb
    unit_px: float

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.to_come.height

    def paint(self, frame: Pixels, left: int, top: int, index: int) -> None:
        """Draw the strip as it stands at frame `index`, in place."""
        x, y = self.points_px[index]
        now = round(float(x))
        lay(frame, _cut(self.gone_by, 0, now), left, top)
        lay(frame, _cut(self.to_come, now, self.to_come.width), left + now, top)
        if np.isfinite(y):
            centre = (left + x, top + y)
            disc(frame, centre, LIGHT, 4.2 * self.unit_px)
            disc(frame, centre, self.colour, 2.8 * self.unit_px)
        else:
            ends = [(left + x, top + 4), (left + x, top + self.to_come.height - 5)]
            stroke(frame, ends, _PALE, 1)


def time_strip(
    measurement: Measurement,
    shown: Sequence[SideMeasurement],
    *,
    size_px: tuple[int, int],
    unit_px: float,
    colour: Rgb,
) -> Strip:
    """Draw the strip of a trial.

    Parameters
    ----------
    measurement : Measurement
    shown : sequence of SideMeasurement
        The leg that is shown at each frame; the curve breaks where it changes.
    size_px : tuple of int
        Width and height of the strip.
    unit_px : float
        The step of size on this video.
    colour : Rgb
        Of the curve that has gone by.
    """
    width, height = size_px
    pad, time_s = 9 * unit_px, measurement.time_s
    protocol = measurement.protocol
    quantity = protocol.direction * np.array(
        [side.trace[index] for index, side in enumerate(shown)]
    )
    span_s = max(float(np.ptp(time_s)), 1e-6) if len(time_s) else 1.0
    low, high = min(np.nanmin([0, *quantity]), 0.0), max(np.nanmax([0, *quantity]), 0.0)
    upper, lower = 16 * unit_px, height - 7 * unit_px

    def across(at_s: ArrayLike) -> NDArray[np.float64]:
        share = (np.asarray(at_s) - time_s[0]) / span_s
        x_px: NDArray[np.float64] = pad + np.clip(share, 0, 1) * (width - 2 * pad)
        return x_px

    def down(values: ArrayLike) -> NDArray[np.float64]:
        share = (np.asarray(values) - low) / max(
            high - low, protocol.rules.min_excursion.value
        )
        y_px: NDArray[np.float64] = lower - share * (lower - upper)
        return y_px

    points = np.stack([across(time_s), down(quantity)], axis=-1)
    zero = np.array([[pad, down(0.0)], [width - pad, down(0.0)]])
    numbers = [
        (str(rep.number), float(across(rep.peak_s)))
        for side in measurement.sides
        for rep in side.reps
        if shown[int(np.argmin(np.abs(time_s - rep.peak_s)))] is side
    ]

    def drawn(line: Rgb, digits: Rgb) -> Sprite:
        marks = [(words(n, max(10 * unit_px, 9), colour=digits), x) for n, x in numbers]
        ground = panel(width, height, radius=8 * unit_px)
        ground.alpha_composite(curve(size_px, [zero], colour=_FAINT, thickness=1))
        ground.alpha_composite(
            curve(size_px, _pieces(points, shown), colour=line, thickness=1.8 * unit_px)
        )
        return sprite(
            put(ground, [(m, x - m.width / 2, 1.5 * unit_px) for m, x in marks])
        )

    return Strip(drawn(_PALE, _PALE), drawn(colour, LIGHT), points, colour, unit_px)


def _pieces(
    points: NDArray[np.float64], shown: Sequence[SideMeasurement]
) -> list[NDArray[np.float64]]:
    """Split the curve where there is nothing, and where the leg changes."""
    gap = np.isnan(points[:, 1])
    is_left = np.array([side.side == "left" for side in shown], dtype=bool)
    breaks = np.flatnonzero(np.diff(gap) | np.diff(is_left)) + 1
    return [run for run in np.split(points, breaks) if not np.isnan(run).any()]


def _cut(part: Sprite, start: int, stop: int) -> Sprite:
    return Sprite(part.light[:, start:stop], part.kept[:, start:stop])
