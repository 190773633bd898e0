"""A batch's videos -> jobs: which are to be done, in whose hands, how they ended.

The database is the truth: what a method returned is on the disk, and a job is in one
state at every moment, whoever is killed. A commit waits for the disk, and takes longer
than all else here: hence everything can be said of many jobs at once.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import islice
from typing import TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)

from hiprom.core.jobs import Job, JobState
from hiprom.errors import StoreUnavailable
from hiprom.store import batch_lease
from hiprom.store.engine import Database
from hiprom.store.job_moves import Outcome, claim, give_up, release, settle
from hiprom.store.job_rows import EVERY_JOB, Added, Asked, add_some, read_jobs
from hiprom.store.store import Store
from hiprom.store.tables import batches, jobs

# Few enough for one transaction that keeps nobody waiting, and for little memory.
_AT_ONCE = 500
Amount = TypeVar("Amount", int, float)


def open_batch(store: Store, out: str) -> Jobs:
    """Return the jobs whose results go to `out`, a new batch if there was none.

    Parameters
    ----------
    store : Store
        Must stay open meanwhile.
    out : str
        A path from the root or a URL: always the same for the same place.
    """
    mine = select(batches.c.id).where(batches.c.out == out)
    with store.database.reading() as connection:
        batch_id = connection.execute(mine).scalar()
    if batch_id is None:
        with store.database.writing() as connection:
            batch_id = connection.execute(mine).scalar()
            if batch_id is None:
                made = insert(batches).values(
                    out=out, asked=0, created_at=datetime.now(UTC)
                )
                made_id = made.returning(batches.c.id)
                batch_id = connection.execute(made_id).scalar_one()
    return Jobs(store.database, batch_id)


class Jobs:
    """The jobs of one batch; `open_batch` gives them.

    Only what the batch was last asked for is claimed, counted and listed. While a
    `lease` is held, nothing is written any more once another process has taken over.

    Raises
    ------
    StoreUnavailable
        By every method, if the database cannot be reached or written to. Nothing is
        half done; after a `claim` that failed so, call `release` with the jobs in hand.
    StoreError
        By every method that writes, if another process has taken over.
    """

    def __init__(self, database: Database, batch_id: int) -> None:
        self._database = database
        self._batch_id = batch_id
        self._head: batch_lease.Head | None = None

    @contextmanager
    def lease(self) -> Iterator[None]:
        """Be the one process at work on this batch, from here to the end of the block.

        Call `renew` every few seconds. Whatever is running as the block begins or ends
        is queued again, and the attempt not counted.

        Raises
        ------
        StoreError
            If another process is at work; it says which, and since when. One that was
            killed is replaced: on this machine at once, on another after a minute.
        """
        with self._database.writing() as connection:
            head = batch_lease.take(connection, self._batch_id)
            release(connection, self._batch_id)
        self._head = head
        try:
            yield
        finally:
            self._head = None
            # A lease that cannot be given back is found abandoned.
            with (
                suppress(StoreUnavailable),
                self._database.writing() as connection,
            ):
                if batch_lease.give_up(connection, self._batch_id, head):
                    release(connection, self._batch_id)

    def renew(self) -> None:
        """Say that this process is still at work on the batch it leased."""
        assert self._head is not None, "There is no lease to renew."
        with self._database.writing() as connection:
            batch_lease.renew(connection, self._batch_id, self._head)

    def add(self, asked: Iterable[Asked]) -> Added:
        """Ask for jobs: all that belong to the batch from now on.

        What is done already stays done, if video, settings and the manifest's row are
        the same; what has failed is queued anew. Cut short, it can be called again.

        Parameters
        ----------
        asked : iterable of Asked
            Any number; few are in memory at a time. Their names must differ.

        Raises
        ------
        InputError
            If two have the same name, or a job cannot be kept as it is.
        """
        with self._writing() as connection:
            again = update(batches).where(batches.c.id == self._batch_id)
            number = connection.execute(
                again.values(asked=batches.c.asked + 1).returning(batches.c.asked)
            ).scalar_one()
        added = Added()
        rest = iter(asked)
        while some := list(islice(rest, _AT_ONCE)):
            with self._writing() as connection:
                added += add_some(connection, self._batch_id, number, some)
        return added

    def put(self, asked: Asked) -> Added:
        """Ask for one job beside all others, or for one anew; see `add`."""
        mine = select(batches.c.asked).where(batches.c.id == self._batch_id)
        with self._writing() as connection:
            number = connection.execute(mine).scalar_one()
            return add_some(connection, self._batch_id, number, [asked], again=True)

    def claim(self, limit: int, worker: str = "") -> list[Job]:
        """Take queued jobs in hand, the heaviest first; each is given only once.

        Returns
        -------
        list of Job
            RUNNING, this attempt counted; at most `limit`, none if none is queued.
        """
        with self._writing() as connection:
            return claim(connection, self._asked_for(), limit, worker)

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """Say how jobs ended, many in one transaction.

        A job that is not running stays as it is: saying it twice does no harm.
        """
        with self._writing() as connection:
            settle(connection, self._batch_id, outcomes)

    def exchange(
        self, outcomes: Iterable[Outcome], limit: int, worker: str = ""
    ) -> list[Job]:
        """Settle and claim at once: half the waiting of one after the other."""
        with self._writing() as connection:
            settle(connection, self._batch_id, outcomes)
            return claim(connection, self._asked_for(), limit, worker)

    def finish(
        self,
        job_id: int,
        *,
        trial_id: int | None = None,
        taken_s: float = math.nan,
        frames: int | None = None,
    ) -> None:
        """Say that a job is done."""
        done = JobState.DONE
        self.settle([Outcome(job_id, done, "", trial_id, taken_s, frames)])

    def fail(self, job_id: int, reason: str) -> None:
        """Say that a job has failed for good, and why."""
        self.settle([Outcome(job_id, JobState.FAILED, reason)])

    def try_again(self, job_id: int) -> None:
        """Queue a job again; the attempt remains counted."""
        self.settle([Outcome(job_id, JobState.QUEUED)])

    def give_up(self, job_id: int, reason: str) -> bool:
        """Let a job that waits or runs have failed, whoever has it in hand.

        What its worker says of it later is not heard. Returns whether it had not ended.
        """
        with self._writing() as connection:
            return give_up(connection, self._asked_for(), job_id, reason)

    def remove(self, job_id: int) -> None:
        """Forget a job, unless it is running; its files are for others to remove."""
        mine = (jobs.c.batch_id == self._batch_id, jobs.c.id == job_id)
        with self._writing() as connection:
            connection.execute(
                delete(jobs).where(*mine, jobs.c.state != JobState.RUNNING.value)
            )

    def job(self, name: str) -> Job | None:
        """Return the job of that name; None if there is none."""
        chosen = EVERY_JOB.where(self._asked_for(), jobs.c.name == name)
        with self._database.reading() as connection:
            return next(iter(read_jobs(connection, chosen)), None)

    def release(self, keep: Collection[int] = ()) -> int:
        """Queue again what is running, but for the jobs in `keep`; count no attempt.

        Returns
        -------
        int
            How many were released.
        """
        with self._writing() as connection:
            return release(connection, self._batch_id, keep)

    def counts(self) -> dict[JobState, int]:
        """Return how many jobs there are in each state."""
        return self._in_each_state(func.count(), 0)

    def weights(self) -> dict[JobState, float]:
        """Return the weight of the jobs in each state, for an idea of the time left."""
        return self._in_each_state(func.sum(jobs.c.weight), 0.0)

    def jobs(self, state: JobState | None = None) -> Iterator[Job]:
        """Yield the jobs, of one state or all, in the order of their names.

        Few are in memory at a time, and nobody is kept waiting: each few are read as
        they are by then.
        """
        chosen = EVERY_JOB.where(self._asked_for()).order_by(jobs.c.name)
        if state is not None:
            chosen = chosen.where(jobs.c.state == state.value)
        page, after = chosen, None
        while True:
            if after is not None:
                page = chosen.where(jobs.c.name > after)
            with self._database.reading() as connection:
                some = read_jobs(connection, page.limit(_AT_ONCE))
            yield from some
            if len(some) < _AT_ONCE:
                return
            after = some[-1].spec.name

    def failures(self) -> Iterator[Job]:
        """Yield the jobs that failed, each with its reason."""
        return self.jobs(JobState.FAILED)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._database.writing() as connection:
            if self._head is not None:
                batch_lease.require_held(connection, self._batch_id, self._head)
            yield connection

    def _in_each_state(
        self, amount: ColumnElement[Amount], nothing: Amount
    ) -> dict[JobState, Amount]:
        each = select(jobs.c.state, amount).where(self._asked_for())
        with self._database.reading() as connection:
            rows = connection.execute(each.group_by(jobs.c.state)).all()
        found = {JobState(state): there for state, there in rows}
        return {state: found.get(state, nothing) for state in JobState}

    def _asked_for(self) -> ColumnElement[bool]:
        last = select(batches.c.asked).where(batches.c.id == self._batch_id)
        return and_(
            jobs.c.batch_id == self._batch_id, jobs.c.asked == last.scalar_subquery()
        )
