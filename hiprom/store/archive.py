"""The whole history -> one file: rows, landmarks and camera profiles of one moment.

A zip. What is asked of batches is left out: it names videos, which are not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from hiprom._version import __version__
from hiprom.errors import InputError, StoreUnavailable
from hiprom.store.backups import passing_folder, passing_prefix
from hiprom.store.engine import FILE_NAME, LANDMARKS, Database
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.refusals import plainly

SCHEMA, VERSION = "hiprom.backup", 1
MANIFEST, CAMERAS = "manifest.json", "cameras"
# Which videos wait, and which files may have lost their rows, is the machine's own.
OF_THE_MACHINE = ("jobs", "batches", "unsettled_landmarks")
# As hiprom calls them; what else lies beside them is not hiprom's.
PROFILE = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\.toml"
MOST_PROFILE_BYTES = 100_000
_PERMISSIONS = 0o100600 << 16  # a plain file, its owner's
_PIECE_BYTES = 1_000_000


@dataclass(frozen=True)
class Contents:
    """What a backup holds.

    Attributes
    ----------
    created_at : datetime
    software : str
        The version of hiprom that wrote it.
    codes : tuple of str
        The people's.
    sessions, trials, landmarks : int
    newest : date or None
        The day of the last session.
    cameras : tuple of str
        Names of the profiles.
    missing : int
        Trials whose landmarks were gone or altered already when it was written.
    """

    created_at: datetime
    software: str
    codes: tuple[str, ...]
    sessions: int
    trials: int
    landmarks: int
    newest: date | None
    cameras: tuple[str, ...]
    missing: int = 0

    @property
    def people(self) -> int:
        """How many."""
        return len(self.codes)


def write_archive(
    database: Database, folder: Path, out: Path, *, cameras: Path
) -> Contents:
    """Write the history of one moment into a file, whole or not at all.

    Parameters
    ----------
    database : Database
    folder : Path
        The data folder.
    out : Path
        The file; readable by its owner alone. One that is there is replaced.
    cameras : Path
        The folder of the camera profiles.

    Raises
    ------
    InputError
        For PostgreSQL, or if the folder of `out` is not there.
    StoreUnavailable
        If somebody was erased meanwhile, or the disk is full.
    """
    if database.file is None:
        raise InputError(
            f"The history lies in a {database.place}: its server makes its backups, "
            f"as with pg_dump. Keep a copy of {folder / LANDMARKS} with each."
        )
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent}. Make it first.")
    with passing_folder(folder) as passing, plainly(out.parent):
        copy = _copied(database, passing / FILE_NAME)
        descriptor, name = tempfile.mkstemp(".zip", passing_prefix(), out.parent)
        part = Path(name)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                contents = _pack(copy, LandmarkFiles(folder), cameras, file)
                file.flush()
                os.fsync(file.fileno())
            _require_same_people(database, copy)
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    return contents


def counted(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return how much a database holds, as `Contents` names it."""

    def one(question: str) -> Any:
        return connection.execute(question).fetchone()[0]

    newest = one("SELECT max(day) FROM sessions")
    return {
        "codes": tuple(
            row[0]
            for row in connection.execute("SELECT code FROM subjects ORDER BY code")
        ),
        "sessions": one("SELECT count(*) FROM sessions"),
        "trials": one("SELECT count(*) FROM trials"),
        "newest": date.fromisoformat(newest) if newest else None,
    }


def _copied(database: Database, copy: Path) -> Path:
    """Copy the database as it is at one moment, without what is the machine's own."""
    # SQLite fills an empty file, and so leaves it private from its first byte.
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with database.outside_transactions() as connection:
        connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
    with closing(sqlite3.connect(copy)) as connection:
        for table in OF_THE_MACHINE:
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.commit()
        connection.execute("VACUUM")
    return copy


def _pack(copy: Path, files: LandmarkFiles, cameras: Path, out: Any) -> Contents:
    with closing(sqlite3.connect(copy)) as connection:
        counts = counted(connection)
        wanted = list(_landmarks_of(connection))
    profiles = {
        place.name: place
        for place in sorted(cameras.glob("*.toml"))
        if re.fullmatch(PROFILE, place.name)
        and place.stat().st_size <= MOST_PROFILE_BYTES
    }
    now, sums = datetime.now(UTC).replace(microsecond=0), {}
    missing = 0
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        sums[FILE_NAME] = _put_large(packed, FILE_NAME, copy, now)
        for name, place in profiles.items():
            whole = f"{CAMERAS}/{name}"
            sums[whole] = _put(packed, whole, place.read_bytes(), now)
        for sha256 in wanted:
            content = _content(files.path(sha256), sha256)
            if content is None:
                missing += 1
                continue
            whole = f"{LANDMARKS}/{sha256}.parquet"
            sums[whole] = _put(packed, whole, content, now, ZIP_STORED)
        document = {
            "schema": f"{SCHEMA}/{VERSION}",
            "hiprom": __version__,
            "created_at": now.isoformat(),
            "missing": missing,
            "files": sums,
        }
        _put(packed, MANIFEST, json.dumps(document, indent=1).encode(), now)
    return Contents(
        now,
        __version__,
        **counts,
        landmarks=len(wanted) - missing,
        cameras=tuple(Path(name).stem for name in profiles),
        missing=missing,
    )


def _landmarks_of(connection: sqlite3.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT DISTINCT landmarks_sha256 FROM trials "
        "WHERE landmarks_sha256 IS NOT NULL ORDER BY landmarks_sha256"
    )
    return (row[0] for row in rows)


def _content(path: Path, sha256: str) -> bytes | None:
    """Return a landmarks file; None if it is gone or not what was written."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def _put(
    packed: ZipFile, name: str, content: bytes, now: datetime, how: int = ZIP_DEFLATED
) -> str:
    packed.writestr(_info(name, now, how), content)
    return hashlib.sha256(content).hexdigest()


def _put_large(packed: ZipFile, name: str, place: Path, now: datetime) -> str:
    """Put a file that need not fit into memory."""
    hashed = hashlib.sha256()
    info = _info(name, now, ZIP_DEFLATED)
    with place.open("rb") as file, packed.open(info, "w", force_zip64=True) as entry:
        while piece := file.read(_PIECE_BYTES):
            hashed.update(piece)
            entry.write(piece)
    return hashed.hexdigest()


def _info(name: str, now: datetime, how: int) -> ZipInfo:
    info = ZipInfo(name, now.timetuple()[:6])
    info.compress_type, info.external_attr = how, _PERMISSIONS
    return info


def _require_same_people(database: Database, copy: Path) -> None:
    """Let nobody who was erased meanwhile live on in a backup."""
    with closing(sqlite3.connect(copy)) as connection:
        copied = {row[0] for row in connection.execute("SELECT code FROM subjects")}
    with database.reading() as now:
        there = set(now.exec_driver_sql("SELECT code FROM subjects").scalars())
    if copied - there:
        raise StoreUnavailable(
            f"{database.place}: somebody was erased while the backup was written, so "
            "it was not kept. Make it again."
        )
