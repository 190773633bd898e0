"""A database about to change -> a copy of it as it was, for good.

Only SQLite is copied: a server's backups are its administrator's. Beside the copies lie
whole histories in one file (`archive`), put there before one was restored.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

from hiprom.store.engine import BACKUPS, FILE_NAME, Database
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
        remove(unfinished(folder))
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


def kept_aside(folder: Path) -> list[Path]:
    """Return the whole histories that were there before another was restored."""
    return sorted((folder / BACKUPS).glob("hiprom-*.zip"), reverse=True)


def passing_prefix() -> str:
    """Return how the name of an unfinished file begins, wherever it lies."""
    return _UNFINISHED


@contextmanager
def passing_folder(folder: Path) -> Iterator[Path]:
    """Yield a folder for unfinished files; it goes, or is found by `unfinished`."""
    place = folder / BACKUPS
    with plainly(place):
        place.mkdir(mode=0o700, exist_ok=True)
        passing = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=place))
    try:
        yield passing
    finally:
        shutil.rmtree(passing, ignore_errors=True)


def remove(places: list[Path]) -> None:
    """Remove files and folders."""
    for place in places:
        if place.is_dir():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)


def backups_of(folder: Path, code: str) -> list[Path]:
    """Return the backups that hold a subject, and those nobody can read to know."""
    place = folder / BACKUPS
    kept = sorted([*place.glob("hiprom-*.sqlite"), *place.glob("hiprom-*.zip")])
    return [path for path in kept if _may_hold(path, code)]


def _may_hold(backup: Path, code: str) -> bool:
    try:
        with closing(_looked_into(backup)) as connection:
            found = connection.execute("SELECT 1 FROM subjects WHERE code = ?", (code,))
            return found.fetchone() is not None
    except Exception:  # noqa: BLE001 - whatever is wrong with it, nobody can know
        return True


def _looked_into(backup: Path) -> sqlite3.Connection:
    if backup.suffix == ".zip":
        connection = sqlite3.connect(":memory:")
        with ZipFile(backup) as packed:
            connection.deserialize(packed.read(FILE_NAME))
        return connection
    at = f"{backup.absolute().as_uri()}?mode=ro&immutable=1"
    return sqlite3.connect(at, uri=True)
