"""A file under a temporary name -> the file itself, all of it or none of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from hiprom.errors import ResultsError
from hiprom.report.files import writing


@contextmanager
def whole_file(path: Path, *, suffix: str = "") -> Iterator[Path]:
    """Yield a name to write to; on leaving well, that file becomes `path`.

    What stood at `path` before stays untouched until then, and for good if the
    writing fails. A link is followed: the file it points to is replaced. `suffix` ends
    the temporary name, for writers that insist on one.

    Raises
    ------
    ResultsError
        If the file cannot be written, or if `path` is a folder or a device.
    """
    final = Path(os.path.realpath(path))
    unfinished = final.with_name(f".hiprom-{uuid4().hex}{suffix}")
    with writing(path):
        if final.exists() and not final.is_file():
            raise ResultsError(
                f"Could not write {path}: it is a folder or a device, not a file. "
                "Choose another name."
            )
        try:
            yield unfinished
            with unfinished.open("rb+") as file:
                os.fsync(file.fileno())
            unfinished.replace(final)
        finally:
            unfinished.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> None:
    """Write `text` to `path` as UTF-8, all of it or none of it.

    Raises
    ------
    ResultsError
        As `whole_file` has it.
    """
    with whole_file(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
