"""The tables of many videos -> one zip, in pieces: all of them joined, then each.

Whoever opens reps.csv and summary.csv at its top needs no other file; `name` there is
the folder that a video's own tables are in.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from hiprom.core.jobs import Job, JobState
from hiprom.report.batch import write_tables

_OF_EACH = ("reps.csv", "frames.csv")
_OF_ALL = ("reps.csv", "summary.csv")
_PIECE_BYTES = 256_000


class _Pipe(io.RawIOBase):
    """What is written here is taken out at the other end."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._kept += data
        return len(data)

    def taken(self) -> bytes:
        some = bytes(self._kept)
        self._kept.clear()
        return some


def csv_zip(jobs: Iterable[Job], results: Path) -> Iterator[bytes]:
    """Yield a zip of what is listed, with a folder for each video that was measured.

    Folders are named as the videos are; where two have one name, the later gets a
    number behind it. A video that was not measured has a row that says why.

    Parameters
    ----------
    jobs : iterable of Job
    results : Path
        Where each job's folder is, by its name.
    """
    pipe = _Pipe()
    named = _named(jobs)
    places = {job.spec.name: results / own for own, job in named}
    done = [job.spec.name for _, job in named if job.state == JobState.DONE]
    with (
        tempfile.TemporaryDirectory(prefix="hiprom-") as folder,
        ZipFile(pipe, "w", ZIP_DEFLATED) as packed,
    ):
        write_tables(Path(folder), [job for _, job in named], places.__getitem__)
        wanted = [(Path(folder) / table, table) for table in _OF_ALL]
        wanted += [
            (places[name] / table, f"{name}/{table}")
            for name in done
            for table in _OF_EACH
        ]
        for place, inside in wanted:
            if place.is_file():
                for _ in _packed(packed, place, inside):
                    yield pipe.taken()
    yield pipe.taken()


def _named(jobs: Iterable[Job]) -> list[tuple[str, Job]]:
    """Call each job as its video is called; return its own name with it."""
    taken, named = set(_OF_ALL), []
    for job in jobs:
        video = Path(job.spec.video)
        others = (f"{video.stem} ({number})" for number in count(2))
        name = next(each for each in chain([video.stem], others) if each not in taken)
        taken.add(name)
        spec = replace(job.spec, name=name, video=video.name)
        named.append((job.spec.name, replace(job, spec=spec)))
    return named


def _packed(packed: ZipFile, place: Path, inside: str) -> Iterator[None]:
    """Pack a file piece by piece."""
    with place.open("rb") as file, packed.open(inside, "w") as entry:
        while piece := file.read(_PIECE_BYTES):
            entry.write(piece)
            yield
