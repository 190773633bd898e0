"""A checked backup -> the history, in place of the one that is there.

The rows are exchanged in one transaction: whoever looks sees the old history or the
new one, and so does whoever comes after a crash. Before that the old one is written
into a backup of its own, so that nothing is lost by a wrong choice either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from hiprom.errors import InputError
from hiprom.store import unsettled
from hiprom.store.archive import OF_THE_MACHINE, write_archive
from hiprom.store.archive_check import Backup
from hiprom.store.engine import BACKUPS, Database
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.subjects import subject_id_made
from hiprom.store.tables import jobs, metadata, subjects, trials

_AT_ONCE = 500


class _Asked(NamedTuple):
    """A job, whose video it is, and which trial came of it, in lasting words."""

    job: int
    code: str
    source: str | None
    settings: str | None


_EXCHANGED = [
    table for table in metadata.sorted_tables if table.name not in OF_THE_MACHINE
]


def take_over(
    database: Database, folder: Path, backup: Backup, *, cameras: Path
) -> Path | None:
    """Put a backup's rows and landmarks in place of those that are there.

    The videos of batches and of the page stay asked for as they are.

    Parameters
    ----------
    database : Database
        SQLite's.
    folder : Path
        The data folder.
    backup : Backup
    cameras : Path
        The folder of the camera profiles, for the backup of what was there.

    Returns
    -------
    Path or None
        Where the old history is kept; None if there was nothing in it.
    """
    if database.file is None:
        raise InputError(
            f"The history lies in a {database.place}: restore it by the server's own "
            "means, as with pg_restore."
        )
    files = LandmarkFiles(folder)
    with database.writing() as connection:
        unsettled.note(connection, backup.landmarks)
    with _readable(backup), database.migrating() as connection:
        aside = None
        if connection.execute(select(subjects.c.id).limit(1)).first() or (
            next(cameras.glob("*.toml"), None)
        ):
            aside = folder / BACKUPS / f"hiprom-before-restore-{_stamp()}.zip"
            write_archive(database, folder, aside, cameras=cameras)
        _put_landmarks(files, backup)
        asked = _asked(connection)
        unsettled.note(connection, _landmarks(connection) - backup.landmarks)
        _exchange(connection, backup.database)
        _ask_again(connection, asked)
        _require_whole(connection)
    with database.writing() as connection:
        unsettled.settle(connection, files)
    return aside


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"


@contextmanager
def _readable(backup: Backup) -> Iterator[None]:
    """Refuse values that no hiprom wrote; the transaction around is rolled back."""
    try:
        yield
    except (ValueError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"The backup of {backup.contents.created_at:%Y-%m-%d} holds a value that "
            "hiprom cannot read. Choose another; nothing was changed."
        ) from error


def _put_landmarks(files: LandmarkFiles, backup: Backup) -> None:
    for sha256 in sorted(backup.landmarks):
        if files.path(sha256).exists():
            continue
        with files.arriving(partial(backup.unpack, sha256)) as new:
            files.settle(new)


def _exchange(connection: Connection, other: Database) -> None:
    for table in reversed(_EXCHANGED):
        connection.execute(delete(table))
    with other.reading() as given:
        for table in _EXCHANGED:
            rows = given.execution_options(yield_per=_AT_ONCE).execute(select(table))
            for some in rows.mappings().partitions():
                connection.execute(insert(table), [dict(row) for row in some])


def _landmarks(connection: Connection) -> set[str]:
    rows = connection.execute(select(trials.c.landmarks_sha256).distinct()).scalars()
    return {sha256 for sha256 in rows if sha256}


def _asked(connection: Connection) -> list[_Asked]:
    """Return the jobs that somebody's video is behind."""
    rows = connection.execute(
        select(
            jobs.c.id,
            subjects.c.code,
            trials.c.source_sha256,
            trials.c.settings_sha256,
        )
        .join(subjects, subjects.c.id == jobs.c.subject_id)
        .outerjoin(trials, trials.c.id == jobs.c.trial_id)
    )
    return [_Asked(*row) for row in rows]


def _ask_again(connection: Connection, asked: list[_Asked]) -> None:
    """Let the jobs refer to the same people and trials under their new numbers."""
    connection.execute(update(jobs).values(trial_id=None))
    for job, code, source, settings in asked:
        code_id = subject_id_made(connection, code)
        trial = connection.execute(
            select(trials.c.id).where(
                trials.c.subject_id == code_id,
                trials.c.source_sha256 == source,
                trials.c.settings_sha256 == settings,
            )
        ).scalar()
        connection.execute(
            update(jobs)
            .where(jobs.c.id == job)
            .values(subject_id=code_id, trial_id=trial)
        )


def _require_whole(connection: Connection) -> None:
    strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if strays:
        raise InputError(
            f"The backup's rows do not fit together: one of {strays[0][0]} refers to "
            f"none in {strays[0][2]}. Choose another; nothing was changed."
        )
