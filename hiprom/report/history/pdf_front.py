"""An Overview -> the first sheets: where all stands, what to ask, how practice goes."""

from __future__ import annotations

from hiprom.core.history import Programme
from hiprom.core.overview import Overview
from hiprom.core.programme import Reason
from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.report.history import captions, words
from hiprom.report.history.chapters import Chapter, Leg
from hiprom.report.history.looks import look
from hiprom.report.history.sheet import LEADING, MARGIN_PT, ROOM_PT, Sheet
from hiprom.report.history.typesetting import lines, shortened
from hiprom.report.history.weeks_figure import week_panels

_PAD_PT = 11.0
_MOST_LINES = 12  # a diary may say more than fits beside all else
_SMALL_PT = 6.8
_ROW_PT = 26.0
_WEEKS_PT = 58.0


def has_front(overview: Overview, found: tuple[Chapter, ...]) -> bool:
    """Whether there is more to say than stands in the chapters."""
    return bool(
        not found
        or overview.reasons
        or overview.diary
        or overview.programme != Programme()
        or len(overview.adherence.weeks) > 1
        or captions.arc_sentences(overview)
    )


def front_sheets(
    overview: Overview, found: tuple[Chapter, ...], subject: str
) -> list[Sheet]:
    """Set the front: one sheet, and more where there are many reasons to ask."""
    sheets = [Sheet()]
    _write_title(sheets[0], overview, subject)
    for index, reason in enumerate(overview.reasons):
        _write_reason(_sheet_for(sheets, _reason_pt(reason) + 40), reason, index)
    if found:
        _sheet_for(sheets, 60).heading("Where it stands")
    for chapter in found:
        for leg in chapter.legs:
            _write_leg(_sheet_for(sheets, _ROW_PT), chapter, leg)
    if not found:
        sheets[-1].y_pt += 10
        sheets[-1].paragraph(captions.NO_SESSION, size_pt=9)
    if overview.adherence.weeks:
        _write_practice(_sheet_for(sheets, 360), overview)
    ends = [
        *captions.arc_sentences(overview),
        captions.left_out_sentence(overview),
        captions.WHOM_TO_ASK,
    ]
    for said in filter(None, ends):
        _sheet_for(sheets, 40)
        sheets[-1].y_pt += 8
        sheets[-1].paragraph(said, colour=palette.QUIET)
    return sheets


def _sheet_for(sheets: list[Sheet], needed_pt: float) -> Sheet:
    """Return the last sheet, or a new one where it has too little room."""
    if sheets[-1].left_pt < needed_pt:
        sheets.append(Sheet())
    return sheets[-1]


def _write_title(sheet: Sheet, overview: Overview, subject: str) -> None:
    sheet.brand()
    sheet.paragraph(captions.TITLE, size_pt=18, weight="bold")
    who = shortened(subject, ROOM_PT - 120, 9)
    sheet.paragraph(
        f"{who} · as of {day(overview.today)}",
        size_pt=9,
        colour=palette.QUIET,
        after_pt=8,
    )


def _reason_lines(reason: Reason) -> tuple[list[str], list[str]]:
    room_pt = ROOM_PT - 2 * _PAD_PT
    said = f"{reason.seen} Ask {reason.whom}: {reason.ask}"
    source = f"Where this comes from: {reason.source}"
    return (
        lines(said, room_pt, 8)[:_MOST_LINES],
        lines(source, room_pt, _SMALL_PT)[:_MOST_LINES],
    )


def _reason_pt(reason: Reason) -> float:
    said, source = _reason_lines(reason)
    return LEADING * (8 * len(said) + _SMALL_PT * len(source)) + 2 * _PAD_PT - 6


def _write_reason(sheet: Sheet, reason: Reason, index: int) -> None:
    if index == 0:
        sheet.heading("Worth asking about")
    high_pt = _reason_pt(reason)
    sheet.panel(MARGIN_PT, sheet.y_pt, ROOM_PT, high_pt, colour=palette.CAUTION_WASH)
    foot_pt = sheet.y_pt + high_pt
    sheet.y_pt += _PAD_PT - 4
    said, source = _reason_lines(reason)
    for line in said:
        sheet.paragraph(line, x_pt=MARGIN_PT + _PAD_PT, size_pt=8)
    for line in source:
        sheet.paragraph(
            line,
            x_pt=MARGIN_PT + _PAD_PT,
            size_pt=_SMALL_PT,
            colour=palette.QUIET,
        )
    sheet.y_pt = foot_pt + 6


def _write_leg(sheet: Sheet, chapter: Chapter, leg: Leg) -> None:
    """Write the newest number of a leg, and how it compares with the first."""
    sheet.line(MARGIN_PT, sheet.y_pt, ROOM_PT)
    its, row = look(leg.protocol.direction, leg.side), leg.progress.sessions[-1]
    y_pt = sheet.y_pt + 11
    mark_pt = sheet.write(its.letter, MARGIN_PT, y_pt, colour=its.colour)
    side = "" if leg.side == "both" else f", {leg.side}"
    title = shortened(f"{chapter.title}{side}", 190, 8)
    sheet.write(title, MARGIN_PT + mark_pt + 4, y_pt, size_pt=8)
    sheet.write(
        day(row.recorded_at),
        MARGIN_PT + mark_pt + 4,
        y_pt + 10,
        size_pt=_SMALL_PT,
        colour=palette.QUIET,
    )
    x_pt = MARGIN_PT + 205
    sheet.write(
        leg.said(row.mean),
        x_pt,
        y_pt + 3,
        size_pt=13,
        weight="bold",
        colour=palette.accent(leg.protocol),
    )
    sheet.write(
        words.likely(leg), x_pt + 52, y_pt, size_pt=_SMALL_PT, colour=palette.QUIET
    )
    since = [each for each in words.change_rows(leg) if each[0] == words.FIRST]
    for against, _, change, verdict, is_real in since:
        sheet.write(f"against {against} {change}", x_pt + 128, y_pt, size_pt=_SMALL_PT)
        sheet.write(
            verdict,
            x_pt + 128,
            y_pt + 10,
            size_pt=_SMALL_PT,
            weight="bold" if is_real else "normal",
        )
    sheet.y_pt += _ROW_PT


def _write_practice(sheet: Sheet, overview: Overview) -> None:
    sheet.y_pt += 6
    sheet.heading(captions.weeks_title(overview))
    sheet.paragraph(captions.goal_sentence(overview), size_pt=8)
    if said := captions.due_sentence(overview):
        sheet.paragraph(said, size_pt=8)
    sheet.y_pt += 16
    for draw in week_panels(overview):
        sheet.draw(draw, MARGIN_PT + 16, sheet.y_pt, ROOM_PT - 16, _WEEKS_PT)
        sheet.y_pt += _WEEKS_PT + 20
    sheet.y_pt += 4
    sheet.paragraph(
        captions.weeks_caption(overview), size_pt=_SMALL_PT, colour=palette.QUIET
    )
