"""A quantity's name, ``hip_rotation_deg`` -> its unit, and values as people read them.

A name ends in its unit. Metres are shown as centimetres: nobody thinks of a knee gap
as 0.62.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_MINUS = "\N{MINUS SIGN}"
_DASH = "\N{EN DASH}"
# From here on a tenth of a centimetre is no news.
_WHOLE_CM = 10.0


@dataclass(frozen=True)
class Unit:
    """How the values of a quantity are written.

    Attributes
    ----------
    word : str
        On an axis: "degrees"; empty where there is no unit.
    sign : str
        Behind a number, with a blank before it where one is due: "°", " cm".
    per_own : float
        How many of these make one of the unit in the quantity's name.
    decimals : int
    """

    word: str
    sign: str
    per_own: float = 1.0
    decimals: int = 1

    def shown(self, value: float) -> str:
        """Return a value with its sign; a dash where there is none."""
        if not math.isfinite(value):
            return _DASH
        number = value * self.per_own
        decimals = self.decimals
        if self.word == "centimetres":
            decimals = 0 if abs(number) >= _WHOLE_CM else 1
        number = round(number, decimals) + 0.0  # and no minus before a zero
        return f"{number:.{decimals}f}{self.sign}".replace("-", _MINUS)


_UNITS: Mapping[str, Unit] = MappingProxyType(
    {
        "deg": Unit("degrees", "°"),
        "m": Unit("centimetres", " cm", 100.0),
        "cm": Unit("centimetres", " cm"),
        "s": Unit("seconds", " s"),
    }
)
# A ratio, or a measure without a unit.
_PURE = Unit("", "", decimals=2)


def unit(quantity: str) -> Unit:
    """Return the unit that the name of a quantity ends in; a pure number's if none."""
    suffix = quantity.rpartition("_")[2]
    return _UNITS.get(suffix, _PURE)


def amount(value: float, quantity: str) -> str:
    """Return a value as it is read; a dash where there is none.

    >>> amount(34.24, "hip_rotation_deg"), amount(0.618, "knee_gap_m")
    ('34.2°', '62 cm')
    """
    return unit(quantity).shown(value)


def gained(value: float, quantity: str) -> str:
    """Return a change with its sign, "+3.1°"; without one where it is zero."""
    said = amount(value, quantity)
    is_more = value > 0 and any(digit in said for digit in "123456789")
    return f"+{said}" if is_more else said


def words_of(quantity: str) -> str:
    """Return the name of a quantity as words without its unit: "knee gap"."""
    name, _, suffix = quantity.rpartition("_")
    return (name if suffix in _UNITS and name else quantity).replace("_", " ")


def is_angle(quantity: str) -> bool:
    """Whether a quantity is in degrees."""
    return quantity.endswith("_deg")
