"""What happens in a batch -> bars in the terminal, or a JSON document a line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import typer

from hiprom.core.jobs import Job, JobState
from hiprom.terminal import progress_bar
from hiprom.terminal.batch import show_end, shown
from hiprom.terminal.batch_progress import BatchProgress

if TYPE_CHECKING:
    from distributed import Client

    from hiprom.batch.order import Outcome
    from hiprom.recordings import Progress

Counts = Mapping[JobState, int]
# A reason to wait that lasts is told again after this.
_REPEAT_S = 30.0


def teller_of(counts: Counts, weight_left: float, *, as_json: bool) -> Teller:
    """Return who tells of a batch, to a person or to a program."""
    return JsonTeller(counts) if as_json else Teller(counts, weight_left)


class Teller:
    """Tells a person."""

    def __init__(self, counts: Counts, weight_left: float = 0.0) -> None:
        self._progress = BatchProgress(
            sum(counts.values()),
            counts[JobState.DONE],
            counts[JobState.FAILED],
            weight_left,
        )
        self._redraw: Any = lambda: None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show how far it is while the block lasts."""
        with shown(self._progress) as self._redraw:
            yield

    def combining(self) -> AbstractContextManager[Progress]:
        """Show how far the tables of all videos are."""
        return progress_bar("All videos")

    def listen(self, client: Client, topic: str) -> None:
        """Hear what the workers say of their videos."""
        client.subscribe_topic(topic, lambda event: self.said(event[1]))

    def said(self, message: dict[str, Any]) -> None:
        """Take in how far a worker is with its video."""
        self._progress.at_work(
            message["worker"],
            message["name"],
            message["stage"],
            message["done"],
            message["total"],
        )

    def begun(self, job: Job) -> None:
        """Take in that a job was given away."""
        self._progress.begun(job.spec.name, job.weight)

    def ended(self, job: Job, state: JobState, outcome: Outcome) -> None:
        """Count a job that ended."""
        self._progress.ended(
            job.spec.name,
            outcome.frames,
            is_over=state is not JobState.QUEUED,
            has_failed=state is JobState.FAILED,
        )

    def waiting(self, why: str) -> None:
        """Show what is waited for."""
        self._progress.why_waiting = why

    def idle(self) -> None:
        """Draw it as it stands."""
        self._redraw()

    def over(self, counts: Counts, failures: Iterator[Job], overview: str) -> None:
        """Say what it came to."""
        show_end(dict(counts), failures, overview)


class JsonTeller(Teller):
    """Tells a program: one JSON document a line, and nothing else on stdout."""

    def __init__(self, counts: Counts) -> None:
        super().__init__(counts)
        self._why, self._waited_s = "", -_REPEAT_S
        _print("started", **_named(counts))

    def said(self, message: dict[str, Any]) -> None:
        """Print how far a worker is with its video."""
        _print("progress", **message)

    def begun(self, job: Job) -> None:
        """Print that a job was given away."""
        _print("begun", job=job.job_id, name=job.spec.name, attempt=job.attempts)

    def ended(self, job: Job, state: JobState, outcome: Outcome) -> None:
        """Print how a job ended."""
        self._why = ""
        _print(
            "ended",
            job=job.job_id,
            name=job.spec.name,
            state=state.value,
            reason=outcome.reason,
            seconds=round(outcome.seconds, 3),
            frames=outcome.frames,
            worker=outcome.worker,
        )

    def waiting(self, why: str) -> None:
        """Print what is waited for, when it is something new or half a minute later."""
        now_s = time.monotonic()
        if why != self._why or now_s - self._waited_s >= _REPEAT_S:
            self._why, self._waited_s = why, now_s
            _print("waiting", why=why)

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Draw nothing."""
        yield

    def over(self, counts: Counts, failures: Iterator[Job], overview: str) -> None:
        """Print what it came to."""
        del failures
        _print("over", **_named(counts), overview=overview)


def _named(counts: Counts) -> dict[str, int]:
    return {state.value: number for state, number in counts.items()}


def _print(event: str, **facts: Any) -> None:
    typer.echo(json.dumps({"event": event, **facts}, ensure_ascii=False))
