"""Jobs of the page -> measured, one after the other, in a process of its own.

Started by the server as ``python -m hiprom.web.worker FOLDER``; it outlives a server
that is killed long enough to end the video in hand. A second one on the same folder
ends at once, with exit code 3.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

from hiprom import keeping
from hiprom.batch.order import Limits
from hiprom.batch.watchdog import Watchdog
from hiprom.core.jobs import Job, JobState
from hiprom.errors import HipromError, PoseFailed, StoreError, StoreUnavailable
from hiprom.web import progress
from hiprom.web.desk import Desk
from hiprom.web.progress import Progress
from hiprom.web.shelves import Shelves
from hiprom.web.words import without_options

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.capture.pose import MediaPipePose
    from hiprom.store.jobs import Jobs
    from hiprom.store.store import Store

BUSY = 3
_LOOK_EVERY_S = 0.5
_TELL_EVERY_S = 0.25
_RENEW_EVERY_S = 5.0
_MOST_BEGUN = 2
_stopping = threading.Event()


class _GivenUp(Exception):
    """The job in hand was cancelled, erased or asked for otherwise."""


class Worker:
    """Measures the jobs of one page while the lease on them is held.

    Parameters
    ----------
    store : Store
    shelves : Shelves
    jobs : Jobs
        Leased.
    is_needed : threading.Event
        Cleared once nobody needs the worker any more.
    """

    def __init__(
        self, store: Store, shelves: Shelves, jobs: Jobs, is_needed: threading.Event
    ) -> None:
        self._store, self._shelves = store, shelves
        self._jobs, self._is_needed = jobs, is_needed
        self._estimator: MediaPipePose | None = None
        self._renewed_s = time.monotonic()
        self._told_s = self._looked_s = -float("inf")

    def run(self) -> None:
        """Work until nobody needs it."""
        try:
            while self._is_needed.is_set():
                self._renew()
                for job in self._jobs.claim(1, "web"):
                    self._work(job)
                    break
                else:
                    time.sleep(_LOOK_EVERY_S)
        finally:
            self._close_estimator()

    def _work(self, job: Job) -> None:
        """Measure one video; whatever happens, the job has ended or waits again."""
        name, folder = job.spec.name, self._shelves.progress
        before = progress.read(folder, name).begun
        if before >= _MOST_BEGUN:
            reason = f"hiprom broke down on this video {before} times."
            self._jobs.fail(job.job_id, f"{reason} It may be damaged: export it anew.")
            progress.clear(folder, name)
            return
        progress.note(folder, name, Progress(before + 1))
        try:
            self._measure(job, before + 1)
        except _GivenUp:
            self._close_estimator()
            with self._shelves.held():
                self._shelves.tidy(self._jobs.jobs())
        except KeyboardInterrupt:
            progress.note(folder, name, Progress(before))  # the video is not to blame
            raise
        progress.clear(folder, name)

    def _measure(self, job: Job, begun: int) -> None:
        spec, began_s = job.spec, time.monotonic()
        watchdog = Watchdog(Limits(), self._pids, self._close_estimator)
        try:
            with watchdog:
                analysis = self._analysis(job, begun)
            trial_id = self._kept(job, analysis)
        except StoreUnavailable:
            self._jobs.try_again(job.job_id)
        except HipromError as error:
            if isinstance(error, PoseFailed):
                self._close_estimator()
            self._jobs.fail(job.job_id, watchdog.reason or _said(error, spec.video))
        except _GivenUp:
            raise
        except Exception as error:  # noqa: BLE001
            traceback.print_exc()
            self._close_estimator()
            self._jobs.fail(
                job.job_id, f"hiprom met an error of its own: {type(error).__name__}."
            )
        else:
            self._jobs.finish(
                job.job_id,
                trial_id=trial_id,
                taken_s=time.monotonic() - began_s,
                frames=len(analysis.track),
            )

    def _analysis(self, job: Job, begun: int) -> Analysis:
        """Measure a video; where its landmarks are kept, from these."""
        from hiprom import usecases

        spec, landmarks = job.spec, self._shelves.landmarks(job)
        how: dict[str, Any] = {
            "protocol": spec.protocol,
            "side": spec.side,
            "subject": spec.subject,
            "out": self._shelves.results,
            "name": spec.name,
            "recorded_at": spec.recorded_at,
            "camera": spec.camera,
            "progress": lambda *now: self._tell(job, Progress(begun, *now)),
        }
        if landmarks.is_file():
            return usecases.analyze_landmarks(landmarks, video=spec.video, **how)
        return usecases.analyze(spec.video, estimator=self._ready(), **how)

    def _kept(self, job: Job, analysis: Analysis) -> int | None:
        """Let the trial join its person's history; return its number there."""
        with self._shelves.held():  # nobody is erased meanwhile
            self._require_wanted(job)
            if job.spec.subject is None:
                return None
            return keeping.keep(analysis, self._store).trial.trial_id

    def _tell(self, job: Job, now: Progress) -> None:
        if _stopping.is_set():  # an interrupt within a library's callback is lost there
            raise KeyboardInterrupt
        at_s = time.monotonic()
        if at_s - self._told_s >= _TELL_EVERY_S:
            self._told_s = at_s
            progress.note(self._shelves.progress, job.spec.name, now)
        if at_s - self._looked_s >= _LOOK_EVERY_S:
            self._looked_s = at_s
            self._require_wanted(job)
            self._renew()

    def _require_wanted(self, job: Job) -> None:
        now = self._jobs.job(job.spec.name)
        if now is None or now.state != JobState.RUNNING or now.spec != job.spec:
            raise _GivenUp

    def _renew(self) -> None:
        if time.monotonic() - self._renewed_s > _RENEW_EVERY_S:
            self._renewed_s = time.monotonic()
            self._jobs.renew()

    def _ready(self) -> MediaPipePose:
        """Return the pose process, kept from one video to the next."""
        from hiprom.capture import model
        from hiprom.capture.pose import MediaPipePose

        if self._estimator is None:
            bundle = model.ready()
            assert bundle.path is not None
            self._estimator = MediaPipePose(bundle.path)
        return self._estimator

    def _close_estimator(self) -> None:
        estimator, self._estimator = self._estimator, None
        if estimator is not None:
            estimator.close()

    def _pids(self) -> list[int]:
        return [self._estimator.pid] if self._estimator else []


def main(folder: Path) -> int:
    """Work on one folder until the server that started this is gone."""
    is_needed = threading.Event()
    is_needed.set()
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, _interrupt)
    threading.Thread(target=_watch, args=(is_needed,), daemon=True).start()
    shelves = Shelves(folder)
    shelves.make()
    with keeping.open_history() as store:
        jobs = Desk(store, shelves).jobs
        try:
            with jobs.lease():
                Worker(store, shelves, jobs, is_needed).run()
        except StoreError as error:
            sys.stderr.write(f"{error}\n")
            return BUSY
        except KeyboardInterrupt:
            return 0
    return 0


def _watch(is_needed: threading.Event) -> None:
    """Wait for the end of what the server writes: it never writes, so it ended."""
    # Unbuffered: sys.stdin's lock, held while waiting, would spoil an orderly end.
    with open(0, "rb", buffering=0) as pipe:
        pipe.read()
    is_needed.clear()


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    _stopping.set()
    raise KeyboardInterrupt


def _said(error: Exception, video: str) -> str:
    """Return an error's words, fit for a page.

    The video is called as its sender called it, and options of the command as the page
    calls them.
    """
    return without_options(str(error).replace(video, Path(video).name))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
