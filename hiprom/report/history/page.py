"""An Overview -> a page of HTML that asks nothing of a network and runs no script."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hiprom.core.overview import Overview
from hiprom.report import palette
from hiprom.report.dates import day, period
from hiprom.report.history import captions, rep_words, side_words, words
from hiprom.report.history.bars_figure import bar_rows, draw_bars
from hiprom.report.history.cells import rep_cells
from hiprom.report.history.chapters import Chapter, Leg, chapters
from hiprom.report.history.looks import look
from hiprom.report.history.pose import Pose, draw_person
from hiprom.report.history.tempo_figure import has_tempo, pace_panels
from hiprom.report.history.trend_figure import Scale, draw_trend, scale
from hiprom.report.history.weeks_figure import week_panels
from hiprom.report.page import render
from hiprom.report.sentences import heading, part
from hiprom.report.svg import svg
from hiprom.report.whole_file import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_PERSON_IN = (1.45, 1.75)


def write_history_html(
    path: Path, overview: Overview, *, poses: Iterable[Pose] = ()
) -> None:
    """Write `history_page`, whole or not at all.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    text = history_page(overview, poses=poses)
    write_whole(path, text)


def history_page(overview: Overview, *, poses: Iterable[Pose] = ()) -> str:
    """Return the page of a subject's history.

    Parameters
    ----------
    overview : Overview
        All that is printed is in it.
    poses : iterable of Pose
        The furthest repetition of each measure, to be drawn beside its number; those
        that are not drawable are left out.
    """
    return render("history.html", **said_of(overview, poses))


def said_of(overview: Overview, poses: Iterable[Pose] = ()) -> dict[str, Any]:
    """Return all that a page says and draws of a subject's history."""
    return {
        "captions": captions,
        "subject": words.name(overview.subject),
        "today": day(overview.today),
        "reasons": overview.reasons,
        "chapters": [_chapter(each) for each in chapters(overview, poses)],
        "weeks": _weeks(overview),
        "arcs": captions.arc_sentences(overview),
        "left_out": captions.left_out_sentence(overview),
    }


def _chapter(chapter: Chapter) -> dict[str, Any]:
    limits, protocol = scale(chapter), chapter.protocol
    is_long = any(len(leg.progress.sessions) > 1 for leg in chapter.legs)
    return {
        "title": words.line(chapter.title),
        "period": period(*chapter.period),
        "visits": chapter.visits,
        "accent": palette.accent(protocol),
        "wash": palette.accent_wash(protocol),
        "movement": protocol.movement,
        "legs": [_leg(leg, limits, is_long=is_long) for leg in chapter.legs],
        "first_visit": ""
        if is_long
        else words.first_visit_sentence(chapter.legs[0].progress.error),
        "sides_title": captions.sides_title(chapter),
        "trend_caption": captions.trend_caption(chapter),
        "sftr": [note.text for note in chapter.notes],
        "bars": svg(partial(draw_bars, chapter=chapter), 0.8 + 0.4 * bar_rows(chapter)),
        "asymmetry": side_words.asymmetry_sentence(chapter.asymmetry),
        "bands_source": side_words.bands_source(chapter.asymmetry),
        "places": [
            said for leg in chapter.legs if (said := side_words.places_sentence(leg))
        ],
        "norm_caption": captions.norm_caption(chapter),
        "tempo": (
            svg(
                partial(_draw_all, pace_panels(chapter, limits.days)),
                3.6,
                panels=(2, 2),
            )
            if is_long and has_tempo(chapter)
            else ""
        ),
        "methods": captions.method_sentences(chapter),
    }


def _draw_all(draws: Iterable[Callable[[Axes], None]], *panels: Axes) -> None:
    for draw, axes in zip(draws, panels, strict=True):
        draw(axes)


def _leg(leg: Leg, limits: Scale, *, is_long: bool) -> dict[str, Any]:
    its, rows = look(leg.protocol.direction, leg.side), leg.progress.sessions
    return {
        "side": leg.side,
        "part": part(leg.side),
        "further": words.further_sentence(leg),
        "colour": its.colour,
        "mark": its.letter,
        "number": leg.said(rows[-1].mean),
        "interval": words.likely(leg),
        "newest": words.newest_sentence(leg),
        "best": words.best_sentence(leg),
        "changes": words.change_rows(leg),
        "slope": words.slope_sentence(leg),
        "person": _person(leg),
        "trend": svg(partial(draw_trend, leg=leg, limits=limits), 2.6)
        if is_long
        else "",
        "trend_words": (
            f"Trend of {heading(leg.side, leg.protocol.movement).lower()} over "
            f"{len(rows)} session{'s' if len(rows) > 1 else ''}, from "
            f"{leg.said(rows[0].mean)} on {day(rows[0].recorded_at)} to "
            f"{leg.said(rows[-1].mean)} on {day(rows[-1].recorded_at)}."
        ),
        "newest_day": day(rows[-1].recorded_at),
        "reps": [rep_cells(leg, row) for row in leg.newest_reps],
        "tempo": rep_words.tempo_sentence(leg.tempo[-1]),
        "flags": rep_words.flags_sentence(leg.protocol, leg.tempo[-1]),
        "sessions": [
            {
                "day": day(row.recorded_at),
                "mean": leg.said(row.mean),
                "interval": words.likely(leg, index) or "\N{EN DASH}",
                "best": leg.said(row.best),
                "reps": row.reps,
            }
            for index, row in enumerate(rows)
        ],
    }


def _person(leg: Leg) -> dict[str, str] | None:
    pose = leg.pose
    if pose is None or not pose.is_drawable:
        return None
    width_in, height_in = _PERSON_IN
    whose = "both sides" if leg.side == "both" else f"the {leg.side} hip"
    return {
        "drawing": svg(
            partial(draw_person, pose=pose),
            height_in,
            width_in=width_in,
            is_bare=True,
        ),
        "words": (
            f"Drawn figure of a person: repetition {pose.rep_number} of "
            f"{day(pose.recorded_at)}, {whose} at {pose.angle}."
        ),
    }


def _weeks(overview: Overview) -> dict[str, Any] | None:
    if not overview.adherence.weeks:
        return None
    panels = week_panels(overview)
    worst = max((each.worst for each in overview.discomfort), default=None)
    return {
        "title": captions.weeks_title(overview),
        "goal": captions.goal_sentence(overview),
        "due": captions.due_sentence(overview),
        "caption": captions.weeks_caption(overview),
        "figure": svg(
            partial(_draw_all, panels), 1.2 * len(panels), panels=(len(panels), 1)
        ),
        "words": f"Bars of sessions and active minutes week by week. "
        f"{captions.goal_sentence(overview)}"
        + ("" if worst is None else f" Discomfort was {worst} of 10 at most."),
    }
