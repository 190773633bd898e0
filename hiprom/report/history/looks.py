"""A protocol and a side -> the colour and the mark it has in every figure.

A page keeps the hue of its movement: teal internal, ember external. Its two sides
differ in lightness and in the shape of their marks, so that they hold in grey too.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hiprom.core.landmarks import Side
from hiprom.core.protocols import Protocol
from hiprom.report import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Marks of matplotlib, and the same as letters: a disc and a diamond.
_MARKS: dict[Side, tuple[str, str]] = {
    "left": ("o", "\N{BLACK CIRCLE}"),
    "right": ("D", "\N{BLACK DIAMOND}"),
}
_COLOURS: dict[tuple[int, Side], str] = {
    (1, "left"): "#128f84",
    (1, "right"): "#0b3f47",
    (-1, "left"): "#d9701c",
    (-1, "right"): "#6a2b06",
}
_STYLE: dict[str, Any] = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib: alike on all machines
    "axes.edgecolor": palette.LINE,
    "axes.labelcolor": palette.QUIET,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.axisbelow": True,
    "axes.unicode_minus": True,
    "text.color": palette.INK,
    "text.parse_math": False,
    "xtick.color": palette.QUIET,
    "ytick.color": palette.QUIET,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "xtick.labelsize": "medium",
    "ytick.labelsize": "medium",
    "axes.labelsize": "medium",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Look:
    """How one side is drawn: its colour, and its mark for figures and for text."""

    colour: str
    marker: str
    letter: str


def look(protocol: Protocol, side: Side) -> Look:
    """Return how a side of a protocol is drawn."""
    return Look(_COLOURS[protocol.direction, side], *_MARKS[side])


@contextmanager
def style(font_pt: float, **more: Any) -> Iterator[None]:
    """Draw in our style within the ``with`` block; matplotlib's own settings stay."""
    import matplotlib as mpl

    with mpl.rc_context(cast("Any", _STYLE | {"font.size": font_pt} | more)):
        yield


def rule(axes: Axes, *, along: str) -> None:
    """Rule the ground of a figure along "x" or "y" with hair lines."""
    axes.grid(axis=cast("Any", along), color=palette.LINE, linewidth=0.6)
