"""altered.csv -> what the accuracy page says of altered copies."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from altered_clips import CHANGES
from scoring import Totals, end_error, totals

from hiprom import PROTOCOLS

TABLE = Path(__file__).parent / "altered.csv"


class Change(NamedTuple):
    """How well one thing that moved besides was measured, in all repetitions found.

    `beyond` is how many truly went further than `limit_deg`, on average by `true_deg`
    and as measured by `seen_deg`; `told` is how many of those carry the flag. `within`
    and `mistaken` are the numbers for all others.
    """

    name: str
    limit_deg: float
    mae: float
    worst: float
    beyond: int
    true_deg: float
    seen_deg: float
    told: int
    within: int
    mistaken: int


class Altered(NamedTuple):
    """What the page needs: totals by alteration, over all, and with an outline.

    `refused` names the copies that were not measured at all. `of_body` is the root mean
    square, over the films, of their mean error in all copies; `of_picture` that of what
    a film's mean error in one copy is besides.
    """

    kinds: list[tuple[str, Totals]]
    whole: Totals
    outlined: Totals
    refused: list[str]
    changes: list[Change]
    of_body: float
    of_picture: float


def altered_of(table: pd.DataFrame) -> Altered:
    """Return the figures of the table, which is that of altered.csv."""
    found = table.dropna(subset=["true_end_range", "end_range"])
    films = end_error(found).groupby([found["clip"], found["alteration"]]).mean()
    bodies = films.groupby("clip").transform("mean")
    return Altered(
        kinds=[
            (str(kind), totals(rows))
            for kind, rows in table.groupby("alteration", sort=False)
        ],
        whole=totals(table),
        outlined=totals(found[~_is_flagged(found, "no_outline")]),
        refused=[
            f"{film} ({kind})"
            for (kind, film), rows in table.groupby(["alteration", "clip"], sort=False)
            if rows["yaw_deg"].isna().all()
        ],
        changes=list(_changes(found)),
        of_body=_rms(bodies.groupby("clip").first()),
        of_picture=_rms(films - bodies),
    )


def _changes(found: pd.DataFrame) -> Iterable[Change]:
    limits = PROTOCOLS["seated_ir"].limits
    for name in CHANGES:
        true_deg, seen_deg = found[f"true_{name}_deg"], found[f"{name}_deg"]
        limit_deg = limits[name].value
        is_beyond, is_flagged = true_deg.abs() > limit_deg, _is_flagged(found, name)
        away_deg = (seen_deg - true_deg).abs()
        yield Change(
            name=name.replace("_", " "),
            limit_deg=limit_deg,
            mae=float(away_deg.mean()),
            worst=float(away_deg.max()),
            beyond=int(is_beyond.sum()),
            true_deg=float(true_deg[is_beyond].abs().mean()),
            seen_deg=float(seen_deg[is_beyond].abs().mean()),
            told=int((is_beyond & is_flagged).sum()),
            within=int((~is_beyond).sum()),
            mistaken=int((~is_beyond & is_flagged).sum()),
        )


def _is_flagged(reps: pd.DataFrame, flag: str) -> pd.Series[bool]:
    return reps["flags"].fillna("").str.split(";").map(lambda flags: flag in flags)


def _rms(values: pd.Series[float]) -> float:
    return float(np.sqrt((values**2).mean()))
