"""The newest session of each side, and published averages -> bars to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.protocols import Norm
from hiprom.report import palette
from hiprom.report.history.chapters import Chapter
from hiprom.report.history.looks import look, rule
from hiprom.report.sentences import degrees

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROUPS = {"female": "Women", "male": "Men", None: "Adults"}


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
    rows: list[str] = []
    for leg in chapter.legs:
        row, mean = len(rows), leg.shown(leg.progress.sessions[-1].mean)
        low, high = leg.interval(-1)
        axes.barh(row, mean, height=0.54, color=look(leg.protocol, leg.side).colour)
        if np.isfinite(low):
            for colour, width in ((palette.PAPER, 4.6), (palette.INK, 2.0)):
                axes.plot([low, high], [row, row], color=colour, linewidth=width)
        _write(axes, np.nanmax([mean, high, 0.0]), row, degrees(mean), is_bold=True)
        rows.append(leg.side.capitalize())
    direction = chapter.protocol.direction
    for norm in norms(chapter):
        row, mean = len(rows), direction * norm.mean
        axes.barh(
            row, 2 * norm.sd, left=mean - norm.sd, height=0.34, color=palette.LINE
        )
        axes.plot([mean, mean], [row - 0.17, row + 0.17], color=palette.QUIET)
        words = f"{mean:.0f}° ± {norm.sd:.0f}°"
        _write(axes, mean + norm.sd, row, words, is_bold=False)
        rows.append(_GROUPS[norm.sex])
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    left, right = axes.get_xlim()
    axes.set_xlim(min(left, 0.0), right + 0.2 * (right - left))  # room for the last
    axes.set_xlabel(f"{chapter.protocol.movement}, degrees")


def _write(axes: Axes, x: float, y: float, text: str, *, is_bold: bool) -> None:
    """Write beside the end of a bar."""
    axes.annotate(
        text,
        (x, y),
        xytext=(5, 0),
        textcoords="offset points",
        va="center",
        weight="bold" if is_bold else "normal",
        color=palette.INK if is_bold else palette.QUIET,
    )
