"""A camera's newest frames -> who is seen in them, by a thread of its own."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import NamedTuple

from hiprom.capture.feed import Feed, Grabbed
from hiprom.capture.pose import MediaPipePose, Pose
from hiprom.capture.video import Frame
from hiprom.errors import CaptureError


class Seen(NamedTuple):
    """One frame, when it was grabbed, and the pose in it."""

    grabbed: Grabbed
    pose: Pose


class Watcher:
    """Looks at a feed's newest frame, and at the next one when that is done.

    A frame is never kept waiting: those that come while the model is busy are passed
    over, so that what is seen is never old.

    Parameters
    ----------
    feed : Feed
    estimator : MediaPipePose
        Serves this watcher alone until it is over.

    Attributes
    ----------
    failure : CaptureError or None
        Why it ended before its feed did.
    """

    def __init__(self, feed: Feed, estimator: MediaPipePose) -> None:
        self.failure: CaptureError | None = None
        self._feed, self._estimator = feed, estimator
        self._looked_at: deque[Grabbed] = deque()
        self._seen: SimpleQueue[Seen | None] = SimpleQueue()
        self._is_over = False
        self._may_look = threading.Event()
        self._may_look.set()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether all that was seen has been taken, and no more will come."""
        return self._is_over

    def take(self, timeout_s: float) -> list[Seen]:
        """Return what was seen since the last call; wait for it if there is nothing."""
        taken: list[Seen] = []
        try:
            while not self._is_over:
                seen = self._seen.get(timeout=0.0 if taken else timeout_s)
                if seen is None:
                    self._is_over = True
                else:
                    taken.append(seen)
        except Empty:
            pass
        return taken

    def rest(self, *, is_resting: bool) -> None:
        """Leave the processor to somebody else for a while, or look again."""
        if is_resting:
            self._may_look.clear()
        else:
            self._may_look.set()

    def join(self) -> None:
        """Wait for the thread; its feed must have ended."""
        self._may_look.set()
        self._thread.join()

    def _watch(self) -> None:
        try:
            for pose in self._estimator.poses(self._frames(), ahead=0):
                self._seen.put(Seen(self._looked_at.popleft(), pose))
        except CaptureError as error:
            self.failure = error
        finally:
            self._seen.put(None)

    def _frames(self) -> Iterator[Frame]:
        for grabbed in self._feed.newest():
            if self._may_look.is_set():
                self._looked_at.append(grabbed)
                yield grabbed.frame
