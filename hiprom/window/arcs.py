"""A ring and two angles -> the piece of the ring between them, smooth at its edges.

OpenCV's own thick arcs are visibly uneven at a gauge's size. Here each pixel's share of
the ring is worked out from where it stands.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from hiprom.report.overlay_strokes import lay
from hiprom.report.palette import Rgb
from hiprom.report.sprites import Pixels, Sprite


class Ring:
    """A ring in one place, of which pieces can be drawn.

    Parameters
    ----------
    middle : ndarray, shape (2,)
        In pixels of the frame.
    radii_px : tuple of float
        Inner and outer radius.
    from_deg : float
        Where angles are counted from, itself clockwise from three o'clock.
    """

    def __init__(
        self,
        middle: NDArray[np.float64],
        radii_px: tuple[float, float],
        from_deg: float,
    ) -> None:
        inner, outer = radii_px
        self._corner = np.floor(middle - outer - 1)
        side = np.arange(2 * int(np.ceil(outer)) + 4)
        x, y = np.meshgrid(*(side + self._corner[:, None] - middle[:, None]))
        radius = np.hypot(x, y)
        share = np.clip(outer + 0.5 - radius, 0, 1) * np.clip(
            radius - inner + 0.5, 0, 1
        )
        self._opacity = np.rint(255 * share).astype(np.uint8)
        turn = (np.degrees(np.arctan2(y, x)) - from_deg) % 360
        self._turn_deg = turn.astype(np.float32)
        # From nothing to full over one pixel along the ring.
        self._per_deg = np.float32(255 * np.radians((inner + outer) / 2))
        self._kept_piece = lru_cache(maxsize=4)(self._piece)

    def draw(
        self, frame: Pixels, start_deg: float, end_deg: float, colour: Rgb
    ) -> None:
        """Draw the piece between two angles in [0, 360], in place."""
        lay(frame, self._kept_piece(start_deg, end_deg, colour), *self._corner)

    def _piece(self, start_deg: float, end_deg: float, colour: Rgb) -> Sprite:
        shown = self._opacity
        if end_deg - start_deg < 360:
            for ramp in (self._turn_deg - start_deg, end_deg - self._turn_deg):
                mask = np.clip(ramp * self._per_deg, 0, 255).astype(np.uint8)
                shown = cv2.multiply(shown, mask, scale=1 / 255)
        light = cv2.merge([cv2.multiply(shown, part / 255) for part in colour])
        return Sprite(light, cv2.merge([cv2.bitwise_not(shown)] * 3))


def way(spoke_deg: float | NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector, shape (..., 2), of an angle clockwise from the right."""
    spoke = np.radians(spoke_deg)
    return np.stack([np.cos(spoke), np.sin(spoke)], axis=-1)
