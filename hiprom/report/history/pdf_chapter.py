"""A chapter -> one sheet: the numbers, the trend, the sides, the last repetitions."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from hiprom.report import palette
from hiprom.report.dates import period
from hiprom.report.history import captions, side_words, words
from hiprom.report.history.bars_figure import bar_rows, draw_bars
from hiprom.report.history.chapters import Chapter
from hiprom.report.history.pdf_card import write_cards
from hiprom.report.history.pdf_reps import write_reps
from hiprom.report.history.sheet import (
    MARGIN_PT,
    ROOM_PT,
    WIDTH_PT,
    Sheet,
    columns,
    height_pt,
)
from hiprom.report.history.tempo_figure import has_tempo, pace_panels
from hiprom.report.history.trend_figure import Scale, draw_trend, scale
from hiprom.report.history.typesetting import shortened

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SMALL_PT = 6.5
_LEAST_TREND_PT, _MOST_TREND_PT = 80.0, 165.0
_TICKS_PT = 22.0
_PACE_PT, _BAR_PT = 25.0, 15.0


def chapter_sheet(chapter: Chapter, subject: str) -> Sheet:
    """Set a chapter on one sheet.

    The trend is as high as the rest leaves room for. Repetitions that have no room
    even so are counted instead of shown.

    Parameters
    ----------
    chapter : Chapter
    subject : str
        The person's name, as the heading has it.
    """
    sheet = Sheet()
    _write_head(sheet, chapter, subject)
    write_cards(sheet, chapter)
    write_methods = partial(_write_methods, chapter=chapter)
    methods_pt = height_pt(write_methods)
    if any(len(leg.progress.sessions) > 1 for leg in chapter.legs):
        limits = scale(chapter)
        write_rest = partial(_write_sides, chapter=chapter)
        if has_tempo(chapter):
            write_rest = partial(_write_sides_and_tempo, chapter=chapter, limits=limits)
        below_pt = (
            height_pt(partial(_draw_trends, chapter=chapter, limits=limits, high_pt=0))
            + height_pt(write_rest)
            + height_pt(partial(_write_last_visit, chapter=chapter, room_pt=math.inf))
            + methods_pt
        )
        free_pt = min(max(sheet.left_pt - below_pt, _LEAST_TREND_PT), _MOST_TREND_PT)
        _draw_trends(sheet, chapter, limits, free_pt)
        write_rest(sheet)
    else:
        sheet.y_pt += 8
        sheet.paragraph(
            words.first_visit_sentence(chapter.legs[0].progress.error), size_pt=8
        )
        _write_sides(sheet, chapter)
    _write_last_visit(sheet, chapter, sheet.left_pt - methods_pt)
    write_methods(sheet)
    return sheet


def _write_head(sheet: Sheet, chapter: Chapter, subject: str) -> None:
    title = shortened(chapter.title, ROOM_PT - 60, 16, "bold")
    sheet.paragraph(
        title, size_pt=16, weight="bold", colour=palette.accent(chapter.protocol)
    )
    sheet.write(
        "hiprom",
        WIDTH_PT - MARGIN_PT,
        sheet.y_pt - 5,
        size_pt=8,
        weight="bold",
        colour=palette.TEAL,
        align="right",
    )
    visits = f"{chapter.visits} session{'' if chapter.visits == 1 else 's'}"
    facts = [period(*chapter.period), visits]
    if chapter.notes:
        facts.append(f"SFTR {', '.join(note.text for note in chapter.notes)}")
    who = shortened(subject, ROOM_PT - 320, 8)
    sheet.paragraph(
        " · ".join([who, *facts]), size_pt=8, colour=palette.QUIET, after_pt=7
    )


def _draw_trends(sheet: Sheet, chapter: Chapter, limits: Scale, high_pt: float) -> None:
    sheet.y_pt += 10
    for leg, (x_pt, wide_pt) in zip(
        chapter.legs, columns(len(chapter.legs)), strict=True
    ):
        trend = partial(draw_trend, leg=leg, limits=limits)
        sheet.draw(trend, x_pt + 26, sheet.y_pt, wide_pt - 26, high_pt)
    sheet.y_pt += high_pt + _TICKS_PT
    sheet.paragraph(
        captions.trend_caption(chapter), size_pt=_SMALL_PT, colour=palette.QUIET
    )


def _write_sides_and_tempo(sheet: Sheet, chapter: Chapter, limits: Scale) -> None:
    """Set the bars on the left and tempo and quality on the right."""
    top_pt = sheet.y_pt
    (x_pt, wide_pt), (right_pt, right_wide_pt) = columns(2)
    bars_pt = _draw_bars(sheet, chapter, x_pt, wide_pt)
    sheet.y_pt = top_pt
    sheet.heading("Tempo and quality over time", x_pt=right_pt)
    panel_pt = (right_wide_pt - 18) / 2
    paces = pace_panels(chapter, limits.days)
    for row in range(2):
        sheet.y_pt += 12 if row else 14
        for column in range(2):
            sheet.draw(
                partial(_draw_pace, draw=paces[2 * row + column], has_dates=row == 1),
                right_pt + 16 + column * (panel_pt + 18),
                sheet.y_pt,
                panel_pt - 16,
                _PACE_PT,
            )
        sheet.y_pt += _PACE_PT + (_TICKS_PT if row else 0)
    sheet.y_pt = max(sheet.y_pt, bars_pt) - 2
    _write_comparison(sheet, chapter, MARGIN_PT, ROOM_PT)


def _draw_pace(axes: Axes, draw: Callable[[Axes], None], *, has_dates: bool) -> None:
    draw(axes)
    axes.tick_params(axis="x", labelbottom=has_dates)


def _write_sides(sheet: Sheet, chapter: Chapter) -> None:
    """Set the bars on the left and what they mean on the right."""
    top_pt = sheet.y_pt
    (x_pt, wide_pt), (right_pt, right_wide_pt) = columns(2)
    bars_pt = _draw_bars(sheet, chapter, x_pt, wide_pt)
    sheet.y_pt = top_pt + 18
    _write_comparison(sheet, chapter, right_pt, right_wide_pt)
    sheet.y_pt = max(sheet.y_pt, bars_pt)


def _draw_bars(sheet: Sheet, chapter: Chapter, x_pt: float, wide_pt: float) -> float:
    """Draw the bars under their heading; returns how far down they go."""
    sheet.heading(captions.sides_title(chapter), x_pt=x_pt)
    high_pt, y_pt = _BAR_PT * bar_rows(chapter), sheet.y_pt + 4
    bars = partial(draw_bars, chapter=chapter)
    sheet.draw(bars, x_pt + 34, y_pt, wide_pt - 34, high_pt)
    return y_pt + high_pt + 26


def _write_comparison(
    sheet: Sheet, chapter: Chapter, x_pt: float, room_pt: float
) -> None:
    found = chapter.asymmetry
    said = [side_words.asymmetry_sentence(found)]
    said.append(" ".join(side_words.places_sentence(leg) for leg in chapter.legs))
    for sentence in said:
        sheet.paragraph(sentence, x_pt=x_pt, room_pt=room_pt, after_pt=1)
    notes = [side_words.bands_source(found), captions.norm_caption(chapter)]
    sheet.paragraph(
        " ".join(filter(None, notes)),
        x_pt=x_pt,
        room_pt=room_pt,
        size_pt=_SMALL_PT,
        colour=palette.QUIET,
    )


def _write_last_visit(sheet: Sheet, chapter: Chapter, room_pt: float) -> None:
    foot_pt = sheet.y_pt + room_pt
    sheet.heading("Repetitions of the last session")
    top_pt, lowest_pt = sheet.y_pt, sheet.y_pt
    for leg, (x_pt, wide_pt) in zip(chapter.legs, columns(2), strict=False):
        sheet.y_pt = top_pt
        write_reps(sheet, leg, x_pt, wide_pt, foot_pt - top_pt)
        lowest_pt = max(lowest_pt, sheet.y_pt)
    sheet.y_pt = lowest_pt


def _write_methods(sheet: Sheet, chapter: Chapter) -> None:
    sheet.heading("Method and limits")
    said = captions.method_sentences(chapter)
    sheet.paragraph(" ".join(said), size_pt=_SMALL_PT, colour=palette.QUIET)
