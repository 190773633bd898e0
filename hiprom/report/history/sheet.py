"""Words, boxes and figures -> one sheet of A4, measured in points from its top left."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from hiprom.report import palette
from hiprom.report.history.typesetting import Weight, lines, settable, width_pt

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_PT, HEIGHT_PT = 595.276, 841.89
MARGIN_PT = 38.0
GUTTER_PT = 12.0
ROOM_PT = WIDTH_PT - 2 * MARGIN_PT
BASE_PT = 7.5
LEADING = 1.38
_POINTS_PER_INCH = 72.0


class Sheet:
    """A page being set, from the top down.

    Attributes
    ----------
    y_pt : float
        Where the next thing goes, from the top of the sheet; writing moves it.
    figure : matplotlib Figure or None
        None on a sheet that only measures: nothing is drawn there.
    """

    def __init__(self, *, only_measures: bool = False) -> None:
        self.y_pt = MARGIN_PT
        self.figure = None if only_measures else _blank()

    @property
    def left_pt(self) -> float:
        """How much of the sheet is still empty, above the lower margin."""
        return HEIGHT_PT - MARGIN_PT - self.y_pt

    def write(
        self,
        text: str,
        x_pt: float,
        y_pt: float,
        *,
        size_pt: float = BASE_PT,
        weight: Weight = "normal",
        colour: str = palette.INK,
        align: Literal["left", "right"] = "left",
    ) -> float:
        """Write one line with its foot at `y_pt`; returns how wide it is.

        `y_pt` of the sheet stays.
        """
        text = settable(text)
        if self.figure and text:
            self.figure.text(
                x_pt / WIDTH_PT,
                1 - y_pt / HEIGHT_PT,
                text,
                fontsize=size_pt,
                weight=weight,
                color=colour,
                ha=align,
                va="baseline",
            )
        return width_pt(text, size_pt, weight)

    def paragraph(
        self,
        text: str,
        *,
        x_pt: float = MARGIN_PT,
        room_pt: float = ROOM_PT,
        size_pt: float = BASE_PT,
        weight: Weight = "normal",
        colour: str = palette.INK,
        after_pt: float = 0.0,
    ) -> None:
        """Write a text over as many lines as it takes, and move below it."""
        for line in lines(text, room_pt, size_pt, weight):
            self.y_pt += LEADING * size_pt
            self.write(
                line,
                x_pt,
                self.y_pt - 0.3 * size_pt,
                size_pt=size_pt,
                weight=weight,
                colour=colour,
            )
        self.y_pt += after_pt

    def brand(self) -> None:
        """Write who made the sheet, above its title."""
        self.write(
            "hiprom",
            MARGIN_PT,
            self.y_pt,
            size_pt=8,
            weight="bold",
            colour=palette.TEAL,
        )
        self.y_pt += 5

    def heading(self, text: str, *, x_pt: float = MARGIN_PT) -> None:
        """Write the heading of a part, with room above it."""
        self.y_pt += 6
        self.paragraph(text, x_pt=x_pt, size_pt=9, weight="bold", after_pt=1)

    def panel(
        self, x_pt: float, y_pt: float, wide_pt: float, high_pt: float, *, colour: str
    ) -> None:
        """Lay a rounded ground for words that are written on it."""
        from matplotlib.patches import FancyBboxPatch

        round_pt = 7.0
        ground = FancyBboxPatch(
            (x_pt + round_pt, HEIGHT_PT - y_pt - high_pt + round_pt),
            wide_pt - 2 * round_pt,
            high_pt - 2 * round_pt,
            boxstyle=f"round,pad={round_pt}",
            facecolor=colour,
            edgecolor="none",
            zorder=-1,
        )
        self._add(ground)

    def line(self, x_pt: float, y_pt: float, wide_pt: float) -> None:
        """Rule a hair line."""
        from matplotlib.lines import Line2D

        up_pt = HEIGHT_PT - y_pt
        ends = [x_pt, x_pt + wide_pt], [up_pt, up_pt]
        self._add(Line2D(*ends, color=palette.LINE, linewidth=0.6))

    def draw(
        self,
        drawing: Callable[[Axes], None],
        x_pt: float,
        y_pt: float,
        wide_pt: float,
        high_pt: float,
    ) -> None:
        """Draw on axes whose frame has this upper left corner and size."""
        if self.figure:
            place = (
                x_pt / WIDTH_PT,
                1 - (y_pt + high_pt) / HEIGHT_PT,
                wide_pt / WIDTH_PT,
                high_pt / HEIGHT_PT,
            )
            drawing(self.figure.add_axes(place))

    def _add(self, part: Artist) -> None:
        """Add what is given in points from the lower left corner."""
        from matplotlib.transforms import Affine2D

        if self.figure:
            shares = Affine2D().scale(1 / WIDTH_PT, 1 / HEIGHT_PT)
            part.set_transform(shares + self.figure.transFigure)
            self.figure.add_artist(part)


def height_pt(write: Callable[[Sheet], None]) -> float:
    """Return how far down `write` goes."""
    sheet = Sheet(only_measures=True)
    write(sheet)
    return sheet.y_pt - MARGIN_PT


def columns(count: int) -> list[tuple[float, float]]:
    """Return where each of some columns begins and how wide it is."""
    wide = (ROOM_PT - GUTTER_PT * (count - 1)) / count
    return [(MARGIN_PT + index * (wide + GUTTER_PT), wide) for index in range(count)]


def _blank() -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH_PT / _POINTS_PER_INCH, HEIGHT_PT / _POINTS_PER_INCH))
