"""The greys of a dark room's window, and its two signals, beside the palette's hues."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from hiprom.report.palette import SHADOW, Rgb
from hiprom.report.sprites import Pixels

GROUND: Rgb = SHADOW
RAISED: Rgb = (25, 34, 43)  # a card, a key
TRACK: Rgb = (47, 59, 70)  # what a gauge will fill
QUIET: Rgb = (166, 178, 188)  # words that can wait; 8 : 1 on the ground

# Each signal changes shape as well: colour alone tells nobody anything.
RECORDING: Rgb = (255, 82, 82)
DONE: Rgb = (150, 236, 110)


def dark_frame(size_px: tuple[int, int]) -> Pixels:
    """Return an empty frame of this width and height, to draw on."""
    return _dark(size_px).copy()


@lru_cache(maxsize=2)
def _dark(size_px: tuple[int, int]) -> Pixels:
    # Filling with a colour takes twenty times as long as copying what is filled.
    return np.full((size_px[1], size_px[0], 3), GROUND, dtype=np.uint8)
