"""Jobs and how far they are -> rows, and what changed in them since somebody looked.

An event's number holds the board's own name: after a new start of the server a browser
that shows an old number is told everything anew.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from hiprom.core.jobs import Job, JobState
from hiprom.web import pages, progress
from hiprom.web.desk import CANCELLED, Desk
from hiprom.web.progress import Progress
from hiprom.web.shelves import Shelves
from hiprom.web.words import Figure, figures, protocol_of, title_of

_FRESH_S = 0.3


@dataclass(frozen=True)
class Row:
    """A job as the page shows it.

    Attributes
    ----------
    name, video, protocol, side : str
    subject : str or None
    trial_id : int or None
    state : str
        Of `JobState`, or "cancelled".
    reason : str
    figures : tuple of Figure
        What came out, leg by leg.
    progress : Progress
    """

    name: str
    video: str
    protocol: str
    side: str
    subject: str | None
    trial_id: int | None
    state: str
    reason: str
    figures: tuple[Figure, ...]
    progress: Progress

    @property
    def link(self) -> str:
        """Where its result is."""
        return pages.address("/result", job=self.name)

    @property
    def version(self) -> str:
        """Changes with everything but the progress."""
        said = (self.state, self.reason, self.subject, self.protocol, self.side)
        return f"{hash((*said, self.figures)) & 0xFFFFFFFF:08x}"


@dataclass(frozen=True)
class Event:
    """What changed in one row."""

    number: str
    data: dict[str, Any]

    @property
    def text(self) -> str:
        """As it is sent."""
        return f"id: {self.number}\ndata: {json.dumps(self.data)}\n\n"


class Board:
    """The rows of all jobs, newest first; any thread may look."""

    def __init__(self, desk: Desk, shelves: Shelves) -> None:
        self._desk, self._shelves = desk, shelves
        self._name = token_hex(4)
        self._lock = threading.Lock()
        self._rows: dict[str, Row] = {}
        self._changed: dict[str, int] = {}
        self._number, self._looked_s = 0, -float("inf")

    def rows(self) -> tuple[list[Row], str]:
        """Return all rows, and the number of the last change in them."""
        with self._lock:
            self._look_now()
            return list(reversed(self._rows.values())), self._numbered(self._number)

    def since(self, number: str) -> list[Event]:
        """Return what changed since the event of that number.

        To whom the number says nothing all is told, and first which rows there are.
        """
        name, _, count = number.partition("-")
        seen = int(count) if name == self._name and count.isdecimal() else -1
        with self._lock:
            self._look()
            return list(self._events(seen))

    def _events(self, seen: int) -> Iterator[Event]:
        if seen < 0:
            yield Event(self._numbered(0), {"all": list(self._rows)})
        for name, changed in sorted(self._changed.items(), key=lambda pair: pair[1]):
            row = self._rows.get(name)
            if changed > seen and (row or seen >= 0):
                data = {"name": name, "gone": True} if row is None else _data(row)
                yield Event(self._numbered(changed), data)

    def _look(self) -> None:
        if time.monotonic() - self._looked_s >= _FRESH_S:
            self._look_now()

    def _look_now(self) -> None:
        fresh = {job.spec.name: self.row(job) for job in self._desk.jobs.jobs()}
        for name in {**self._rows, **fresh}:
            if self._rows.get(name) != fresh.get(name):
                self._number += 1
                self._changed[name] = self._number
        self._rows, self._looked_s = fresh, time.monotonic()

    def row(self, job: Job) -> Row:
        """Return a job as the page shows it."""
        spec = job.spec
        before = self._rows.get(spec.name)
        is_done, is_running = (
            job.state == state for state in (JobState.DONE, JobState.RUNNING)
        )
        if is_done and before and before.state == JobState.DONE:
            title, found = before.protocol, before.figures
        elif is_done:
            folder = self._shelves.results / spec.name
            title = title_of(protocol_of(folder) or spec.protocol)
            found = figures(folder)
        else:
            title, found = title_of(spec.protocol), ()
        return Row(
            name=spec.name,
            video=Path(spec.video).name,
            protocol=title,
            side=spec.side,
            subject=spec.subject,
            trial_id=job.trial_id,
            state="cancelled" if job.reason == CANCELLED else job.state.value,
            reason=job.reason,
            figures=found,
            progress=progress.read(self._shelves.progress, spec.name)
            if is_running
            else Progress(),
        )

    def _numbered(self, count: int) -> str:
        return f"{self._name}-{count}"


def _data(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "version": row.version,
        "state": row.state,
        "share": round(row.progress.share, 3),
        "words": row.progress.words,
        "html": pages.text("job_row.html", row=row),
    }
