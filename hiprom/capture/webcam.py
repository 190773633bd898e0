"""A camera -> upright, unmirrored RGB frames with true timestamps, until it stops."""

from __future__ import annotations

import atexit
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.camera_clock import CameraClock
from hiprom.capture.camera_refusals import name_of, sentence, why_not
from hiprom.capture.quiet import quiet_opencv
from hiprom.capture.video import Frame
from hiprom.errors import CaptureError

_PATIENCE_S = 5.0
# A camera that was unplugged says no at once; one bad picture is no reason to stop.
_REFUSING_S = 1.0
_NEXT_TRY_S = 0.02
_LONGEST_READ_S = 11.0  # V4L2 gives up after ten
# Frames that wait while whoever takes them is busy; older ones are left out.
_WAITING = 4
# With a single buffer V4L2 cameras give every other picture only: the driver has none
# to fill while the last is read.
_BUFFERS = 2


class Camera:
    """A running camera, in a ``with`` block; see `open_camera`.

    Attributes
    ----------
    name : str
        As in ``camera 0``.
    size_px : tuple of int
        Width and height of the frames, both even.
    is_live : bool
        True: what is not taken in time is lost.
    """

    is_live = True

    def __init__(
        self, capture: Any, name: str, *, patience_s: float, letting_go: ExitStack
    ) -> None:
        self.name = name
        self._capture = capture
        self._patience_s = patience_s
        self._letting_go = letting_go
        self._clock = CameraClock()
        self._changed = threading.Condition()
        self._shape: tuple[int, ...] | None = None
        self._waiting: deque[tuple[float, NDArray[np.uint8]]] = deque(maxlen=_WAITING)
        self._delivered = 0
        self._last_s = 0.0
        self._seen_s = time.perf_counter()
        self._is_over = self._is_closed = False
        # A thread of its own, since to read from a camera that hangs may take for ever.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the camera; `frames` ends, in whichever thread it runs."""
        if self._is_closed:
            return
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
        self._reader.join(timeout=0.5)
        if self._reader.is_alive():
            # It hangs, and lets go of the camera by itself once OpenCV returns. To end
            # the interpreter before would abort the process.
            atexit.register(self._reader.join, _LONGEST_READ_S)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the frames, both even."""
        assert self._shape is not None
        height_px, width_px, *_ = self._shape
        return width_px // 2 * 2, height_px // 2 * 2

    def frames(self) -> Iterator[Frame]:
        """Yield each frame once it is there, until the camera is closed.

        The first second is not delivered: the camera finds its exposure meanwhile, and
        shows whether its timestamps can be believed. Times begin at 0.

        Raises
        ------
        CaptureError
            If the camera stops, or gives no picture for five seconds.
        """
        while True:
            with self._changed:
                while not self._changed.wait_for(self._has_news, self._patience_left_s):
                    if self._patience_left_s <= 0:
                        raise CaptureError(self._why_silent())
                if self._is_closed:
                    return
                if not self._waiting:
                    raise CaptureError(self._why_over())
                self._last_s, rgb = self._waiting.popleft()
            self._delivered += 1
            yield Frame(self._delivered - 1, self._last_s, rgb)

    def wait_for_first(self) -> None:
        """Wait until there is a picture, so that its size is known.

        Raises
        ------
        CaptureError
            If none comes within five seconds.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: self._shape is not None or self._is_over, self._patience_s
            )
        if self._shape is None:
            raise CaptureError(self._why_silent())

    @property
    def _patience_left_s(self) -> float:
        return self._seen_s + self._patience_s - time.perf_counter()

    def _has_news(self) -> bool:
        return bool(self._waiting) or self._is_over or self._is_closed

    def _read(self) -> None:
        import cv2

        with self._letting_go:
            while not self._is_closed:
                came = self._capture.grab()
                arrived_s = time.perf_counter()
                stamp_ms = self._capture.get(cv2.CAP_PROP_POS_MSEC)
                came, bgr = self._capture.retrieve() if came else (False, None)
                if came:
                    if not self._take(bgr, stamp_ms, arrived_s):
                        break
                elif arrived_s - self._seen_s > self._enough_s:
                    break
                else:
                    time.sleep(_NEXT_TRY_S)
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    @property
    def _enough_s(self) -> float:
        """How long a camera may say no: longer while it starts."""
        return self._patience_s if self._shape is None else _REFUSING_S

    def _take(self, bgr: Any, stamp_ms: float, arrived_s: float) -> bool:
        """Pass a picture on; False if it is not like the first."""
        import cv2

        self._seen_s = arrived_s
        time_s = self._clock.time_s(stamp_ms, arrived_s)
        first = self._shape is None
        self._shape = self._shape or bgr.shape
        if bgr.shape != self._shape:
            return False
        if time_s is None and not first:
            return True
        width_px, height_px = self.size_px
        rgb = cv2.cvtColor(bgr[:height_px, :width_px], cv2.COLOR_BGR2RGB)
        with self._changed:
            if time_s is not None:
                self._waiting.append((time_s, rgb))
            self._changed.notify_all()
        return True

    def _why_silent(self) -> str:
        if not self._delivered:
            return (
                f"{sentence(self.name)} is there, but gives no picture. Close other "
                "programs that may use it, unplug it and plug it in again."
            )
        return (
            f"{sentence(self.name)} hangs: no picture for {self._patience_s:g} s, "
            f"after {self._last_s:.1f} s. Unplug it, plug it in again, and start again."
        )

    def _why_over(self) -> str:
        if not self._delivered:
            return self._why_silent()
        return (
            f"{sentence(self.name)} stopped after {self._last_s:.1f} s: it was "
            "unplugged, taken by another program, or changed its picture's size. Check "
            "its cable and start again."
        )


def open_camera(
    source: int | str,
    *,
    size_px: tuple[int, int] = (640, 480),
    fps: float = 30.0,
    patience_s: float = _PATIENCE_S,
) -> Camera:
    """Open a camera and wait for its first picture.

    Parameters
    ----------
    source : int or str
        The system's number for it, from 0; or a device, as in ``/dev/video2``; or a
        network camera's address.
    size_px : tuple of int
        Width and height to ask for; what is delivered stands in `Camera.size_px`.
    fps : float
        To ask for. In the dark, many cameras give fewer.
    patience_s : float
        How long to wait for a picture, at the start and later.

    Returns
    -------
    Camera
        To be closed, best by a ``with`` block.

    Raises
    ------
    CaptureError
        If there is no such camera, or it is in use, or not permitted, or gives no
        picture; the message says which, as far as the system tells.
    """
    import cv2

    # Media Foundation else tries out hardware for up to a minute before it opens one.
    os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
    with ExitStack() as stack:
        stack.enter_context(quiet_opencv())
        capture = _opened(source, patience_s)
        stack.callback(capture.release)
        if not capture.isOpened():
            raise CaptureError(why_not(source))
        # Compressed before large: uncompressed, USB carries large pictures slowly.
        capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        capture.set(cv2.CAP_PROP_FRAME_WIDTH, size_px[0])
        capture.set(cv2.CAP_PROP_FRAME_HEIGHT, size_px[1])
        capture.set(cv2.CAP_PROP_FPS, fps)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, _BUFFERS)
        camera = Camera(
            capture, name_of(source), patience_s=patience_s, letting_go=stack.pop_all()
        )
    with ExitStack() as stack:
        stack.enter_context(camera)
        camera.wait_for_first()
        stack.pop_all()
    return camera


def _opened(source: int | str, patience_s: float) -> Any:
    import cv2

    # Opened in the caller's thread: macOS asks for permission in the main one only.
    if isinstance(source, int):
        return cv2.VideoCapture(source)
    if "://" not in source:
        return cv2.VideoCapture(source, cv2.CAP_V4L2)
    # Longer than our own patience: by then the reader is left to itself.
    waits_ms = [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(1000 * patience_s)),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(2000 * patience_s)),
    ]
    return cv2.VideoCapture(source, cv2.CAP_FFMPEG, waits_ms)
