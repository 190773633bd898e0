"""A picture -> the person's screen; a key that was pressed -> what it stands for."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Self

import cv2

from hiprom.core.scene import Key
from hiprom.report.sprites import Pixels, font

# In a process of its own: where a window cannot be opened, Qt aborts the process. It
# is made not dumpable first, so that no desktop reports a crash.
_TRIAL = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
import cv2
cv2.namedWindow("hiprom", cv2.WINDOW_AUTOSIZE)
sys.stdout.write("opened")
sys.stdout.flush()
os._exit(0)
"""
_TRIAL_S = 20.0
# By the lower 16 bits of OpenCV's codes: the lower eight alone would make an R of the
# arrow upwards. 0xFF8D is the number pad's Enter in GTK.
_KEYS = {
    **dict.fromkeys((ord(" "), 10, 13, 0xFF8D), Key.NEXT),
    **dict.fromkeys((ord("r"), ord("R")), Key.REPEAT),
    **dict.fromkeys((ord("m"), ord("M")), Key.MUTE),
    **dict.fromkeys((27, ord("q"), ord("Q")), Key.STOP),
}


class Window:
    """A window of the desktop, which can be made larger and keeps its proportions.

    Ask `is_available` first. Use as a context manager: it is closed at the end.

    Parameters
    ----------
    title : str
        What stands above it.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._is_open = False
        self._is_closed = False

    def show(self, canvas: Pixels) -> Key | None:
        """Show a picture and return the key that was pressed since the last one.

        Parameters
        ----------
        canvas : ndarray of uint8, shape (h, w, 3)
            RGB. The first one decides how large the window opens.

        Returns
        -------
        Key or None
            Closing the window counts as `Key.STOP`, then and ever after.
        """
        if self._is_closed:
            return Key.STOP
        if not self._is_open:
            self._open(canvas.shape[1], canvas.shape[0])
        elif self._was_closed():
            return self._stopped()
        cv2.imshow(self._title, cv2.cvtColor(canvas, cv2.COLOR_RGB2BGR))
        pressed = cv2.waitKeyEx(1)
        if self._was_closed():
            return self._stopped()
        return _KEYS.get(pressed & 0xFFFF) if pressed >= 0 else None

    def close(self) -> None:
        """Take the window off the screen; a second time does nothing."""
        if self._is_open and not self._is_closed and not self._was_closed():
            cv2.destroyWindow(self._title)
            cv2.waitKey(1)
        self._is_closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open(self, width: int, height: int) -> None:
        _quieten()
        flags = cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL
        cv2.namedWindow(self._title, flags)
        cv2.resizeWindow(self._title, width, height)
        self._is_open = True

    def _was_closed(self) -> bool:
        try:
            return bool(cv2.getWindowProperty(self._title, cv2.WND_PROP_VISIBLE) < 1)
        except cv2.error:
            # With its last window gone, OpenCV's Qt knows of no windows at all.
            return True

    def _stopped(self) -> Key:
        self._is_closed = True
        return Key.STOP


def is_available() -> bool:
    """Whether a window can be opened here: there is a desktop, and it lets us.

    On Linux this takes half a second the first time: a window is opened and closed in
    another process, because one that cannot be opened would end this one.
    """
    if cv2.currentUIFramework() == "":
        return False
    if not sys.platform.startswith("linux"):
        return True
    names = ("DISPLAY", "WAYLAND_DISPLAY")
    return _opens(tuple(os.environ.get(name, "") for name in names))


@cache
def _opens(displays: tuple[str, ...]) -> bool:
    if not any(displays):
        return False
    try:
        tried = subprocess.run(
            [sys.executable, "-P", "-c", _TRIAL],
            capture_output=True,
            timeout=_TRIAL_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return False
    return tried.stdout == b"opened"


def _quieten() -> None:
    """Keep Qt's own remarks, about type faces and sessions, out of the terminal.

    The wheel of OpenCV names a folder of type faces that it does not bring.
    """
    if not Path(os.environ.get("QT_QPA_FONTDIR", "")).is_dir():
        os.environ["QT_QPA_FONTDIR"] = str(Path(str(font(12, "regular").path)).parent)
    os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false;*.info=false")
