"""A folder of videos -> the jobs to measure them all, or a manifest to be filled in."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from hiprom.core.jobs import JobSpec
from hiprom.errors import InputError
from hiprom.manifest.guesses import (
    DEFAULT_PROTOCOL,
    DEFAULT_SIDE,
    guessed_protocol,
    guessed_side,
)
from hiprom.manifest.names import NamedTest, job_names
from hiprom.manifest.row import COLUMNS
from hiprom.report.tables import printable, safe_text

SUFFIXES = (".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v")
# A folder with both of these is what hiprom made of a video: its film is no new one.
_RESULTS = {"reps.csv", "summary.json"}


def specs_of_folder(folder: Path) -> list[JobSpec]:
    """Return a job for every video in `folder` and below it, sorted by path.

    Hidden files and folders are passed over, and so are the results of earlier runs.
    Nothing is guessed from names here: protocol and side are those of `JobSpec`.

    Raises
    ------
    InputError
        If it cannot be read, is no folder, or there is no video in it.
    """
    places = _videos(folder)
    tests = [NamedTest(str(place), DEFAULT_PROTOCOL, DEFAULT_SIDE) for place in places]
    root = folder.absolute()
    return [
        JobSpec(video=str(root / place), name=name)
        for place, name in zip(places, job_names(tests), strict=True)
    ]


def template(folder: Path) -> str:
    """Return a manifest of the videos in `folder`, as CSV to be saved in that folder.

    Protocol and side are what the names of files and folders tell; whose video it is,
    when it was recorded and with which camera is left to be filled in. For Excel, save
    it with a byte order mark (``encoding="utf-8-sig"``), or it misreads accents.

    Raises
    ------
    InputError
        As `specs_of_folder`.
    """
    text = io.StringIO(newline="")
    sheet = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    sheet.writeheader()
    for place in _videos(folder):
        sheet.writerow(
            {
                "video": safe_text(printable(place.as_posix())),
                "protocol": guessed_protocol(place),
                "side": guessed_side(place),
            }
        )
    return text.getvalue()


def _videos(folder: Path) -> list[Path]:
    """Return the paths of all videos below a folder, as seen from it, sorted."""
    if not folder.is_dir():
        found = "is a file" if folder.exists() else "does not exist"
        raise InputError(f"{folder} {found}. Needed is a folder with videos.")
    videos = sorted(_found(folder))
    if not videos:
        kinds = ", ".join(suffix.removeprefix(".") for suffix in SUFFIXES)
        raise InputError(
            f"There is no video in {folder} or in the folders below it. Needed are "
            f"files that end in {kinds}."
        )
    return videos


def _found(folder: Path) -> Iterator[Path]:
    for above, folders, files in os.walk(folder, onerror=_refuse):
        if set(files) >= _RESULTS:
            folders.clear()
            continue
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                yield Path(above, name).relative_to(folder)


def _refuse(error: OSError) -> NoReturn:
    raise InputError(
        f"The folder {error.filename} cannot be read: {error.strerror}. Allow it to be "
        "read, or name the videos in a manifest."
    ) from error
