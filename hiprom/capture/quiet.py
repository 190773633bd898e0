"""What OpenCV would say on the person's screen -> silence, while a camera is in use."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_lock = threading.Lock()
_users: list[int] = []  # the level to return to, once for each user


@contextmanager
def quiet_opencv() -> Iterator[None]:
    """Silence OpenCV, and FFmpeg within it, while any user is inside.

    What they would say is said in hiprom's own words by an exception. OpenCV's level
    is afterwards what it was; FFmpeg's can be set only once, before its first use.
    """
    import cv2

    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    log = cv2.utils.logging
    with _lock:
        _users.append(log.setLogLevel(log.LOG_LEVEL_SILENT))
    try:
        yield
    finally:
        with _lock:
            level = _users.pop()
            if not _users:
                log.setLogLevel(level)
