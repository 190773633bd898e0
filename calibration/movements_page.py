"""movements.csv -> what the accuracy page says of the movements that are not seated."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
from scoring import Totals, totals

from hiprom import PROTOCOLS

TABLE = Path(__file__).parent / "movements.csv"

# Wanted of the mean absolute error: degrees, for a gap centimetres.
WANTED = {
    "prone_ir": 6.0,
    "sidelying_ir": 6.0,
    "clamshell": 6.0,
    "leg_lift": 4.0,
    "ninety_ninety": 8.0,
    "tandem_rotation": 5.0,
    "butterfly": 4.0,
    "squat": 6.0,
}


class Measured(NamedTuple):
    """One movement: how its films came out, and how their altered copies did.

    Errors in `unit`. `refused` counts films, or copies, that hiprom would not measure;
    their repetitions are not among those found.
    """

    name: str
    title: str
    unit: str
    wanted: float
    films: Totals
    films_refused: int
    copies: Totals
    copies_refused: int

    @property
    def is_met(self) -> bool:
        """Whether all is found, nothing invented, and the errors are as wanted."""
        is_whole = self.films.found == self.films.reps or self.films_refused
        return bool(
            is_whole
            and not self.films.invented
            and not self.films.end_mae > self.wanted
            and not self.films.coverage < 0.9
        )


def movements_of(table: pd.DataFrame) -> list[Measured]:
    """Return the figures of the table, which is that of movements.csv."""
    return [
        _movement(name, rows)
        for name in PROTOCOLS
        if len(rows := table[table["protocol"] == name])
    ]


def _movement(name: str, rows: pd.DataFrame) -> Measured:
    protocol = PROTOCOLS[name]
    in_metres = protocol.unit == "m"
    values = [column for column in rows if str(column) in _VALUES]
    scaled = rows.assign(**{c: rows[c] * (100 if in_metres else 1) for c in values})
    is_film = scaled["alteration"].isna() | (scaled["alteration"] == "")
    films, copies = scaled[is_film], scaled[~is_film]
    return Measured(
        name=name,
        title=protocol.title,
        unit=" cm" if in_metres else "°",
        wanted=WANTED[name],
        films=totals(films),
        films_refused=_refused(films),
        copies=totals(copies.assign(clip=copies["alteration"] + copies["clip"])),
        copies_refused=_refused(copies),
    )


_VALUES = (
    *("true_end_range", "end_range", "end_range_low", "end_range_high"),
    *("true_excursion", "excursion", "frame_mae"),
)


def _refused(rows: pd.DataFrame) -> int:
    said = rows[rows["refused"].fillna("") != ""]
    return len(said.groupby(["alteration", "clip"], dropna=False))
