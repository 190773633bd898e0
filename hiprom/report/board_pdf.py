"""Rectangles in millimetres -> a sheet to print, true to scale, with rulers on it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from hiprom.report.files import writing
from hiprom.report.palette import INK, QUIET

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Paper = Literal["A4", "letter"]
PAPERS_MM: dict[Paper, tuple[float, float]] = {
    "A4": (210.0, 297.0),
    "letter": (215.9, 279.4),
}
# Left, top, width, height.
Box = tuple[float, float, float, float]

_MM_PER_INCH = 25.4
_RULER_GAP_MM = 7.0
_SHARE_ABOVE = 0.42


def write_board(
    path: Path,
    black: Iterable[Box],
    size_mm: tuple[float, float],
    paper: Paper,
    *,
    square_mm: float,
) -> None:
    """Draw a board in the middle of a sheet, with a heading, two rulers and advice.

    Parameters
    ----------
    path : Path
        A PDF of one page; it carries no date, so that it is the same each time.
    black : iterable of (left, top, width, height)
        What is black, millimetres from the board's upper left corner.
    size_mm : tuple of float
        The board's width and height.
    paper : {"A4", "letter"}
    square_mm : float
        Length of a square's side, to be told on the sheet.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    import matplotlib as mpl
    from matplotlib.collections import PatchCollection
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    wide, tall = PAPERS_MM[paper]
    left = (wide - size_mm[0]) / 2
    top = (tall - size_mm[1]) * _SHARE_ABOVE
    with mpl.rc_context({"font.family": "DejaVu Sans", "pdf.fonttype": 42}):
        figure = Figure(figsize=(wide / _MM_PER_INCH, tall / _MM_PER_INCH))
        sheet = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(tall, 0))
        sheet.set_axis_off()
        patches = [
            Rectangle((left + x, top + y), width, height)
            for x, y, width, height in black
        ]
        # Without lines around them: a line would make the squares larger.
        sheet.add_collection(
            PatchCollection(patches, facecolor="black", linewidth=0, antialiased=False)
        )
        middle = wide / 2
        sheet.text(
            middle, top - 13, "hiprom camera board", color=INK, size=12, ha="center"
        )
        sheet.text(middle, top - 7.5, "this edge up", color=QUIET, size=8, ha="center")
        bottom = top + size_mm[1] + _RULER_GAP_MM
        across, down = (10 * int(side // 10) for side in size_mm)
        _draw_ruler(sheet, (left, bottom), across, is_upright=False)
        _draw_ruler(sheet, (left - _RULER_GAP_MM, top), down, is_upright=True)
        sheet.text(
            middle, bottom + 9, _advice(across, down, square_mm, paper),
            color=QUIET, size=7.5, ha="center", va="top", linespacing=1.5,
        )  # fmt: skip
        facts = {"Creator": "hiprom", "Producer": None, "CreationDate": None}
        facts["Title"] = f"hiprom camera board, {paper}"
        with writing(path):
            figure.savefig(path, format="pdf", metadata=facts)


def _draw_ruler(
    sheet: Axes, start: tuple[float, float], length_mm: int, *, is_upright: bool
) -> None:
    """Draw a scale in millimetres, away from the board, numbered in centimetres."""
    x0, y0 = start
    for at in range(length_mm + 1):
        tick = 4.0 if at % 10 == 0 else 3.0 if at % 5 == 0 else 1.8
        x, y = (x0, y0 + at) if is_upright else (x0 + at, y0)
        end = (x - tick, y) if is_upright else (x, y + tick)
        sheet.plot([x, end[0]], [y, end[1]], color=INK, linewidth=0.35)
        if at % 10 == 0:
            place = (x - 5, y) if is_upright else (x, y + 4.6)
            sheet.text(
                *place,
                str(at // 10),
                color=INK,
                size=6,
                ha="right" if is_upright else "center",
                va="center" if is_upright else "top",
            )


def _advice(across: int, down: int, square_mm: float, paper: Paper) -> str:
    return (
        f"Print on {paper} at 100 %, not fitted to the page. "
        f"Check with a ruler: {across / 10:.0f} cm across, {down / 10:.0f} cm down; "
        f"each square {square_mm:.0f} mm.\n"
        "Glue it flat to stiff card. A board that is bent, or longer one way, "
        "calibrates wrongly."
    )
