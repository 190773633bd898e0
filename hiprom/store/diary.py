"""What a person noted, and means to do <-> their rows."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select

from hiprom.core.history import DiaryEntry, Programme
from hiprom.errors import InputError
from hiprom.store.subjects import subject_id, subject_id_made
from hiprom.store.tables import diary, programmes

_WORST = 10


def add_entry(connection: Connection, code: str, entry: DiaryEntry) -> None:
    """Add an entry; a new code becomes a subject."""
    if entry.discomfort is not None and not 0 <= entry.discomfort <= _WORST:
        raise InputError(
            f"Discomfort is {entry.discomfort}; give a whole number from 0 (none) to "
            "10 (the worst imaginable)."
        )
    if not 0 <= entry.practised_min < float("inf"):
        raise InputError(
            f"practised_min is {entry.practised_min}; give minutes, 0 for none."
        )
    if entry.noted_at.utcoffset() is None:
        raise InputError(
            f"noted_at is {entry.noted_at.isoformat()}, which says no offset from UTC. "
            "Add one."
        )
    connection.execute(
        insert(diary).values(
            subject_id=subject_id_made(connection, code),
            **asdict(entry),
        )
    )


def read_diary(connection: Connection, code: str) -> tuple[DiaryEntry, ...]:
    """Return a subject's entries in order of time."""
    entries = (entry for _, entry in _rows(connection, code))
    return tuple(sorted(entries, key=lambda entry: entry.noted_at))


def remove_entry(connection: Connection, code: str, entry: DiaryEntry) -> bool:
    """Remove an entry, one where several are alike; return whether it was there."""
    alike = (number for number, each in _rows(connection, code) if each == entry)
    number = next(alike, None)
    removed = connection.execute(delete(diary).where(diary.c.id == number))
    return removed.rowcount == 1


def put_programme(connection: Connection, code: str, programme: Programme) -> None:
    """Keep a programme in place of the one before; a new code becomes a subject."""
    code_id = subject_id_made(connection, code)
    connection.execute(delete(programmes).where(programmes.c.subject_id == code_id))
    least, most = programme.sessions_per_week
    shortest, longest = programme.minutes
    flags = programme.red_flags
    connection.execute(
        insert(programmes).values(
            subject_id=code_id,
            sessions_least=least,
            sessions_most=most,
            minutes_least=shortest,
            minutes_most=longest,
            drills=list(programme.drills),
            red_flags=None if flags is None else list(flags),
            changed_at=datetime.now(UTC),
        )
    )


def read_programme(connection: Connection, code: str) -> Programme:
    """Return a subject's programme; the usual one where none was put."""
    mine = programmes.c.subject_id == subject_id(connection, code)
    row = connection.execute(select(programmes).where(mine)).first()
    if row is None:
        return Programme()
    return Programme(
        sessions_per_week=(row.sessions_least, row.sessions_most),
        minutes=(row.minutes_least, row.minutes_most),
        drills=tuple(row.drills),
        red_flags=None if row.red_flags is None else tuple(row.red_flags),
    )


def _rows(connection: Connection, code: str) -> list[tuple[int, DiaryEntry]]:
    rows = connection.execute(
        select(diary.c.id, *(diary.c[each.name] for each in fields(DiaryEntry)))
        .where(diary.c.subject_id == subject_id(connection, code))
        .order_by(diary.c.id)
    )
    return [(row[0], DiaryEntry(*row[1:])) for row in rows]
