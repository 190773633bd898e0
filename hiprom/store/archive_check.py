"""A file that somebody gives as a backup -> what it holds, or a refusal.

It may come from anywhere, so nothing in it is believed: entries are known by their
exact names, none unpacks to more than it says or than is plausible, and what its
database holds is looked at before anybody relies on it.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import stat
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from hiprom.errors import InputError, StoreDamaged, StoreNotOurs
from hiprom.store.archive import (
    CAMERAS,
    MANIFEST,
    MOST_PROFILE_BYTES,
    PROFILE,
    SCHEMA,
    VERSION,
    Contents,
    counted,
)
from hiprom.store.backups import passing_folder
from hiprom.store.engine import FILE_NAME, LANDMARKS, Database
from hiprom.store.fsck import pages
from hiprom.store.refusals import plainly
from hiprom.store.schema import bring_up_to_date
from hiprom.store.subjects import require_code

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ENTRY = re.compile(
    rf"{re.escape(MANIFEST)}|{re.escape(FILE_NAME)}|{LANDMARKS}/[0-9a-f]{{64}}\.parquet"
    rf"|{CAMERAS}/{PROFILE}"
)
# Deflate packs no history by more, though many trials alike by 100; zeros by 1000.
_MOST_RATIO, _SMALL_BYTES = 400, 1_000_000
_MOST_ENTRIES = 1_000_000
_MOST_BYTES = {
    MANIFEST: 256_000_000,
    LANDMARKS: 1_000_000_000,
    CAMERAS: MOST_PROFILE_BYTES,
}
# Of the disk, left free.
_SPARE_BYTES = 100_000_000
_PIECE_BYTES = 1_000_000
_ENCRYPTED = 0x1


@dataclass(frozen=True)
class Backup:
    """A backup that was found sound, while it is open.

    Attributes
    ----------
    contents : Contents
    database : Database
        A copy of its own, brought up to date.
    landmarks : frozenset of str
        The checksums of the landmark files in it.
    cameras : tuple of Path
        Copies of the camera profiles.
    unpack : callable
        Takes one of those checksums and a path, and writes the file there.
    """

    contents: Contents
    database: Database
    landmarks: frozenset[str]
    cameras: tuple[Path, ...]
    unpack: Callable[[str, Path], None]


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[Backup]:
    """Check a backup and keep it open.

    Parameters
    ----------
    path : Path
    folder : Path
        The data folder; what must be unpacked lies in it for as long as this is open.

    Raises
    ------
    InputError
        If it is no backup of hiprom, or not as it was written.
    StoreNotOurs
        If a newer hiprom wrote it.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path}. Check how it is spelled.")
    try:
        with ZipFile(path) as packed, passing_folder(folder) as passing:
            with plainly(folder):
                entries = _entries(packed, path, folder)
                manifest = _manifest(packed, entries, path)
                sums = _sums(manifest, entries, path)
                for name in entries.keys() - {MANIFEST}:
                    if not name.startswith(LANDMARKS):
                        target = passing / Path(name).name
                        _unpack(packed, entries[name], target, sums[name], path)
            with _database(passing / FILE_NAME, passing, path) as database:
                landmarks = _landmarks(database, entries, manifest, path)

                def unpack(sha256: str, target: Path) -> None:
                    name = f"{LANDMARKS}/{sha256}.parquet"
                    _unpack(packed, entries[name], target, sha256, path)

                yield Backup(
                    _contents(passing / FILE_NAME, manifest, entries, landmarks),
                    database,
                    landmarks,
                    tuple(sorted(passing.glob("*.toml"))),
                    unpack,
                )
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise _refused(path, "it is no zip file, or a damaged one") from error


def _entries(packed: ZipFile, path: Path, folder: Path) -> dict[str, ZipInfo]:
    """Return the entries by name, after looking at what the zip says of each."""
    found: dict[str, ZipInfo] = {}
    if len(packed.infolist()) > _MOST_ENTRIES:
        raise _refused(path, f"it has more than {_MOST_ENTRIES} entries")
    for info in packed.infolist():
        name = info.filename
        if not _ENTRY.fullmatch(name) or name in found:
            raise _refused(path, f"it has an entry {name[:80]!r}, which none has")
        kind = stat.S_IFMT(info.external_attr >> 16)
        if kind not in {0, stat.S_IFREG} or info.flag_bits & _ENCRYPTED:
            raise _refused(path, f"its entry {name} is not a plain file")
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise _refused(path, f"its entry {name} is packed in an unknown way")
        most = _MOST_BYTES.get(name.split("/")[0], info.file_size)
        if info.file_size > most or info.file_size > (
            _SMALL_BYTES + _MOST_RATIO * info.compress_size
        ):
            raise _refused(path, f"its entry {name} would unpack to too much")
        found[name] = info
    if sum(info.compress_size for info in found.values()) > path.stat().st_size:
        raise _refused(path, "its entries overlap")
    size = sum(info.file_size for info in found.values())
    free = shutil.disk_usage(folder).free - _SPARE_BYTES
    if size > free:
        raise InputError(
            f"{path.name} unpacks to {size / 1e6:.0f} MB, and only "
            f"{max(free, 0) / 1e6:.0f} MB of the disk may be used. Make room first."
        )
    return found


def _manifest(
    packed: ZipFile, entries: dict[str, ZipInfo], path: Path
) -> dict[str, Any]:
    if MANIFEST not in entries or FILE_NAME not in entries:
        raise _refused(path, f"it has no {MANIFEST} or no {FILE_NAME}")
    try:
        document: dict[str, Any] = json.loads(packed.read(entries[MANIFEST]))
        kind, _, number = str(document["schema"]).partition("/")
        version = int(number)
        moment = datetime.fromisoformat(document["created_at"])
        document["created_at"] = moment.astimezone()
        document["missing"] = int(document["missing"])
        document["hiprom"] = str(document["hiprom"])[:40]
        sums = {str(name): str(sha256) for name, sha256 in document["files"].items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(path, f"its {MANIFEST} cannot be read") from error
    if kind != SCHEMA:
        raise _refused(path, f"its {MANIFEST} speaks of {kind[:40]!r}")
    if version > VERSION:
        raise StoreNotOurs(
            f"{path.name} was written by a newer hiprom (backup {version}; this one "
            f"knows {VERSION}). Update hiprom; nothing was changed."
        )
    return document | {"files": sums}


def _sums(
    manifest: dict[str, Any], entries: dict[str, ZipInfo], path: Path
) -> dict[str, str]:
    sums: dict[str, str] = manifest["files"]
    if set(sums) != entries.keys() - {MANIFEST}:
        raise _refused(path, f"its {MANIFEST} lists other files than are in it")
    return sums


def _unpack(
    packed: ZipFile, info: ZipInfo, target: Path, sha256: str, path: Path
) -> None:
    """Write an entry to a file, which may be there and empty already."""
    hashed = hashlib.sha256()
    with packed.open(info) as entry, target.open("wb") as file:
        target.chmod(0o600)
        while piece := entry.read(_PIECE_BYTES):
            hashed.update(piece)
            file.write(piece)
    if hashed.hexdigest() != sha256:
        raise _refused(path, f"its entry {info.filename} is not what was written")


@contextmanager
def _database(file: Path, passing: Path, path: Path) -> Iterator[Database]:
    """Open the backup's own copy, and bring it up to date."""
    try:
        database = Database(f"sqlite:///{file}", passing)
        try:
            bring_up_to_date(database, passing)
            faults = pages(database)
            if faults:
                raise _refused(path, f"its history is not whole. {faults[0].found}")
            yield database
        finally:
            database.close()
    except StoreDamaged as error:
        raise _refused(path, "its history is damaged") from error
    except StoreNotOurs as error:
        raise StoreNotOurs(
            f"{path.name} holds a history that a newer hiprom wrote, or another "
            "program. Update hiprom; nothing was changed."
        ) from error


def _landmarks(
    database: Database,
    entries: dict[str, ZipInfo],
    manifest: dict[str, Any],
    path: Path,
) -> frozenset[str]:
    """Return which landmarks are in it, after comparing them with the rows."""
    with database.reading() as connection:
        ask = connection.exec_driver_sql
        rows = ask("SELECT DISTINCT landmarks_sha256 FROM trials").scalars()
        wanted = {row for row in rows if row is not None}
        codes = list(ask("SELECT code FROM subjects").scalars())
    if not all(isinstance(one, str) and _SHA256.fullmatch(one) for one in wanted):
        raise _refused(path, "a trial in it names its landmarks wrongly")
    for code in codes:
        require_code(code)
    there = {Path(name).stem for name in entries if name.startswith(LANDMARKS)}
    if there - wanted or len(wanted - there) != manifest["missing"]:
        raise _refused(path, "its landmarks are not those of its trials")
    return frozenset(there)


def _contents(
    file: Path,
    manifest: dict[str, Any],
    entries: dict[str, ZipInfo],
    landmarks: frozenset[str],
) -> Contents:
    with closing(
        sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    ) as it:
        counts = counted(it)
    return Contents(
        manifest["created_at"],
        manifest["hiprom"],
        **counts,
        landmarks=len(landmarks),
        cameras=tuple(
            sorted(Path(name).stem for name in entries if name.startswith(CAMERAS))
        ),
        missing=manifest["missing"],
    )


def _refused(path: Path, found: str) -> InputError:
    return InputError(
        f"{path.name} is not a backup that can be restored: {found}. Choose a file "
        "that hiprom wrote as a backup; nothing was changed."
    )
