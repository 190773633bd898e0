"""Measurements beside the clips' truth -> a table of repetitions, and its totals.

The rule. A true repetition is found when one valid measured repetition of that side, or
of the whole body, covers the middle of its hold; a measured one that covers none, or a
second one over the same hold, is invented. Errors are measured minus true. An interval
holds when the true end-range lies in it, its limits included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from benchmark_clips import Clip

from hiprom import Measurement, PoseTrack, Rep
from hiprom.errors import MeasurementError

COLUMNS = (
    *("clip", "protocol", "side", "rep"),
    *("true_end_range", "end_range", "end_range_low", "end_range_high"),
    *("true_excursion", "excursion", "frame_mae"),
    *("true_yaw_deg", "yaw_deg", "true_pitch_deg", "pitch_deg"),
    *("true_roll_deg", "roll_deg", "flags"),
)


class Totals(NamedTuple):
    """How well a set of repetitions was measured, in their unit; shares 0 to 1."""

    clips: int
    reps: int
    found: int
    invented: int
    end_mae: float
    bias: float
    worst: float
    excursion_mae: float
    excursion_worst: float
    coverage: float
    half_width: float
    frame_mae: float


def measured(
    tracks: Iterable[tuple[Clip, PoseTrack]],
    measure: Callable[[Clip, PoseTrack], Measurement],
) -> pd.DataFrame:
    """Measure every track; return the table of its repetitions."""
    rows = []
    for clip, track in tracks:
        try:
            measurement = measure(clip, track)
        except MeasurementError:
            measurement = None
        rows += scored(clip, measurement)
    return table_of(rows)


def scored(clip: Clip, measurement: Measurement | None) -> list[dict[str, Any]]:
    """Return a row for every repetition of a clip, true or invented.

    A missed repetition has no measured values, an invented one has no number and no
    true values. Without a measurement, because hiprom refused, all are missed.
    """
    legs = measurement.sides if measurement else ()
    unclaimed = [(leg.side, rep) for leg in legs for rep in leg.reps if rep.valid]
    about = {
        "clip": clip.name,
        "protocol": clip.protocol,
        "frame_mae": _frame_mae(clip, measurement),
        **_views(clip, measurement),
    }
    rows = []
    for number, true in enumerate(clip.reps, start=1):
        row = about | {
            "side": true.side,
            "rep": number,
            "true_end_range": true.end,
            "true_excursion": true.excursion,
        }
        for side, rep in unclaimed:
            if (
                side in {true.side, "both"}
                and rep.start_s <= true.middle_s <= rep.end_s
            ):
                unclaimed.remove((side, rep))
                row |= _measured(rep)
                break
        rows.append(row)
    rows += [about | {"side": side} | _measured(rep) for side, rep in unclaimed]
    return rows


def table_of(rows: list[dict[str, Any]], *, decimals: int = 2) -> pd.DataFrame:
    """Return the rows as the table of accuracy.csv, rounded as it stands there."""
    kinds = dict.fromkeys(COLUMNS[4:-1], decimals) | {"frame_mae": decimals + 1}
    table = pd.DataFrame(rows, columns=list(COLUMNS)).round(kinds)
    return table.astype({"rep": "Int64"})


def totals(table: pd.DataFrame) -> Totals:
    """Return the totals of a table, or of some of its rows."""
    true = table["true_end_range"].notna()
    found = table[true & table["end_range"].notna()]
    error = end_error(found)
    excursion_error = found["excursion"] - found["true_excursion"]
    return Totals(
        clips=table["clip"].nunique(),
        reps=int(true.sum()),
        found=len(found),
        invented=int((~true).sum()),
        end_mae=float(error.abs().mean()),
        bias=float(error.mean()),
        worst=float(error.abs().max()),
        excursion_mae=float(excursion_error.abs().mean()),
        excursion_worst=float(excursion_error.abs().max()),
        coverage=float(holds(found).mean()),
        half_width=float(half_widths(found).median()),
        frame_mae=float(table.groupby("clip")["frame_mae"].first().mean()),
    )


def end_error(table: pd.DataFrame) -> pd.Series[float]:
    """Return measured minus true end-range, degrees."""
    return table["end_range"] - table["true_end_range"]


def half_widths(table: pd.DataFrame) -> pd.Series[float]:
    """Return the half-width of each 95 % interval, degrees."""
    return (table["end_range_high"] - table["end_range_low"]) / 2


def holds(table: pd.DataFrame) -> pd.Series[bool]:
    """Return whether each 95 % interval holds the true end-range."""
    return table["true_end_range"].between(
        table["end_range_low"], table["end_range_high"]
    )


def _frame_mae(clip: Clip, measurement: Measurement | None) -> float:
    for leg in measurement.sides if measurement else ():
        if leg.side in {clip.side, "both"}:
            assert measurement is not None
            true = clip.values_at(clip.side, measurement.time_s)
            return float(np.nanmean(np.abs(leg.trace - true)))
    return float("nan")


def _views(clip: Clip, measurement: Measurement | None) -> dict[str, float]:
    view = measurement.view if measurement else None
    row: dict[str, float] = {}
    for name, true_deg in zip(("yaw", "pitch", "roll"), clip.view_deg, strict=True):
        row[f"true_{name}_deg"] = true_deg
        row[f"{name}_deg"] = getattr(view, f"{name}_deg", np.nan)
    return row


def _measured(rep: Rep) -> dict[str, Any]:
    return {
        "end_range": rep.end_range,
        "end_range_low": rep.end_range_low,
        "end_range_high": rep.end_range_high,
        "excursion": rep.excursion,
        "flags": ";".join(rep.flags),
    }
