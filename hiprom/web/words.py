"""summary.json, a protocol's name, an error -> the words that stand in a list."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hiprom.core.protocols import PROTOCOLS
from hiprom.core.quantities import amount
from hiprom.report import sentences


@dataclass(frozen=True)
class Figure:
    """What came out for one movement of one side.

    Attributes
    ----------
    heading : str
        "Left hip, internal rotation".
    number : str
        With its unit; a dash where no repetition counted.
    interval : str
        The 95 % interval; empty where there is none.
    reps : str
        "five repetitions".
    """

    heading: str
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


def without_options(said: str) -> str:
    """Return what an error says, its options of the command as the page calls them."""

    def chosen(option: re.Match[str]) -> str:
        return f"the test \u201c{title_of(option[1])}\u201d"

    return re.sub(r"--protocol (\w+)", chosen, said)


def figures(folder: Path) -> tuple[Figure, ...]:
    """Return what stands in a folder of results; nothing where there are none."""
    try:
        summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
        return tuple(_figure(movement) for movement in summary["movements"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _figure(movement: dict[str, Any]) -> Figure:
    quantity, way = movement["quantity"], movement["direction"]
    mean, first, last = (
        math.nan if movement[key] is None else way * float(movement[key])
        for key in ("mean", "mean_low", "mean_high")
    )
    low, high = sorted((first, last))
    return Figure(
        sentences.heading(movement["side"], movement["movement"]),
        amount(mean, quantity),
        sentences.interval(low, high, quantity),
        sentences.repetitions(int(movement["valid_reps"])),
    )
