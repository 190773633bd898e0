"""Two sessions of an Overview -> a page of HTML with both side by side."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from hiprom.core.overview import Overview
from hiprom.core.quantities import gained
from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.report.history import captions, comparison_words, words
from hiprom.report.history.comparison import Comparison, Pair, compare
from hiprom.report.history.comparison_figure import draw_comparison
from hiprom.report.history.looks import look
from hiprom.report.page import render
from hiprom.report.sentences import part
from hiprom.report.svg import svg
from hiprom.report.whole_file import write_whole


def write_comparison_html(
    path: Path, overview: Overview, earlier_session_id: int, later_session_id: int
) -> None:
    """Write `comparison_page`, whole or not at all.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    InputError
        As `compare` has it.
    """
    text = comparison_page(overview, earlier_session_id, later_session_id)
    write_whole(path, text)


def comparison_page(
    overview: Overview, earlier_session_id: int, later_session_id: int
) -> str:
    """Return the page of two sessions: numbers, repetitions, change, tempo, flags.

    Parameters
    ----------
    overview : Overview
    earlier_session_id, later_session_id : int
        In either order.

    Raises
    ------
    InputError
        If a session is not there, both are the same, or they have no measure in common.
    """
    found = compare(overview, earlier_session_id, later_session_id)
    first, last = found[0].pairs[0].visits
    return render(
        "history_comparison.html",
        captions=captions,
        title=comparison_words.TITLE,
        subject=words.name(overview.subject),
        days=(day(first.row.recorded_at), day(last.row.recorded_at)),
        how_to_read=comparison_words.HOW_TO_READ,
        comparisons=[_comparison(each) for each in found],
    )


def _comparison(comparison: Comparison) -> dict[str, Any]:
    protocol = comparison.protocol
    return {
        "title": words.line(comparison.title),
        "accent": palette.accent(protocol),
        "wash": palette.accent_wash(protocol),
        "figure": svg(partial(draw_comparison, comparison=comparison), 3.0),
        "pairs": [_pair(pair) for pair in comparison.pairs],
        "method": comparison_words.method_sentence(comparison),
    }


def _pair(pair: Pair) -> dict[str, Any]:
    its = look(pair.protocol.direction, pair.side)
    *rows, flags = comparison_words.rows(pair)
    return {
        "side": pair.side,
        "part": part(pair.side),
        "colour": its.colour,
        "mark": its.letter,
        "change": gained(pair.shown(pair.change.change), pair.protocol.quantity),
        "interval": comparison_words.change_interval(pair),
        "verdict": words.verdict(pair.change),
        "sentence": comparison_words.change_sentence(pair),
        "is_real": pair.change.is_real,
        "days": tuple(day(visit.row.recorded_at) for visit in pair.visits),
        "rows": rows,
        "flags": flags,
    }
