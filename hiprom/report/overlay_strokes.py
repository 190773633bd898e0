"""Points and sprites -> smooth lines, discs and sectors on a frame, in place.

The one place of the report that knows OpenCV. Positions are pixels with fractions,
so that a slow movement glides; what lies outside the frame is cut off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from hiprom.report.palette import Rgb
from hiprom.report.sprites import Pixels, Sprite

_SHIFT = 4  # OpenCV counts in sixteenths of a pixel


def lay(frame: Pixels, sprite: Sprite, x: float, y: float) -> None:
    """Blend `sprite` into `frame`, its top left corner at x, y."""
    left, top = round(x), round(y)
    x0, y0 = max(left, 0), max(top, 0)
    x1 = min(left + sprite.width, frame.shape[1])
    y1 = min(top + sprite.height, frame.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
    dimmed = cv2.multiply(frame[y0:y1, x0:x1], sprite.kept[inside], scale=1 / 255)
    frame[y0:y1, x0:x1] = cv2.add(dimmed, sprite.light[inside])


def stroke(frame: Pixels, points: ArrayLike, colour: Rgb, thickness: float) -> None:
    """Draw a line through `points`, shape (n, 2), or many, shape (lines, n, 2)."""
    where = _sixteenths(points)
    lines = list(where) if where.ndim == 3 else [where]
    width = max(round(thickness), 1)
    cv2.polylines(frame, lines, False, colour, width, cv2.LINE_AA, _SHIFT)


def dashed(
    start: NDArray[np.float64], end: NDArray[np.float64], dash_px: float
) -> NDArray[np.float64]:
    """Return the dashes of a line, shape (dashes, 2, 2), each about `dash_px` long."""
    pieces = max(round(float(np.hypot(*(end - start))) / dash_px), 1) | 1
    stops = start + (end - start) * np.linspace(0, 1, pieces + 1)[:, None]
    return stops.reshape(-1, 2, 2)


def disc(frame: Pixels, centre: ArrayLike, colour: Rgb, radius: float) -> None:
    """Draw a filled circle."""
    x, y = (int(value) for value in _sixteenths(centre))
    size = max(round(radius * 2**_SHIFT), 1)
    cv2.circle(frame, (x, y), size, colour, -1, cv2.LINE_AA, _SHIFT)


def fill(frame: Pixels, corners: ArrayLike, colour: Rgb) -> None:
    """Fill the outline through `corners`, shape (n, 2)."""
    cv2.fillPoly(frame, [_sixteenths(corners)], colour, cv2.LINE_AA, _SHIFT)


def see_through(
    frame: Pixels,
    points: NDArray[Any],
    margin: float,
    opacity: float,
    draw: Callable[[Pixels, NDArray[np.float64]], None],
) -> None:
    """Let `draw` draw about `points`, and blend what it drew into the frame.

    `draw` is given a copy of that part of the frame, and the corner of the part, to
    be taken from its positions.
    """
    height, width = frame.shape[:2]
    x0, y0 = np.floor(np.min(points, axis=0) - margin).astype(int).clip(0)
    x1, y1 = np.ceil(np.max(points, axis=0) + margin).astype(int) + 1
    x1, y1 = min(int(x1), width), min(int(y1), height)
    if x0 >= x1 or y0 >= y1:
        return
    part = frame[y0:y1, x0:x1]
    drawn = part.copy()
    draw(drawn, np.array([x0, y0], dtype=float))
    frame[y0:y1, x0:x1] = cv2.addWeighted(drawn, opacity, part, 1 - opacity, 0)


def _sixteenths(points: ArrayLike) -> NDArray[np.int32]:
    counted: NDArray[np.int32] = np.rint(np.asarray(points) * 2**_SHIFT).astype(
        np.int32
    )
    return counted
