"""A CSV of repetitions -> trials that can be saved: all of it, or one clear error.

Two kinds of file are read. A reps.csv of an earlier run or a CSV export, also after a
spreadsheet has saved it again (semicolons or tabs, decimal commas, a byte order mark,
other line ends). And a list kept by hand, of a goniometer for example, with at least
the columns date, protocol, side and end_range. Columns that are not known are ignored.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from hiprom.core.history import SavedRep
from hiprom.errors import ResultsError
from hiprom.report.import_rows import Row, TrialFacts, Unusable
from hiprom.report.tables import REPS_COLUMNS

_NEEDED = ("protocol", "side", "end_range")
_KNOWN = {*REPS_COLUMNS, "date", "session", "trial", "instrument", "excluded"}
# How many bad rows a message lists.
_LISTED = 5


@dataclass(frozen=True)
class ImportedTrial:
    """One recording as a file tells of it.

    Attributes
    ----------
    subject : str or None
        The person's code; None where the file does not say.
    video : str
        The video's name, "" where there was none.
    recorded_at : datetime
        With its offset from UTC.
    protocol : str
    instrument : str
        What measured: "hiprom video", "goniometer", or as the file says.
    reps : tuple of SavedRep
        At least one; what the file does not tell is NaN.
    """

    subject: str | None
    video: str
    recorded_at: datetime
    protocol: str
    instrument: str
    reps: tuple[SavedRep, ...]


def read_reps(
    path: Path, *, recorded_at: datetime | None = None, zone: tzinfo = UTC
) -> tuple[ImportedTrial, ...]:
    """Read the repetitions of `path`, sorted into trials in the file's order.

    Rows belong to one trial that agree in subject, video, time, protocol, instrument
    and, where there is such a column, trial. Repetitions without a number are counted
    on their side. A file with all columns of reps.csv is taken for hiprom's own, any
    other for a goniometer's, unless a column ``instrument`` says what measured.

    Parameters
    ----------
    path : Path
    recorded_at : datetime, optional
        For rows that do not say when; with its offset from UTC.
    zone : tzinfo
        For times without an offset. A day without a time means its noon there.

    Raises
    ------
    ResultsError
        If the file cannot be read, or if anything in it cannot be used: then the
        message lists the lines, and nothing is returned.
    """
    trials: dict[TrialFacts, _Reps] = {}
    problems = []
    for line, row in _rows(path):
        try:
            facts, saved = row.trial(recorded_at, zone), row.rep()
            trials.setdefault(facts, _Reps()).add(line, saved)
        except Unusable as problem:
            problems.append(f"Line {line}: {problem}.")
    if problems:
        raise _refusal(path, problems)
    if not trials:
        raise _refusal(path, ["There is no row below the heading."])
    return tuple(
        ImportedTrial(
            subject=trial.subject,
            video=trial.video,
            recorded_at=trial.recorded_at,
            protocol=trial.protocol,
            instrument=trial.instrument,
            reps=tuple(reps.saved),
        )
        for trial, reps in trials.items()
    )


class _Reps:
    """The repetitions of one trial as they come in."""

    def __init__(self) -> None:
        self.saved: list[SavedRep] = []
        self._lines: dict[tuple[str, str, int], int] = {}
        self._last: dict[tuple[str, str], int] = {}

    def add(self, line: int, saved: SavedRep) -> None:
        """Add one, numbered after the last on its side if it has no number."""
        track = (saved.side, saved.quantity)
        number = saved.rep.number or self._last.get(track, 0) + 1
        first = self._lines.setdefault((*track, number), line)
        if first != line:
            raise Unusable(
                f"the same repetition stands in line {first}; give each recording "
                "its own number in a column 'trial'"
            )
        self._last[track] = max(number, self._last.get(track, 0))
        self.saved.append(replace(saved, rep=replace(saved.rep, number=number)))


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Yield the number of each row's first line, and the row; empty ones are passed.

    Raises
    ------
    ResultsError
        If the file cannot be read, lacks a column, or a row is cut.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ResultsError(
            f"Could not read {path}: {error.strerror}. Name a CSV file."
        ) from error
    except UnicodeDecodeError as error:
        raise ResultsError(
            f"Could not read {path}: it is not UTF-8 text. In the spreadsheet, save it "
            "as 'CSV UTF-8'."
        ) from error
    delimiter, header = _heading(path, text)
    is_ours = set(REPS_COLUMNS) <= set(header)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        next(reader)
        line = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                if len(cells) < len(header) or any(cells[len(header) :]):
                    raise _refusal(
                        path,
                        [
                            f"Line {line} has {len(cells)} cells; the heading has "
                            f"{len(header)}."
                        ],
                    )
                named = dict(zip(header, cells, strict=False))
                yield line, Row(named, is_ours, has_decimal_comma=delimiter != ",")
            line = reader.line_num + 1
    except csv.Error as error:
        raise _refusal(path, [f"Line {reader.line_num}: {error}."]) from error


def _heading(path: Path, text: str) -> tuple[str, list[str]]:
    """Return the mark that separates the cells, and the names of the columns."""
    first = text.splitlines()[0] if text else ""
    headings = {
        mark: [cell.strip(' "').lower() for cell in first.split(mark)]
        for mark in (",", ";", "\t")
    }
    mark = max(headings, key=lambda each: len(_KNOWN.intersection(headings[each])))
    header = headings[mark]
    problems = [f"It has no column {name!r}." for name in _NEEDED if name not in header]
    twice = [name for name in header if name in _KNOWN and header.count(name) > 1]
    problems += [f"It has the column {name!r} twice." for name in dict.fromkeys(twice)]
    if problems:
        raise _refusal(path, problems)
    return mark, header


def _refusal(path: Path, problems: list[str]) -> ResultsError:
    listed = " ".join(problems[:_LISTED])
    more = len(problems) - _LISTED
    return ResultsError(
        f"Nothing of {path} was imported. {listed} "
        + (f"And {more} more. " if more > 0 else "")
        + "Needed is a reps.csv of hiprom, or a CSV with the columns date, protocol, "
        "side and end_range. Mend the file and import it again."
    )
