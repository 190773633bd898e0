"""Our colours and type -> what every figure has in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

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


def rule(axes: Axes, *, along: str) -> None:
    """Rule the ground of a figure along "x" or "y" with hair lines."""
    axes.grid(axis=cast("Any", along), color=palette.LINE, linewidth=0.6)
