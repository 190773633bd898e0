"""A direction and a side -> the colour and the mark it has in every figure.

A page keeps the hue of its movement: teal internal, ember external. Its two sides
differ in lightness and in the shape of their marks, so that they hold in grey too.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.protocols import Direction

# Marks of matplotlib, and the same as letters: a disc and a diamond.
_MARKS: dict[MeasuredSide, tuple[str, str]] = {
    "left": ("o", "\N{BLACK CIRCLE}"),
    "right": ("D", "\N{BLACK DIAMOND}"),
    "both": ("o", "\N{BLACK CIRCLE}"),
}
_COLOURS: dict[tuple[int, MeasuredSide], str] = {
    (1, "left"): "#128f84",
    (1, "right"): "#0b3f47",
    (1, "both"): "#0b6e69",
    (-1, "left"): "#d9701c",
    (-1, "right"): "#6a2b06",
    (-1, "both"): "#b04a06",
}


@dataclass(frozen=True)
class Look:
    """How one side is drawn: its colour, and its mark for figures and for text."""

    colour: str
    marker: str
    letter: str


def look(direction: Direction, side: MeasuredSide) -> Look:
    """Return how a side of a movement in one direction is drawn."""
    return Look(_COLOURS[direction, side], *_MARKS[side])
