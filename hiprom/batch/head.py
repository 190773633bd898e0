"""Jobs in the database, workers at hand -> every job worked on and settled once.

The database knows how every job fares; Dask only carries them out. A worker that dies
takes one job with it, which is tried once more and then given up: a video that ends
every worker must not end the batch.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from hiprom.batch.cluster import send_away
from hiprom.batch.landing import outcomes_of
from hiprom.batch.order import Order, Outcome
from hiprom.batch.patience import Waiter, insist
from hiprom.core.jobs import Job, JobState
from hiprom.errors import CaptureError, InputError, StoreError, StoreUnavailable
from hiprom.store import job_moves

if TYPE_CHECKING:
    from distributed import Client, Future

    from hiprom.store.jobs import Jobs

_ATTEMPTS = 2
# Endings are collected for so long, so that one commit serves many.
_COMMIT_EVERY_S = 0.25
_FURTHEST = 32  # jobs claimed ahead for each worker, at most
_GLANCE_S = 0.5
_RENEW_EVERY_S = 10.0
# So many are taken in before anything else is looked at again.
_AT_ONCE = 100
_LOOK_FOR_WORKERS_EVERY_S = 2.0
# Our own workers are started again within seconds; those of others may take a day.
_OWN_WORKERS_BACK_S = 120.0
_CLOSED = (
    "The scheduler at {address} is gone. What was finished is kept: start it and its "
    "workers again, and run the batch with --resume."
)
_NOBODY_LEFT = (
    "All workers ended, and for two minutes none came back. What was finished is kept: "
    "go on with --resume, perhaps with fewer --workers."
)


class Events(Waiter, Protocol):
    """Whoever wants to know what happens."""

    def begun(self, job: Job) -> None:
        """Hear that a worker is given a job."""

    def ended(self, job: Job, state: JobState, outcome: Outcome) -> None:
        """Hear how a job ended, and what it is from now on."""


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
        # By keys of Dask's, of which none is used twice.
        self._flying: dict[str, tuple[Job, Future[Outcome]]] = {}
        self._landed: SimpleQueue[str] = SimpleQueue()
        # Claimed ahead, so that a worker that is free need not wait for a commit.
        self._ready: deque[Job] = deque()
        self._ahead = 0
        self._settled: list[job_moves.Outcome] = []
        self._room = 0
        self._complaint = "No worker is there."
        self._renewed_s = self._counted_s = self._committed_s = -float("inf")
        self._staffed_s = time.monotonic()
        self._is_exhausted = False
        # A scheduler may serve several batches, whose jobs have the same numbers.
        self._batch = uuid4().hex
        self._address = self.client.scheduler.address
        self._numbers = count()

    def run(self) -> None:
        """Work until every job is done or failed.

        Raises
        ------
        StoreError
            If the database stays away, or another process has taken over.
        CaptureError
            If the scheduler is gone, or all workers of this machine are for good.
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
            insist(self.jobs.renew, self.events)
            self._renewed_s = now_s
        if now_s - self._counted_s > _LOOK_FOR_WORKERS_EVERY_S or not self._room:
            self._count_workers()
            self._counted_s = now_s
            if not self._room:
                time.sleep(_GLANCE_S)

    def _count_workers(self) -> None:
        """Find out how many jobs the workers can do at once: one in each thread."""
        if self.client.status == "closed":
            raise CaptureError(_CLOSED.format(address=self._address))
        try:
            self._room = sum(self.client.nthreads().values())
        except (OSError, TimeoutError):  # the client connects again by itself
            self._room = 0
            self.events.waiting("The scheduler does not answer.")
            return
        now_s = time.monotonic()
        if self._room:
            self._staffed_s = now_s
            return
        self.events.waiting(f"{self._complaint} Waiting for one.")
        is_ours = self.client.cluster is not None
        if is_ours and now_s - self._staffed_s > _OWN_WORKERS_BACK_S:
            raise CaptureError(_NOBODY_LEFT)

    def _exchange_if_due(self) -> None:
        """Settle and claim in one commit, when it is worth one."""
        is_waiting = bool(self._settled) and not (self._flying or self._ready)
        is_short = not self._is_exhausted and len(self._ready) < self._room
        is_due = time.monotonic() - self._committed_s > _COMMIT_EVERY_S
        if not (is_waiting or is_short or (self._settled and is_due)):
            return
        if is_short:  # quick jobs are claimed further ahead than slow ones
            further = self._ahead // 2 if is_due else 2 * self._ahead
            self._ahead = min(max(further, 2 * self._room), _FURTHEST * self._room)
        lacking = 0 if self._is_exhausted else self._ahead - len(self._ready)
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
            *(job.job_id for job, _ in self._flying.values()),
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

        return insist(exchange, self.events)

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
            key=[f"hiprom-{self._batch}-{next(self._numbers)}" for _ in chosen],
            pure=False,
            retries=0,
        )
        for job, future in zip(chosen, futures, strict=True):
            self._flying[future.key] = (job, future)
            future.add_done_callback(lambda ended: self._landed.put(ended.key))
            self.events.begun(job)

    def _take_landed(self) -> None:
        """Wait a moment for jobs to end, and take in all that have."""
        wait_s = _COMMIT_EVERY_S if self._settled else _GLANCE_S
        keys = []
        with suppress(Empty):
            keys.append(self._landed.get(timeout=wait_s))
            while len(keys) < _AT_ONCE:
                keys.append(self._landed.get_nowait())
        # One that was given up as lost may have been worked out all the same.
        keys = [key for key in dict.fromkeys(keys) if key in self._flying]
        landed = [self._flying[key] for key in keys]
        for key, outcome in zip(keys, outcomes_of(landed, self.client), strict=True):
            self._take(key, outcome)

    def _take(self, key: str, outcome: Outcome) -> None:
        job, _ = self._flying.pop(key)
        state, trial_id = JobState.DONE, None
        if outcome.is_unfit:
            self._send_away(outcome)
        if outcome.trial is not None:
            outcome, trial_id = self._kept(job, outcome)
        if outcome.reason:
            again = outcome.may_try_again and job.attempts < _ATTEMPTS
            again = again or outcome.is_blameless
            state = JobState.QUEUED if again else JobState.FAILED
        self.events.ended(job, state, outcome)
        self._settled.append(
            job_moves.Outcome(
                job.job_id,
                state,
                outcome.reason,
                trial_id,
                outcome.seconds,
                outcome.frames or None,
                is_counted=not outcome.is_blameless,
            )
        )

    def _kept(self, job: Job, outcome: Outcome) -> tuple[Outcome, int | None]:
        """Keep a trial; one that cannot be kept fails, and the batch goes on."""
        try:
            return outcome, insist(lambda: self.keep(job, outcome), self.events)
        except StoreUnavailable:
            raise
        except (StoreError, InputError) as error:
            return replace(outcome, reason=str(error)), None

    def _send_away(self, outcome: Outcome) -> None:
        """Let a worker end that can do nothing for this batch."""
        with suppress(OSError, TimeoutError):
            self.client.run_on_scheduler(send_away, address=outcome.address)
        self._complaint = f"No worker is there. {outcome.reason}"
