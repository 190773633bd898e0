"""A batch's row -> one process at work on it: a second is refused, a dead one replaced.

Whether a process of this machine still lives is read from ``/proc``, by its number and
the moment it began: a number alone is given to others again. Of a process elsewhere, or
where there is no ``/proc``, only its heartbeat speaks.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, and_, func, select, update

from hiprom.errors import StoreError
from hiprom.store.tables import batches

# A process of which nothing was heard for so long is taken for dead.
PATIENCE = timedelta(seconds=60)
_PROC = Path("/proc")
# In /proc/PID/stat, counted from behind the name: its state, and when it began.
_STATE, _BEGAN = 0, 19
_ENDED = (b"Z", b"X")


@dataclass(frozen=True)
class Head:
    """The process at work on a batch.

    Attributes
    ----------
    host : str
        The machine's name, for a person to read.
    machine : str
        One boot of one machine, and its own view of process numbers; empty where the
        system does not tell.
    pid : int
    started : str
        When the process began, in the system's own count; empty likewise.
    """

    host: str
    machine: str
    pid: int
    started: str


def this_process() -> Head:
    """Return what tells this process from all others."""
    pid = os.getpid()
    return Head(socket.gethostname(), _machine(), pid, _began(pid) or "")


@dataclass(frozen=True)
class AtWork:
    """A process at work on a batch: the results' place, and since when it is."""

    head: Head
    out: str
    since: datetime


def at_work(connection: Connection, batch_id: int) -> AtWork | None:
    """Return who is at work on a batch; None if nobody is, or only one that is dead."""
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).one()
    if row.head_pid is None:
        return None
    head = Head(row.head_host, row.head_machine, row.head_pid, row.head_started)
    if _is_dead(head, _now(connection) - row.heartbeat_at):
        return None
    return AtWork(head, row.out, row.head_since)


def take(connection: Connection, batch_id: int) -> Head:
    """Put this process to work on a batch, in place of one that is dead.

    Raises
    ------
    StoreError
        If another is at work, or this one is already.
    """
    if other := at_work(connection, batch_id):
        raise StoreError(
            f"{other.out}: hiprom is at work on this batch already: process "
            f"{other.head.pid} on {other.head.host}, since "
            f"{other.since.astimezone():%Y-%m-%d %H:%M}. Wait until it has finished, "
            "or end it and try again a minute later."
        )
    mine = this_process()
    now = _now(connection)
    connection.execute(
        update(batches)
        .where(batches.c.id == batch_id)
        .values(
            head_host=mine.host,
            head_machine=mine.machine,
            head_pid=mine.pid,
            head_started=mine.started,
            head_since=now,
            heartbeat_at=now,
        )
    )
    return mine


def renew(connection: Connection, batch_id: int, head: Head) -> None:
    """Say that `head` is still at work.

    Raises
    ------
    StoreError
        If another has taken over.
    """
    still = update(batches).where(_held(batch_id, head))
    if not connection.execute(still.values(heartbeat_at=_now(connection))).rowcount:
        raise _taken_over(connection, batch_id)


def require_held(connection: Connection, batch_id: int, head: Head) -> None:
    """Raise StoreError if another has taken over from `head`."""
    mine = select(batches.c.id).where(_held(batch_id, head))
    if connection.execute(mine).first() is None:
        raise _taken_over(connection, batch_id)


def give_up(connection: Connection, batch_id: int, head: Head) -> bool:
    """Leave the batch to whoever comes next; False if somebody has come already."""
    nobody = dict.fromkeys(
        ("head_host", "head_machine", "head_pid", "head_started", "head_since")
    )
    mine = update(batches).where(_held(batch_id, head))
    return bool(connection.execute(mine.values(nobody)).rowcount)


def _held(batch_id: int, head: Head) -> ColumnElement[bool]:
    return and_(
        batches.c.id == batch_id,
        batches.c.head_host == head.host,
        batches.c.head_machine == head.machine,
        batches.c.head_pid == head.pid,
        batches.c.head_started == head.started,
    )


def _taken_over(connection: Connection, batch_id: int) -> StoreError:
    row = connection.execute(select(batches).where(batches.c.id == batch_id)).first()
    who = "Nobody is at work on this batch any more"
    if row is not None and row.head_pid is not None:
        who = f"Process {row.head_pid} on {row.head_host} has taken over this batch"
    return StoreError(
        f"{row.out if row is not None else 'The batch'}: {who}; this process was not "
        f"heard of for {PATIENCE.seconds} s. What it had finished is kept. Leave the "
        "rest to the other, or run the batch again."
    )


def _now(connection: Connection) -> datetime:
    """Return the time by one clock for all machines: the server's, where there is one.

    An SQLite file is used from one machine only.
    """
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
        return now
    return datetime.now(UTC)


def _is_dead(head: Head, silence: timedelta) -> bool:
    here = _machine()
    if here and head.machine == here and _may_be_seen(head.pid):
        return _began(head.pid) != head.started
    return silence > PATIENCE


def _may_be_seen(pid: int) -> bool:
    """Return False for a process of another user that the system hides from us."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return (_PROC / str(pid)).exists()
    return True


def _machine() -> str:
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii")
        return f"{boot.strip()} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _began(pid: int) -> str | None:
    """Return when a process began, in ticks since the boot; None if it has ended."""
    try:
        words = (_PROC / str(pid) / "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if words[_STATE] in _ENDED else words[_BEGAN].decode()
