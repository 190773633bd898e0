"""The tables of many videos -> one zip, in pieces, without a file of its own."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from hiprom.core.jobs import Job

_TABLES = ("reps.csv", "frames.csv")
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
    """Yield a zip with a folder for each video, named as the video is.

    Where two videos have one name, the later gets a number behind it.
    """
    pipe, seen = _Pipe(), Counter[str]()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as packed:
        for job in jobs:
            stem = Path(job.spec.video).stem
            seen[stem] += 1
            folder = stem if seen[stem] == 1 else f"{stem} ({seen[stem]})"
            for table in _TABLES:
                place = results / job.spec.name / table
                if not place.is_file():
                    continue
                with (
                    place.open("rb") as file,
                    packed.open(f"{folder}/{table}", "w") as inside,
                ):
                    while piece := file.read(_PIECE_BYTES):
                        inside.write(piece)
                        yield pipe.taken()
    yield pipe.taken()
