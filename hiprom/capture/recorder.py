"""Frames as they come -> films from a moment that may lie a little in the past."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from queue import Full, Queue
from types import TracebackType
from typing import NamedTuple, Self

from hiprom.capture.film import Film, Planes
from hiprom.capture.video import Frame
from hiprom.errors import InputError, ResultsError, ShapeError

# How many frames may wait for a slow disk: two seconds, 80 MB at 1280 x 720.
_LONGEST_QUEUE = 60


@dataclass(frozen=True)
class Recorded:
    """A film as it was left.

    Attributes
    ----------
    path : Path
        Of the file; there is none without a frame.
    frames : int
        In the file.
    dropped : int
        Frames left out since the disk or the processor was too slow for them.
    duration_s : float
        From the first frame to the last.
    failure : ResultsError or None
        Why it ended before it was told to, and until when it is good.
    """

    path: Path
    frames: int
    dropped: int
    duration_s: float
    failure: ResultsError | None


class Recorder:
    """Keeps the last moments of a camera, and films when it is told to.

    `add` is called by one thread, everything else by another.

    Parameters
    ----------
    size_px : tuple of int
        Width and height of the frames, both even.
    preroll_s : float
        How much is kept of what was before a film begins.
    """

    def __init__(self, size_px: tuple[int, int], *, preroll_s: float = 1.5) -> None:
        # Loaded here, so that neither the first frame nor the first film waits for it.
        import av  # noqa: F401
        import cv2  # noqa: F401

        self._size_px = size_px
        self._preroll_s = preroll_s
        self._lock = threading.Lock()
        self._recent: deque[_Taken] = deque()
        self._filming: _Filming | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def is_filming(self) -> bool:
        """Whether a film was begun and not ended; it may have failed meanwhile."""
        return self._filming is not None

    @property
    def failure(self) -> ResultsError | None:
        """Why the film under way has ended by itself; None while it goes on."""
        filming = self._filming
        return filming.film.failure if filming else None

    @property
    def dropped(self) -> int:
        """How many frames are missing from the film under way."""
        filming = self._filming
        return filming.dropped if filming else 0

    def add(self, frame: Frame) -> None:
        """Take the next frame; never waits for the disk.

        Raises
        ------
        ShapeError
            If the frame is not of the recorder's size.
        """
        import cv2

        width_px, height_px = self._size_px
        if frame.rgb.shape != (height_px, width_px, 3):
            raise ShapeError("frame", frame.rgb.shape, f"({height_px}, {width_px}, 3)")
        planes = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2YUV_I420)
        taken = _Taken(frame.time_s, planes)
        with self._lock:
            self._recent.append(taken)
            while self._recent[0].time_s < taken.time_s - self._preroll_s:
                self._recent.popleft()
            if self._filming is not None:
                self._filming.offer(taken)

    def begin(self, path: Path, since_s: float) -> float:
        """Begin a film with the frames since `since_s`, as far as they are kept.

        Returns
        -------
        float
            The first frame's `time_s`, at which the film's own clock starts from 0. A
            picture can be read from the film at ``on_file_clock(time_s - this)``.

        Raises
        ------
        ResultsError
            If there is a file at `path`, or none can be made.
        InputError
            If a film is under way, or no frame has come yet.
        """
        if self._filming is not None:
            raise InputError("A film is under way; end it before the next begins.")
        if not self._recent:
            raise InputError("No frame has come yet, so that no film can begin.")
        film = Film(path, self._size_px)
        with self._lock:
            first = [taken for taken in self._recent if taken.time_s >= since_s]
            first = first or [self._recent[-1]]
            self._filming = _Filming(film, path, first)
        return first[0].time_s

    def end(self) -> Recorded:
        """End the film once all its frames are written.

        Raises
        ------
        InputError
            If none is under way.
        """
        return self._stopped().finished()

    def discard(self) -> None:
        """End the film and delete its file; nothing happens if none is under way."""
        if self._filming is not None:
            self._stopped().thrown_away()

    def close(self) -> None:
        """End the film, if one is under way, and keep it."""
        if self._filming is not None:
            self.end()

    def _stopped(self) -> _Filming:
        with self._lock:
            filming, self._filming = self._filming, None
        if filming is None:
            raise InputError("No film is under way.")
        return filming


class _Taken(NamedTuple):
    time_s: float
    planes: Planes


class _Filming:
    """A film and the thread that writes it."""

    def __init__(self, film: Film, path: Path, first: list[_Taken]) -> None:
        self.film = film
        self.dropped = 0
        self._path = path
        self._start_s = first[0].time_s
        self._is_wanted = True
        self._waiting: Queue[_Taken | None] = Queue(len(first) + _LONGEST_QUEUE)
        for taken in first:
            self._waiting.put(taken)
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()

    def offer(self, taken: _Taken) -> None:
        """Have it written, or drop it if too many wait already."""
        try:
            self._waiting.put_nowait(taken)
        except Full:
            self.dropped += 1

    def finished(self) -> Recorded:
        """Wait until everything is written."""
        self._waiting.put(None)
        self._writer.join()
        film = self.film
        return Recorded(
            self._path, film.frames, self.dropped, film.duration_s, film.failure
        )

    def thrown_away(self) -> None:
        """Delete the file, whatever still waits."""
        self._is_wanted = False
        self._waiting.put(None)
        self._writer.join()

    def _write(self) -> None:
        while (taken := self._waiting.get()) is not None:
            if self._is_wanted:
                self.film.add(taken.time_s - self._start_s, taken.planes)
        if self._is_wanted:
            self.film.end()
        else:
            self.film.discard()
