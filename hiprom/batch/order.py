"""Order and Outcome: what a worker is asked to do, and what it says of it."""

from __future__ import annotations

from dataclasses import dataclass

from hiprom.core.jobs import JobSpec
from hiprom.store.new_trial import NewTrial


@dataclass(frozen=True)
class Limits:
    """What one video may take before it is given up.

    Attributes
    ----------
    seconds : float
        Of wall time.
    bytes : float
        Of memory, of the worker and of its pose process each.
    """

    seconds: float = 1800.0
    bytes: float = 3e9


@dataclass(frozen=True)
class Order:
    """One job, as a worker is given it.

    Attributes
    ----------
    job_id : int
    spec : JobSpec
    out : str
        A folder that all workers see, or the URL of one.
    overlay : bool
    limits : Limits
    is_again : bool
        Whether `spec.video` names kept landmarks: they are measured anew, and only
        tables are written.
    """

    job_id: int
    spec: JobSpec
    out: str
    overlay: bool = True
    limits: Limits = Limits()
    is_again: bool = False


@dataclass(frozen=True)
class Outcome:
    """What became of a job.

    Attributes
    ----------
    job_id : int
    reason : str
        Why it failed; empty where it is done.
    may_try_again : bool
        Whether the machine failed, and not the video.
    trial : NewTrial or None
        For the history; None without a subject.
    seconds : float
    frames : int
    worker : str
    """

    job_id: int
    reason: str = ""
    may_try_again: bool = False
    trial: NewTrial | None = None
    seconds: float = 0.0
    frames: int = 0
    worker: str = ""
