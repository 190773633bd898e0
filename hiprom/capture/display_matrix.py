"""A display matrix -> how stored pixels are turned and flipped to stand upright.

Phones store what the sensor saw and write down how to hold it. There are eight ways
to lay a rectangle on itself, and each is: perhaps exchange rows and columns, perhaps
flip left-right, perhaps flip top-bottom, in that order.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CLOSE = np.cos(np.radians(1.0))  # to a quarter turn, as the players see it


@dataclass(frozen=True)
class Turn:
    """One of the eight ways to lay a picture on itself."""

    is_transposed: bool = False
    is_flipped_x: bool = False
    is_flipped_y: bool = False

    @property
    def is_mirrored(self) -> bool:
        """Whether it exchanges left and right hands, which a mere rotation cannot."""
        return self.is_transposed ^ self.is_flipped_x ^ self.is_flipped_y

    @property
    def clockwise_deg(self) -> int:
        """The rotation in 0, 90, 180, 270, after the left-right flip if mirrored."""
        if self.is_transposed:
            return 90 if self.is_flipped_x else 270
        return 180 if self.is_flipped_y else 0

    def size_of(self, width_px: int, height_px: int) -> tuple[int, int]:
        """Return the (width, height) of a turned picture."""
        return (height_px, width_px) if self.is_transposed else (width_px, height_px)

    def applied_to(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture turned, C-contiguous, shape (height, width, 3)."""
        import cv2

        if self.is_transposed:
            rgb = cv2.transpose(rgb)
        if self.is_flipped_x or self.is_flipped_y:
            both = self.is_flipped_x and self.is_flipped_y
            rgb = cv2.flip(rgb, -1 if both else int(self.is_flipped_x))
        return np.ascontiguousarray(rgb)


def turn_of(matrix: bytes) -> Turn | None:
    """Return the turn that a display matrix asks for.

    Parameters
    ----------
    matrix : bytes
        Nine native 32-bit integers as FFmpeg passes them on: the stored point
        (x, y), y down, is shown at (ax + cy, bx + dy), of which a, b stand first
        and c, d fourth and fifth. No bytes, or an empty matrix, ask for nothing.

    Returns
    -------
    Turn or None
        None if it asks for anything but quarter turns and flips.
    """
    if not matrix:
        return Turn()
    a, b, _, c, d, *_ = struct.unpack("=9i", matrix)
    x, y = np.hypot(a, b), np.hypot(c, d)
    if x == 0 or y == 0:
        return Turn()
    if min(abs(a) / x, abs(d) / y) >= _CLOSE:
        return Turn(is_flipped_x=a < 0, is_flipped_y=d < 0)
    if min(abs(b) / x, abs(c) / y) >= _CLOSE:
        return Turn(is_transposed=True, is_flipped_x=c < 0, is_flipped_y=b < 0)
    return None
