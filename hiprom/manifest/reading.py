"""A manifest -> the jobs it names, or one message with all that is wrong with it."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from hiprom.core.jobs import JobSpec
from hiprom.errors import InputError
from hiprom.manifest.names import NamedTest, job_names
from hiprom.manifest.row import COLUMNS, Row
from hiprom.manifest.sheet import Sheet, read_sheet
from hiprom.report.addresses import is_url, without_secrets

# How many problems a message lists.
_LISTED = 20
# How alike two names are before one is taken for a slip of the pen: "sides", "vidoe".
_ALIKE = 0.75

Note = Callable[[str], None]


def _unheard(_note: str) -> None:
    """Pass over a note."""


def read_manifest(path: Path, *, note: Note = _unheard) -> list[JobSpec]:
    """Return the jobs of a manifest, in its order.

    Whether the videos exist is not asked: one that is missing fails by itself, later.
    An empty cell leaves what `JobSpec` has. A day without a time means its noon, and a
    time without an offset is this machine's.

    Parameters
    ----------
    path : Path
        A CSV with the column ``video`` and any of `COLUMNS`, as a person, a script or
        a spreadsheet saved it. Its paths are seen from the folder it is in; what has
        ``://`` in it is a URL and stays as it is.
    note : callable, optional
        Is told a sentence about what was passed over.

    Raises
    ------
    InputError
        If it cannot be read, or if anything in it cannot be used: then the message
        lists the lines, what was found in them and what is needed.
    """
    sheet = read_sheet(path, COLUMNS)
    problems = list(_problems_of_heading(sheet.heading))
    if not problems and not sheet.rows:
        problems.append("There is no row below the heading.")
    if problems:
        raise _refusal(path, problems)
    base = path.absolute().parent
    specs: list[JobSpec] = []
    first_lines: dict[NamedTest, int] = {}
    for line, cells in sheet.rows:
        row = Row(dict(zip(sheet.heading, cells, strict=False)), base)
        # Cells that have slipped say nothing about their columns.
        said = [*_too_long(cells, len(sheet.heading))] or [*row.problems()]
        if not said:
            spec = row.spec()
            first = first_lines.setdefault(_test(spec, base), line)
            if first != line:
                said.append(
                    f"the same video, protocol and side stand in line {first}; needed "
                    "is one row for each"
                )
            specs.append(spec)
        problems += [f"Line {line}: {problem}." for problem in said]
    if problems:
        raise _refusal(path, problems)
    _tell_of_unknown(path, sheet, note)
    names = job_names(first_lines)
    return [replace(spec, name=name) for spec, name in zip(specs, names, strict=True)]


def _test(spec: JobSpec, base: Path) -> NamedTest:
    """Return what a job is named for; its video as seen from the manifest's folder."""
    elsewhere = is_url(spec.video)
    video = without_secrets(spec.video) if elsewhere else _seen_from(base, spec.video)
    return NamedTest(video, spec.protocol, spec.side)


def _seen_from(base: Path, video: str) -> str:
    try:
        return os.path.relpath(video, base)
    except ValueError:  # on another drive of Windows
        return video


def _problems_of_heading(heading: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with the names of the columns."""
    for name in COLUMNS:
        if heading.count(name) > 1:
            yield f"It has the column {name!r} twice."
    missing = [name for name in COLUMNS if name not in heading]
    for name in heading:
        if name not in COLUMNS:
            for meant in difflib.get_close_matches(name, missing, 1, _ALIKE):
                yield f"It has a column {name!r}; if {meant!r} is meant, call it so."
    if "video" in missing:
        yield "It has no column 'video'."


def _too_long(cells: tuple[str, ...], columns: int) -> Iterator[str]:
    if any(cells[columns:]):
        yield (
            f"it has {len(cells)} cells; needed are at most {columns}, as in the "
            "heading (a name with a comma or semicolon in it stands in quotes)"
        )


def _tell_of_unknown(path: Path, sheet: Sheet, note: Note) -> None:
    unknown = [repr(name) for name in sheet.heading if name and name not in COLUMNS]
    if unknown:
        note(
            f"Passed over in {path}: {', '.join(unknown)}. The columns that hiprom "
            f"knows are {', '.join(COLUMNS)}."
        )


def _refusal(path: Path, problems: list[str]) -> InputError:
    more = len(problems) - _LISTED
    return InputError(
        "\n".join(
            [
                f"Nothing of {path} was measured:",
                *problems[:_LISTED],
                *([f"And {more} more."] if more > 0 else []),
                "Mend the manifest and start again.",
            ]
        )
    )
