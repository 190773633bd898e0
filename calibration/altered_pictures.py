"""The pictures of a film -> the pictures of its altered copy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import cv2
import numpy as np
from alterations import Alteration
from numpy.typing import NDArray

from hiprom.capture.video import Frame

Picture = NDArray[np.uint8]
Size = tuple[int, int]

# One field of noise is drawn for a film, this much larger than its pictures; each
# picture gets another cut of it, which is far quicker than drawing anew.
_MARGIN_PX = 64
# From coordinates that are 0 at the picture's corner to OpenCV's, which are 0 in the
# middle of the first pixel.
_TO_PIXELS = np.array([[1.0, 0.0, -0.5], [0.0, 1.0, -0.5], [0.0, 0.0, 1.0]])


def homography(
    alteration: Alteration, size_px: Size, focal_px: float
) -> NDArray[np.float64]:
    """Where a point of the picture goes, shape (3, 3), for homogeneous (x, y, 1).

    A camera that is turned where it stands sees the same rays: whatever the distance,
    all that is seen moves by this one mapping. Coordinates are pixels from the upper
    left corner, x right, y down; the camera looks at the picture's middle.
    """
    middle_x, middle_y = np.array(size_px) / 2
    lens = np.array([[focal_px, 0, middle_x], [0, focal_px, middle_y], [0, 0, 1]])
    mirror = np.diag([-1.0 if alteration.is_mirrored else 1.0, 1.0, 1.0])
    shrink = np.diag([alteration.scale, alteration.scale, 1.0])
    turn = alteration.turn.as_matrix()
    mapping = shrink @ lens @ turn @ mirror @ np.linalg.inv(lens)
    return np.asarray(mapping / mapping[2, 2])


def altered_size_px(alteration: Alteration, size_px: Size) -> Size:
    """Return width and height of the copy's pictures."""
    width_px, height_px = (round(alteration.scale * side) for side in size_px)
    return width_px, height_px


def altered_frames(
    frames: Iterable[Frame], alteration: Alteration, focal_px: float
) -> Iterator[Frame]:
    """Yield the frames of the copy, each at the time of the one it is made of."""
    chance = np.random.default_rng(0)
    noise: NDArray[np.int16] | None = None
    for frame in islice(frames, 0, None, alteration.every):
        picture = _darkened(_moved(frame.rgb, alteration, focal_px), alteration)
        if alteration.noise:
            height, width, _ = picture.shape
            if noise is None:
                shape = height + _MARGIN_PX, width + _MARGIN_PX, 3
                drawn = chance.normal(0, alteration.noise, shape)
                noise = np.rint(drawn).astype(np.int16)
            row, column = chance.integers(_MARGIN_PX, size=2)
            here = noise[row : row + height, column : column + width]
            picture = cv2.add(picture, here, dtype=cv2.CV_8U)
        yield frame._replace(rgb=picture)


def _moved(picture: Picture, alteration: Alteration, focal_px: float) -> Picture:
    """Mirror and turn, then shrink; what comes into view continues the edge."""
    size_px = picture.shape[1], picture.shape[0]
    at_full_size = homography(replace(alteration, scale=1.0), size_px, focal_px)
    moved = cv2.warpPerspective(
        picture,
        _TO_PIXELS @ at_full_size @ np.linalg.inv(_TO_PIXELS),
        size_px,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    smaller_px = altered_size_px(alteration, size_px)
    return np.asarray(cv2.resize(moved, smaller_px, interpolation=cv2.INTER_AREA))


def _darkened(picture: Picture, alteration: Alteration) -> Picture:
    levels = np.arange(256) / 255
    light = 255 * alteration.gain * levels**alteration.gamma
    shades = np.clip(np.rint(light), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(picture, shades))
