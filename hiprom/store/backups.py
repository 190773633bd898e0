"""A database about to change -> a copy of it as it was, for good.

Only SQLite is copied: a server's backups are its administrator's.
"""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from hiprom.store.engine import BACKUPS, Database
from hiprom.store.refusals import plainly

_UNFINISHED = ".unfinished-"


def back_up(database: Database, folder: Path, revision: str) -> Path | None:
    """Copy the database into ``folder/backups``; the writer's lock must be held.

    Returns
    -------
    Path or None
        The copy, named with the revision and the time; None for PostgreSQL.
    """
    if database.file is None:
        return None
    place = folder / BACKUPS
    name = f"hiprom-{revision}-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}.sqlite"
    with plainly(place):
        place.mkdir(mode=0o700, exist_ok=True)
        for leftover in unfinished(folder):
            leftover.unlink(missing_ok=True)
        copy = place / f"{_UNFINISHED}{name}"
        # SQLite fills an empty file, and so leaves it private from its first byte.
        os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with database.outside_transactions() as connection:
            connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        with copy.open("r+b") as file:
            os.fsync(file.fileno())
        return copy.rename(place / name)


def unfinished(folder: Path) -> list[Path]:
    """Return the copies that a crash cut short, with what SQLite left beside them."""
    return sorted((folder / BACKUPS).glob(f"{_UNFINISHED}*"))


def backups_of(folder: Path, code: str) -> list[Path]:
    """Return the backups that hold a subject, and those nobody can read to know."""
    kept = sorted((folder / BACKUPS).glob("hiprom-*.sqlite"))
    return [path for path in kept if _may_hold(path, code)]


def _may_hold(backup: Path, code: str) -> bool:
    try:
        at = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(at, uri=True)
        try:
            found = connection.execute("SELECT 1 FROM subjects WHERE code = ?", (code,))
            return found.fetchone() is not None
        finally:
            connection.close()
    except sqlite3.Error:
        return True
