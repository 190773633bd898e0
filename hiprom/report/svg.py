"""A drawing -> SVG text that stands inside a page: no size, no date, no links."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from hiprom.report.figure_style import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_IN = 4.9  # 353 points: letters of ten points stay that size on a phone
_SVG_DPI = 72.0  # as the file is written: letters are measured at this size
_STYLE_SHEET = re.compile(r"<style.*?</style>", re.DOTALL)
# matplotlib counts its parts anew in each figure; a page may not have a name twice.
_COUNTED = re.compile(r' id="[A-Za-z.0-9]+_\d+"')


def svg(
    draw: Callable[..., None],
    height_in: float,
    *,
    width_in: float = WIDTH_IN,
    panels: tuple[int, int] = (1, 1),
    is_bare: bool = False,
) -> str:
    """Return what `draw` draws as an ``<svg>`` element.

    Parameters
    ----------
    draw : callable
        Takes as many matplotlib Axes as there are panels, row by row.
    height_in, width_in : float
    panels : tuple of int
        Rows and columns.
    is_bare : bool
        Whether the one panel fills the picture, without axes.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with style(10, **{"svg.fonttype": "none", "svg.hashsalt": "hiprom"}):
        figure = Figure(figsize=(width_in, height_in), dpi=_SVG_DPI)
        if is_bare:
            draw(figure.add_axes((0.0, 0.0, 1.0, 1.0)))
        else:
            draw(*_panels(figure, panels))
            # Once, and not the figure's own: that would draw all of it twice.
            ConstrainedLayoutEngine().execute(figure)
        return _element(figure)


def _panels(figure: Figure, panels: tuple[int, int]) -> list[Axes]:
    rows, columns = panels
    return [
        figure.add_subplot(rows, columns, number)
        for number in range(1, rows * columns + 1)
    ]


def _element(figure: Figure) -> str:
    kept = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(kept, format="svg", transparent=True, metadata=nothing)
    head, body = kept.getvalue().split("<svg", 1)[1].split(">", 1)
    box = head.split('viewBox="')[1].split('"')[0]
    # Its style sheet would reach the whole page.
    body = _COUNTED.sub("", _STYLE_SHEET.sub("", body))
    return (
        f'<svg viewBox="{box}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" aria-hidden="true" '
        f'stroke-linejoin="round" stroke-linecap="butt">{body}'
    )
