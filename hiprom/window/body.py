"""The camera's picture and what was found in it -> a mirror image with lines on it.

Mirrored for the person's eyes only. The pose model and the recording never see it so:
they would take the left leg for the right one.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import SKELETON, Side, of_side
from hiprom.report.overlay_strokes import dashed, disc, fill, see_through, stroke
from hiprom.report.painting import sector
from hiprom.report.palette import LIGHT, SHADOW, Rgb
from hiprom.report.sprites import Pixels
from hiprom.window.layout import Box

_BONES = np.array(SKELETON)
_JOINTS = np.unique(_BONES)
# Beyond this many times the picture's size a point is drawn nearer.
_REACH = 4
# Lines have the overlay film's widths on a picture of this height.
_HEIGHT_PX = 480
# A backdrop is reduced to this and enlarged again, which blurs it at little cost.
_BLURRED = (96, 54)


class Marks(NamedTuple):
    """What was found in a picture, in pixels of the unmirrored one.

    Attributes
    ----------
    image_px : ndarray, shape (33, 2), or None
        The landmarks; None or NaN where nobody was found.
    dial_px : ndarray, shape (3, 2), or None
        Knee, end of the shank, and where that end would be at zero rotation; None or
        NaN where the leg cannot be read.
    side : {"left", "right"} or None
        The leg that is tested.
    """

    image_px: NDArray[Any] | None = None
    dial_px: NDArray[Any] | None = None
    side: Side | None = None


def draw_picture(frame: Pixels, picture: Pixels, box: Box) -> None:
    """Lay the picture, mirrored, into its box, in place."""
    is_smaller = box.height < picture.shape[0]
    way = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
    sized = cv2.resize(picture, (box.width, box.height), interpolation=way)
    frame[box.y : box.bottom, box.x : box.right] = cv2.flip(sized, 1)


def draw_backdrop(frame: Pixels, picture: Pixels, share: float) -> None:
    """Fill the frame with the mirrored picture at a share of its brightness."""
    tall, wide = frame.shape[:2]
    height, width = picture.shape[:2]
    scale = max(wide / width, tall / height)
    across, down = (
        min(round(n / scale), m) for n, m in ((wide, width), (tall, height))
    )
    left, top = (width - across) // 2, (height - down) // 2
    part = picture[top : top + down, left : left + across]
    small = cv2.resize(part, _BLURRED, interpolation=cv2.INTER_AREA)
    dim = cv2.convertScaleAbs(cv2.flip(small, 1), alpha=share)
    cv2.resize(dim, (wide, tall), dst=frame, interpolation=cv2.INTER_CUBIC)


def draw_marks(
    frame: Pixels, marks: Marks, picture: Pixels, box: Box, colour: Rgb
) -> None:
    """Draw skeleton and dial over the mirrored picture in its box, in place."""
    part = frame[box.y : box.bottom, box.x : box.right]
    unit = max(min(box.width, box.height) / _HEIGHT_PX, 0.6)
    points = _mirrored(marks.image_px, picture, box)
    dial = _mirrored(marks.dial_px, picture, box)
    if points is not None:
        _skeleton(part, points, unit)
        if dial is None and marks.side is not None:
            _leg(part, points, marks.side, unit)
    if dial is not None:
        _dial(part, dial, colour, unit)


def _mirrored(
    points_px: NDArray[Any] | None, picture: Pixels, box: Box
) -> NDArray[np.float64] | None:
    """Go from the picture's pixels to the box's; None where any is unknown."""
    if points_px is None or not np.isfinite(points_px).all():
        return None
    height, width = picture.shape[:2]
    points = np.asarray(points_px, dtype=np.float64) * (-1, 1) + (width, 0)
    reach = _REACH * max(box.width, box.height)
    points *= (box.width / width, box.height / height)
    near: NDArray[np.float64] = np.clip(points, -reach, reach)
    return near


def _skeleton(part: Pixels, points: NDArray[np.float64], unit: float) -> None:
    thin = max(1.6 * unit, 1.0)

    def draw(under: Pixels, corner: NDArray[np.float64]) -> None:
        bones = points[_BONES] - corner
        stroke(under, bones, SHADOW, 2 * thin)
        stroke(under, bones, LIGHT, thin)
        for joint in points[_JOINTS] - corner:
            disc(under, joint, LIGHT, 1.7 * thin)

    see_through(part, points[_JOINTS], 4 * thin, 0.6, draw)


def _leg(part: Pixels, points: NDArray[np.float64], side: Side, unit: float) -> None:
    """Make the tested leg stand out until it has a dial."""
    joints = points[[of_side(joint, side) for joint in ("hip", "knee", "ankle")]]
    for edge, shade in ((2.6 * unit, SHADOW), (0.0, LIGHT)):
        stroke(part, joints, shade, 3.6 * unit + edge)
        for joint in joints:
            disc(part, joint, shade, 4.6 * unit + edge / 2)


def _dial(part: Pixels, dial: NDArray[np.float64], colour: Rgb, unit: float) -> None:
    """Draw the shank, the line where it would hang at zero, and the arc between."""
    knee, end, zero = dial
    arc = sector(knee, zero, end)

    def draw(under: Pixels, corner: NDArray[np.float64]) -> None:
        fill(under, np.vstack([knee, arc]) - corner, colour)

    see_through(part, np.vstack([knee, arc]), 2 * unit, 0.42, draw)
    dashes = dashed(knee, zero, 8 * unit)
    stroke(part, dashes, SHADOW, 3.8 * unit)
    stroke(part, dashes, LIGHT, 2.0 * unit)
    for edge, shade in ((2.2 * unit, SHADOW), (0.0, colour)):
        stroke(part, arc, shade, 2.0 * unit + edge)
    for edge, shade in ((2.6 * unit, SHADOW), (0.0, colour)):
        stroke(part, [knee, end], shade, 3.6 * unit + edge)
        disc(part, end, shade, 4.6 * unit + edge / 2)
    for colour_of, radius in ((SHADOW, 7.4), (colour, 6.2), (LIGHT, 3.0)):
        disc(part, knee, colour_of, radius * unit)
