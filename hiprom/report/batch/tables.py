"""The rows of a batch -> summary.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hiprom.report.batch.columns import SUMMARY_COLUMNS
from hiprom.report.batch.results import SideResult
from hiprom.report.tables import write_csv
from hiprom.report.whole_file import whole_file

_KINDS = {"text": "str", "whole": "Int64", "number": "float64"}


def write_summary_csv(path: Path, results: Sequence[SideResult]) -> None:
    """Write a row for each video and side, spelt like every table of hiprom.

    Raises
    ------
    ResultsError
        If it cannot be written.
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            column.name: pd.Series(
                [getattr(result, column.name) for result in results],
                dtype=_KINDS[column.kind],
            )
            for column in SUMMARY_COLUMNS
        }
    )
    with whole_file(path) as unfinished:
        write_csv(table, unfinished)
