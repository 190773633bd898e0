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
class Needs:
    """What a worker must have, lest one batch mixes results of different making.

    Attributes
    ----------
    hiprom : str
        Its version; empty where any will do.
    model_sha256 : str
        Of the pose model; empty where none is needed.
    """

    hiprom: str = ""
    model_sha256: str = ""


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
    topic : str
        Under which workers tell how far they are; empty where nobody listens.
    needs : Needs
    """

    job_id: int
    spec: JobSpec
    out: str
    overlay: bool = True
    limits: Limits = Limits()
    is_again: bool = False
    topic: str = ""
    needs: Needs = Needs()


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
    is_blameless : bool
        Whether the job was not even begun, or its result lost on the way: it is to be
        tried again, and the attempt not counted.
    is_unfit : bool
        Whether the worker can do no job of this batch: it is sent away.
    trial : NewTrial or None
        For the history; None without a subject.
    seconds : float
    frames : int
    worker : str
        Its name.
    address : str
        Where Dask reaches it.
    """

    job_id: int
    reason: str = ""
    may_try_again: bool = False
    is_blameless: bool = False
    is_unfit: bool = False
    trial: NewTrial | None = None
    seconds: float = 0.0
    frames: int = 0
    worker: str = ""
    address: str = ""
