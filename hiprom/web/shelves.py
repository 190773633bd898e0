"""The page's own folders: uploads under way, videos by their contents, results.

A video is on no shelf without a job that names it, but for the moment between the two:
whoever adds or tidies holds the lock.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from hiprom.capture.lock import locked
from hiprom.core.jobs import Job

_LONGEST_BYTES = 100
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")
_KEPT_MARKS = frozenset(" -_.()")


class Shelves:
    """The folders within one folder.

    Attributes
    ----------
    uploads : Path
        A folder for each upload that is not whole yet.
    videos : Path
        ``SHA256/name.mp4``.
    results : Path
        A folder for each job, as `hiprom analyze` writes it.
    progress : Path
        How far each job is.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.uploads = folder / "uploads"
        self.videos = folder / "videos"
        self.results = folder / "results"
        self.progress = folder / "progress"

    def make(self) -> None:
        """Make them, readable by their owner alone."""
        for place in (self.uploads, self.videos, self.results, self.progress):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._folder.chmod(0o700)

    @property
    def is_made(self) -> bool:
        """Whether there ever was a page on this machine."""
        return self.results.is_dir()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let nobody else put or tidy meanwhile."""
        with locked(self._folder / "lock"):
            yield

    def put(self, arrived: Path, name: str, changed_s: float | None = None) -> Path:
        """Put a whole video on its shelf; what is there already stays.

        Parameters
        ----------
        arrived : Path
            On the same disk; gone afterwards, unless its like is on the shelf.
        name : str
            What the sender calls it; never part of a path as it is.
        changed_s : float, optional
            When its sender changed it last. Said of it only on the shelf: until then
            its own time tells that it arrived just now.
        """
        with arrived.open("rb") as file:
            os.fsync(file.fileno())
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        final = self.videos / sha256 / safe_name(name)
        final.parent.mkdir(mode=0o700, exist_ok=True)
        if not final.exists():
            arrived.replace(final)
            if changed_s is not None:
                os.utime(final, (changed_s, changed_s))
        return final

    def put_back(self, video: Path, arrived: Path) -> None:
        """Undo `put`: what arrived lies there again, as if just now."""
        if not arrived.exists():
            video.replace(arrived)
            os.utime(arrived)

    def landmarks(self, job: Job) -> Path:
        """Return where the landmarks of a job's video are, once it was measured."""
        return self.results / job.spec.name / "landmarks.parquet"

    def tidy(self, jobs: Iterable[Job]) -> None:
        """Remove the videos and results of jobs that are no more; hold the lock."""
        names, videos = set(), set()
        for job in jobs:
            names.add(job.spec.name)
            # By its folder and name: the same contents may be somebody else's too.
            videos.add(Path(job.spec.video).parts[-2:])
        for place in (*self.results.iterdir(), *self.progress.iterdir()):
            # An unfinished folder is called ".NAME.xyz", a note "NAME.json".
            if place.name.lstrip(".").split(".")[0] not in names:
                _remove(place)
        for folder in self.videos.iterdir():
            for place in folder.iterdir():
                if place.parts[-2:] not in videos:
                    _remove(place)
            with suppress(OSError):  # something is left in it
                folder.rmdir()


def safe_name(name: str) -> str:
    """Return a file's name with letters, digits and a few marks only.

    >>> safe_name("../../etc/<b>Höhe 1</b>.MP4")
    'b_.MP4'
    >>> safe_name("Höhe 1 (left).mp4")
    'Höhe 1 (left).mp4'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(
        letter if letter.isalnum() or letter in _KEPT_MARKS else "_" for letter in last
    )
    stem, dot, ending = plain.rpartition(".")
    suffix = dot + ending
    if not _SUFFIX.fullmatch(suffix) or not stem:
        stem, suffix = plain, ""
    while len(stem.encode()) > _LONGEST_BYTES:
        stem = stem[:-1]
    return f"{stem.strip(' .-_') or 'video'}{suffix}"


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place, ignore_errors=True)
    else:
        place.unlink(missing_ok=True)
