"""A future of Dask's that has ended -> the job's outcome, or what its silence means."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from hiprom.batch.order import Outcome

if TYPE_CHECKING:
    from distributed import Client, Future

    from hiprom.core.jobs import Job

# A result is a few kilobytes: who does not give it by then has died with it.
_FETCH_S = 30.0
_MANY = 4
_FATAL = (
    "It ended its worker {attempts} times: out of memory, perhaps, or a fault in a "
    "decoder. Export the video anew, or measure it by itself."
)
_LOST = "The link to the scheduler, or the worker with the result, was lost."
_NO_HIPROM = (
    "The worker at {address} cannot load hiprom ({error}). Install there what is "
    "installed here, and start it again."
)


def outcomes_of(
    landed: Sequence[tuple[Job, Future[Outcome]]], client: Client
) -> list[Outcome]:
    """Return the outcome of each; of many that are there, fetched together.

    Asking for one takes as long as for a hundred. But a question for several waits, if
    a worker dies just then, until its work was done again: so only many, which is to
    say short ones, are asked for together.
    """
    there = [future for _, future in landed if future.status == "finished"]
    if len(there) >= _MANY and len(there) == len(landed):
        with suppress(Exception):  # then one by one, where each is told apart
            return list(client.gather(there))
    return [outcome_of(job, future, client) for job, future in landed]


def outcome_of(job: Job, future: Future[Outcome], client: Client) -> Outcome:
    """Return what a worker said, or what it means that it said nothing.

    A result that was lost on the way is to be had again, and nobody is to blame: also
    where Dask itself has begun to work it out anew.
    """
    from distributed.scheduler import KilledWorker

    if future.status == "finished":
        try:
            found: Outcome = future.result(timeout=_FETCH_S)
        except (TimeoutError, OSError):
            return _lost(job)
        return found
    error: Any = future.exception() if future.status == "error" else None
    if error is None:
        return _lost(job)
    if isinstance(error, KilledWorker):
        reason = _FATAL.format(attempts=job.attempts)
        return Outcome(job.job_id, reason, may_try_again=True)
    if isinstance(error, ModuleNotFoundError) and _is_ours(error):
        address = client.run_on_scheduler(_where_it_failed, key=future.key)
        reason = _NO_HIPROM.format(address=address, error=error)
        return Outcome(
            job.job_id, reason, is_blameless=True, is_unfit=True, address=address
        )
    said = f"{type(error).__name__}: {error}"
    return Outcome(job.job_id, f"A fault in hiprom itself, please report it: {said}")


def _lost(job: Job) -> Outcome:
    return Outcome(job.job_id, _LOST, is_blameless=True)


def _is_ours(error: ModuleNotFoundError) -> bool:
    return (error.name or "").partition(".")[0] == "hiprom"


def _where_it_failed(dask_scheduler: Any, key: str) -> str:
    """Return the address of the worker on which a task failed."""
    task = dask_scheduler.tasks.get(key)
    return next(iter(task.erred_on), "") if task is not None else ""
