"""JPEG pictures that a camera elsewhere sends -> frames, the newest only."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.video import Frame
from hiprom.errors import CaptureError


class SentCamera:
    """A camera whose pictures somebody sends, one by one; they may come too fast.

    A picture that was not taken before the next one came is never decoded.

    Parameters
    ----------
    name : str
        As in ``the browser's camera``.
    size_px : tuple of int
        Width and height of its pictures, both even.
    """

    is_live = True

    def __init__(self, name: str, size_px: tuple[int, int]) -> None:
        self.name, self.size_px = name, size_px
        self._changed = threading.Condition()
        self._newest: tuple[float, bytes] | None = None
        self._is_closed = False

    def put(self, time_s: float, jpeg: bytes) -> None:
        """Take a picture, later than the one before; any thread may bring it."""
        with self._changed:
            self._newest = (time_s, jpeg)
            self._changed.notify_all()

    def frames(self) -> Iterator[Frame]:
        """Yield the newest picture, each at most once, until the camera is closed.

        Raises
        ------
        CaptureError
            If a picture cannot be read, or is of another size than it should be.
        """
        index, last_s = 0, -np.inf
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._newest or self._is_closed)
                if self._is_closed or self._newest is None:
                    return
                (time_s, jpeg), self._newest = self._newest, None
            if time_s > last_s:
                yield Frame(index, time_s, self._decoded(jpeg))
                index, last_s = index + 1, time_s

    def close(self) -> None:
        """End `frames`, in whichever thread it runs; to close again does nothing."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _decoded(self, jpeg: bytes) -> NDArray[np.uint8]:
        import cv2

        # Before anything is decoded: a few bytes may claim to be a huge picture.
        if _declared(jpeg) != ("RGB", self.size_px):
            raise self._unreadable()
        how = cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION
        rgb = cv2.imdecode(np.frombuffer(jpeg, np.uint8), how)
        if rgb is None or rgb.shape[1::-1] != self.size_px:
            raise self._unreadable()
        return np.asarray(rgb, np.uint8)

    def _unreadable(self) -> CaptureError:
        width_px, height_px = self.size_px
        return CaptureError(
            f"A picture of {self.name} is no JPEG in colour of {width_px} by "
            f"{height_px} pixels. Load the page anew, and do not turn the camera while "
            "it records."
        )


def _declared(jpeg: bytes) -> tuple[str, tuple[int, int]]:
    """Return mode and size as a picture's head says; nothing for what is no JPEG."""
    from PIL import Image

    bomb = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as head:
            return head.mode, head.size
    except (OSError, ValueError, SyntaxError, *bomb):
        return "", (0, 0)
