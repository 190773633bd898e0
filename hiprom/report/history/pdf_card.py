"""A leg -> its card on a sheet: the number that matters and what it is held against."""

from __future__ import annotations

from functools import partial

from hiprom.report import palette
from hiprom.report.history import words
from hiprom.report.history.chapters import Chapter, Leg
from hiprom.report.history.looks import look
from hiprom.report.history.pose import draw_person
from hiprom.report.history.sheet import Sheet, columns
from hiprom.report.sentences import part

_PAD_PT = 11.0
_SMALL_PT = 6.8
_WIDE_PT = 300.0
_PERSON_PT = (66.0, 78.0)


def write_cards(sheet: Sheet, chapter: Chapter) -> None:
    """Set the cards of a chapter's legs side by side, as high as the higher one."""
    top_pt, foot_pt = sheet.y_pt, sheet.y_pt
    places = columns(len(chapter.legs))
    for leg, (x_pt, wide_pt) in zip(chapter.legs, places, strict=True):
        sheet.y_pt = top_pt + _PAD_PT - 3
        _write_card(sheet, leg, x_pt + _PAD_PT, wide_pt - 2 * _PAD_PT)
        foot_pt = max(foot_pt, sheet.y_pt + _PAD_PT - 3)
    colour = palette.accent_wash(chapter.protocol)
    for x_pt, wide_pt in places:
        sheet.panel(x_pt, top_pt, wide_pt, foot_pt - top_pt, colour=colour)
    sheet.y_pt = foot_pt


def _write_card(sheet: Sheet, leg: Leg, x_pt: float, room_pt: float) -> None:
    """Set one card; where it is wide, with the changes beside the number."""
    top_pt, is_wide = sheet.y_pt, room_pt > _WIDE_PT
    _draw_figure(sheet, leg, x_pt + room_pt)
    _write_number(sheet, leg, x_pt)
    for said in (words.newest_sentence(leg), words.best_sentence(leg)):
        sheet.paragraph(said, x_pt=x_pt, size_pt=7, colour=palette.QUIET)
    foot_pt = sheet.y_pt
    if is_wide:
        sheet.y_pt = top_pt
        x_pt, room_pt = x_pt + 0.34 * room_pt, 0.52 * room_pt
    _write_changes(sheet, leg, x_pt, room_pt)
    sheet.y_pt = max(sheet.y_pt, foot_pt)


def _write_changes(sheet: Sheet, leg: Leg, x_pt: float, room_pt: float) -> None:
    sheet.y_pt += 3
    for against, when, change, verdict, is_real in words.change_rows(leg):
        sheet.y_pt += 2
        sheet.paragraph(
            f"Against {against}, {when}",
            x_pt=x_pt,
            room_pt=room_pt,
            size_pt=_SMALL_PT,
            colour=palette.QUIET,
        )
        sheet.paragraph(
            f"{change}: {verdict}",
            x_pt=x_pt,
            room_pt=room_pt,
            size_pt=7.2,
            weight="bold" if is_real else "normal",
        )
    if said := words.slope_sentence(leg):
        sheet.y_pt += 3
        sheet.paragraph(said, x_pt=x_pt, room_pt=room_pt, size_pt=_SMALL_PT)


def _write_number(sheet: Sheet, leg: Leg, x_pt: float) -> None:
    its = look(leg.protocol.direction, leg.side)
    sheet.y_pt += 11
    mark_pt = sheet.write(its.letter, x_pt, sheet.y_pt, size_pt=8, colour=its.colour)
    sheet.write(
        part(leg.side),
        x_pt + mark_pt + 4,
        sheet.y_pt,
        size_pt=9,
        weight="bold",
    )
    sheet.y_pt += 29
    sheet.write(
        leg.said(leg.progress.sessions[-1].mean),
        x_pt,
        sheet.y_pt,
        size_pt=27,
        weight="bold",
        colour=palette.accent(leg.protocol),
    )
    sheet.y_pt += 14
    if likely := words.likely(leg):
        wide = sheet.write(likely, x_pt, sheet.y_pt, size_pt=8.5, weight="bold")
        sheet.write("95 % interval", x_pt + wide + 4, sheet.y_pt, colour=palette.QUIET)
    sheet.y_pt += 2


def _draw_figure(sheet: Sheet, leg: Leg, right_pt: float) -> None:
    """Draw the person in the card's upper right corner."""
    if leg.pose is not None and leg.pose.is_drawable:
        wide_pt, high_pt = _PERSON_PT
        sheet.draw(
            partial(draw_person, pose=leg.pose),
            right_pt - wide_pt + 6,
            sheet.y_pt,
            wide_pt,
            high_pt,
        )
