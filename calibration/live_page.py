"""live.csv -> what the accuracy page says of the live test."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

TABLE = Path(__file__).parent / "live.csv"


class Followed(NamedTuple):
    """How one film, or all of them, looked while they were recorded.

    `counted` is how many repetitions the live test had counted at the end of each film,
    `in_step` after how many of them its number was right. `rms` is how far the angle
    read from each frame, `needle_rms` how far the gauge, was from the curve of the
    whole trial; `hold_mae` and `hold_worst` the same for the angle's median over a
    hold. `live_mae` and `trial_mae` are the errors of both at the holds. Degrees.
    """

    reps: int
    counted: int
    in_step: int
    rms: float
    needle_rms: float
    hold_mae: float
    hold_worst: float
    live_mae: float
    trial_mae: float


class Live(NamedTuple):
    """What the page needs: film by film, and over all of them."""

    films: list[tuple[str, Followed]]
    whole: Followed


def live_of(table: pd.DataFrame) -> Live:
    """Return the figures of the table, which is that of live.csv."""
    return Live(
        films=[
            (str(name), _followed(rows))
            for name, rows in table.groupby("clip", sort=False)
        ],
        whole=_followed(table),
    )


def _followed(reps: pd.DataFrame) -> Followed:
    away = (reps["live_hold"] - reps["trial_hold"]).abs()
    films = reps.groupby("clip", sort=False)
    return Followed(
        reps=len(reps),
        counted=int(films["counted"].last().sum()),
        in_step=int((reps["counted"] == reps["rep"]).sum()),
        rms=float(films["rms_deg"].first().mean()),
        needle_rms=float(films["needle_rms_deg"].first().mean()),
        hold_mae=float(away.mean()),
        hold_worst=float(away.max()),
        live_mae=float((reps["live_hold"] - reps["true_hold"]).abs().mean()),
        trial_mae=float((reps["trial_hold"] - reps["true_hold"]).abs().mean()),
    )
