"""A video named by URL -> a copy of it for as long as it is measured.

Only a worker fetches. The pose model's own process has no network, and gets no more
than pictures.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from hiprom.batch.storage import reached, require_usable
from hiprom.errors import VideoNotReadable
from hiprom.recordings import Progress
from hiprom.report.addresses import is_url, shown_place

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# Half an hour from a good camera. Who sends more means something else.
MOST_BYTES = 20_000_000_000
_AT_ONCE = 2**20
_UNSAFE = re.compile(r"[^\w .()+-]+")
_LONGEST_NAME = 80


@contextmanager
def at_hand(
    video: str, progress: Progress, *, most_bytes: float = MOST_BYTES
) -> Iterator[Path]:
    """Yield the path of a video, which is a copy if it was named by URL.

    A file of this machine (``file://``) is opened where it lies. A copy has the name
    that the video has there, and is deleted when the block ends, however it ends.

    Raises
    ------
    VideoNotReadable
        If there is none, it is too large, or there is no room for it.
    NotReachable
        If it cannot be reached just now.
    """
    if not is_url(video):
        yield Path(video)
        return
    require_usable(video)
    address = urlsplit(video)
    if address.scheme == "file":
        with reached(video) as (_, path):
            pass
        yield Path(path)
        return
    with tempfile.TemporaryDirectory(prefix="hiprom-video-") as folder:
        copy = Path(folder) / _name(address.path)
        with reached(video) as (fs, path), copy.open("wb") as written:
            size = fs.info(path).get("size")
            _require_room(video, size or 0, most_bytes, folder)
            # An HTTP server need not know how to give a part of a file.
            whole = {"block_size": 0} if address.scheme in {"http", "https"} else {}
            with fs.open(path, "rb", **whole) as read:
                done = 0
                for some in iter(lambda: read.read(_AT_ONCE), b""):
                    written.write(some)
                    done += len(some)
                    if done > most_bytes:
                        raise _too_large(video, done, most_bytes)
                    progress("Fetching the video", done, size)
            if size is not None and done < size:
                raise ConnectionError(f"it ended after {done} of {size} bytes")
            written.flush()
            _give_date(copy, fs, path)
        try:
            yield copy
        except VideoNotReadable as error:  # of the copy, which nobody knows
            raise VideoNotReadable(
                shown_place(video), error.found, error.advice
            ) from error


def _give_date(copy: Path, fs: AbstractFileSystem, path: str) -> None:
    """Give the copy the file's own date: it may have to stand for the recording's."""
    with suppress(NotImplementedError, KeyError, TypeError, ValueError):
        told = fs.info(path).get("modify")  # as FTP tells it
        modified = (
            datetime.strptime(told[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
            if told
            else fs.modified(path)
        )
        os.utime(copy, (modified.timestamp(), modified.timestamp()))


def _require_room(video: str, size: int, most_bytes: float, folder: str) -> None:
    if size > most_bytes:
        raise _too_large(video, size, most_bytes)
    free = shutil.disk_usage(folder).free
    if size > free:
        raise VideoNotReadable(
            shown_place(video),
            f"its {size / 1e6:.0f} MB do not fit into {folder}, where "
            f"{free / 1e6:.0f} MB are free.",
            "Free some space, or set TMPDIR to a folder with more.",
        )


def _too_large(video: str, size: int, most_bytes: float) -> VideoNotReadable:
    return VideoNotReadable(
        shown_place(video),
        f"it has more than {most_bytes / 1e9:.1f} GB ({size / 1e9:.1f}).",
        "Cut it to the test.",
    )


def _name(path: str) -> str:
    """Return a file's own name, as far as every file system takes it."""
    place = PurePosixPath(unquote(path))
    stem = _UNSAFE.sub("_", place.stem).strip(" .")[:_LONGEST_NAME] or "video"
    suffix = _UNSAFE.sub("", place.suffix)[:10]
    return f"{stem}{suffix}"
