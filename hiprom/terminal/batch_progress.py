"""What happens in a batch -> how far it is, how quick, and how long it will go on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

# Before this share of the work is over, or so much time, a guess is worth nothing.
_KNOWN_SHARE, _KNOWN_S = 0.01, 10.0
# How long ago is still "lately", and how often it is noted.
_LATELY_S, _SAMPLE_S = 60.0, 1.0
# What a video's stages take of its time: the pose model most of it, the film the rest.
_POSE, _POSE_SHARE = "Finding the person", 0.75
_FILM = "Drawing the overlay"


@dataclass(frozen=True)
class AtWork:
    """What one worker does: `total` is None where nobody knows how much it will be."""

    name: str
    stage: str
    done: int
    total: int | None

    @property
    def share(self) -> float:
        """How much of its video is over, roughly."""
        stage = min(self.done / self.total, 1.0) if self.total else 0.0
        if self.stage == _POSE:
            return _POSE_SHARE * stage
        return _POSE_SHARE + (1 - _POSE_SHARE) * stage if self.stage == _FILM else 0.0


class BatchProgress:
    """How far a batch is.

    Parameters
    ----------
    total, done, failed : int
        Jobs, and those of them that are over already.
    weight_left : float
        Of the jobs that are not; 0 where nobody knows how much work they are.
    clock : callable
        Returns seconds.
    """

    def __init__(
        self,
        total: int,
        done: int,
        failed: int,
        weight_left: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.total, self.done, self.failed = total, done, failed
        self.workers: dict[str, AtWork] = {}
        self.why_waiting = ""
        self._clock = clock
        self._began_s: float | None = None
        self._weight = weight_left
        self._to_do = total - done - failed
        self._over = 0.0
        self._weights: dict[str, float] = {}
        self._frames, self._seen = 0, dict[str, int]()
        self._history: deque[tuple[float, int]] = deque()
        self._numbers: dict[str, int] = {}

    @property
    def over(self) -> int:
        """Jobs that are done or failed."""
        return self.done + self.failed

    @property
    def is_starting(self) -> bool:
        """Whether no worker has said anything yet."""
        return self._began_s is None

    def number_of(self, worker: str) -> int:
        """Return the number of a worker, in the order in which they began, from 1."""
        return self._numbers.setdefault(worker, len(self._numbers) + 1)

    def begun(self, name: str, weight: float) -> None:
        """Note that a worker was given a job."""
        self._weights[name] = weight

    def at_work(
        self, worker: str, name: str, stage: str, done: int, total: int | None
    ) -> None:
        """Note what a worker says of its video; what comes too late is passed over."""
        if name not in self._weights:
            return
        self._begin()
        # A new dict: this is heard in another thread than the one that draws.
        self.workers = self.workers | {worker: AtWork(name, stage, done, total)}
        if stage == _POSE:
            self._seen = self._seen | {name: done}

    def ended(self, name: str, frames: int, *, is_over: bool, has_failed: bool) -> None:
        """Count a job that ended, whether for good or to be tried again."""
        self._begin()
        weight = self._weights.pop(name, 0.0)
        self.workers = {
            worker: each for worker, each in self.workers.items() if each.name != name
        }
        self._frames += max(frames, self._seen.get(name, 0))
        self._seen = {other: n for other, n in self._seen.items() if other != name}
        self.failed += has_failed
        self.done += is_over and not has_failed
        self._over += self._share_of(weight) if is_over else 0.0
        self.why_waiting = ""

    @property
    def fps(self) -> float:
        """Frames measured a second, lately, all workers together."""
        if self._began_s is None:
            return 0.0
        now_s, frames = self._clock(), self._frames + sum(self._seen.values())
        if not self._history:
            self._history.append((self._began_s, 0))
        if now_s - self._history[-1][0] >= _SAMPLE_S:
            self._history.append((now_s, frames))
        while now_s - self._history[0][0] > _LATELY_S and len(self._history) > 1:
            self._history.popleft()
        since_s, before = self._history[0]
        return (frames - before) / (now_s - since_s) if now_s > since_s else 0.0

    @property
    def share(self) -> float:
        """How much of all the jobs is over, by their weight, those under way too."""
        before = 1 - self._to_do / self.total if self.total else 1.0
        return before + (1 - before) * self._share_now()

    @property
    def left_s(self) -> float | None:
        """Seconds to go, if it goes on as it did; None while nobody can know."""
        share = self._share_now()
        passed_s = self._clock() - (self._began_s or self._clock())
        if share < _KNOWN_SHARE or passed_s < _KNOWN_S:
            return None
        return passed_s * (1 - share) / share

    def _begin(self) -> None:
        if self._began_s is None:
            self._began_s = self._clock()

    def _share_now(self) -> float:
        """Return how much is over of what there was to do in the beginning."""
        under_way = sum(
            each.share * self._share_of(self._weights.get(each.name, 0.0))
            for each in self.workers.values()
        )
        return min(self._over + under_way, 1.0) if self._to_do else 1.0

    def _share_of(self, weight: float) -> float:
        """Return what a job is of all that there was to do."""
        if self._weight > 0:
            return weight / self._weight
        return 1 / self._to_do if self._to_do else 0.0
