"""A source of frames -> all of them to the recorder, the newest to the pose model."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from hiprom.capture.video import Frame
from hiprom.errors import CaptureError

_RATE_OVER_S = 2.0


class Source(Protocol):
    """Where frames come from: a camera, or a file that plays like one."""

    @property
    def name(self) -> str:
        """What it is called in a sentence."""

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of its frames, both even."""

    @property
    def is_live(self) -> bool:
        """Whether what is not taken in time is lost."""

    def frames(self) -> Iterator[Frame]:
        """Yield frames when they are there; their times begin at 0."""

    def close(self) -> None:
        """End `frames`, in whichever thread it runs; to close again does nothing."""


class Taker(Protocol):
    """Who takes every frame and never waits: the recorder."""

    def add(self, frame: Frame) -> None:
        """Take the next frame."""


class Grabbed(NamedTuple):
    """A frame, and when it was here.

    Attributes
    ----------
    frame : Frame
    at_s : float
        By the monotonic clock.
    """

    frame: Frame
    at_s: float


class Feed:
    """A thread between a source and those who want its frames, in a ``with`` block.

    It starts at once, and holds no more than the one newest frame.

    Parameters
    ----------
    source : Source
        To be read by nobody else; closed when the feed stops.
    recorder : Taker
        Given every frame, in order.

    Attributes
    ----------
    failure : CaptureError or None
        Why the source ended before it was told to.
    grabbed, skipped : int
        Frames that came, and those of them that `newest` passed over.
    """

    def __init__(self, source: Source, recorder: Taker) -> None:
        self.failure: CaptureError | None = None
        self.grabbed = self.skipped = 0
        self._source = source
        self._recorder = recorder
        self._changed = threading.Condition()
        self._newest: Grabbed | None = None
        self._is_over = self._is_stopped = False
        self._came_at_s: deque[float] = deque()
        self._thread = threading.Thread(target=self._pull, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def newest(self) -> Iterator[Grabbed]:
        """Yield the newest frame again and again, each at most once; none is queued.

        Waits while there is none newer. Ends after the source's last frame, or at once
        when the feed is stopped; `failure` then tells whether the source broke down.
        """
        while True:
            with self._changed:
                self._changed.wait_for(self._has_news)
                grabbed, self._newest = self._newest, None
                if grabbed is None or self._is_stopped:
                    return
            yield grabbed

    @property
    def fps(self) -> float:
        """Frames a second over the last two seconds; 0 before the second frame."""
        with self._changed:
            self._forget_before(time.monotonic() - _RATE_OVER_S)
            came = len(self._came_at_s)
            passed_s = self._came_at_s[-1] - self._came_at_s[0] if came else 0.0
            return (came - 1) / passed_s if passed_s > 0 else 0.0

    def stop(self) -> None:
        """End the feed and close its source; afterwards no frame is recorded."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()
        self._source.close()
        self._thread.join()

    def _has_news(self) -> bool:
        return self._newest is not None or self._is_over or self._is_stopped

    def _pull(self) -> None:
        try:
            for frame in self._source.frames():
                at_s = time.monotonic()
                if self._is_stopped:
                    break
                # Recorded before anyone else sees it, who might paint on it.
                self._recorder.add(frame)
                self._offer(Grabbed(frame, at_s))
        except CaptureError as failure:
            self.failure = failure
        finally:
            with self._changed:
                self._is_over = True
                self._changed.notify_all()

    def _offer(self, grabbed: Grabbed) -> None:
        with self._changed:
            self.grabbed += 1
            self.skipped += self._newest is not None
            self._newest = grabbed
            self._came_at_s.append(grabbed.at_s)
            self._forget_before(grabbed.at_s - _RATE_OVER_S)
            self._changed.notify_all()

    def _forget_before(self, time_s: float) -> None:
        while self._came_at_s and self._came_at_s[0] < time_s:
            self._came_at_s.popleft()
