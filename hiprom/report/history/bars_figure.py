"""The newest session of each side, and published averages -> bars to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.protocols import Norm
from hiprom.core.quantities import amount
from hiprom.report import palette
from hiprom.report.bars import draw_norm, name_rows, write_beside
from hiprom.report.figure_style import rule
from hiprom.report.history.chapters import Chapter
from hiprom.report.history.looks import look

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GAP_PT = 5.0


def norms(chapter: Chapter) -> tuple[Norm, ...]:
    """Return the norms among which the chapter's numbers were placed, each once."""
    return tuple(
        dict.fromkeys(
            place.norm for leg in chapter.legs for place in leg.progress.places
        )
    )


def bar_rows(chapter: Chapter) -> int:
    """Return how many bars `draw_bars` draws."""
    return len(chapter.legs) + len(norms(chapter))


def draw_bars(axes: Axes, chapter: Chapter) -> None:
    """Draw each leg's newest mean with its interval, and below it the norms.

    A norm's pale bar spans one standard deviation to either side of its mean.
    """
    rule(axes, along="x")
    names: list[str] = []
    for leg in chapter.legs:
        row, mean = len(names), leg.shown(leg.progress.sessions[-1].mean)
        low, high = leg.interval(-1)
        axes.barh(
            row, mean, height=0.54, color=look(leg.protocol.direction, leg.side).colour
        )
        if np.isfinite(low):
            for colour, width in ((palette.PAPER, 4.6), (palette.INK, 2.0)):
                axes.plot([low, high], [row, row], color=colour, linewidth=width)
        end = np.nanmax([mean, high, 0.0])
        write_beside(
            axes,
            end,
            row,
            amount(mean, leg.protocol.quantity),
            gap_pt=_GAP_PT,
            is_bold=True,
        )
        names.append(leg.side.capitalize())
    for norm in norms(chapter):
        row = len(names)
        names.append(
            draw_norm(axes, row, norm, chapter.protocol, thickness=0.34, gap_pt=_GAP_PT)
        )
    name_rows(axes, names, chapter.protocol)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, 0.0), right + 0.2 * (right - left))  # room for the last
