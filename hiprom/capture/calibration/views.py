"""A grey picture -> what it shows of the board: corners, sharpness and tilt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.calibration import board
from hiprom.core.vectors import Array

Grey = NDArray[np.uint8]

# Fewer corners than these, or all of them in one row, hold no view in place.
MIN_CORNERS = 12
# Width over which an edge goes from black to white, as a share of the longer side:
# 5 px of 640. A board moved by hand in a dim room is blurred by more.
SHARP_SHARE = 0.008
# Pictures up to this size are enlarged where no marker was found; a second look at
# larger ones would take longer than it is worth.
_LARGE_PX = 1280
_OTHER_MARKERS = ("DICT_4X4_250", "DICT_5X5_250", "DICT_6X6_250", "DICT_7X7_250")


@dataclass(frozen=True, eq=False)
class BoardView:
    """The board in one picture.

    Attributes
    ----------
    name : str
        Of the picture.
    size_px : tuple of int
        Width and height of the picture.
    corner : ndarray of int, shape (n,)
        Which of the board's inner corners were found.
    image_px : ndarray, shape (n, 2)
        Where, in OpenCV's pixels: (0, 0) is the *middle* of the upper left one.
    edge_px : float
        Width of a black and white edge: about 2 px in a sharp picture.
    tilt_deg : tuple of float
        How far the board is turned from facing the camera: its right edge away, its
        upper edge away. Near enough for guidance; the lens is not known yet.
    """

    name: str
    size_px: tuple[int, int]
    corner: NDArray[np.intp]
    image_px: Array
    edge_px: float
    tilt_deg: tuple[float, float]

    @property
    def board_mm(self) -> Array:
        """The same corners on the board, shape (n, 3)."""
        return board.corners_mm()[self.corner]

    @property
    def is_sharp(self) -> bool:
        """Whether edges are no wider than a still board in fair light shows them."""
        return self.edge_px <= SHARP_SHARE * max(self.size_px)

    def moved_px(self, other: BoardView) -> float:
        """How far the board's corners moved from another view; inf if none is shared.

        The median over the corners that both views show.
        """
        _, mine, others = np.intersect1d(self.corner, other.corner, return_indices=True)
        if not len(mine):
            return float("inf")
        away = self.image_px[mine] - other.image_px[others]
        return float(np.median(np.linalg.norm(away, axis=-1)))


def see_board(grey: Grey, name: str) -> BoardView | None:
    """Find the board in a picture; None where too little of it is seen."""
    found = _corners(grey)
    if found is None:
        return None
    corner, image_px = found
    if board.charuco().checkCharucoCornersCollinear(corner):
        return None
    height, width = grey.shape
    return BoardView(
        name=name,
        size_px=(width, height),
        corner=corner.astype(np.intp),
        image_px=image_px,
        edge_px=_edge_px(grey, image_px),
        tilt_deg=_tilt_deg(board.corners_mm()[corner], image_px, (width, height)),
    )


def mirrored(view: BoardView) -> BoardView:
    """Return the view as it looks in the mirror image."""
    flipped = view.image_px * (-1, 1) + (view.size_px[0] - 1, 0)
    sideways, upward = view.tilt_deg
    return replace(view, image_px=flipped, tilt_deg=(-sideways, upward))


def other_markers(grey: Grey) -> bool:
    """Whether a picture shows markers, of this kind or another, but not this board's.

    Five at least: a marker or two are seen in many a shelf of books.
    """
    import cv2

    for kind in _OTHER_MARKERS:
        dictionary = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, kind))
        _, numbers, _ = cv2.aruco.ArucoDetector(dictionary).detectMarkers(grey)
        found = set() if numbers is None else set(numbers.ravel().tolist())
        if len(found) >= 5:
            ours = kind.startswith("DICT_4X4") and len(found & set(board.MARKERS)) >= 5
            return not ours
    return False


def _corners(grey: Grey) -> tuple[NDArray[np.int32], Array] | None:
    """Find corners as the picture is, or else, for small markers, enlarged."""
    import cv2

    for enlarged in (1, 2):
        larger = grey
        if enlarged > 1:
            larger = cv2.resize(
                grey, None, fx=enlarged, fy=enlarged, interpolation=cv2.INTER_CUBIC
            )
        corners, numbers, _, _ = _detector().detectBoard(larger)
        if numbers is not None and len(numbers) >= MIN_CORNERS:
            image_px = (corners.reshape(-1, 2).astype(np.float64) + 0.5) / enlarged
            return numbers.ravel(), image_px - 0.5
        if max(grey.shape) > _LARGE_PX:
            break
    return None


@cache
def _detector() -> Any:
    import cv2

    refined = cv2.aruco.DetectorParameters()
    refined.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    return cv2.aruco.CharucoDetector(
        board.charuco(), cv2.aruco.CharucoParameters(), refined
    )


def _edge_px(grey: Grey, image_px: Array) -> float:
    """Contrast over the steepest slope, within the box around the corners."""
    first = np.maximum(np.floor(image_px.min(axis=0)).astype(int), 0)
    last = np.ceil(image_px.max(axis=0)).astype(int) + 1
    inside = grey[first[1] : last[1], first[0] : last[0]].astype(np.float64)
    dark, light = np.percentile(inside, [5, 95])
    down, across = np.gradient(inside)
    steepest = float(np.percentile(np.hypot(across, down), 98))
    return float((light - dark) / steepest) if steepest > 0 else float("inf")


def _tilt_deg(
    board_mm: Array, image_px: Array, size_px: tuple[int, int]
) -> tuple[float, float]:
    """Tilt as a lens of ordinary width would see it."""
    import cv2

    focal = float(max(size_px))
    guess = np.array(
        [[focal, 0, size_px[0] / 2], [0, focal, size_px[1] / 2], [0, 0, 1]]
    )
    found, turn, _ = cv2.solvePnP(
        board_mm, image_px, guess, None, flags=cv2.SOLVEPNP_IPPE
    )
    if not found:
        return (0.0, 0.0)
    away = cv2.Rodrigues(turn)[0][:, 2]
    return (
        float(np.degrees(np.arctan2(-away[0], away[2]))),
        float(np.degrees(np.arctan2(away[1], away[2]))),
    )
