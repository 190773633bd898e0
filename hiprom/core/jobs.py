"""JobSpec and Job: one video of a batch, what is to be done with it, how it fares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class JobState(StrEnum):
    """How a job fares; DONE and FAILED are final until something is asked anew."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class JobSpec:
    """One video, and how it is to be measured: a row of a manifest.

    Attributes
    ----------
    video : str
        A path or a URL.
    name : str
        Of its folder among the results; each of a batch has its own.
    protocol : str
    side : {"auto", "left", "right", "both"}
    subject : str or None
    recorded_at : datetime or None
        With its offset from UTC; None leaves it to the video.
    camera : str or None
        A profile's name or file.
    """

    video: str
    name: str
    protocol: str = "seated_ir"
    side: str = "auto"
    subject: str | None = None
    recorded_at: datetime | None = None
    camera: str | None = None


@dataclass(frozen=True)
class Job:
    """A job as the database has it.

    Attributes
    ----------
    job_id : int
    spec : JobSpec
    state : JobState
    attempts : int
        How often a worker began it; the batch's own end does not count.
    weight : float
        How long it will take, roughly; the heaviest are begun first.
    reason : str
        Why it failed; empty otherwise.
    trial_id : int or None
        Its trial in the history, where a subject is named.
    """

    job_id: int
    spec: JobSpec
    state: JobState
    attempts: int
    weight: float
    reason: str = ""
    trial_id: int | None = None
