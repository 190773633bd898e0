"""Size of the window and of the picture -> where each part of the window stands.

All sizes are in steps of a window of 1280 by 720, the `unit`, so that a larger one
looks the same from further away.
"""

from __future__ import annotations

from typing import NamedTuple

MARGIN = 24
_KEYS = 64  # height of the line of keys
_PANEL = (448, 560)  # the panel is at least and at most so wide
_GAP = 12


class Box(NamedTuple):
    """A rectangle in pixels of the window."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.y + self.height

    def inset(self, across: float, down: float) -> Box:
        """Return the box within, smaller on each side."""
        x, y = round(across), round(down)
        return Box(self.x + x, self.y + y, self.width - 2 * x, self.height - 2 * y)

    def top(self, height: float) -> Box:
        """Return the first `height` pixels of it."""
        return self._replace(height=min(round(height), self.height))

    def below(self, height: float) -> Box:
        """Return what is left under the first `height` pixels."""
        used = min(round(height), self.height)
        return Box(self.x, self.y + used, self.width, self.height - used)


class Layout(NamedTuple):
    """Where everything stands while somebody moves before the camera.

    Attributes
    ----------
    unit : float
        Pixels of one step.
    card : Box
        What a card in the middle may take up.
    picture, panel : Box
        The camera's picture, and what stands at its right.
    under : Box
        The place under the picture; it has no height beneath an upright one.
    keys : Box
        The line along the lower edge.
    """

    unit: float
    card: Box
    picture: Box
    panel: Box
    under: Box
    keys: Box


def unit_px(size_px: tuple[int, int]) -> float:
    """Return the step of a window of this width and height."""
    return min(size_px[0] / 1280, size_px[1] / 720)


def lay_out(size_px: tuple[int, int], picture_px: tuple[int, int]) -> Layout:
    """Give each part its place.

    Parameters
    ----------
    size_px : tuple of int
        Width and height of the window.
    picture_px : tuple of int
        Width and height of the camera's picture, which keeps its proportions.
    """
    unit, (wide, tall) = unit_px(size_px), size_px
    margin, gap = round(MARGIN * unit), round(_GAP * unit)
    least, most = (round(width * unit) for width in _PANEL)
    keys = Box(0, tall - round(_KEYS * unit), wide, round(_KEYS * unit))
    room = Box(margin, margin, wide - 3 * margin - least, keys.y - margin)
    scale = min(room.width / picture_px[0], room.height / picture_px[1])
    width, height = (max(round(side * scale), 1) for side in picture_px)
    panel_width = min(wide - 3 * margin - width, most)
    left = (wide - width - margin - panel_width) // 2
    picture = Box(left, margin, width, height)
    panel = Box(picture.right + margin, margin, panel_width, room.height)
    lower = min(picture.bottom + gap, keys.y)
    under = Box(left, lower, width, keys.y - lower)
    card = Box(margin, margin, wide - 2 * margin, keys.y - margin)
    return Layout(unit, card, picture, panel, under, keys)
