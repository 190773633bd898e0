"""An order -> a video measured, its files written: what a worker process does.

The pose process is kept from one video to the next, and replaced now and then.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiprom import keeping, usecases
from hiprom.batch.fetching import at_hand
from hiprom.batch.fitness import unfit
from hiprom.batch.order import Order, Outcome
from hiprom.batch.places import place_of
from hiprom.batch.watchdog import Watchdog
from hiprom.errors import HipromError, NotReachable, PoseFailed

if TYPE_CHECKING:
    from distributed import Worker

    from hiprom.analysis import Analysis
    from hiprom.capture.pose import MediaPipePose

# A library that leaks a little must not do so for 40,000 videos.
_VIDEOS_A_PROCESS = 100
_TELL_EVERY_S = 1.0


class _Kept:
    """The pose estimator of this process, and how many videos it has seen."""

    estimator: MediaPipePose | None = None
    videos = 0


def work(order: Order) -> Outcome:
    """Measure one video; every failure is an outcome, none is raised."""
    began_s = time.monotonic()
    worker = _worker()
    if worker is not None and (why := unfit(order, worker)):
        return Outcome(
            order.job_id,
            reason=why,
            is_blameless=True,
            is_unfit=True,
            address=worker.address,
        )
    name = "" if worker is None else str(worker.name)
    watchdog = Watchdog(order.limits, _pose_pids, _kill_pose)
    try:
        with watchdog:
            analysis = _measured(order, _Teller(order, name, watchdog))
    except HipromError as error:
        broke = isinstance(error, PoseFailed | NotReachable)
        broke = broke or isinstance(error.__cause__, NotReachable)
        return Outcome(
            order.job_id,
            reason=watchdog.reason or str(error),
            may_try_again=broke and not watchdog.reason,
            seconds=time.monotonic() - began_s,
            worker=name,
        )
    return Outcome(
        order.job_id,
        trial=keeping.new_trial(analysis) if order.spec.subject else None,
        seconds=time.monotonic() - began_s,
        frames=len(analysis.track),
        worker=name,
    )


def _measured(order: Order, teller: _Teller) -> Analysis:
    spec = order.spec
    how: dict[str, Any] = {
        "protocol": spec.protocol,
        "side": spec.side,
        "subject": spec.subject,
        "recorded_at": spec.recorded_at,
        "camera": spec.camera,
    }
    with place_of(order.out).writing(spec.name) as out:
        if order.is_again:
            return usecases.reanalyze(Path(spec.video), out, spec.name, **how)
        with at_hand(spec.video, teller) as video:
            return usecases.analyze(
                video,
                out=out,
                name=spec.name,
                overlay=order.overlay,
                estimator=_estimator(),
                progress=teller,
                **how,
            )


class _Teller:
    """Progress of a video, sent to the head about once a second."""

    def __init__(self, order: Order, worker: str, watchdog: Watchdog) -> None:
        self._order, self._worker, self._watchdog = order, worker, watchdog
        self._told_s = -float("inf")

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if self._watchdog.reason:  # also what waits for no pose process ends then
            raise PoseFailed(self._watchdog.reason)
        now_s = time.monotonic()
        if not self._order.topic or now_s - self._told_s < _TELL_EVERY_S:
            return
        self._told_s = now_s
        from distributed import get_worker

        with suppress(ValueError):  # outside a worker nobody listens
            get_worker().log_event(
                self._order.topic,
                {
                    "job": self._order.job_id,
                    "name": self._order.spec.name,
                    "worker": self._worker,
                    "stage": stage,
                    "done": done,
                    "total": total,
                },
            )


def _estimator() -> MediaPipePose:
    from hiprom.capture import model
    from hiprom.capture.pose import MediaPipePose

    if _Kept.estimator is not None and _Kept.videos >= _VIDEOS_A_PROCESS:
        _give_up_pose()
    if _Kept.estimator is None:
        bundle = model.ready(progress=lambda *_: None)
        assert bundle.path is not None
        _Kept.estimator, _Kept.videos = MediaPipePose(bundle.path), 0
    _Kept.videos += 1
    return _Kept.estimator


def _give_up_pose() -> None:
    """End the pose process; only who uses it may do so."""
    estimator, _Kept.estimator = _Kept.estimator, None
    if estimator is not None:
        estimator.close()


def _kill_pose() -> None:
    """Kill the pose process; who waits for it is told, and tidies up after it."""
    for pid in _pose_pids():
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _pose_pids() -> list[int]:
    return [_Kept.estimator.pid] if _Kept.estimator else []


def _worker() -> Worker | None:
    """Return the worker that this runs on; None outside of one."""
    from distributed import get_worker

    try:
        found: Worker = get_worker()
    except ValueError:
        return None
    return found
