"""What a person asks of a video -> a job; asked anew, given up or removed."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from hiprom.batch.asking import asked_for
from hiprom.capture.calibration import profiles
from hiprom.core.jobs import Job, JobSpec, JobState
from hiprom.core.protocols import protocol as protocol_named
from hiprom.errors import HipromError, InputError
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import Jobs, open_batch
from hiprom.store.store import Store
from hiprom.store.subjects import require_code
from hiprom.usecases import AUTO
from hiprom.web import progress
from hiprom.web.shelves import Shelves

SIDES = ("auto", "left", "right", "both")
CANCELLED = "Cancelled."


@dataclass(frozen=True)
class Wanted:
    """How a video is to be measured."""

    protocol: str = AUTO
    side: str = "auto"
    subject: str | None = None
    camera: str | None = None


def wanted_from(said: dict[str, Any]) -> Wanted:
    """Check what a form or a request says.

    Raises
    ------
    InputError
        If there is no such protocol, side or camera, or the code cannot be used.
    """
    protocol = str(said.get("protocol") or AUTO)
    if protocol != AUTO:
        protocol = protocol_named(protocol).name
    side = str(said.get("side") or "auto")
    if side not in SIDES:
        raise InputError(f"There is no side {side!r}. It is one of {', '.join(SIDES)}.")
    subject = str(said.get("subject") or "").strip() or None
    if subject is not None:
        require_code(subject)
    camera = str(said.get("camera") or "") or None
    if camera is not None and camera not in profiles.names():
        raise InputError(f"There is no camera {camera!r}. Calibrate it first.")
    return Wanted(protocol, side, subject, camera)


class Desk:
    """The jobs of the page: the batch whose results go to the page's own shelf."""

    def __init__(self, store: Store, shelves: Shelves) -> None:
        self._store, self._shelves = store, shelves

    @property
    def jobs(self) -> Jobs:
        """The batch; looked up each time, for the last job takes it along."""
        return open_batch(self._store, str(self._shelves.results.resolve()))

    def job(self, name: str) -> Job | None:
        """Return a job by its name."""
        return self.jobs.job(name)

    def take(
        self,
        arrived: Path,
        name: str,
        wanted: Wanted,
        changed_s: float | None = None,
    ) -> str:
        """Put a whole video on its shelf and ask for it; return the job's name.

        If it cannot be asked for, it lies where it arrived, to be taken again. See
        `Shelves.put` for `changed_s`.
        """
        now = datetime.now(UTC)
        job = f"{now:%Y%m%d-%H%M%S}-{now.microsecond:06d}-{token_hex(2)}"
        with self._shelves.held():
            video = self._shelves.put(arrived, name, changed_s)
            try:
                self.jobs.put(_asked(JobSpec(str(video.resolve()), job), wanted))
            except HipromError:
                self._shelves.put_back(video, arrived)
                raise
        return job

    def again(self, job: Job, wanted: Wanted | None = None) -> None:
        """Ask for a job anew, as it was or otherwise; its camera was what it was.

        Its landmarks are used again, unless they are to be nobody's now: they say
        whose they were.
        """
        spec = job.spec
        was = Wanted(spec.protocol, spec.side, spec.subject)
        if was.subject and wanted and wanted.subject is None:
            self._shelves.landmarks(job).unlink(missing_ok=True)
        progress.clear(self._shelves.progress, spec.name)
        self.jobs.put(_asked(spec, replace(wanted or was, camera=spec.camera)))

    def cancel(self, job: Job) -> None:
        """Give a job up; its worker lets go of it within a second."""
        self.jobs.give_up(job.job_id, CANCELLED)

    def remove(self, job: Job) -> None:
        """Remove a job with its video and results; a running one is given up first."""
        jobs = self.jobs
        jobs.give_up(job.job_id, CANCELLED)
        with self._shelves.held():
            jobs.remove(job.job_id)
            self._shelves.tidy(jobs.jobs())

    def forget(self, subject: str) -> None:
        """Erase a person, and all that the page has of them."""
        for job in self.jobs.jobs():
            if job.spec.subject == subject:
                self.cancel(job)
        with self._shelves.held():
            self._store.forget(subject)
            self._shelves.tidy(self.jobs.jobs())

    def tidy(self) -> None:
        """Remove what belongs to no job any more."""
        if self._shelves.is_made:
            with self._shelves.held():
                self._shelves.tidy(self.jobs.jobs())

    def waiting(self) -> bool:
        """Return whether there is work for a worker."""
        counts = self.jobs.counts()
        return bool(counts[JobState.QUEUED] + counts[JobState.RUNNING])


def _asked(spec: JobSpec, wanted: Wanted) -> Asked:
    spec = replace(
        spec,
        protocol=wanted.protocol,
        side=wanted.side,
        subject=wanted.subject,
        camera=wanted.camera,
    )
    (asked,) = asked_for([spec], what="all")
    # The heaviest is begun first: here whoever came first.
    return replace(asked, weight=-time.time())
