"""A leg's newest repetitions -> a table in a column of a sheet, as far as it goes."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.report.history import rep_words
from hiprom.report.history.cells import RepCells, rep_cells
from hiprom.report.history.chapters import Leg
from hiprom.report.history.looks import look
from hiprom.report.history.sheet import LEADING, Sheet
from hiprom.report.history.typesetting import Weight, lines, shortened
from hiprom.report.history.words import further_sentence

_SIZE_PT, _NOTE_PT, _ROW_PT = 7.2, 6.6, 11.2
_KEYS_PT = 18.0
_MOST_LINES = 1.9
_HARDLY_PT = 0.1
# Where each column ends, in shares of the table's width; the first begins at its left.
_ENDS = (0.0, 0.25, 0.6, 0.72, 0.86, 1.0)
_HEADINGS = ("Rep", "End", "95 % interval", "Held", "Raised", "Lowered")


def write_reps(
    sheet: Sheet, leg: Leg, x_pt: float, wide_pt: float, room_pt: float
) -> None:
    """Write the table, what its letters mean, and how it was done on the whole.

    Parameters
    ----------
    sheet : Sheet
    leg : Leg
    x_pt, wide_pt : float
        The column.
    room_pt : float
        How far down it may go. Rows that have no room are counted in a last line.
    """
    foot_pt = sheet.y_pt + room_pt
    its, rows = look(leg.protocol.direction, leg.side), leg.newest_reps
    sheet.y_pt += _ROW_PT
    mark_pt = sheet.write(its.letter, x_pt, sheet.y_pt, size_pt=7, colour=its.colour)
    when = day(leg.progress.sessions[-1].recorded_at)
    sheet.write(
        f"{leg.side.capitalize()}, {when}",
        x_pt + mark_pt + 3,
        sheet.y_pt,
        size_pt=7.5,
        weight="bold",
    )
    sheet.y_pt += _ROW_PT
    _write_row(sheet, _HEADINGS, x_pt, wide_pt, colour=palette.QUIET)
    table = [rep_cells(leg, row) for row in rows]
    shown = _fitting(table, leg, wide_pt, foot_pt - sheet.y_pt)
    keys = _keys(table[:shown])
    for cells in table[:shown]:
        _write_rep(sheet, cells, keys, x_pt, wide_pt)
    sheet.y_pt += 2
    for text, colour in _below(table, shown, leg):
        sheet.paragraph(
            _short(text, wide_pt),
            x_pt=x_pt,
            room_pt=wide_pt,
            size_pt=_NOTE_PT,
            colour=colour,
        )


def _fitting(table: list[RepCells], leg: Leg, wide_pt: float, room_pt: float) -> int:
    """Return how many rows there is room for, with all that has to stand below."""
    for shown in range(len(table), 0, -1):
        below = [text for text, _ in _below(table, shown, leg)]
        rows = sum(
            len(
                lines(
                    shortened(text, _MOST_LINES * wide_pt, _NOTE_PT), wide_pt, _NOTE_PT
                )
            )
            for text in below
        )
        if shown * _ROW_PT + 2 + rows * _NOTE_PT * LEADING <= room_pt + _HARDLY_PT:
            return shown
    return 0


def _short(text: str, wide_pt: float) -> str:
    """Return as much of a text as two lines hold: somebody may have typed it."""
    return shortened(text, _MOST_LINES * wide_pt, _NOTE_PT)


def _below(table: list[RepCells], shown: int, leg: Leg) -> Iterator[tuple[str, str]]:
    """Yield what stands below the table, each with its colour."""
    for remark, key in _keys(table[:shown]).items():
        yield f"{key}: {remark}", palette.CAUTION
    if missing := len(table) - shown:
        yield f"and {missing} more, for which this page has no room", palette.QUIET
    yield rep_words.tempo_sentence(leg.tempo[-1]), palette.QUIET
    if further := further_sentence(leg):
        yield further, palette.QUIET


def _keys(table: list[RepCells]) -> dict[str, str]:
    """Return a letter for each remark, in order: a, b, c."""
    remarks = dict.fromkeys(remark for cells in table for remark in cells.remarks)
    return {
        remark: ascii_lowercase[index % len(ascii_lowercase)]
        for index, remark in enumerate(remarks)
    }


def _write_rep(
    sheet: Sheet, cells: RepCells, keys: dict[str, str], x_pt: float, wide_pt: float
) -> None:
    sheet.line(x_pt, sheet.y_pt + 3.2, wide_pt)
    sheet.y_pt += _ROW_PT
    texts = (
        cells.label,
        cells.end,
        cells.interval,
        cells.held,
        cells.raised,
        cells.lowered,
    )
    colour = palette.INK if cells.counts else palette.QUIET
    _write_row(sheet, texts, x_pt, wide_pt, colour=colour, is_counted=cells.counts)
    sheet.write(
        " ".join(keys[remark] for remark in cells.remarks),
        x_pt + _KEYS_PT,
        sheet.y_pt,
        size_pt=_NOTE_PT,
        weight="bold",
        colour=palette.CAUTION,
    )


def _write_row(
    sheet: Sheet,
    texts: tuple[str, ...],
    x_pt: float,
    wide_pt: float,
    *,
    colour: str,
    is_counted: bool = False,
) -> None:
    for index, (text, end) in enumerate(zip(texts, _ENDS, strict=True)):
        weight: Weight = "bold" if is_counted and index == 1 else "normal"
        sheet.write(
            text,
            x_pt + end * wide_pt,
            sheet.y_pt,
            size_pt=_SIZE_PT,
            weight=weight,
            colour=colour,
            align="right" if index else "left",
        )
