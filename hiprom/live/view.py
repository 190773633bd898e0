"""A camera, its recorder and the pose model together -> what is seen just now."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from hiprom.capture.collecting import TrackSoFar
from hiprom.capture.feed import Feed
from hiprom.capture.pose import MediaPipePose
from hiprom.capture.recorder import Recorder
from hiprom.capture.video import Frame
from hiprom.capture.watching import Seen, Watcher

if TYPE_CHECKING:
    from hiprom.capture.feed import Source
    from hiprom.core.track import PoseTrack
    from hiprom.errors import HipromError

# A film may begin this long before it is known that it should.
_PREROLL_S = 3.0
_KEPT_WHILE_WAITING_S, _MOST_WAITING = 10.0, 1000


class LiveView:
    """What a camera sees, from when it is switched on until it is closed.

    Parameters
    ----------
    source : Source
        An open camera, or a file that is played as one.
    estimator : MediaPipePose
    preroll_s : float
        How long before it is begun a film may begin.

    Attributes
    ----------
    newest : Seen or None
        The last frame that was looked at.
    recorder : Recorder
    """

    def __init__(
        self,
        source: Source,
        estimator: MediaPipePose,
        *,
        preroll_s: float = _PREROLL_S,
    ) -> None:
        self.source = source
        self.newest: Seen | None = None
        width_px, height_px = source.size_px
        self._so_far = TrackSoFar(width_px, height_px)
        self._people: list[tuple[float, int]] = []
        # The model loads at its first picture: a live one must not wait for that.
        nothing = np.zeros((height_px, width_px, 3), np.uint8)
        list(estimator.poses([Frame(0, 0.0, nothing)]))
        self.estimator = estimator
        self.recorder = Recorder(source.size_px, preroll_s=preroll_s)
        self._feed = Feed(source, self.recorder)
        self._watcher = Watcher(self._feed, estimator)

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
        """Switch the camera off; a film under way is ended and kept."""
        self._feed.stop()
        self._watcher.join()
        self.recorder.close()

    def look(self, timeout_s: float) -> bool:
        """Take in what was seen since the last look; False if there was nothing."""
        seen = self._watcher.take(timeout_s)
        for each in seen:
            self._so_far.add(each.pose)
            self._people.append((each.pose.time_s, each.pose.people))
        if seen:
            self.newest = seen[-1]
        return bool(seen)

    def forget(self) -> None:
        """Let go of what nobody will ask for while no test has begun."""
        if len(self._so_far) > _MOST_WAITING:
            before_s = self.now_s - _KEPT_WHILE_WAITING_S
            self._so_far.forget(before_s)
            self._people = [each for each in self._people if each[0] >= before_s]

    def track(self, since_s: float, until_s: float = np.inf) -> PoseTrack:
        """Return what was seen between two times of the camera's clock."""
        return self._so_far.track(since_s, until_s)

    @property
    def now_s(self) -> float:
        """When the newest frame was taken, by the camera's clock."""
        return self.newest.pose.time_s if self.newest else 0.0

    def last(self, span_s: float) -> PoseTrack:
        """Return what was seen last."""
        return self._so_far.track(self.now_s - span_s)

    def people(self, since_s: float) -> list[int]:
        """Return how many people were in view, frame by frame."""
        return [count for time_s, count in self._people if time_s >= since_s]

    def rest(self, *, is_resting: bool) -> None:
        """Leave the processor to somebody else for a while, or look again."""
        self._watcher.rest(is_resting=is_resting)

    @property
    def fps(self) -> float:
        """Frames a second that the camera gives just now."""
        return self._feed.fps

    @property
    def is_over(self) -> bool:
        """Whether no more frames will come."""
        return self._watcher.is_over

    @property
    def failure(self) -> HipromError | None:
        """Why no more frames come; None at a file's end."""
        return self._feed.failure or self._watcher.failure
