"""The one board that cameras are calibrated with: its shape, and OpenCV's view of it.

A chessboard with a numbered marker in every white square (ChArUco), so that any part of
it tells which part it is. It fits A4 and US letter alike, so there is only one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from hiprom.core.vectors import Array

# Squares across and down. Odd both ways: where rows are even in number, versions of
# OpenCV disagree on which squares are black.
COLUMNS, ROWS = 7, 9
SQUARE_MM = 24.0
# A marker is six modules wide, a square eight.
_MODULES = 8
MODULE_MM = SQUARE_MM / _MODULES
_MARKER_MM = 6 * MODULE_MM
# Numbers that other people's boards, which count from 0, rarely reach.
_FIRST_MARKER = 60
MARKERS = range(_FIRST_MARKER, _FIRST_MARKER + COLUMNS * ROWS // 2)
CORNERS = (COLUMNS - 1) * (ROWS - 1)
# The smallest drawing in which OpenCV draws every module of one size.
_DRAWN_PX = 10


class Rectangle(NamedTuple):
    """A black part of the board, from its upper left corner: x right, y down, mm."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


def charuco() -> Any:
    """Return the board as OpenCV's CharucoBoard, in millimetres."""
    import cv2

    return cv2.aruco.CharucoBoard(
        (COLUMNS, ROWS),
        SQUARE_MM,
        _MARKER_MM,
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_100),
        np.array(MARKERS),
    )


def corners_mm() -> Array:
    """Return the inner corners of the squares, shape (48, 3): x right, y down, z 0."""
    return np.asarray(charuco().getChessboardCorners(), dtype=np.float64)


def modules() -> NDArray[np.bool_]:
    """Return the board's smallest cells, shape (72, 56); True where black."""
    shape = (COLUMNS * _MODULES, ROWS * _MODULES)
    drawn = charuco().generateImage(tuple(side * _DRAWN_PX for side in shape))
    middle = _DRAWN_PX // 2
    return np.asarray(drawn[middle::_DRAWN_PX, middle::_DRAWN_PX] < 128)


def rectangles() -> list[Rectangle]:
    """Return what is black on the board, as few rectangles as rows of it need.

    Runs of black that stand above each other as one are one rectangle, so that no
    printer draws a seam.
    """
    black = modules()
    open_runs: dict[tuple[int, int], int] = {}
    found: list[Rectangle] = []
    for row in range(len(black) + 1):
        runs = set(_runs(black[row])) if row < len(black) else set()
        for run in [run for run in open_runs if run not in runs]:
            first = open_runs.pop(run)
            sides = (run[0], first, run[1] - run[0], row - first)
            found.append(Rectangle(*(side * MODULE_MM for side in sides)))
        for run in runs:
            open_runs.setdefault(run, row)
    return sorted(found, key=lambda each: (each.y_mm, each.x_mm))


def _runs(row: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(row.astype(np.int8), prepend=0, append=0))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
