"""Saved trials -> a tidy CSV of repetitions, and one of compensations beside it.

The first has the columns of reps.csv and four more. Numbers are spelt so that they
read back exactly, times as ISO 8601 with their offset, missing is an empty cell.
Text that a spreadsheet would take for a formula gets a leading apostrophe, which
`hiprom.report.imports` takes away again; numbers, negative ones too, stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

from hiprom.core.history import SavedTrial, Subject
from hiprom.report.exports.rows import (
    COMPENSATION_COLUMNS,
    REP_COLUMNS,
    Cell,
    Column,
    Row,
    cell_of,
    compensation_rows,
    rep_rows,
)
from hiprom.report.tables import printable, safe_text
from hiprom.report.whole_file import whole_file


def write_history_csv(
    path: Path, subject: Subject, trials: tuple[SavedTrial, ...]
) -> tuple[Path, Path]:
    """Write the repetitions to `path` and what else moved to a second file.

    Returns
    -------
    tuple of Path
        `path`, and ``NAME_compensations.csv`` beside it. Both or neither are new.

    Raises
    ------
    ResultsError
        If they cannot be written.
    """
    beside = path.with_name(f"{path.stem}_compensations{path.suffix}")
    with whole_file(path) as reps, whole_file(beside) as compensations:
        _write(reps, REP_COLUMNS, rep_rows(subject, trials))
        _write(compensations, COMPENSATION_COLUMNS, compensation_rows(subject, trials))
    return path, beside


def _write(path: Path, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    names = [column.name for column in columns]
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(names) + "\n")
        for row in rows:
            file.write(",".join(_spelt(row[name]) for name in names) + "\n")


def _spelt(value: Cell) -> str:
    match cell_of(value):
        case None:
            return ""
        case bool() as truth:
            return "true" if truth else "false"
        case int() | float() as number:
            return repr(number)
        case datetime() as time:
            return time.isoformat()
        case str() as text:
            return _quoted(safe_text(printable(text)))


def _quoted(text: str) -> str:
    # Readers end the row at a bare carriage return too, so it is quoted as well.
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
