"""A video file -> its frames in real time, as if it were a camera."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from hiprom.capture.video import Frame, Video, open_video
from hiprom.errors import InputError


class Playback:
    """A video file that plays, once, in a ``with`` block; see `open_playback`.

    Attributes
    ----------
    name : str
        The file's name.
    size_px : tuple of int
        Width and height of the frames, both even.
    is_live : bool
        False: nothing is lost by taking a frame late.
    """

    is_live = False

    def __init__(self, video: Video) -> None:
        self.name = video.facts.name
        self.size_px = video.facts.width_px, video.facts.height_px
        self._video = video
        self._is_closed = threading.Event()

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
        """Let go of the file; `frames` ends, in whichever thread it runs."""
        self._is_closed.set()
        self._video.close()

    def frames(self) -> Iterator[Frame]:
        """Yield each frame when its time has come, until the file ends.

        None is early. Whoever takes them late gets them in order all the same, without
        delay. Times begin at 0 and pass as in the file.

        Raises
        ------
        VideoNotReadable
            If the file turns out to be damaged.
        """
        start_s = first_s = None
        for frame in self._decoded():
            if start_s is None or first_s is None:
                start_s, first_s = time.perf_counter(), frame.time_s
            time_s = frame.time_s - first_s
            # Decoded before its time, so that it is there when its time has come.
            if self._is_closed.wait(max(0.0, start_s + time_s - time.perf_counter())):
                return
            yield frame._replace(time_s=time_s)

    def _decoded(self) -> Iterator[Frame]:
        try:
            yield from self._video.frames()
        except InputError:
            # Closed by another thread between two frames.
            if not self._is_closed.is_set():
                raise


def open_playback(path: str | Path) -> Playback:
    """Open a video file to be played as if it were a camera.

    Parameters
    ----------
    path : str or Path
        As for `open_video`.

    Returns
    -------
    Playback
        To be closed, best by a ``with`` block.

    Raises
    ------
    VideoNotReadable
        If the file cannot be played; the message says why, and what to do.
    """
    return Playback(open_video(path))
