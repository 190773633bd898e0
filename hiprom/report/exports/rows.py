"""Saved trials -> the rows of a table: repetitions, compensations and sessions.

The tables that CSV and XLSX share. A missing value is None, never NaN. Numbers are
not rounded. Rows are in order of time, those of sessions for each measure by itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from hiprom.core.history import (
    Measure,
    SavedTrial,
    Session,
    Subject,
    series_of,
)
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.tables import REPS_COLUMNS

Cell = str | int | float | bool | datetime | None
Row = dict[str, Cell]

# Half-width of a 95 % interval, in standard deviations.
_Z95 = 1.96


@dataclass(frozen=True)
class Column:
    """A heading, the kind of its values, and what they mean."""

    name: str
    kind: Literal["text", "whole", "number", "truth", "time"]
    meaning: str


_COMMON = {
    column.name: column
    for column in (
        Column("subject", "text", "the person's code"),
        Column("session", "whole", "number of the visit: the trials of one day"),
        Column("trial", "whole", "number of the recording"),
        Column("recorded_at", "time", "when it was recorded"),
        Column("protocol", "text", "the movement and posture, as typed to hiprom"),
        Column("instrument", "text", "what measured it"),
        Column("side", "text", "the person's own left or right; both for the body"),
        Column("rep", "whole", "number of the repetition on its side, from 1"),
        Column("quantity", "text", "what is measured, with its unit"),
    )
}
_OF_A_REP = {
    "video": "name of the video, empty where there was none",
    "start_s": "the repetition leaves rest, seconds into the video",
    "peak_s": "it is furthest out",
    "end_s": "it is back",
    "end_range": "the quantity at the held end of the repetition",
    "end_range_low": "lower end of its 95 % interval",
    "end_range_high": "upper end of its 95 % interval",
    "neutral": "the rest value before the repetition",
    "excursion": "end_range minus neutral",
    "hold_s": "how long the end was held",
    "raise_s": "the way there",
    "lower_s": "the way back",
    "peak_velocity": "greatest speed on the way there, per second",
    "shank_tilt_deg": "what an inclinometer on the shank would read",
    "compensation_deg": "shank_tilt_deg minus end_range: what other joints added",
    "flags": "what was unusual, by name, separated by semicolons",
    "valid": "whether the measurement counts",
    "excluded": "why a person took the repetition out; empty where nobody did",
}
_KINDS: dict[str, Literal["text", "number", "truth"]] = {
    "str": "text",
    "float64": "number",
    "bool": "truth",
}

# The columns of reps.csv, and what a history knows besides.
REP_COLUMNS = (
    *(
        _COMMON.get(name)
        or Column(name, _KINDS.get(kind, "number"), _OF_A_REP.get(name, ""))
        for name, kind in REPS_COLUMNS.items()
    ),
    _COMMON["session"],
    _COMMON["trial"],
    _COMMON["instrument"],
    Column("excluded", "text", _OF_A_REP["excluded"]),
)
COMPENSATION_COLUMNS = (
    *(column for name, column in _COMMON.items() if name != "quantity"),
    Column("compensation", "text", "what else moved, by name"),
    Column("change", "number", "how far, from rest to the held end"),
    Column("unit", "text", "of the change"),
)
SESSION_COLUMNS = (
    *(column for name, column in _COMMON.items() if name not in {"trial", "rep"}),
    Column("direction", "whole", "sign of the excursions: the way the movement goes"),
    Column("reps", "whole", "repetitions that count"),
    Column("mean", "number", "mean end-range of these"),
    Column("mean_low", "number", "lower end of its 95 % interval"),
    Column("mean_high", "number", "upper end of its 95 % interval"),
    Column(
        "best",
        "number",
        "the end-range furthest in the protocol's direction; empty "
        "for what is only reported besides",
    ),
    Column("sd", "number", "standard deviation of the end-ranges"),
    Column("sem", "number", "standard error of their mean"),
)


def rep_rows(subject: Subject, trials: Iterable[SavedTrial]) -> Iterator[Row]:
    """Yield one row per repetition, with the keys of `REP_COLUMNS`."""
    for trial in in_order(trials):
        for saved in trial.reps:
            values = vars(saved.rep)
            yield {column.name: values.get(column.name) for column in REP_COLUMNS} | {
                **_of(subject, trial),
                "video": trial.video,
                "side": saved.side,
                "rep": saved.rep.number,
                "quantity": saved.quantity,
                "flags": ";".join(saved.rep.flags),
                "excluded": _reason(
                    trial.set_aside if saved.excluded is None else saved.excluded
                ),
            }


def compensation_rows(subject: Subject, trials: Iterable[SavedTrial]) -> Iterator[Row]:
    """Yield one row per repetition and compensation: `COMPENSATION_COLUMNS`."""
    for trial in in_order(trials):
        known = PROTOCOLS.get(trial.protocol)
        for saved in trial.reps:
            for name, change in saved.rep.changes.items():
                limit = known.limits.get(name) if known else None
                yield {
                    **_of(subject, trial),
                    "side": saved.side,
                    "rep": saved.rep.number,
                    "compensation": name,
                    "change": change,
                    "unit": limit.unit if limit else None,
                }


def session_rows(subject: Subject, trials: Iterable[SavedTrial]) -> Iterator[Row]:
    """Yield one row per visit and measure, with the keys of `SESSION_COLUMNS`.

    Only repetitions that count are in it. `best` is None for a protocol that this
    hiprom does not know, and for a further quantity: which way is further is not known.
    """
    for series in series_of(trials):
        for session in series.sessions:
            yield {
                "subject": subject.code,
                "session": session.session_id,
                "recorded_at": session.recorded_at,
                **vars(series.measure),
                **summed_up(session, series.measure),
            }


def summed_up(session: Session, measure: Measure) -> Row:
    """Return ``reps``, ``mean`` with its interval, ``best``, ``sd`` and ``sem``."""
    has_best = measure.known is not None and measure.is_primary
    half = _Z95 * session.error_sd
    return {
        "reps": len(session.reps),
        "mean": session.mean,
        "mean_low": session.mean - half,
        "mean_high": session.mean + half,
        "best": session.best(measure.direction).end_range if has_best else None,
        "sd": session.sd,
        "sem": session.sem,
    }


def in_order(trials: Iterable[SavedTrial]) -> list[SavedTrial]:
    """Return the trials in order of time."""
    return sorted(trials, key=lambda trial: (trial.recorded_at, trial.trial_id))


def cell_of(value: Cell) -> Cell:
    """Return `value`, or None where it says nothing: NaN, infinite, or no text."""
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return None if value == "" else value


def _of(subject: Subject, trial: SavedTrial) -> Row:
    """Return what every row of a trial repeats."""
    return {
        "subject": subject.code,
        "session": trial.session_id,
        "trial": trial.trial_id,
        "recorded_at": trial.recorded_at,
        "protocol": trial.protocol,
        "instrument": trial.instrument,
    }


def _reason(excluded: str | None) -> str | None:
    # An empty cell says that nobody took the repetition out.
    return "no reason given" if excluded is not None and not excluded else excluded
