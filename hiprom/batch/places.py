"""Where the results of a batch go: a folder that all see, or a URL.

At a URL nothing can be moved in one step. So the files of a trial are written on the
worker's own disk, then sent, `summary.json` last: where it stands, all others do.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from hiprom.batch.leftovers import sweep
from hiprom.batch.storage import reached, require_usable
from hiprom.errors import CaptureError, InputError, ResultsError
from hiprom.report.addresses import is_url, shown_place, without_secrets
from hiprom.report.folder import FILES, require_writable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from fsspec import AbstractFileSystem

_LAST = "summary.json"
# What the combined tables are made from, and whether a trial has a page of its own.
_GATHERED = ("reps.csv", _LAST)
_PAGE = "report.html"
_AT_ONCE = 16


class Place(Protocol):
    """Where results go."""

    @property
    def address(self) -> str:
        """What a worker needs to find it; may hold a password."""

    @property
    def key(self) -> str:
        """What the database knows it by: the same for the same place, and no secret."""

    def require_writable(self) -> None:
        """Raise ResultsError now, not after hours of work, if it takes no files."""

    def sweep(self, names: Collection[str]) -> None:
        """Remove what killed workers left of the trials of these names."""

    def writing(self, name: str) -> AbstractContextManager[Path]:
        """Yield the folder in which a trial's folder `name` is to be written."""

    def take_landmarks(self, name: str, copy: Path) -> None:
        """Write a copy of a trial's landmarks."""

    def gathered(self, names: Iterable[str]) -> AbstractContextManager[Path]:
        """Yield a folder with what is to be combined; what is written there is kept."""


def place_of(out: str) -> Place:
    """Return the place that a path or a URL names.

    Raises
    ------
    InputError
        If it is a URL to which nothing can be written.
    """
    if not is_url(out):
        return Here(Path(out).resolve())
    require_usable(out)
    kind = out.partition(":")[0]
    if kind == "file":
        with reached(out) as (_, path):
            return Here(Path(path))
    if kind in {"http", "https"}:
        raise InputError(
            f"{shown_place(out)}: results cannot be written by {kind}. Name a folder, "
            "or another kind of storage."
        )
    return Elsewhere(out.rstrip("/"))


@dataclass(frozen=True)
class Here:
    """A folder that all workers see under the same path."""

    folder: Path

    @property
    def address(self) -> str:
        """Its path from the root."""
        return str(self.folder)

    @property
    def key(self) -> str:
        """The same."""
        return str(self.folder)

    def require_writable(self) -> None:
        """Raise ResultsError if it takes no files."""
        require_writable(self.folder)

    def sweep(self, names: Collection[str]) -> None:
        """Remove the unfinished folders of killed workers."""
        sweep(self.folder, names)

    @contextmanager
    def writing(self, _name: str) -> Iterator[Path]:
        """Yield the folder itself: a trial's folder becomes whole in one step there."""
        yield self.folder

    def take_landmarks(self, name: str, copy: Path) -> None:
        """Copy a trial's landmarks."""
        shutil.copyfile(self.folder / name / "landmarks.parquet", copy)

    @contextmanager
    def gathered(self, _names: Iterable[str]) -> Iterator[Path]:
        """Yield the folder itself: all is there."""
        yield self.folder


@dataclass(frozen=True)
class Elsewhere:
    """A URL; `url` may hold a password, and is not shown."""

    url: str

    @property
    def address(self) -> str:
        """Its URL."""
        return self.url

    @property
    def key(self) -> str:
        """Its URL without secrets."""
        return without_secrets(self.url)

    def require_writable(self) -> None:
        """Write and remove a small file.

        Raises
        ------
        ResultsError
            If that fails.
        """
        with self._sending() as (fs, root):
            fs.makedirs(root, exist_ok=True)
            fs.pipe_file(f"{root}/.hiprom", b"hiprom")
            fs.rm_file(f"{root}/.hiprom")

    def sweep(self, names: Collection[str]) -> None:
        """Leave all as it is: an unfinished trial is overwritten."""

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """Yield a passing folder; on leaving well, send the trial's files.

        Raises
        ------
        ResultsError
            If they cannot be sent: then no `summary.json` is there.
        """
        with tempfile.TemporaryDirectory(prefix="hiprom-results-") as passing:
            yield Path(passing)
            made = Path(passing) / name
            with self._sending() as (fs, root):
                _replace_trial(fs, f"{root}/{name}", made)

    def take_landmarks(self, name: str, copy: Path) -> None:
        """Fetch a trial's landmarks."""
        with self._sending() as (fs, root):
            fs.get_file(f"{root}/{name}/landmarks.parquet", str(copy))

    @contextmanager
    def gathered(self, names: Iterable[str]) -> Iterator[Path]:
        """Yield a passing folder with the tables of the trials; send what is new there.

        Raises
        ------
        ResultsError
            If they cannot be fetched, or what was made of them not be sent.
        """
        with tempfile.TemporaryDirectory(prefix="hiprom-results-") as passing:
            folder = Path(passing)
            with self._sending() as (fs, root):
                _fetch_all(fs, root, folder, names)
            yield folder
            with self._sending() as (fs, root):
                for made in sorted(path for path in folder.iterdir() if path.is_file()):
                    _send(fs, made, f"{root}/{made.name}")

    @contextmanager
    def _sending(self) -> Iterator[tuple[AbstractFileSystem, str]]:
        try:
            with reached(self.url) as (fs, root):
                yield fs, root.rstrip("/")
        except CaptureError as error:
            raise ResultsError(f"Results could not be sent or read: {error}") from error


def _replace_trial(fs: AbstractFileSystem, target: str, made: Path) -> None:
    """Send a trial's files so that `summary.json` never stands beside another run's."""
    fs.makedirs(target, exist_ok=True)
    _remove(fs, f"{target}/{_LAST}")
    for name in sorted(FILES, key=lambda name: name == _LAST):
        if (made / name).exists():
            _send(fs, made / name, f"{target}/{name}")
        else:
            _remove(fs, f"{target}/{name}")


def _send(fs: AbstractFileSystem, file: Path, target: str) -> None:
    """Send a file that is there as a whole or not at all."""
    if fs.async_impl:  # a store of objects, each of which is put there in one step
        fs.put_file(str(file), target)
        return
    unfinished = f"{target}.part"
    fs.put_file(str(file), unfinished)
    _remove(fs, target)
    fs.mv(unfinished, target)


def _remove(fs: AbstractFileSystem, path: str) -> None:
    with suppress(FileNotFoundError):
        if fs.exists(path):
            fs.rm_file(path)


def _fetch_all(
    fs: AbstractFileSystem, root: str, folder: Path, names: Iterable[str]
) -> None:
    def fetch(name: str) -> None:
        (folder / name).mkdir()
        for file in _GATHERED:
            source, copy = f"{root}/{name}/{file}", folder / name / file
            with suppress(FileNotFoundError):  # told as failed, one by one
                if fs.async_impl or fs.exists(source):
                    fs.get_file(source, str(copy))
        if fs.exists(f"{root}/{name}/{_PAGE}"):
            (folder / name / _PAGE).touch()

    # Where a connection is shared, one after the other.
    at_once = _AT_ONCE if fs.async_impl else 1
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(fetch, names))
