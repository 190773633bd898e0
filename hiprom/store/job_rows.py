"""What is asked of a batch <-> rows: what is new, what is known, what begins anew."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    insert,
    select,
    update,
)

from hiprom.core.jobs import Job, JobSpec, JobState
from hiprom.errors import InputError
from hiprom.store.subjects import require_code
from hiprom.store.tables import jobs, subjects


@dataclass(frozen=True)
class Asked:
    """A job as it is asked for.

    Attributes
    ----------
    spec : JobSpec
    settings_sha256 : str
        Of everything that decides the numbers.
    fingerprint : str
        Changes when the video does: its size and time of change, or its checksum.
    weight : float
        How long it will take, roughly, in any unit; the heaviest are begun first.
    """

    spec: JobSpec
    settings_sha256: str
    fingerprint: str
    weight: float


@dataclass(frozen=True)
class Added:
    """How many of the jobs that were asked for are to be done.

    Attributes
    ----------
    new : int
        Never asked for before.
    known : int
        Done already, or still waiting, as they are asked for now.
    changed : int
        Queued anew: the video, the settings or the manifest's row is another, or the
        job had failed.
    """

    new: int = 0
    known: int = 0
    changed: int = 0

    def __add__(self, other: Added) -> Added:
        return Added(
            self.new + other.new, self.known + other.known, self.changed + other.changed
        )


EVERY_JOB: Select[*tuple[Any, ...]] = select(
    *(jobs.c.id, jobs.c.name, jobs.c.video, jobs.c.protocol, jobs.c.side),
    *(jobs.c.recorded_at, jobs.c.camera, jobs.c.state, jobs.c.attempts),
    *(jobs.c.weight, jobs.c.reason, jobs.c.trial_id, subjects.c.code),
).outerjoin_from(jobs, subjects, subjects.c.id == jobs.c.subject_id)
# What makes a job another one if it changes.
_SAME = (
    *("video", "protocol", "side", "subject_id", "camera"),
    *("settings_sha256", "fingerprint"),
)


def add_some(
    connection: Connection,
    batch_id: int,
    asked: int,
    some: Sequence[Asked],
    *,
    again: bool = False,
) -> Added:
    """Add jobs, or ask for them again, as the batch is asked for the `asked`-th time.

    `again` says that names may be there already, of this same time of asking.

    Raises
    ------
    InputError
        If two have the same name, or one cannot be kept.
    """
    people = _subject_ids_made(
        connection,
        {each.spec.subject for each in some if each.spec.subject is not None},
    )
    rows = [_row(each, batch_id, asked, people) for each in some]
    there = _there(connection, batch_id, [row["name"] for row in rows])
    taken = {
        name for name, before in there.items() if before["asked"] == asked and not again
    }
    new, known, changed = [], [], []
    for row in rows:
        name = row["name"]
        if name in taken:
            raise InputError(
                f"Two videos of the batch would write into the same folder, {name!r}. "
                "Give each a name of its own."
            )
        taken.add(name)
        before = there.get(name)
        if before is None:
            new.append(row)
        elif before["state"] != JobState.FAILED and _is_same(before, row):
            still = {key: row[key] for key in ("asked", "weight")}
            known.append({"job_id": before["id"], **still})
        else:
            changed.append({"job_id": before["id"], **row})
    if new:
        connection.execute(insert(jobs), new)
    for rows in filter(None, (known, changed)):
        connection.execute(update(jobs).where(jobs.c.id == bindparam("job_id")), rows)
    return Added(len(new), len(known), len(changed))


def read_jobs(connection: Connection, chosen: Select[*tuple[Any, ...]]) -> list[Job]:
    """Return the jobs that `chosen`, narrowed from `EVERY_JOB`, selects."""
    return [
        Job(
            job_id=row.id,
            spec=JobSpec(
                video=row.video,
                name=row.name,
                protocol=row.protocol,
                side=row.side,
                subject=row.code,
                recorded_at=row.recorded_at,
                camera=row.camera,
            ),
            state=JobState(row.state),
            attempts=row.attempts,
            weight=row.weight,
            reason=row.reason,
            trial_id=row.trial_id,
        )
        for row in connection.execute(chosen)
    ]


def storable(words: str) -> str:
    """Return words that every database takes, whatever an error quoted."""
    return words.encode(errors="backslashreplace").decode().replace("\0", "\\0")


def _row(
    asked_for: Asked, batch_id: int, asked: int, people: Mapping[str, int]
) -> dict[str, Any]:
    """Return the row of a job that is queued, and was never begun."""
    spec = asked_for.spec
    _require_whole(spec, asked_for.weight)
    return {
        "batch_id": batch_id,
        "asked": asked,
        "name": spec.name,
        "video": spec.video,
        "protocol": spec.protocol,
        "side": spec.side,
        "subject_id": None if spec.subject is None else people[spec.subject],
        "recorded_at": spec.recorded_at,
        "camera": spec.camera,
        "settings_sha256": asked_for.settings_sha256,
        "fingerprint": asked_for.fingerprint,
        "weight": asked_for.weight,
        "state": JobState.QUEUED.value,
        "attempts": 0,
        "reason": "",
        "trial_id": None,
        "worker": "",
        "started_at": None,
        "ended_at": None,
        "taken_s": None,
        "frames": None,
    }


def _require_whole(spec: JobSpec, weight: float) -> None:
    for words in (spec.name, spec.video):
        if words != storable(words):
            raise InputError(
                f"The name {storable(words)!r} cannot be written as text (UTF-8). "
                "Rename the video."
            )
    if spec.recorded_at is not None and spec.recorded_at.utcoffset() is None:
        raise InputError(
            f"{spec.video}: recorded_at is {spec.recorded_at.isoformat()}, which says "
            "no offset from UTC. Add one."
        )
    if not math.isfinite(weight):
        raise InputError(f"{spec.video}: the weight is {weight}; give a number.")


def _there(
    connection: Connection, batch_id: int, names: Sequence[str]
) -> dict[str, RowMapping]:
    mine = select(jobs).where(jobs.c.batch_id == batch_id, jobs.c.name.in_(names))
    return {row["name"]: row for row in connection.execute(mine).mappings()}


def _is_same(before: RowMapping, row: Mapping[str, Any]) -> bool:
    times = _iso(before["recorded_at"]), _iso(row["recorded_at"])
    return times[0] == times[1] and all(before[key] == row[key] for key in _SAME)


def _iso(told: datetime | None) -> str | None:
    """Return a time as it was told: its day hangs on the offset."""
    return None if told is None else told.isoformat()


def _subject_ids_made(connection: Connection, codes: set[str]) -> dict[str, int]:
    """Return the ids behind codes; new codes become subjects."""
    for code in codes:
        require_code(code)
    theirs = select(subjects.c.code, subjects.c.id).where(subjects.c.code.in_(codes))
    known = {row.code for row in connection.execute(theirs)}
    now = datetime.now(UTC)
    new = [{"code": code, "created_at": now} for code in sorted(codes - known)]
    if new:
        connection.execute(insert(subjects), new)
    return {row.code: row.id for row in connection.execute(theirs)}
