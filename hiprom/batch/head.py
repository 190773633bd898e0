"""Jobs in the database, workers at hand -> every job worked on and settled once.

The database knows how every job fares; Dask only carries them out. A worker that dies
takes one job with it, which is tried once more and then given up: a video that ends
every worker must not end the batch.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hiprom.batch.order import Order, Outcome
from hiprom.core.jobs import Job, JobState
from hiprom.errors import StoreUnavailable
from hiprom.store import job_moves

if TYPE_CHECKING:
    from distributed import Client, Future

    from hiprom.store.jobs import Jobs

_ATTEMPTS = 2
# Endings are collected for so long, so that one commit serves many.
_COMMIT_EVERY_S = 0.1
_GLANCE_S = 0.5
_RENEW_EVERY_S = 10.0
_LOOK_FOR_WORKERS_EVERY_S = 2.0
# A database that went away may come back for so long.
_DATABASE_PATIENCE_S = 900.0
_FATAL = (
    "It ended its worker {attempts} times: out of memory, perhaps, or a fault in a "
    "decoder. Export the video anew, or measure it by itself."
)
Answer = TypeVar("Answer")


class Events(Protocol):
    """Whoever wants to know what happens."""

    def begun(self, job: Job) -> None:
        """Hear that a worker is given a job."""

    def ended(self, job: Job, state: JobState, outcome: Outcome) -> None:
        """Hear how a job ended, and what it is from now on."""

    def waiting(self, why: str) -> None:
        """Hear, again and again, that something is out of reach."""

    def idle(self) -> None:
        """Be called about twice a second, whatever happens."""


@dataclass
class Head:
    """Gives jobs to workers until none is left.

    Parameters
    ----------
    jobs : Jobs
        Leased by this process.
    client : distributed.Client
    order : callable
        Makes a job's order.
    work : callable
        What a worker does with it.
    keep : callable
        Lets the trial of an outcome join the history; returns its number there.
    events : Events
    """

    jobs: Jobs
    client: Client
    order: Callable[[Job], Order]
    work: Callable[[Order], Outcome]
    keep: Callable[[Job, Outcome], int | None]
    events: Events

    def __post_init__(self) -> None:
        self._flying: dict[int, tuple[Job, Future[Outcome]]] = {}
        self._landed: SimpleQueue[int] = SimpleQueue()
        # Claimed ahead, so that a worker that is free need not wait for a commit.
        self._ready: deque[Job] = deque()
        self._settled: list[job_moves.Outcome] = []
        self._room = 0
        self._renewed_s = self._counted_s = self._committed_s = -float("inf")
        self._is_exhausted = False

    def run(self) -> None:
        """Work until every job is done or failed.

        Raises
        ------
        StoreError
            If the database stays away, or another process has taken over.
        """
        while True:
            self._look_around()
            self._exchange_if_due()
            self._launch_all()
            if not (self._flying or self._ready or self._settled):
                if self._is_exhausted:
                    return
                continue
            self._take_landed()

    def _look_around(self) -> None:
        now_s = time.monotonic()
        self.events.idle()
        if now_s - self._renewed_s > _RENEW_EVERY_S:
            self._insist(self.jobs.renew)
            self._renewed_s = now_s
        if now_s - self._counted_s > _LOOK_FOR_WORKERS_EVERY_S or not self._room:
            # One job for each: of several, a worker that dies would take all along.
            self._room = sum(self.client.nthreads().values())
            self._counted_s = now_s
            if not self._room:
                self.events.waiting("No worker is there; waiting for one.")
                time.sleep(_GLANCE_S)

    def _exchange_if_due(self) -> None:
        """Settle and claim in one commit, when it is worth one."""
        lacking = 0 if self._is_exhausted else 2 * self._room - len(self._ready)
        is_waiting = bool(self._settled) and not (self._flying or self._ready)
        now_s = time.monotonic()
        if not (
            is_waiting
            or (lacking > 0 and len(self._ready) < self._room)
            or (self._settled and now_s - self._committed_s > _COMMIT_EVERY_S)
        ):
            return
        claimed = self._exchange(self._settled, max(lacking, 0))
        # What is to be tried again is there to be claimed again.
        again = any(each.state is JobState.QUEUED for each in self._settled)
        self._is_exhausted = not again and (
            len(claimed) < lacking if lacking > 0 else self._is_exhausted
        )
        self._settled = []
        self._ready += claimed
        self._committed_s = time.monotonic()

    def _exchange(self, settled: list[job_moves.Outcome], wanted: int) -> list[Job]:
        """Settle and claim; what a lost answer had claimed is given back first."""
        in_hand = {
            *self._flying,
            *(job.job_id for job in self._ready),
            *(each.job_id for each in settled),
        }
        is_repeated = False

        def exchange() -> list[Job]:
            nonlocal is_repeated
            if is_repeated:
                self.jobs.release(keep=in_hand)
            is_repeated = True
            return self.jobs.exchange(settled, wanted)

        return self._insist(exchange)

    def _launch_all(self) -> None:
        """Give a job to every worker that is free."""
        free = self._room - len(self._flying)
        chosen = [self._ready.popleft() for _ in range(min(free, len(self._ready)))]
        if not chosen:
            return
        # Together: Dask takes as long for one as for a dozen.
        futures = self.client.map(
            self.work,
            [self.order(job) for job in chosen],
            key=[f"hiprom-{job.job_id}-{job.attempts}" for job in chosen],
            pure=False,
            retries=0,
        )
        for job, future in zip(chosen, futures, strict=True):
            self._flying[job.job_id] = (job, future)
            future.add_done_callback(lambda _, n=job.job_id: self._landed.put(n))
            self.events.begun(job)

    def _take_landed(self) -> None:
        """Wait a moment for jobs to end, and take in all that have."""
        wait_s = _COMMIT_EVERY_S if self._settled else _GLANCE_S
        try:
            self._take(self._landed.get(timeout=wait_s))
            while True:
                self._take(self._landed.get_nowait())
        except Empty:
            return

    def _take(self, job_id: int) -> None:
        job, future = self._flying.pop(job_id)
        outcome = _outcome(job, future)
        state, trial_id = JobState.DONE, None
        if outcome.reason:
            again = outcome.may_try_again and job.attempts < _ATTEMPTS
            state = JobState.QUEUED if again else JobState.FAILED
        elif outcome.trial is not None:
            trial_id = self._insist(lambda: self.keep(job, outcome))
        self.events.ended(job, state, outcome)
        self._settled.append(
            job_moves.Outcome(
                job_id,
                state,
                outcome.reason,
                trial_id,
                outcome.seconds,
                outcome.frames or None,
            )
        )

    def _insist(self, do: Callable[[], Answer]) -> Answer:
        """Do something with the database; wait for it if it is away for a while."""
        until_s = time.monotonic() + _DATABASE_PATIENCE_S
        pause_s = 0.5
        while True:
            try:
                return do()
            except StoreUnavailable as error:
                if time.monotonic() > until_s:
                    raise
                self.events.waiting(str(error))
            self.events.idle()
            time.sleep(pause_s)
            pause_s = min(2 * pause_s, 10.0)


def _outcome(job: Job, future: Future[Outcome]) -> Outcome:
    """Return what a worker said, or what its silence means."""
    from distributed.scheduler import KilledWorker

    error: Any = future.exception() if future.status == "error" else None
    if error is None and future.status == "finished":
        found: Outcome = future.result()
        return found
    if isinstance(error, KilledWorker) or future.status in {"cancelled", "lost"}:
        reason = _FATAL.format(attempts=job.attempts)
        return Outcome(job.job_id, reason, may_try_again=True)
    said = f"{type(error).__name__}: {error}"
    return Outcome(job.job_id, f"A fault in hiprom itself, please report it: {said}")
