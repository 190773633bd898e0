"""Numbers to be compared -> rows of bars, published averages among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hiprom.core.protocols import Norm, Protocol
from hiprom.core.quantities import unit
from hiprom.report import palette
from hiprom.report.figure_style import measure_axis

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_GROUPS = {"female": "Women", "male": "Men", None: "Adults"}


def draw_norm(
    axes: Axes,
    row: int,
    norm: Norm,
    protocol: Protocol,
    *,
    thickness: float,
    gap_pt: float,
) -> str:
    """Draw one standard deviation to either side of a norm's mean as a pale bar.

    Parameters
    ----------
    axes : Axes
    row : int
    norm : Norm
    protocol : Protocol
        Angles count along its movement.
    thickness : float
        Of the bar, in rows.
    gap_pt : float
        Between the bar and its numbers, in points.

    Returns
    -------
    str
        Whose average it is: the name of the row.
    """
    mean = protocol.direction * norm.mean
    axes.barh(
        row, 2 * norm.sd, left=mean - norm.sd, height=thickness, color=palette.LINE
    )
    ends = [row - thickness / 2, row + thickness / 2]
    axes.plot([mean, mean], ends, color=palette.QUIET)
    its = unit(protocol.quantity)
    words = " ± ".join(f"{n * its.per_own:.0f}{its.sign}" for n in (mean, norm.sd))
    write_beside(axes, mean + norm.sd, row, words, gap_pt=gap_pt, is_bold=False)
    return _GROUPS[norm.sex]


def write_beside(
    axes: Axes, x: float, row: int, text: str, *, gap_pt: float, is_bold: bool
) -> None:
    """Write beside the end of a bar."""
    axes.annotate(
        text,
        (x, row),
        xytext=(gap_pt, 0),
        textcoords="offset points",
        va="center",
        weight="bold" if is_bold else "normal",
        color=palette.INK if is_bold else palette.QUIET,
    )


def name_rows(axes: Axes, names: list[str], protocol: Protocol) -> None:
    """Name the rows, the first at the top, and say what the bars measure."""
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", labelcolor=palette.INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    measure_axis(axes, along="x", protocol=protocol)
