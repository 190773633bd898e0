"""What a person noted, and means to do <-> their rows."""

from __future__ import annotations

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
    if entry.noted_at.utcoffset() is None:
        raise InputError(
            f"noted_at is {entry.noted_at.isoformat()}, which says no offset from UTC. "
            "Add one."
        )
    connection.execute(
        insert(diary).values(
            subject_id=subject_id_made(connection, code),
            noted_at=entry.noted_at,
            discomfort=entry.discomfort,
            place=entry.place,
            stopped_early=entry.stopped_early,
            practised_min=entry.practised_min,
            drill=entry.drill,
            note=entry.note,
        )
    )


def read_diary(connection: Connection, code: str) -> tuple[DiaryEntry, ...]:
    """Return a subject's entries in order of time."""
    rows = connection.execute(
        select(
            diary.c.noted_at,
            diary.c.discomfort,
            diary.c.place,
            diary.c.stopped_early,
            diary.c.practised_min,
            diary.c.drill,
            diary.c.note,
        )
        .where(diary.c.subject_id == subject_id(connection, code))
        .order_by(diary.c.id)
    )
    entries = (DiaryEntry(*row) for row in rows)
    return tuple(sorted(entries, key=lambda entry: entry.noted_at))


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
