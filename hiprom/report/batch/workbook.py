"""The rows of a batch and its joined repetitions -> summary.xlsx.

Rows go to the disk as they come. The same rows give the same bytes: a workbook is a ZIP
that would otherwise tell when it was made, in each of its parts.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from hiprom.core.jobs import JobState
from hiprom.report.batch.columns import SUMMARY_COLUMNS
from hiprom.report.batch.rep_rows import rep_cells
from hiprom.report.batch.results import SideResult
from hiprom.report.exports.rows import Cell, Column, cell_of
from hiprom.report.tables import safe_text
from hiprom.report.whole_file import whole_file

Progress = Callable[[str, int, int | None], None]
Line = Sequence[Cell]

# What a sheet can hold, its heading included.
MOST_ROWS = 1_048_576
# Excel's own limit; a longer text does not open.
_LONGEST_TEXT = 32_767
# The day that a ZIP takes for none.
_NO_DAY = (1980, 1, 1, 0, 0, 0)
_PROGRESS_EVERY = 1000
_WIDTHS = {"text": 18, "whole": 9, "number": 12, "truth": 8, "time": 17}
_WIDE = {"video": 32, "name": 24, "reason": 60, "flags": 28, "meaning": 90}
_INK, _PAPER = "FFFFFFFF", "FF1F3A4D"

# Where a sheet's rows stand as well.
_TABLES = {"summary": "summary.csv", "reps": "reps.csv", "failures": "summary.csv"}
_FAILURE_COLUMNS = (
    *SUMMARY_COLUMNS[:2],
    Column("attempts", "whole", "how often it was begun"),
    next(column for column in SUMMARY_COLUMNS if column.name == "reason"),
)
_ABOUT_COLUMNS = (
    Column("sheet", "text", ""),
    Column("column", "text", ""),
    Column("meaning", "text", ""),
)
_ABOUT = (
    "Internal rotation is positive, external rotation negative, on both sides.",
    "The unit stands at the end of a name: _deg degrees, _cm centimetres, _s seconds; "
    "end_range, mean and their like are in the unit of 'quantity'.",
    "An empty cell is a value that is missing or could not be read.",
    "Text that begins like a formula has an apostrophe before it.",
    "Compare only what was measured in the same position by the same instrument.",
)


def write_workbook(
    path: Path,
    results: Sequence[SideResult],
    reps: Path,
    columns_of_reps: Sequence[Column],
    *,
    progress: Progress,
) -> None:
    """Write the sheets summary, reps, failures and columns.

    A sheet that would hold more than `MOST_ROWS` is left out; the last one says so.

    Parameters
    ----------
    path : Path
    results : sequence of SideResult
    reps : Path
        The joined reps.csv.
    columns_of_reps : sequence of Column
        Its columns.
    progress : callable
        Called with a stage, the rows written and their total.

    Raises
    ------
    ResultsError
        If it cannot be written, or `reps` not be read.
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    failures = [each for each in results if each.state == JobState.FAILED]
    count = _rows(reps)
    sheets = (
        ("summary", SUMMARY_COLUMNS, len(results), _lines(results, SUMMARY_COLUMNS)),
        (
            "reps",
            columns_of_reps,
            count,
            _rep_lines(reps, columns_of_reps, count, progress),
        ),
        (
            "failures",
            _FAILURE_COLUMNS,
            len(failures),
            _lines(failures, _FAILURE_COLUMNS),
        ),
    )
    meanings: list[Line] = [(None, None, sentence) for sentence in _ABOUT]
    for name, columns, rows, lines in sheets:
        if rows >= MOST_ROWS:
            meanings.append((name, None, _left_out(name, rows)))
            continue
        _add_sheet(book, name, columns, lines)
        meanings += [(name, column.name, column.meaning) for column in columns]
    _add_sheet(book, "columns", _ABOUT_COLUMNS, meanings)
    with whole_file(path) as unfinished, unfinished.open("wb") as file:
        _save(book, file)


def _lines(
    results: Iterable[SideResult], columns: Sequence[Column]
) -> Iterator[list[Cell]]:
    for result in results:
        cells = (cell_of(getattr(result, column.name)) for column in columns)
        yield [safe_text(cell) if isinstance(cell, str) else cell for cell in cells]


def _rows(reps: Path) -> int:
    """Return how many rows a table has at most: a cell may hold a line's end."""
    with reps.open("rb") as file:
        return max(sum(1 for _ in file) - 1, 0)


def _rep_lines(
    reps: Path, columns: Sequence[Column], count: int, progress: Progress
) -> Iterator[list[Cell]]:
    """Yield the joined repetitions; their text is safe since it was first written."""
    for done, cells in enumerate(rep_cells(reps)):
        if done % _PROGRESS_EVERY == 0:
            progress("Writing the workbook", done, count)
        yield [_value(cells[column.name], column.kind) for column in columns]


def _value(cell: str, kind: str) -> Cell:
    if not cell or kind in {"text", "time"}:
        return cell or None
    if kind == "truth":
        return cell == "true"
    return int(cell) if kind == "whole" else float(cell)


def _left_out(name: str, rows: int) -> str:
    return (
        f"Left out: {rows:,} rows, more than the {MOST_ROWS - 1:,} that a sheet can "
        f"hold below its heading. They are in {_TABLES[name]}."
    )


def _add_sheet(
    book: Any, name: str, columns: Sequence[Column], lines: Iterable[Line]
) -> None:
    """Write a heading that stays in view and can be filtered by, and the lines."""
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}1"
    for index, column in enumerate(columns, start=1):
        usual = max(_WIDTHS[column.kind], len(column.name) + 4)  # the filter's arrow
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = _WIDE.get(column.name, usual)
    sheet.append([_heading(sheet, column.name) for column in columns])
    for line in lines:
        sheet.append([_storable(sheet, cell) for cell in line])


def _storable(sheet: Any, value: Cell) -> Any:
    """Return what a sheet can hold of a value; text is text, whatever it looks like."""
    if not isinstance(value, str):
        return value
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    spelt = ILLEGAL_CHARACTERS_RE.sub(
        lambda found: f"\\x{ord(found.group()):02x}", value
    )[:_LONGEST_TEXT]
    if not spelt.startswith(("=", "#")):
        return spelt
    cell = WriteOnlyCell(sheet, spelt)
    cell.data_type = "s"
    return cell


def _heading(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, color=_INK)
    cell.fill = PatternFill("solid", fgColor=_PAPER)
    cell.alignment = Alignment(vertical="center")
    return cell


def _save(book: Any, file: IO[bytes]) -> None:
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = datetime(*_NO_DAY)  # noqa: DTZ001
    with _TimelessZip(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()


class _TimelessZip(ZipFile):
    """A ZIP whose parts do not tell when they were written."""

    def writestr(
        self, zinfo_or_arcname: Any, data: Any, *_how: Any, **_more: Any
    ) -> None:
        with self.open(self._part(zinfo_or_arcname), "w") as part:
            part.write(data.encode() if isinstance(data, str) else data)

    def write(
        self, filename: Any, arcname: Any = None, *_how: Any, **_more: Any
    ) -> None:
        part = self._part(arcname or filename)
        with (
            Path(filename).open("rb") as written,
            self.open(part, "w", force_zip64=True) as kept,
        ):
            shutil.copyfileobj(written, kept)

    def _part(self, name: str) -> ZipInfo:
        part = ZipInfo(name, _NO_DAY)
        part.compress_type = self.compression
        return part
