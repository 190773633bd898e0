"""One row of a CSV -> the facts of its trial, and its repetition.

Cells are read strictly: what is not understood is refused in words, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from typing import Any, NamedTuple

import numpy as np

from hiprom.core.history import VIDEO, SavedRep
from hiprom.core.landmarks import SIDES, MeasuredSide
from hiprom.core.measurement import Rep
from hiprom.core.protocols import PROTOCOLS, Protocol
from hiprom.core.quantities import is_angle
from hiprom.report.tables import REPS_COLUMNS, plain_text

# What measured, in a list kept by hand that does not say.
GONIOMETER = "goniometer"

# Truth as hiprom writes it, and as spreadsheets of some languages save it again.
_TRUTH = {
    **dict.fromkeys(("", "true", "1", "yes", "wahr", "vrai", "verdadero"), True),
    **dict.fromkeys(("false", "0", "no", "falsch", "faux", "falso"), False),
}
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COUNT = re.compile(r"[1-9][0-9]{0,5}")
_QUANTITY = re.compile(r"[a-z][a-z0-9_]*_[a-z]+")
_SIDES: tuple[MeasuredSide, ...] = (*SIDES, "both")
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
# Outside these a century was mistyped.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
# No joint turns further: a larger number lost its decimal mark in a spreadsheet.
_WIDEST_DEG = 180.0
# No two knees come further apart: a larger number is in centimetres.
_WIDEST_M = 3.0
# In a list kept by hand a value this far the wrong way is a forgotten sign.
_SLIP_DEG = 20.0


class Unusable(Exception):
    """A row cannot be used; the text says what was found and what is needed."""


class TrialFacts(NamedTuple):
    """What the rows of one trial have in common; `number` is "" where there is none."""

    subject: str | None
    video: str
    recorded_at: datetime
    protocol: str
    instrument: str
    number: str


@dataclass(frozen=True)
class Row:
    """One row's cells by column, and what kind of file they stand in."""

    cells: Mapping[str, str]
    is_ours: bool
    has_decimal_comma: bool

    def trial(self, recorded_at: datetime | None, zone: tzinfo) -> TrialFacts:
        """Return what the row says of its trial, `recorded_at` if it says no time."""
        protocol = self._word("protocol")
        if protocol not in PROTOCOLS:
            raise Unusable(
                f"protocol is {protocol!r}; needed is one of {', '.join(PROTOCOLS)}"
            )
        return TrialFacts(
            subject=self._text("subject") or None,
            video=self._text("video"),
            recorded_at=self._when(recorded_at, zone),
            protocol=protocol,
            instrument=self._text("instrument")
            or (VIDEO if self.is_ours else GONIOMETER),
            number=self._word("trial"),
        )

    def rep(self) -> SavedRep:
        """Return the repetition; its number is 0 where the row has none."""
        known = PROTOCOLS[self._word("protocol")]
        allowed = _SIDES[2:] if known.sides == "whole" else _SIDES[:2]
        side = next((side for side in allowed if side == self._word("side")), None)
        if side is None:
            raise Unusable(
                f"side is {self._word('side')!r}; needed is {' or '.join(allowed)}"
            )
        quantity = self._word("quantity") or known.quantity
        if not _QUANTITY.fullmatch(quantity):
            raise Unusable(
                f"quantity is {quantity!r}; needed is a name with its unit such as "
                f"{known.quantity}"
            )
        numbers: dict[str, Any] = {
            name: self._number(name)
            for name, kind in REPS_COLUMNS.items()
            if kind == "float64"
        }
        if quantity == known.quantity:
            self._require_sense(numbers["end_range"], known)
        flags = (flag.strip() for flag in self._text("flags").split(";"))
        rep = Rep(
            number=self._count("rep"),
            plateau_start_s=np.nan,
            plateau_end_s=np.nan,
            flags=tuple(flag for flag in flags if flag),
            valid=self._truth("valid"),
            **numbers,
        )
        return SavedRep(side, quantity, rep, self._text("excluded") or None)

    def _text(self, name: str) -> str:
        text = plain_text(self.cells.get(name, ""))
        return text if self.is_ours else text.strip()

    def _word(self, name: str) -> str:
        return self.cells.get(name, "").strip().lower()

    def _number(self, name: str) -> float:
        cell = self.cells.get(name, "").strip()
        spelt = cell
        if self.has_decimal_comma and "." not in cell:
            spelt = cell.replace(",", ".")
        if not cell:
            return np.nan
        if not _NUMBER.fullmatch(spelt) or np.isinf(float(spelt)):
            raise Unusable(f"{name} is {cell!r}; needed is a number such as 31.5")
        return float(spelt)

    def _count(self, name: str) -> int:
        cell = self._word(name)
        if cell and not _COUNT.fullmatch(cell):
            raise Unusable(f"{name} is {cell!r}; needed is a whole number from 1 on")
        return int(cell or 0)

    def _truth(self, name: str) -> bool:
        word = self._word(name)
        if word not in _TRUTH:
            raise Unusable(f"{name} is {word!r}; needed is true or false")
        return _TRUTH[word]

    def _when(self, otherwise: datetime | None, zone: tzinfo) -> datetime:
        text = self._text("recorded_at").strip() or self._text("date")
        if not text and otherwise is not None:
            return otherwise
        try:
            return _moment(text, zone)
        except ValueError:
            raise Unusable(
                f"recorded_at is {text!r}; needed is a date such as 2026-05-04 or "
                "2026-05-04T09:12:00+02:00"
            ) from None

    def _require_sense(self, end_range: float, known: Protocol) -> None:
        """Raise if the primary quantity's value is one nobody has."""
        if is_angle(known.quantity):
            widest = _WIDEST_DEG
            why = (
                "more than a joint can turn; a spreadsheet may have dropped the "
                "decimal mark"
            )
        else:
            widest, why = _WIDEST_M, f"but {known.quantity} is in metres"
        if abs(end_range) > widest:
            raise Unusable(f"end_range is {end_range:g}, {why}")
        if self.is_ours:
            return
        if np.isnan(end_range):
            raise Unusable("end_range is empty; needed is a number such as 31.5")
        slip = known.direction * end_range < -_SLIP_DEG
        if slip and len(known.movements) == 1:
            sign = "positive" if known.direction > 0 else "negative"
            raise Unusable(
                f"end_range is {end_range:g}; {known.movement} is {sign}, so "
                f"{-end_range:g} may be meant"
            )


def _moment(text: str, zone: tzinfo) -> datetime:
    """Return the time that `text` tells; raise ValueError if it tells none."""
    dotted = _DOTTED_DAY.fullmatch(text)
    if dotted:
        day, month, year, rest = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    try:
        # Noon, for then no time zone moves it to another day.
        moment = datetime.combine(date.fromisoformat(text), time(12))
    except ValueError:
        moment = datetime.fromisoformat(text)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
