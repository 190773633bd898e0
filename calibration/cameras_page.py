"""cameras.csv and known_cameras.csv -> what the accuracy page says of known cameras."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scoring import Totals, totals

CAMERAS = Path(__file__).parent / "cameras.csv"
FILMS = Path(__file__).parent / "known_cameras.csv"
_Z95 = 1.96
# From here on the camera stands aside or above.
OBLIQUE_DEG = 15
# The columns that a level is read from, and what they are by.
_LEVELLED = {
    "board": "by the board",
    "lines": "by two plumb lines",
    "marked": "by the same lines, marked to whole pixels",
}
Values = NDArray[np.float64]


class Found(NamedTuple):
    """How well calibrations found one thing, in `unit`, and how sure they said it was.

    `half_width` is the median half-width of the stated 95 % interval, `coverage` the
    share of intervals that hold the true value.
    """

    what: str
    unit: str
    mae: float
    worst: float
    wanted: float
    half_width: float
    coverage: float

    @property
    def is_met(self) -> bool:
        """Whether even the worst is as good as was wanted."""
        return self.worst <= self.wanted


class Knowing(NamedTuple):
    """The films measured with so much known of their cameras: all, and the oblique."""

    known: str
    whole: Totals
    oblique: Totals


class Cameras(NamedTuple):
    """What the page needs of both tables."""

    count: int
    found: list[Found]
    films: list[Knowing]


def cameras_of(cameras: pd.DataFrame, films: pd.DataFrame) -> Cameras:
    """Return the figures of cameras.csv and known_cameras.csv."""
    return Cameras(
        count=len(cameras),
        found=[*_lenses(cameras), *_levels(cameras)],
        films=[
            Knowing(str(known), totals(rows), totals(rows[_is_oblique(rows)]))
            for known, rows in films.groupby("known", sort=False)
        ],
    )


def _lenses(cameras: pd.DataFrame) -> Iterable[Found]:
    def both(name: str) -> Values:
        """Return that number across and down."""
        return np.ravel(cameras[[name.format("x"), name.format("y")]].to_numpy(float))

    true_px, sd_px = both("true_focal_{}_px"), both("focal_{}_sd_px")
    error_px = both("focal_{}_px") - true_px
    yield _found(
        "focal length", " %", 100 * error_px / true_px, 0.5, 100 * sd_px / true_px
    )
    error_px = both("centre_{}_px") - both("true_centre_{}_px")
    yield _found("centre", " px", error_px, 2.0, both("centre_{}_sd_px"))


def _levels(cameras: pd.DataFrame) -> Iterable[Found]:
    for by, words in _LEVELLED.items():
        for angle in ("roll", "pitch"):
            error_deg = cameras[f"{by}_{angle}_deg"] - cameras[f"true_{angle}_deg"]
            sd_deg = cameras[f"{by}_{angle}_sd_deg"].to_numpy(float)
            yield _found(
                f"{angle} {words}", "°", error_deg.to_numpy(float), 0.2, sd_deg
            )


def _found(what: str, unit: str, error: Values, wanted: float, sd: Values) -> Found:
    away, half = np.abs(error), _Z95 * sd
    return Found(
        what=what,
        unit=unit,
        mae=float(away.mean()),
        worst=float(away.max()),
        wanted=wanted,
        half_width=float(np.median(half)),
        coverage=float((away <= half).mean()),
    )


def _is_oblique(reps: pd.DataFrame) -> pd.Series[bool]:
    aside, above = reps["true_yaw_deg"].abs(), reps["true_pitch_deg"].abs()
    return (aside >= OBLIQUE_DEG) | (above >= OBLIQUE_DEG)
