"""Queued jobs -> running ones -> done, failed or queued: moves within a transaction.

Each holds the one writer's transaction: nobody comes between its look and its update.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from hiprom.core.jobs import Job, JobState
from hiprom.store.job_rows import EVERY_JOB, read_jobs, storable
from hiprom.store.tables import jobs


@dataclass(frozen=True)
class Outcome:
    """How a job ended that was running.

    Attributes
    ----------
    job_id : int
    state : JobState
        DONE, FAILED, or QUEUED for one that is to be tried again.
    reason : str
        Why it failed.
    trial_id : int or None
        Its trial in the history.
    taken_s : float
        Seconds it took; NaN where unknown.
    frames : int or None
        Of the video.
    is_counted : bool
        Whether the attempt counts.
    """

    job_id: int
    state: JobState
    reason: str = ""
    trial_id: int | None = None
    taken_s: float = math.nan
    frames: int | None = None
    is_counted: bool = True


def claim(
    connection: Connection, among: ColumnElement[bool], limit: int, worker: str
) -> list[Job]:
    """Take queued jobs in hand, the heaviest first, of equal ones the last added."""
    heaviest_first = (jobs.c.weight.desc(), jobs.c.id.desc())  # as the index has them
    queued = select(jobs.c.id).where(among, jobs.c.state == JobState.QUEUED.value)
    chosen = queued.order_by(*heaviest_first).limit(limit)
    ids = connection.execute(chosen).scalars().all()
    if not ids:
        return []
    mine = jobs.c.id.in_(ids)
    connection.execute(
        update(jobs)
        .where(mine)
        .values(
            state=JobState.RUNNING.value,
            attempts=jobs.c.attempts + 1,
            worker=storable(worker),
            started_at=datetime.now(UTC),
            ended_at=None,
        )
    )
    return read_jobs(connection, EVERY_JOB.where(mine).order_by(*heaviest_first))


def settle(connection: Connection, batch_id: int, outcomes: Iterable[Outcome]) -> None:
    """Move running jobs to where they ended; a job that is not running stays."""
    now = datetime.now(UTC)
    rows = [
        {
            "job_id": each.job_id,
            "state": each.state.value,
            "reason": storable(each.reason),
            "trial_id": each.trial_id,
            "ended_at": now,
            "taken_s": None if math.isnan(each.taken_s) else each.taken_s,
            "frames": each.frames,
            "uncounted": 0 if each.is_counted else 1,
        }
        for each in outcomes
    ]
    running = (
        jobs.c.id == bindparam("job_id"),
        jobs.c.batch_id == batch_id,
        jobs.c.state == JobState.RUNNING.value,
    )
    attempts = jobs.c.attempts - bindparam("uncounted")
    if rows:
        connection.execute(update(jobs).where(*running).values(attempts=attempts), rows)


def give_up(
    connection: Connection, among: ColumnElement[bool], job_id: int, reason: str
) -> bool:
    """Let a job that waits or runs have failed; return whether there was one."""
    waiting = (JobState.QUEUED.value, JobState.RUNNING.value)
    mine = (among, jobs.c.id == job_id, jobs.c.state.in_(waiting))
    failed = {"state": JobState.FAILED.value, "reason": storable(reason)}
    given_up = update(jobs).where(*mine).values(**failed, ended_at=datetime.now(UTC))
    return bool(connection.execute(given_up).rowcount)


def release(connection: Connection, batch_id: int, keep: Collection[int] = ()) -> int:
    """Queue running jobs again, as if they had not been begun; return how many."""
    running = (
        jobs.c.batch_id == batch_id,
        jobs.c.state == JobState.RUNNING.value,
        jobs.c.id.not_in(keep),
    )
    begun = {"attempts": jobs.c.attempts - 1, "worker": "", "started_at": None}
    queued = update(jobs).where(*running).values(state=JobState.QUEUED.value, **begun)
    return connection.execute(queued).rowcount
