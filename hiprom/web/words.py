"""summary.json -> the few figures that stand in a list."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from hiprom.core.protocols import PROTOCOLS
from hiprom.core.protocols.protocol import unit_of
from hiprom.report import sentences


@dataclass(frozen=True)
class Figure:
    """What came out for one side, along its movement.

    Attributes
    ----------
    side : str
    number : str
        With its unit; a dash where no repetition counted.
    interval : str
        The 95 % interval; empty where there is none.
    reps : str
        "five repetitions".
    """

    side: str
    number: str
    interval: str
    reps: str


def protocol_of(folder: Path) -> str | None:
    """Return the name of the test that a folder of results is of."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        return str(summary["protocol"]["name"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def title_of(protocol: str) -> str:
    """Return what a test is called; "auto" is not told yet."""
    known = PROTOCOLS.get(protocol)
    return known.title if known else "Test told by the video"


def figures(folder: Path) -> tuple[Figure, ...]:
    """Return what stands in a folder of results; nothing where there are none."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        protocol = PROTOCOLS[summary["protocol"]["name"]]
        unit = unit_of(summary["protocol"]["quantity"])
        return tuple(
            _figure(name, side, protocol.direction, unit)
            for name, side in summary["sides"].items()
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _figure(
    name: str, side: dict[str, float | None], direction: int, unit: str
) -> Figure:
    mean, first, last = (
        math.nan if side[key] is None else direction * float(side[key] or 0.0)
        for key in ("mean", "mean_low", "mean_high")
    )
    low, high = sorted((first, last))
    is_known = math.isfinite(low) and math.isfinite(high)
    return Figure(
        name,
        amount(mean, unit),
        f"{amount(low, unit)} to {amount(high, unit)}" if is_known else "",
        sentences.repetitions(int(side["valid_reps"] or 0)),
    )


def amount(value: float, unit: str) -> str:
    """Return a value with its unit; a dash where there is none."""
    if unit == "°" or not math.isfinite(value):
        return sentences.degrees(value)
    return f"{value:.2f}".replace("-", "\N{MINUS SIGN}") + (f" {unit}" if unit else "")
