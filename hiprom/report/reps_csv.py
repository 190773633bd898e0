"""reps.csv -> a table again, as it was before it was written."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import ResultsError
from hiprom.report.tables import REPS_COLUMNS, plain_text

if TYPE_CHECKING:
    import pandas as pd


def read_reps_csv(path: Path) -> pd.DataFrame:
    """Read what `write_csv` made of a `reps_table`.

    Returns
    -------
    pandas.DataFrame
        Columns and kinds of `REPS_COLUMNS` and what else moved, as far as it is there;
        numbers as rounded in the file.

    Raises
    ------
    ResultsError
        If the file cannot be read or its columns are not those of ``reps.csv``.
    """
    import pandas as pd

    try:
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ResultsError(
            f"Could not read {path}: {error}. Name a reps.csv that hiprom wrote."
        ) from error
    missing = [name for name in REPS_COLUMNS if name not in header]
    if missing or any(len(row) != len(header) for row in rows):
        raise ResultsError(
            f"{path} is not a reps.csv: "
            + (f"it has no column {missing[0]!r}. " if missing else "a row is cut. ")
            + "Name a reps.csv that hiprom wrote, or measure the video again."
        )
    kinds = REPS_COLUMNS | {
        name: "float64" for name in header if name in _change_columns()
    }
    cells = dict(zip(header, zip(*rows, strict=True), strict=True)) if rows else {}
    try:
        return pd.DataFrame(
            {
                name: pd.Series(_parsed(cells.get(name, ()), kind), dtype=kind)
                for name, kind in kinds.items()
            }
        ).fillna({"flags": ""})  # no flag is known, not missing
    except (ValueError, KeyError) as error:
        raise ResultsError(
            f"{path} is damaged: {error}. Measure the video again."
        ) from error


def _change_columns() -> set[str]:
    """Return the columns of what else may move, in any protocol."""
    return {
        column
        for protocol in PROTOCOLS.values()
        for column in protocol.change_columns.values()
    }


def _parsed(cells: Sequence[str], kind: str) -> list[Any]:
    """Return the values of a column; an empty cell is missing."""
    if kind == "bool":
        return [{"true": True, "false": False}[cell] for cell in cells]
    if kind == "str":
        return [plain_text(cell) if cell else None for cell in cells]
    number = float if kind == "float64" else int
    return [number(cell) if cell else None for cell in cells]
