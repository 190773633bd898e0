"""Pictures of the board, sent by a browser -> what they show, and a profile."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from functools import cache
from secrets import token_hex
from typing import Any

from fastapi import HTTPException

from hiprom.camera_setup import Calibrated, Collecting
from hiprom.capture.calibration import board, guidance, pictures
from hiprom.capture.calibration.views import BoardView, mirrored

_MOST, _KEEP_S = 4, 900.0
# A camera held before a board for ten minutes at two pictures a second.
_MOST_PICTURES = 1200
MOST_BYTES = 4_000_000
_SAID = {
    "none": "No board in the picture. Show it whole, in fair light.",
    "strange": "These are another board's markers. Print hiprom's own.",
    "blurred": "Blurred. Hold the board still, and give it more light.",
    "known": "Seen from here already. Move or tilt the board.",
    "taken": "Taken.",
}


@dataclass(frozen=True)
class DrawnBoard:
    """The board as SVG draws it, in millimetres."""

    columns: int
    rows: int
    width: float
    height: float
    path: str


@cache
def drawn_board() -> DrawnBoard:
    """Return the board to be shown on the page."""
    return DrawnBoard(
        board.COLUMNS,
        board.ROWS,
        board.COLUMNS * board.SQUARE_MM,
        board.ROWS * board.SQUARE_MM,
        "".join(
            f"M{x:g} {y:g}h{wide:g}v{tall:g}h{-wide:g}z"
            for x, y, wide, tall in board.rectangles()
        ),
    )


@dataclass
class _Calibration:
    """One that is under way."""

    collecting: Collecting = field(default_factory=Collecting)
    lock: threading.Lock = field(default_factory=threading.Lock)
    touched_s: float = field(default_factory=time.monotonic)


class Calibrations:
    """Those under way: a few, in memory only, and none for long."""

    def __init__(self) -> None:
        self._known: dict[str, _Calibration] = {}
        self._lock = threading.Lock()

    def begin(self) -> str:
        """Begin one; the oldest makes room for it."""
        name = token_hex(8)
        with self._lock:
            now = time.monotonic()
            for key, each in list(self._known.items()):
                if now - each.touched_s > _KEEP_S:
                    del self._known[key]
            while len(self._known) >= _MOST:
                del self._known[min(self._known, key=self._age)]
            self._known[name] = _Calibration()
        return name

    def look(self, name: str, jpeg: bytes) -> dict[str, Any]:
        """Look at a picture; return what is to be shown.

        Raises
        ------
        HTTPException
            404 for one that is not under way, 429 for too many pictures.
        CaptureError
            If it is no picture.
        """
        calibration = self._find(name)
        with calibration.lock:
            collecting = calibration.collecting
            if collecting.count >= _MOST_PICTURES:
                raise HTTPException(
                    429, "This takes too long. Stop, and begin anew in better light."
                )
            picture = pictures.of_jpeg(jpeg, f"picture {collecting.count + 1}")
            had = (len(collecting.collected.views), collecting.collected.blurred)
            view = collecting.look(picture)
            return _shown(collecting, view, _state(collecting, view, had))

    def conclude(self, name: str, camera: str, date: str) -> Calibrated:
        """Calibrate by what was collected, and keep the profile."""
        calibration = self._find(name)
        with calibration.lock:
            found = calibration.collecting.conclude(name=camera, date=date)
        self.drop(name)
        return found

    def drop(self, name: str) -> None:
        """Forget one."""
        with self._lock:
            self._known.pop(name, None)

    def _find(self, name: str) -> _Calibration:
        with self._lock:
            found = self._known.get(name)
            if found is None:
                raise HTTPException(
                    404, "This calibration is over. Start the camera again."
                )
            found.touched_s = time.monotonic()
            return found

    def _age(self, name: str) -> float:
        return self._known[name].touched_s


def _state(collecting: Collecting, view: BoardView | None, had: tuple[int, int]) -> str:
    if view is None:
        return "strange" if collecting.strange and not had[0] else "none"
    if collecting.collected.blurred > had[1]:
        return "blurred"
    return "taken" if len(collecting.collected.views) > had[0] else "known"


def _shown(
    collecting: Collecting, view: BoardView | None, state: str
) -> dict[str, Any]:
    views = collecting.collected.views
    reached = guidance.covered(views)
    corners: list[list[float]] = []
    if view is not None:
        corners = ((view.image_px + 0.5) / view.size_px).round(4).tolist()
    return {
        "state": state,
        "said": _SAID[state],
        "corners": corners,
        "views": len(views),
        "needed": guidance.MIN_VIEWS,
        "covered": [[bool(each) for each in row] for row in reached],
        "share": round(float(reached.mean()), 3),
        # As the person sees it.
        "wanted": guidance.wanted([mirrored(each) for each in views]),
    }
