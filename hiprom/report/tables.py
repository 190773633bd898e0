"""A Measurement -> reps.csv and frames.csv.

Text that a spreadsheet would take for a formula is written with a leading
apostrophe, which `plain_text` takes away again. Numbers are never touched.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.protocols import Protocol
from hiprom.report.files import writing

if TYPE_CHECKING:
    import pandas as pd

# Column by column, in the order of the file, with pandas' name for its kind.
REPS_COLUMNS = {
    "video": "str",
    "subject": "str",
    "recorded_at": "str",
    "protocol": "str",
    "side": "str",
    "rep": "Int64",
    "quantity": "str",
    "start_s": "float64",
    "peak_s": "float64",
    "end_s": "float64",
    "end_range": "float64",
    "end_range_low": "float64",
    "end_range_high": "float64",
    "neutral": "float64",
    "excursion": "float64",
    "hold_s": "float64",
    "raise_s": "float64",
    "lower_s": "float64",
    "peak_velocity": "float64",
    "shank_tilt_deg": "float64",
    "compensation_deg": "float64",
    "flags": "str",
    "valid": "bool",
}
TRACE_COLUMNS = (
    "hip_rotation_deg",
    "hip_rotation_sd_deg",
    "hip_flexion_deg",
    "hip_adduction_deg",
    "knee_flexion_deg",
    "shank_tilt_deg",
    "pelvis_obliquity_deg",
    "trunk_lean_deg",
    "thorax_rotation_deg",
)
FRAMES_COLUMNS = {
    "frame": "Int64",
    "time_s": "float64",
    "side": "str",
    **dict.fromkeys(TRACE_COLUMNS, "float64"),
    "rep": "Int64",
    "valid": "bool",
    "reason": "str",
}

# What a row of a further quantity has of its rep, and of its own.
_TIMES = ("start_s", "peak_s", "end_s")
_VALUES = ("end_range", "end_range_low", "end_range_high", "neutral", "excursion")

_TIME_DECIMALS = 4  # a tenth of a millisecond
_DECIMALS = 3
# What starts a formula, also behind blanks, and also behind our own apostrophe.
_FORMULA = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")  # noqa: RUF001


def reps_table(
    measurement: Measurement,
    *,
    video: str,
    subject: str | None = None,
    recorded_at: str | None = None,
) -> pd.DataFrame:
    """Return one row per repetition, with the columns of ``reps.csv``.

    Parameters
    ----------
    measurement : Measurement
    video : str
        The video's name, as the person knows it.
    subject, recorded_at : str, optional
        Who, and when (ISO 8601); missing where not known.

    Returns
    -------
    pandas.DataFrame
        Columns and order of `REPS_COLUMNS`, then what else moved (`Rep.changes`), a
        column for each with its unit; not rounded. Side by side, then by number, the
        primary quantity first and a row for each further one; no rows where there are
        no reps. Missing numbers are NaN.
    """
    import pandas as pd

    protocol = measurement.protocol
    shared = {
        "video": printable(video),
        "subject": subject,
        "recorded_at": recorded_at,
        "protocol": protocol.name,
    }
    rows = [
        row | shared
        for side in measurement.sides
        for rep in side.reps
        for row in _rep_rows(side, rep, protocol)
    ]
    kinds = REPS_COLUMNS | dict.fromkeys(protocol.change_columns.values(), "float64")
    # Column by column: a table of few rows is made twice as quickly as by astype.
    return pd.DataFrame(
        {
            name: pd.Series([row.get(name) for row in rows], dtype=kind)
            for name, kind in kinds.items()
        }
    )


def _rep_rows(
    side: SideMeasurement, rep: Rep, protocol: Protocol
) -> Iterator[dict[str, Any]]:
    """Yield a rep's row, and one for each further quantity with its values alone."""
    common = {"side": side.side, "rep": rep.number, "valid": rep.valid}
    yield {
        **{name: getattr(rep, name, None) for name in REPS_COLUMNS},
        **common,
        "quantity": side.quantity,
        "flags": ";".join(rep.flags),
        **{
            column: rep.changes.get(name, math.nan)
            for name, column in protocol.change_columns.items()
        },
    }
    for quantity, value in rep.further.items():
        yield {
            **{name: getattr(rep, name) for name in _TIMES},
            **{name: getattr(value, name) for name in _VALUES},
            **common,
            "quantity": quantity,
            "flags": "",
        }


def frames_table(measurement: Measurement) -> pd.DataFrame:
    """Return one row per video frame and measured side, as in ``frames.csv``.

    Returns
    -------
    pandas.DataFrame
        Columns and order of `FRAMES_COLUMNS`, then the protocol's quantity with its
        deviation where they are not among them; not rounded, sorted by frame and
        then by side. `rep` is missing between repetitions; angles that could not
        be read are NaN, and `reason` says why.
    """
    import pandas as pd

    protocol = measurement.protocol
    names = dict.fromkeys([*TRACE_COLUMNS, protocol.quantity, protocol.sd])
    kinds = FRAMES_COLUMNS | dict.fromkeys(names, "float64")
    frames = np.arange(len(measurement.time_s))
    together: dict[str, list[SideMeasurement]] = {}
    for side in measurement.sides:
        together.setdefault(side.side, []).append(side)
    blocks = [
        pd.DataFrame(
            {
                "frame": frames,
                "time_s": measurement.time_s,
                "side": name,
                **{name: first.traces[name] for name in names},
                "rep": pd.array(
                    _rep_numbers(measurement.time_s, [first, *others]), dtype="Int64"
                ),
                "valid": first.traces.valid,
                "reason": first.traces.reason,
            },
            columns=list(kinds),
        ).astype(kinds)
        for name, (first, *others) in together.items()
    ]
    if not blocks:
        return pd.DataFrame(columns=list(kinds)).astype(kinds)
    joined = pd.concat(blocks)
    return joined.sort_values("frame", kind="stable", ignore_index=True)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write `table` as UTF-8 CSV that reads the same on every machine.

    Comma, dot decimals, line feeds, no index; missing is an empty cell and truth
    is ``true`` or ``false``. Columns ending in ``_s`` get four decimals, other
    fractions three, whatever the machine's language.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    columns = [
        map(_cell_of(str(name), column.dtype.kind), column.tolist())
        for name, column in table.items()
    ]
    heading = map(_quoted, map(str, table.columns))
    with writing(path), path.open("w", encoding="utf-8", newline="") as file:
        file.write(",".join(heading) + "\n")
        file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))


def safe_text(text: str) -> str:
    """Return `text` so that no spreadsheet takes it for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def plain_text(cell: str) -> str:
    """Undo `safe_text`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell


def printable(name: str) -> str:
    """Return a file's name with the bytes that are no text spelt out."""
    return name.encode(errors="backslashreplace").decode()


def rep_at(time_s: float, reps: Iterable[Rep]) -> Rep | None:
    """Return the rep under way at `time_s`, or None between reps."""
    return next((rep for rep in reps if rep.start_s <= time_s <= rep.end_s), None)


def _rep_numbers(
    time_s: np.ndarray[Any, Any], sides: Iterable[SideMeasurement]
) -> list[Any]:
    numbers: list[Any] = [None] * len(time_s)
    reps = sorted((rep for side in sides for rep in side.reps), key=lambda r: r.start_s)
    for rep in reversed(reps):  # on a shared instant the earlier rep wins
        inside = (time_s >= rep.start_s) & (time_s <= rep.end_s)
        for index in np.flatnonzero(inside):
            numbers[index] = rep.number
    return numbers


def _cell_of(name: str, kind: str) -> Callable[[Any], str]:
    """Return how one value of the column `name` is spelt."""
    if kind == "f":
        decimals = _TIME_DECIMALS if name.endswith("_s") else _DECIMALS
        zero = f"{0:.{decimals}f}"

        def number(value: float) -> str:
            if not math.isfinite(value):
                return ""
            text = f"{value:.{decimals}f}"
            return zero if text == f"-{zero}" else text

        return number
    if kind == "b":
        return lambda value: "true" if value else "false"
    if kind in "iu":
        return lambda value: str(value) if isinstance(value, int | np.integer) else ""
    return lambda value: _quoted(safe_text(value)) if isinstance(value, str) else ""


def _quoted(text: str) -> str:
    # The csv module leaves a lone carriage return bare; readers end the row there.
    if any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text
