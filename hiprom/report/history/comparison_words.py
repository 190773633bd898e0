"""A pair of sessions -> the rows of a table and the sentence above it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from hiprom.core.history import VIDEO
from hiprom.core.protocols import Protocol
from hiprom.core.quantities import amount, gained
from hiprom.report.history.captions import LIMITS, negative_in_files
from hiprom.report.history.comparison import Comparison, Pair, Visit
from hiprom.report.history.rep_words import flag_words
from hiprom.report.history.words import (
    error_sentence,
    gained_interval,
    percent,
    verdict,
)
from hiprom.report.sentences import interval, seconds

_DASH = "\N{EN DASH}"

TITLE = "Two sessions side by side"
HOW_TO_READ = (
    "Each mark is a repetition, hollow if it does not count; the bar is the mean of "
    "those that do, and the line through it its 95 % interval."
)


class Row(NamedTuple):
    """One line of the table: what, in the earlier session, in the later one."""

    what: str
    earlier: str
    later: str


def change_interval(pair: Pair) -> str:
    """Return the change's 95 % interval in words; empty if it is not known."""
    change = pair.change
    return gained_interval(pair.protocol, change.low, change.high)


def change_sentence(pair: Pair) -> str:
    """Say how far the later session lies from the earlier one, and if it is real."""
    said = gained(pair.shown(pair.change.change), pair.protocol.quantity)
    between = change_interval(pair)
    said = f"{said} ({between})" if between else said
    return f"{pair.side.capitalize()}: {said}, {verdict(pair.change)}."


def rows(pair: Pair) -> list[Row]:
    """Return all that two sessions of one side are compared by."""
    first, last = ([text for _, text in _facts(pair, visit)] for visit in pair.visits)
    names = [name for name, _ in _facts(pair, pair.earlier)]
    return [Row(*row) for row in zip(names, first, last, strict=True)]


def method_sentence(comparison: Comparison) -> str:
    """Say which measurement error decided, and what the numbers cannot say."""
    errors = {pair.side: pair.progress.error for pair in comparison.pairs}
    said = [error_sentence(errors, comparison.protocol.quantity)]
    if comparison.instrument == VIDEO:
        said.append(LIMITS)
    if comparison.protocol.direction < 0:
        said.append(negative_in_files(comparison.protocol))
    return " ".join(said)


def _facts(pair: Pair, visit: Visit) -> list[tuple[str, str]]:
    counted = sum(row.saved.counts for row in visit.reps)
    held, quantity = visit.tempo.held_share, pair.protocol.quantity
    return [
        ("Mean", pair.said(visit.row.mean)),
        ("95 % interval", interval(*pair.interval(visit), quantity) or _DASH),
        ("Furthest", pair.said(visit.row.best)),
        ("SD of the repetitions", amount(visit.row.sd, quantity)),
        ("Repetitions", f"{counted} of {len(visit.reps)} count"),
        ("Raised in", seconds(visit.tempo.raise_s)),
        ("Held for", seconds(visit.tempo.hold_s)),
        ("Lowered in", seconds(visit.tempo.lower_s)),
        ("Ends held", percent(held) if math.isfinite(held) else _DASH),
        ("Without a flag", percent(visit.tempo.clean_share)),
        ("Flags", _flags(pair.protocol, visit.tempo.flags)),
    ]


def _flags(protocol: Protocol, flags: Mapping[str, int]) -> str:
    return "; ".join(flag_words(protocol, flags)) or "none"
