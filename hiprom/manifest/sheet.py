"""A CSV as people and spreadsheets save it -> its heading, and its rows by line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from hiprom.errors import InputError
from hiprom.report.tables import plain_text

_SEPARATORS = (",", ";", "\t")
# Excel's way to tell itself what separates the cells.
_SEPARATOR_LINE = "sep="


@dataclass(frozen=True)
class Sheet:
    """A table whose columns have names.

    Attributes
    ----------
    heading : tuple of str
        In lower case, blanks as "_"; "" where a column has no name.
    rows : tuple of (int, tuple of str)
        The line in which a row begins, from 1, and its cells without blanks around
        them. Rows without any text are left out; a row may be shorter or longer than
        the heading.
    """

    heading: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(path: Path, known: Collection[str]) -> Sheet:
    """Read a CSV: UTF-8, UTF-16 or Windows text, commas, semicolons or tabs.

    Parameters
    ----------
    path : Path
    known : collection of str
        Names of columns; what separates them best separates the cells.

    Raises
    ------
    InputError
        If it cannot be read, or is no such text.
    """
    # Not splitlines, which also ends a line at marks that may stand in a name.
    lines = list(io.StringIO(_text(path), newline=""))
    skipped = int(bool(lines) and lines[0].lower().startswith(_SEPARATOR_LINE))
    first = next(filter(str.strip, lines[skipped:]), "")
    separator = max(
        _SEPARATORS, key=lambda mark: len({*_heading(first.split(mark))} & {*known})
    )
    rows = list(_rows(path, lines[skipped:], separator, begins=1 + skipped))
    heading = _heading(rows.pop(0)[1]) if rows else ()
    return Sheet(heading, tuple(rows))


def _rows(
    path: Path, lines: list[str], separator: str, *, begins: int
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the line in which each row begins, and its cells."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    line = begins
    try:
        for cells in reader:
            stripped = tuple(plain_text(cell.strip()).strip() for cell in cells)
            if any(stripped):
                yield line, stripped
            line = begins + reader.line_num
    except csv.Error as error:
        raise InputError(
            f"{path} cannot be read as a table from line {line} on: {error}. Mend that "
            "line, or save it from the spreadsheet as CSV again."
        ) from error


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"Could not read {path}: {error.strerror}. Name a CSV file with a column "
            "'video'."
        ) from error
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(
        f"{path} is not a CSV: its bytes are no text. A workbook (xlsx, ods) must be "
        "saved from the spreadsheet as 'CSV UTF-8' first."
    )


def _heading(cells: Iterable[str]) -> tuple[str, ...]:
    return tuple("_".join(cell.strip(' "\r\n').lower().split()) for cell in cells)
