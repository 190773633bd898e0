"""A trial's files -> one folder in which all of them stand, or none of them.

They are written into a hidden folder beside the final one and moved over when the
last is complete, so nothing half-written is ever found under a final name.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hiprom.report.files import writing

# Every file a trial may have. One that a new run did not make again is removed, so
# that a folder never mixes two runs; other people's files there are left alone.
FILES = (
    "reps.csv",
    "frames.csv",
    "summary.json",
    "landmarks.parquet",
    "report.html",
    "overlay.mp4",
)


@contextmanager
def result_folder(out: Path, name: str) -> Iterator[Path]:
    """Yield a folder to write into; on leaving well it becomes ``out/name``.

    Raises
    ------
    ResultsError
        If the folder cannot be made, or the files cannot be moved into it. Whatever
        ends the block early, the unfinished files are removed.
    """
    final = out / name
    with writing(final):
        out.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=out))
    try:
        yield unfinished
        with writing(final):
            final.mkdir(exist_ok=True)
            for file in FILES:
                if (unfinished / file).exists():
                    (unfinished / file).replace(final / file)
                else:
                    (final / file).unlink(missing_ok=True)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def require_writable(out: Path) -> None:
    """Raise ResultsError now, not after minutes of work, if `out` takes no files."""
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
