"""Our colours and type -> what every figure has in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from hiprom.core.protocols import Protocol
from hiprom.core.quantities import unit, words_of
from hiprom.report import palette

if TYPE_CHECKING:
    from matplotlib.axes import Axes

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


@contextmanager
def style(font_pt: float, **more: Any) -> Iterator[None]:
    """Draw in our style within the ``with`` block; matplotlib's own settings stay."""
    import matplotlib as mpl

    with mpl.rc_context(cast("Any", _STYLE | {"font.size": font_pt} | more)):
        yield


def measure_axis(axes: Axes, *, along: str, protocol: Protocol) -> None:
    """Name the "x" or "y" axis after a protocol's movement, in the unit people read.

    Where it counts both ways, after the quantity.
    """
    its, (movement, *more) = unit(protocol.quantity), protocol.movements.values()
    axis = axes.xaxis if along == "x" else axes.yaxis
    name = words_of(protocol.quantity) if more else movement
    axis.set_label_text(", ".join(filter(None, (name, its.word))))
    if its.per_own != 1:
        axis.set_major_formatter(lambda value, _: f"{value * its.per_own:g}")


def rule(axes: Axes, *, along: str) -> None:
    """Rule the ground of a figure along "x" or "y" with hair lines."""
    axes.grid(axis=cast("Any", along), color=palette.LINE, linewidth=0.6)
