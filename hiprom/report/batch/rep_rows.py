"""reps.csv of one video -> its rows, as they are spelt there.

Cells stay text: what is joined to one table is then the same to the last digit, and no
spreadsheet takes for a formula what it did not before.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import ResultsError
from hiprom.report.tables import REPS_COLUMNS

_MARKS = frozenset(',"\r\n')

Cells = Mapping[str, str]


class RepEnd(NamedTuple):
    """How far a repetition went, as it is signed in the file; NaN where unknown."""

    end: float
    low: float
    high: float
    counts: bool


def rep_cells(path: Path) -> Iterator[dict[str, str]]:
    """Yield the cells of each repetition by column.

    Raises
    ------
    ResultsError
        If it cannot be read, lacks a column, or a row is cut.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            heading = next(lines, [])
            missing = [name for name in REPS_COLUMNS if name not in heading]
            if missing:
                raise ResultsError(
                    f"{path} has no column {missing[0]!r}. Measure the video again."
                )
            for cells in lines:
                if len(cells) != len(heading):
                    raise ResultsError(f"{path} is cut. Measure the video again.")
                yield dict(zip(heading, cells, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ResultsError(
            f"{path} cannot be read ({error}). Measure the video again."
        ) from error


def csv_line(cells: Iterable[str]) -> str:
    """Return one line of CSV, spelt as `hiprom.report.tables.write_csv` does it."""
    return ",".join(map(_quoted, cells)) + "\n"


def ends_of(path: Path, side: str) -> list[RepEnd]:
    """Return how far each repetition of one side went the protocol's main way.

    Further quantities, and repetitions the other way where both count, are passed over.

    Raises
    ------
    ResultsError
        As `rep_cells`, and where a number is none.
    """
    try:
        return [
            RepEnd(
                _number(cells["end_range"]),
                _number(cells["end_range_low"]),
                _number(cells["end_range_high"]),
                cells["valid"] == "true",
            )
            for cells in rep_cells(path)
            if cells["side"] == side and _is_main(cells)
        ]
    except ValueError as error:
        raise ResultsError(
            f"{path} is damaged ({error}). Measure the video again."
        ) from error


def _is_main(cells: Cells) -> bool:
    known = PROTOCOLS.get(cells["protocol"])
    if known is None:
        return True
    if cells["quantity"] != known.quantity:
        return False
    went = _number(cells["excursion"])
    return len(known.movements) == 1 or not known.direction * went < 0


def _number(cell: str) -> float:
    return float(cell) if cell else math.nan


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _MARKS & set(text) else text
