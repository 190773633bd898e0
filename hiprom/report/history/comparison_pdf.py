"""Two sessions of an Overview -> a PDF with a sheet for each protocol."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from pathlib import Path

from hiprom.core.overview import Overview
from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.report.history import comparison_words, words
from hiprom.report.history.comparison import Comparison, Pair, compare
from hiprom.report.history.comparison_figure import draw_comparison
from hiprom.report.history.looks import look
from hiprom.report.history.pdf import pdf_style, write_sheets
from hiprom.report.history.sheet import MARGIN_PT, ROOM_PT, Sheet, columns
from hiprom.report.history.typesetting import shortened

_FIGURE_PT, _ROW_PT = 210.0, 13.0
_SMALL_PT = 6.8


def write_comparison_pdf(
    path: Path,
    overview: Overview,
    earlier_session_id: int,
    later_session_id: int,
    *,
    created: datetime | None = None,
) -> None:
    """Write a sheet for each protocol that both sessions have.

    Parameters
    ----------
    path : Path
    overview : Overview
    earlier_session_id, later_session_id : int
        In either order.
    created : datetime, optional
        What the file gives as the time it was made. Without it the file gives none.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    InputError
        If a session is not there, both are the same, or they have no measure in common.
    """
    found = compare(overview, earlier_session_id, later_session_id)
    subject, title = words.name(overview.subject), comparison_words.TITLE
    with pdf_style():
        sheets = [_sheet(comparison, subject) for comparison in found]
        write_sheets(path, sheets, overview, title=title, created=created)


def _sheet(comparison: Comparison, subject: str) -> Sheet:
    sheet = Sheet()
    sheet.brand()
    accent = palette.accent(comparison.protocol)
    title = shortened(comparison.title, ROOM_PT, 16, "bold")
    sheet.paragraph(title, size_pt=16, weight="bold", colour=accent)
    first, last = (day(visit.row.recorded_at) for visit in comparison.pairs[0].visits)
    who = shortened(subject, ROOM_PT - 300, 8.5)
    sheet.paragraph(
        f"{comparison_words.TITLE}: {who}, {first} and {last}",
        size_pt=8.5,
        colour=palette.QUIET,
        after_pt=8,
    )
    for pair in comparison.pairs:
        sheet.paragraph(
            comparison_words.change_sentence(pair),
            size_pt=10,
            weight="bold" if pair.change.is_real else "normal",
        )
    sheet.y_pt += 10
    drawing = partial(draw_comparison, comparison=comparison)
    sheet.draw(drawing, MARGIN_PT + 26, sheet.y_pt, ROOM_PT - 26, _FIGURE_PT)
    sheet.y_pt += _FIGURE_PT + 28
    sheet.paragraph(
        comparison_words.HOW_TO_READ, size_pt=_SMALL_PT, colour=palette.QUIET
    )
    _write_tables(sheet, comparison)
    sheet.heading("Method and limits")
    said = comparison_words.method_sentence(comparison)
    sheet.paragraph(said, size_pt=_SMALL_PT, colour=palette.QUIET)
    return sheet


def _write_tables(sheet: Sheet, comparison: Comparison) -> None:
    top_pt, foot_pt = sheet.y_pt, sheet.y_pt
    for pair, (x_pt, wide_pt) in zip(comparison.pairs, columns(2), strict=False):
        sheet.y_pt = top_pt
        _write_table(sheet, pair, x_pt, wide_pt)
        foot_pt = max(foot_pt, sheet.y_pt)
    sheet.y_pt = foot_pt


def _write_table(sheet: Sheet, pair: Pair, x_pt: float, wide_pt: float) -> None:
    its = look(pair.protocol.direction, pair.side)
    sheet.heading(pair.side.capitalize(), x_pt=x_pt + 11)
    sheet.write(its.letter, x_pt, sheet.y_pt - 4, size_pt=8, colour=its.colour)
    days = [day(visit.row.recorded_at) for visit in pair.visits]
    *rows, flags = comparison_words.rows(pair)
    for index, row in enumerate([comparison_words.Row("", *days), *rows]):
        if index:
            sheet.line(x_pt, sheet.y_pt + 3.5, wide_pt)
        sheet.y_pt += _ROW_PT
        sheet.write(row.what, x_pt, sheet.y_pt, colour=palette.QUIET)
        for text, share in ((row.earlier, 0.72), (row.later, 1.0)):
            sheet.write(
                text,
                x_pt + share * wide_pt,
                sheet.y_pt,
                weight="bold" if index == 1 else "normal",
                align="right",
            )
    sheet.y_pt += 3
    for when, text in zip(days, flags[1:], strict=True):
        sheet.paragraph(
            f"Flags on {when}: {text}.",
            x_pt=x_pt,
            room_pt=wide_pt,
            size_pt=_SMALL_PT,
            colour=palette.CAUTION if text != "none" else palette.QUIET,
        )
