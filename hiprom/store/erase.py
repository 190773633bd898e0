"""A subject -> nothing: no row, no file, no backup, no trace in old pages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from sqlalchemy import Connection, delete, func, select

from hiprom.errors import StoreUnavailable, UnknownSubject
from hiprom.store import batch_lease, unsettled
from hiprom.store.backups import backups_of, remove, unfinished
from hiprom.store.engine import Database
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.refusals import plainly
from hiprom.store.rep_rows import each_once
from hiprom.store.subjects import subject_id
from hiprom.store.tables import (
    batches,
    jobs,
    metadata,
    sessions,
    subjects,
    trials,
    videos,
)


@dataclass(frozen=True)
class Erased:
    """What was erased of a subject.

    Attributes
    ----------
    code : str
    sessions, trials, reps : int
    landmarks : int
        Landmark files.
    backups : int
        Copies of the whole database that held the subject, other people's rows and
        all.
    videos : tuple of str
        Names of the videos of the trials and of the jobs. hiprom never had these files:
        where they lie is for the person to know.
    jobs : int
        Videos of batches.
    """

    code: str
    sessions: int
    trials: int
    reps: int
    landmarks: int
    backups: int
    videos: tuple[str, ...]
    jobs: int


def forget(database: Database, files: LandmarkFiles, folder: Path, code: str) -> Erased:
    """Erase a subject, and overwrite what the rows leave behind.

    The rows go first and for good; a crash or refusal afterwards leaves the rest to
    the next call, which does it even though the subject is no longer known.
    """
    try:
        with database.writing() as connection:
            erased = _erase_rows(connection, code)
    except UnknownSubject:
        _erase_rest(database, files, folder, code)
        raise
    landmarks, backups = _erase_rest(database, files, folder, code)
    return replace(erased, landmarks=landmarks, backups=backups)


def _erase_rows(connection: Connection, code: str) -> Erased:
    code_id = subject_id(connection, code)
    theirs = trials.c.subject_id == code_id
    kept = connection.execute(
        select(trials.c.landmarks_sha256, trials.c.video_name).where(theirs)
    ).all()
    visits = select(func.count()).where(sessions.c.subject_id == code_id)
    once = each_once()
    repetitions = (
        select(func.count())
        .select_from(once)
        .join(trials, trials.c.id == once.c.trial_id)
        .where(theirs)
    )
    asked = connection.execute(
        select(jobs.c.video).where(jobs.c.subject_id == code_id)
    ).all()
    names = {row.video_name for row in kept}
    names |= {PurePath(row.video).name for row in asked}
    erased = Erased(
        code,
        connection.execute(visits).scalar_one(),
        len(kept),
        connection.execute(repetitions).scalar_one(),
        0,
        0,
        tuple(sorted(names - {""})),
        len(asked),
    )
    unsettled.note(connection, (r.landmarks_sha256 for r in kept if r.landmarks_sha256))
    connection.execute(delete(subjects).where(subjects.c.id == code_id))
    # A video that two subjects' trials came from stays with the other.
    in_use = select(trials.c.video_id).where(trials.c.video_id.is_not(None))
    connection.execute(delete(videos).where(videos.c.id.not_in(in_use)))
    # The name of a results folder may be a person's.
    held = select(jobs.c.batch_id)
    empty = select(batches.c.id).where(batches.c.id.not_in(held))
    for batch_id in connection.execute(empty).scalars().all():
        if batch_lease.at_work(connection, batch_id) is None:
            connection.execute(delete(batches).where(batches.c.id == batch_id))
    return erased


def _erase_rest(
    database: Database, files: LandmarkFiles, folder: Path, code: str
) -> tuple[int, int]:
    """Erase what lies outside the rows; return how many files and backups."""
    with database.writing() as connection:
        landmarks = unsettled.settle(connection, files)
    old = [*backups_of(folder, code), *unfinished(folder)]
    with plainly(folder):
        remove(old)
    _wipe(database)
    return landmarks, len(old)


def _wipe(database: Database) -> None:
    """Make the database anew from what it holds, and empty its log."""
    with database.outside_transactions() as connection:
        if database.file is None:
            tables = ", ".join(metadata.tables)
            connection.exec_driver_sql(f"VACUUM (FULL) {tables}")
            return
        connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
        connection.exec_driver_sql("VACUUM")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
    if busy:
        raise StoreUnavailable(
            f"{database.place}: the rows are erased, but another program is reading "
            "the database, and old copies of them remain in its log. End that program "
            "and forget the subject again."
        )
