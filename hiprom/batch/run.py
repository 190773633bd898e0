"""A place for results, and what is asked for -> everything measured there, and told."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from hiprom._version import __version__
from hiprom.batch.asking import asked_for
from hiprom.batch.head import Events, Head
from hiprom.batch.order import Limits, Needs, Order, Outcome
from hiprom.batch.patience import Waiter, insist
from hiprom.batch.work import work
from hiprom.capture import model
from hiprom.core.jobs import Job, JobSpec, JobState
from hiprom.errors import InputError
from hiprom.report.addresses import is_url
from hiprom.store.jobs import Jobs, open_batch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from distributed import Client

    from hiprom.batch.places import Place
    from hiprom.recordings import Progress
    from hiprom.store.job_rows import Added
    from hiprom.store.store import Store

_DEFAULT = Limits()


@dataclass(frozen=True)
class Plan:
    """What a batch is to do.

    Attributes
    ----------
    out : Place
        Where results go.
    overlay : bool
    limits : Limits
    is_saving : bool
        Whether trials join their subjects' history.
    is_again : bool
        Whether kept landmarks are measured anew, instead of videos.
    """

    out: Place
    overlay: bool = True
    limits: Limits = _DEFAULT
    is_saving: bool = True
    is_again: bool = False

    @property
    def what(self) -> str:
        """What is written of each video."""
        if self.is_again:
            return "tables"
        return "all" if self.overlay else "all but the overlay"


def batch_at(plan: Plan, store: Store, *, is_resumed: bool) -> Jobs:
    """Return the jobs at a place; a batch that is there is not begun anew by mistake.

    Raises
    ------
    InputError
        If there is one, and it was not said that it should go on.
    """
    jobs = open_batch(store, plan.out.key)
    counts = jobs.counts()
    if not is_resumed and any(counts.values()):
        waiting = counts[JobState.QUEUED] + counts[JobState.RUNNING]
        raise InputError(
            f"{plan.out.key} holds a batch already: {counts[JobState.DONE]} done, "
            f"{counts[JobState.FAILED]} failed, {waiting} waiting. Add --resume to go "
            "on with it, or name another folder."
        )
    return jobs


def ask(jobs: Jobs, specs: Sequence[JobSpec], plan: Plan) -> Added:
    """Ask for all that is to be measured; what is done already stays done.

    `jobs` is leased: what killed workers of an earlier run left behind is removed.
    """
    plan.out.sweep({spec.name for spec in specs})
    return jobs.add(asked_for(specs, what=plan.what))


def run(
    plan: Plan,
    jobs: Jobs,
    store: Store,
    cluster: AbstractContextManager[Client],
    specs: Sequence[JobSpec],
    *,
    events: Events,
    listen: Callable[[Client, str], None],
) -> None:
    """Measure everything that is asked for and not done; `jobs` is leased.

    Raises
    ------
    StoreError
        If the database stays away, or another process has taken over.
    """
    if not jobs.counts()[JobState.QUEUED]:
        return
    # A scheduler may serve several batches.
    topic = f"hiprom-{uuid4().hex}"
    needs = Needs(__version__, "" if plan.is_again else model.ready().sha256)
    # The database keeps no passwords: a worker is told the URL as it was given.
    told = {each.name: each.video for each in specs if is_url(each.video)}
    with cluster as client:
        listen(client, topic)
        Head(
            jobs,
            client,
            order=lambda job: Order(
                job.job_id,
                replace(job.spec, video=told.get(job.spec.name, job.spec.video)),
                plan.out.address,
                plan.overlay,
                plan.limits,
                plan.is_again,
                topic,
                needs,
            ),
            work=work,
            keep=lambda job, outcome: _keep(job, outcome, plan, store),
            events=events,
        ).run()


def combine(plan: Plan, jobs: Jobs, told: Waiter, *, progress: Progress) -> str:
    """Write the tables and the overview of all videos; return where that is."""
    from hiprom.report.batch import write_combined

    every_job = insist(lambda: list(jobs.jobs()), told)
    done = [job.spec.name for job in every_job if job.state == JobState.DONE]
    with plan.out.gathered(done) as folder:
        overview = write_combined(folder, every_job, progress=progress)
    return f"{plan.out.key}/{overview.name}"


def _keep(job: Job, outcome: Outcome, plan: Plan, store: Store) -> int | None:
    """Let a trial join its subject's history; its landmarks are there already."""
    if not plan.is_saving or outcome.trial is None or job.spec.subject is None:
        return None

    def write_landmarks(path: Path) -> None:
        if plan.is_again:
            shutil.copyfile(job.spec.video, path)
        else:
            plan.out.take_landmarks(job.spec.name, path)

    saved = store.save_trial(job.spec.subject, outcome.trial, write_landmarks)
    return saved.trial.trial_id
