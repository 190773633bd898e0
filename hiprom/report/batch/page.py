"""The results of a batch -> overview.html: failures first, then what stands out.

The page runs no script and asks nothing of a network. It links to each video's own
report beside it. However large the batch, a page holds a bounded number of figures and
rows; the table goes on in overview_2.html and so forth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiprom.core.jobs import JobState
from hiprom.core.protocols import PROTOCOLS
from hiprom.report import palette
from hiprom.report.batch.cards import Card, cards_of
from hiprom.report.batch.failures import FailureGroup, failure_groups
from hiprom.report.batch.oddness import (
    Standing,
    Usual,
    along,
    between,
    said,
    standings,
    usual_of,
)
from hiprom.report.batch.results import SideResult
from hiprom.report.files import writing
from hiprom.report.page import render
from hiprom.report.whole_file import write_whole

OVERVIEW = "overview.html"

_ROWS_PER_PAGE = 1000
# Up to so many videos each has its figure, beyond that only the oddest.
_ALL_SHOWN, _ODDEST_SHOWN = 500, 200
# How many reasons for failures a page gives, and how many videos it names for each.
_REASONS_SHOWN, _FAILURES_NAMED = 30, 100


@dataclass(frozen=True)
class _Page:
    """One of the pages that an overview runs over, and the rows of its table."""

    number: int
    name: str
    results: Sequence[SideResult]
    first_row: int


def write_overview(out: Path, results: Sequence[SideResult]) -> None:
    """Write the pages, each whole or not at all; pages of a larger batch go.

    Parameters
    ----------
    out : Path
        With the folders of the videos in it, whose repetitions are drawn.
    results : sequence of SideResult
        In the order of the table.

    Raises
    ------
    ResultsError
        If a page cannot be written.
    """
    pages = _pages(results)
    for page in pages:
        facts = _first_facts(out, results) if page.number == 1 else {}
        text = render(
            "batch.html",
            page=page,
            pages=pages,
            count=len(results),
            rows=[_row(result) for result in page.results],
            **{**_NOTHING, **facts},
        )
        write_whole(out / page.name, text)
    with writing(out):
        for path in out.glob("overview_*.html"):
            number = path.stem.removeprefix("overview_")
            if number.isdecimal() and int(number) > len(pages):
                path.unlink()


# What stands on the first page only.
_NOTHING: dict[str, Any] = dict.fromkeys(
    ("counts", "failures", "more_reasons", "usual", "parts", "left_out")
)


def _pages(results: Sequence[SideResult]) -> list[_Page]:
    starts = range(0, max(len(results), 1), _ROWS_PER_PAGE)
    return [
        _Page(
            number,
            OVERVIEW if number == 1 else f"overview_{number}.html",
            results[start : start + _ROWS_PER_PAGE],
            start + 1,
        )
        for number, start in enumerate(starts, start=1)
    ]


def _first_facts(out: Path, results: Sequence[SideResult]) -> dict[str, Any]:
    """Return the counts, the failures, and the figures of what stands out."""
    usual = usual_of(results)
    found = standings(results, usual)
    videos = {result.name: result.state for result in results}
    shown = found if len(videos) <= _ALL_SHOWN else found[:_ODDEST_SHOWN]
    states, groups = list(videos.values()), failure_groups(results)
    return {
        "counts": {
            "videos": len(states),
            "done": states.count(JobState.DONE),
            "failed": states.count(JobState.FAILED),
            "waiting": len(
                [each for each in states if each in {JobState.QUEUED, JobState.RUNNING}]
            ),
            "odd": sum(bool(each.reasons) for each in found),
        },
        "failures": [_failure(group) for group in groups[:_REASONS_SHOWN]],
        "more_reasons": len(groups[_REASONS_SHOWN:]),
        "usual": [
            (_title(name), _usual_words(name, each)) for name, each in usual.items()
        ],
        "parts": _parts(out, shown, usual),
        "left_out": len(found) - len(shown),
    }


def _parts(
    out: Path, shown: Sequence[Standing], usual: Mapping[str, Usual]
) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the figures of what stands out, then of the rest, by protocol."""
    groups = [
        (name, cards_of(out, found, each))
        for name, each in usual.items()
        if (found := [one for one in shown if one.result.protocol == name])
    ]
    parts = []
    for heading, is_odd in (("Worth a second look", True), ("As usual", False)):
        chosen = [
            _group(name, [card for card in cards if bool(card.reasons) is is_odd])
            for name, cards in groups
        ]
        parts.append((heading, [group for group in chosen if group["cards"]]))
    return [(heading, found) for heading, found in parts if found]


def _group(name: str, cards: Sequence[Card]) -> dict[str, Any]:
    protocol = PROTOCOLS.get(name)
    return {
        "title": _title(name),
        "accent": palette.accent(protocol) if protocol else palette.TEAL,
        "cards": cards,
    }


def _title(name: str) -> str:
    protocol = PROTOCOLS.get(name)
    return protocol.title if protocol else name


def _usual_words(name: str, usual: Usual) -> str:
    if not usual.count:
        return "no video has a number"
    words = f"median of {usual.count:,} {'mean' if usual.count == 1 else 'means'}"
    words += f" {said(name, usual.median)}"
    around = between(name, usual.median - usual.reach, usual.median + usual.reach)
    if not around:
        return f"{words}; too few to say what is usual"
    return f"{words}; a mean of {around} counts as usual here"


def _failure(group: FailureGroup) -> dict[str, Any]:
    return {
        "reason": group.reason,
        "count": len(group.results),
        "videos": [each.video for each in group.results[:_FAILURES_NAMED]],
        "more": max(len(group.results) - _FAILURES_NAMED, 0),
    }


def _row(result: SideResult) -> dict[str, Any]:
    """Return one row of the table of all."""
    low, high = sorted(
        (along(result, result.mean_low), along(result, result.mean_high))
    )
    return {
        "name": result.name,
        "link": result.report,
        "subject": result.subject or "",
        "protocol": result.protocol,
        "side": result.side,
        "mean": said(result.protocol, along(result, result.mean)),
        "interval": between(result.protocol, low, high),
        "sd": said(result.protocol, abs(along(result, result.sd))),
        "reps": "" if result.reps is None else f"{result.valid_reps}/{result.reps}",
        "state": "" if result.state == JobState.DONE else result.state.value,
    }
