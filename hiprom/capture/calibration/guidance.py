"""Views of the board, as they come in -> those worth keeping, and what is still wanted.

The same for pictures in a folder, a video and a camera that is running.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.calibration.views import BoardView

MIN_VIEWS = 10
MAX_VIEWS = 40
# The picture in fields across and down, and the share of them to be reached.
FIELDS = (8, 6)
MIN_COVERED = 0.6
# Tilted by this much, so many times each way about both axes together.
TILT_DEG = 15.0
MIN_TILTED = 2
# A board that moved by less than this share of the picture's width adds nothing.
_MOVED_SHARE = 0.04


class Collected:
    """Views chosen so far.

    Attributes
    ----------
    views : list of BoardView
    seen, blurred : int
        Pictures that showed the board; those of them that were left out as unsharp.
    """

    def __init__(self) -> None:
        self.views: list[BoardView] = []
        self.seen = self.blurred = 0

    def add(self, view: BoardView | None) -> bool:
        """Take a view in if it is sharp and shows something new; say whether.

        Of two views from one place the sharper stays.
        """
        if view is None:
            return False
        self.seen += 1
        if not view.is_sharp:
            self.blurred += 1
            return False
        near = _MOVED_SHARE * max(view.size_px)
        for index, kept in enumerate(self.views):
            if kept.size_px == view.size_px and view.moved_px(kept) < near:
                if view.edge_px < kept.edge_px and len(view.corner) >= len(kept.corner):
                    self.views[index] = view
                return False
        if len(self.views) >= MAX_VIEWS:
            return False
        self.views.append(view)
        return True

    @property
    def is_enough(self) -> bool:
        """Whether nothing is wanted any more."""
        return not wanted(self.views)


def covered(views: Iterable[BoardView]) -> NDArray[np.bool_]:
    """Return which fields of the picture the board's corners reached, shape (6, 8)."""
    across, down = FIELDS
    reached = np.zeros((down, across), dtype=np.bool_)
    for view in views:
        place = (view.image_px + 0.5) / view.size_px * FIELDS
        column, row = np.clip(place.astype(int), 0, (across - 1, down - 1)).T
        reached[row, column] = True
    return reached


def coverage_map(views: Iterable[BoardView]) -> list[str]:
    """Draw `covered` in lines of text, a full square where the board has been."""
    return [" ".join("■" if on else "□" for on in row) for row in covered(views)]


def wanted(views: Sequence[BoardView]) -> list[str]:
    """Return what is still to be shown, each as an instruction; empty when enough."""
    lacking: list[str] = []
    if len(views) < MIN_VIEWS:
        more = MIN_VIEWS - len(views)
        plural = "s" if more > 1 else ""
        lacking.append(
            f"{more} more sharp view{plural} of the board from other places "
            f"({len(views)} of {MIN_VIEWS})"
        )
    reached = covered(views)
    if reached.mean() < MIN_COVERED:
        lacking.append(
            f"the board in {_emptiest(reached)} of the picture "
            f"({reached.mean():.0%} covered, {MIN_COVERED:.0%} needed)"
        )
    tilts = np.array([view.tilt_deg for view in views]).reshape(-1, 2)
    for axis, edge in enumerate(("left or right", "upper or lower")):
        tilted = int((np.abs(tilts[:, axis]) >= TILT_DEG).sum())
        if tilted < MIN_TILTED:
            lacking.append(
                f"the board tilted by 20 to 40 degrees, its {edge} edge away from the "
                f"camera ({tilted} of {MIN_TILTED} views)"
            )
    return lacking


def _emptiest(reached: NDArray[np.bool_]) -> str:
    """Name the part of the picture that the board has reached least."""
    rows = np.array_split(np.arange(FIELDS[1]), 3)
    columns = np.array_split(np.arange(FIELDS[0]), 3)
    share = [[reached[np.ix_(r, c)].mean() for c in columns] for r in rows]
    # Of parts as empty as each other the corners first: there a lens bends most.
    inward = 1e-3 * np.add.outer([0, 1, 0], [0, 1, 0])
    row, column = np.unravel_index(int(np.argmin(share + inward)), (3, 3))
    vertical = ("upper", "", "lower")[row]
    sideways = ("left", "", "right")[column]
    if not (vertical or sideways):
        return "the middle"
    kind = "corner" if vertical and sideways else "edge"
    return f"the {' '.join(word for word in (vertical, sideways) if word)} {kind}"
