"""A folder of results in which workers were killed -> without what they left behind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

# As report.folder names a trial's unfinished folder, and report.whole_file a file.
_UNFINISHED_TRIAL = re.compile(r"\.(?P<name>[^.]+)\.[a-z0-9_]{8}")
_UNFINISHED_FILE = re.compile(r"\.hiprom-[0-9a-f]{32}(\.\w+)?")


def sweep(folder: Path, names: Collection[str]) -> None:
    """Remove what was being written when a worker or the head was killed.

    Only call it while nobody else works on the batch. Whatever cannot be removed stays.

    Parameters
    ----------
    folder : Path
    names : collection of str
        Of the trials' folders: nothing else is touched.
    """
    for path in folder.iterdir():
        trial = _UNFINISHED_TRIAL.fullmatch(path.name)
        if trial and trial["name"] in names and path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif _UNFINISHED_FILE.fullmatch(path.name) and path.is_file():
            with suppress(OSError):
                path.unlink()
