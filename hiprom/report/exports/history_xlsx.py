"""Saved trials -> a workbook: repetitions, sessions, compensations, and what they mean.

Dates are real dates (the wall clock of the place, its offset from UTC beside it),
numbers are numbers of the 15 digits that spreadsheets keep, and only shown shorter. No
cell is a formula: text that could be taken for one gets a leading apostrophe, as in
the CSV.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from hiprom.core.history import SavedTrial, Subject
from hiprom.report.exports.rows import (
    COMPENSATION_COLUMNS,
    REP_COLUMNS,
    SESSION_COLUMNS,
    Cell,
    Column,
    Row,
    cell_of,
    compensation_rows,
    rep_rows,
    session_rows,
)
from hiprom.report.tables import printable, safe_text
from hiprom.report.whole_file import whole_file

# A workbook keeps no time zone, so each time is followed by its own.
_ZONE = Column("zone", "text", "of recorded_at: its offset from UTC")
_FORMATS = {"whole": "0", "number": "0.0", "time": "yyyy-mm-dd hh:mm"}
_SECONDS = "0.00"
_WIDTHS = {"text": 16, "whole": 9, "number": 12, "truth": 8, "time": 17}
_WIDEST = 40
_INK, _PAPER = "FFFFFFFF", "FF1F3A4D"
_SHEETS = ("reps", "sessions", "compensations")
# Excel's own limit; a longer text does not open.
_LONGEST_TEXT = 32_767

_ABOUT = (
    "Internal rotation is positive, external rotation negative, on both sides.",
    "Which way of any other movement is positive: hiprom protocols NAME.",
    "The unit stands at the end of a name: _deg degrees, _m metres, _s seconds; "
    "end_range, neutral, mean and their like are in the unit of 'quantity'.",
    "An empty cell is a value that is missing or could not be read.",
    "Text that begins like a formula has an apostrophe before it.",
    "Compare only what was measured in the same position by the same instrument.",
)


def write_history_xlsx(
    path: Path,
    subject: Subject,
    trials: tuple[SavedTrial, ...],
    *,
    exported_at: datetime | None = None,
) -> tuple[Path]:
    """Write the sheets reps, sessions, compensations and about.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    tables = (
        (REP_COLUMNS, rep_rows(subject, trials)),
        (SESSION_COLUMNS, session_rows(subject, trials)),
        (COMPENSATION_COLUMNS, compensation_rows(subject, trials)),
    )
    for name, (columns, rows) in zip(_SHEETS, tables, strict=True):
        _add_table(book.create_sheet(name), _with_zone(columns), rows)
    _add_about(book.create_sheet("about"), subject, exported_at)
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        book.save(file)
    return (path,)


def _with_zone(columns: Sequence[Column]) -> list[Column]:
    return [
        each
        for column in columns
        for each in ((column, _ZONE) if column.kind == "time" else (column,))
    ]


def _add_table(sheet: Any, columns: Sequence[Column], rows: Iterable[Row]) -> None:
    """Write a heading that stays in view, and the rows, as a table one can filter."""
    from openpyxl.utils import get_column_letter

    lines = [[_shown(column, row) for column in columns] for row in rows]
    last = get_column_letter(len(columns))
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{last}{len(lines) + 1}"
    for index, column in enumerate(columns):
        widest = max(
            _WIDTHS[column.kind],
            len(column.name) + 4,  # room for the filter's arrow
            *(len(text) for line in lines if isinstance(text := line[index], str)),
        )
        letter = get_column_letter(index + 1)
        sheet.column_dimensions[letter].width = min(widest, _WIDEST)
    sheet.append([_heading(sheet, column.name) for column in columns])
    for line in lines:
        sheet.append(
            [
                _cell(sheet, value, _format(column))
                for column, value in zip(columns, line, strict=True)
            ]
        )


def _add_about(sheet: Any, subject: Subject, exported_at: datetime | None) -> None:
    """Write who it is about, how to read it, and what each column means."""
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = 90
    sheet.append([_heading(sheet, "about"), _heading(sheet, "")])
    facts = [("person's code", _safe(subject.code))]
    if exported_at is not None:
        facts.append(("exported", exported_at.isoformat(timespec="minutes")))
    facts += [("", sentence) for sentence in _ABOUT]
    for name, value in facts:
        sheet.append([_cell(sheet, name, None), _wrapped(sheet, value)])
    sheet.append([])
    sheet.append([_heading(sheet, "column"), _heading(sheet, "meaning")])
    for name, meaning in _meanings():
        sheet.append([_cell(sheet, name, None), _wrapped(sheet, meaning)])


def _meanings() -> Iterator[tuple[str, str]]:
    columns = (*REP_COLUMNS, _ZONE, *SESSION_COLUMNS, *COMPENSATION_COLUMNS)
    yield from {column.name: column.meaning for column in columns}.items()


def _shown(column: Column, row: Row) -> Cell:
    """Return the value of a cell as a workbook can hold it."""
    if column is _ZONE:
        time = row["recorded_at"]
        return f"UTC{time:%z}" if isinstance(time, datetime) else None
    match cell_of(row[column.name]):
        case datetime() as time:
            return time.replace(tzinfo=None)
        case str() as text:
            return _safe(text)
        case value:
            return value


def _safe(text: str) -> str:
    """Return `text` without what a workbook cannot hold, and never a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    spelt = ILLEGAL_CHARACTERS_RE.sub(
        lambda found: f"\\x{ord(found.group()):02x}", printable(text)
    )
    return safe_text(spelt)[:_LONGEST_TEXT]


def _format(column: Column) -> str | None:
    return _SECONDS if column.name.endswith("_s") else _FORMATS.get(column.kind)


def _cell(sheet: Any, value: Cell, number_format: str | None) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if value is None or isinstance(value, bool):
        return value
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # text, whatever it looks like
    elif number_format is not None:
        cell.number_format = number_format
    return cell


def _wrapped(sheet: Any, text: str) -> Any:
    from openpyxl.styles import Alignment

    cell = _cell(sheet, text, None)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _heading(sheet: Any, text: str) -> Any:
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = _cell(sheet, text, None)
    cell.font = Font(bold=True, color=_INK)
    cell.fill = PatternFill("solid", fgColor=_PAPER)
    cell.alignment = Alignment(vertical="center")
    return cell
