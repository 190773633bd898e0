"""An Overview -> a PDF of A4 sheets: the same overview always gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from hiprom.core.overview import Overview
from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.report.figure_style import style
from hiprom.report.history import captions, words
from hiprom.report.history.chapters import chapters
from hiprom.report.history.pdf_chapter import chapter_sheet
from hiprom.report.history.pdf_front import front_sheets, has_front
from hiprom.report.history.pose import Pose
from hiprom.report.history.sheet import (
    HEIGHT_PT,
    MARGIN_PT,
    WIDTH_PT,
    Sheet,
)
from hiprom.report.history.typesetting import settable, shortened
from hiprom.report.whole_file import whole_file

_FOOT_PT = 6.6


def write_history_pdf(
    path: Path,
    overview: Overview,
    *,
    poses: Iterable[Pose] = (),
    created: datetime | None = None,
) -> None:
    """Write a sheet per protocol, after a first one where there is more to say.

    Parameters
    ----------
    path : Path
    overview : Overview
        All that is printed is in it.
    poses : iterable of Pose
        The furthest repetition of each measure, to be drawn beside its number.
    created : datetime, optional
        What the file gives as the time it was made. Without it the file gives none.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    found, subject = chapters(overview, poses), words.name(overview.subject)
    with pdf_style():
        sheets = []
        if has_front(overview, found):
            sheets += front_sheets(overview, found, subject)
        sheets += [chapter_sheet(chapter, subject) for chapter in found]
        write_sheets(path, sheets, overview, title=captions.TITLE, created=created)


@contextmanager
def pdf_style() -> Iterator[None]:
    """Set sheets within the ``with`` block: our style, letters that stay letters."""
    with style(6.6, **{"pdf.fonttype": 42, "lines.markersize": 4.0}):
        yield


def write_sheets(
    path: Path,
    sheets: list[Sheet],
    overview: Overview,
    *,
    title: str,
    created: datetime | None,
) -> None:
    """Write finished sheets with their numbers and the subject at their feet."""
    from matplotlib.backends.backend_pdf import PdfPages

    subject = words.name(overview.subject)
    facts = {
        "Title": settable(f"{title}: {subject}"),
        "Creator": "hiprom",
        "Producer": None,  # it would name the version of a library
        "CreationDate": created,
    }
    with whole_file(path) as unfinished, PdfPages(unfinished, metadata=facts) as pages:
        for number, sheet in enumerate(sheets, start=1):
            _write_foot(sheet, overview, subject, f"{number} of {len(sheets)}")
            pages.savefig(sheet.figure)


def _write_foot(sheet: Sheet, overview: Overview, subject: str, number: str) -> None:
    y_pt = HEIGHT_PT - 0.55 * MARGIN_PT
    who = shortened(subject, 200, _FOOT_PT)
    sheet.write(
        f"{captions.NOT_A_DIAGNOSIS} · {who} · as of {day(overview.today)}",
        MARGIN_PT,
        y_pt,
        size_pt=_FOOT_PT,
        colour=palette.QUIET,
    )
    sheet.write(
        number,
        WIDTH_PT - MARGIN_PT,
        y_pt,
        size_pt=_FOOT_PT,
        colour=palette.QUIET,
        align="right",
    )
