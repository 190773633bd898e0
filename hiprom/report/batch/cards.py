"""How results stand -> what the overview's small figures show and say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from hiprom.errors import ResultsError
from hiprom.report.batch.dots import dots, scale_of
from hiprom.report.batch.oddness import Standing, Usual, along, between, said, sign_of
from hiprom.report.batch.rep_rows import RepEnd, ends_of
from hiprom.report.batch.results import SideResult


@dataclass(frozen=True)
class Card:
    """One video and side among the small figures.

    Attributes
    ----------
    name, side, mean : str
    interval : str
        Of the mean; "" without one.
    link : str
        Of the video's own page; "" without one.
    reasons : tuple of str
        Why to look at it; none if it is as usual.
    flags : str
        How many repetitions carry which flag, in words.
    figure : str
        As SVG.
    label : str
        What the figure shows, for those who hear it.
    """

    name: str
    side: str
    mean: str
    interval: str
    link: str
    reasons: tuple[str, ...]
    flags: str
    figure: str
    label: str


def cards_of(out: Path, found: Sequence[Standing], usual: Usual) -> list[Card]:
    """Return a card for each result of one protocol, on one scale.

    Parameters
    ----------
    out : Path
        With the folders of the videos in it. Where a table of repetitions has gone
        since, the figure stays empty.
    found : sequence of Standing
    usual : Usual
    """
    ends = [_ends(out, each.result) for each in found]
    shown = chain.from_iterable(
        (rep.low, rep.end, rep.high) for reps in ends for rep in reps
    )
    scale = scale_of(shown, usual)
    sign = sign_of(found[0].result.protocol) if found else ""
    return [
        _card(standing, reps, dots(reps, usual, scale, sign))
        for standing, reps in zip(found, ends, strict=True)
    ]


def _ends(out: Path, result: SideResult) -> list[RepEnd]:
    """Return one side's repetitions as they count along the movement."""
    try:
        found = ends_of(out / result.name / "reps.csv", result.side)
    except ResultsError:
        return []
    return [_turned(result, rep) for rep in found]


def _turned(result: SideResult, rep: RepEnd) -> RepEnd:
    low, high = sorted((along(result, rep.low), along(result, rep.high)))
    return RepEnd(along(result, rep.end), low, high, rep.counts)


def _card(standing: Standing, reps: Sequence[RepEnd], figure: str) -> Card:
    result = standing.result
    name, mean = result.protocol, along(result, result.mean)
    low, high = sorted(
        (along(result, result.mean_low), along(result, result.mean_high))
    )
    ends = ", ".join(said(name, rep.end) for rep in reps) or "none"
    return Card(
        name=result.name,
        side=result.side,
        mean=said(name, mean),
        interval=between(name, low, high),
        link=result.report,
        reasons=standing.reasons,
        flags=_flag_words(result.flags),
        figure=figure,
        label=f"{result.name}, {result.side}: repetitions of {ends}",
    )


def _flag_words(flags: str) -> str:
    """Return "short hold, trunk lean (3)" for "short_hold=1;trunk_lean=3"."""
    pairs = [flag.split("=") for flag in flags.split(";") if flag]
    return ", ".join(
        name.replace("_", " ") + (f" ({count})" if count != "1" else "")
        for name, count in pairs
    )
