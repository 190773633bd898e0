"""A trial's landmarks -> a file named by its contents, whole or not there at all.

``landmarks/ab/ab12….parquet`` in the data folder. A file is written under a passing
name, brought to the disk, and only then renamed.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hiprom.store.engine import LANDMARKS
from hiprom.store.refusals import plainly

_ARRIVING = ".arriving-"
_SUFFIX = ".parquet"
# Where files cannot be locked: nobody writes landmarks for longer.
_PATIENCE_S = 3600.0


@dataclass
class Arriving:
    """A file that is complete and on the disk, but under a passing name."""

    path: Path
    sha256: str
    descriptor: int | None

    def let_go(self) -> None:
        """Close the file and with it the lock that says somebody is at work."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None


class LandmarkFiles:
    """The landmark files of one data folder.

    Parameters
    ----------
    data_folder : Path
        They lie in ``landmarks`` within it.
    """

    def __init__(self, data_folder: Path) -> None:
        self.folder = data_folder / LANDMARKS

    def path(self, sha256: str) -> Path:
        """Return where the file with these contents is, or would be."""
        return self.folder / sha256[:2] / f"{sha256}{_SUFFIX}"

    @contextmanager
    def arriving(self, write: Callable[[Path], None]) -> Iterator[Arriving]:
        """Write a file under a passing name; unless it is settled, it goes again.

        Parameters
        ----------
        write : callable
            Writes the landmarks to the path it is given.
        """
        with plainly(self.folder):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path, descriptor = _taken(self.folder)
        arriving = Arriving(path, "", descriptor)
        try:
            with plainly(path):
                write(path)
            with plainly(path), path.open("r+b") as file:
                arriving.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
                os.fsync(file.fileno())
            yield arriving
        finally:
            arriving.let_go()
            path.unlink(missing_ok=True)

    def settle(self, arriving: Arriving) -> None:
        """Give the file its lasting name; only while no other process cleans up."""
        final = self.path(arriving.sha256)
        with plainly(final):
            final.parent.mkdir(mode=0o700, exist_ok=True)
            arriving.let_go()
            arriving.path.replace(final)
            for folder in (final.parent, self.folder):
                _bring_to_disk(folder)

    def remove(self, sha256: str) -> bool:
        """Remove a file; return whether there was one."""
        path = self.path(sha256)
        with plainly(path):
            there = path.exists()
            path.unlink(missing_ok=True)
        return there

    def settled(self) -> Iterator[tuple[str, Path]]:
        """Yield the sha256 that each file is named by, and its path."""
        for path in sorted(self.folder.glob(f"??/*{_SUFFIX}")):
            yield path.name.removesuffix(_SUFFIX), path

    def leftovers(self) -> list[Path]:
        """Return the unfinished files of processes that are no more."""
        return [
            path for path in sorted(self.folder.glob(f"{_ARRIVING}*")) if _is_left(path)
        ]


def sha256_of(path: Path) -> str:
    """Return the checksum of a file's contents."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _taken(folder: Path) -> tuple[Path, int]:
    """Make a private file that says, by a lock, that somebody is at work on it."""
    while True:
        descriptor, name = tempfile.mkstemp(_SUFFIX, _ARRIVING, folder)
        if sys.platform == "win32":
            return Path(name), descriptor
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)
        # A cleaning process may have come between the two lines.
        if os.fstat(descriptor).st_nlink:
            return Path(name), descriptor
        os.close(descriptor)


def _is_left(path: Path) -> bool:
    try:
        if sys.platform == "win32":
            return time.time() - path.stat().st_mtime > _PATIENCE_S
        import fcntl

        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # at work, or finished by now
        return False
    return True


def _bring_to_disk(folder: Path) -> None:
    """Make the names in a folder last through a power cut."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
