"""A scene in which somebody moves -> instruction, gauge and hints beside them."""

from __future__ import annotations

from hiprom.core.scene import Scene, Stage
from hiprom.report.palette import Rgb
from hiprom.report.sprites import Pixels
from hiprom.window.gauge import HEIGHT, Gauge
from hiprom.window.layout import Layout
from hiprom.window.lettering import write_in
from hiprom.window.tones import QUIET

_TITLE_HEIGHT = 46
_TITLE = (24, 22, 20, 18, 16, 14)
# From three metres a capital of 36 steps can be read on a laptop's screen.
_INSTRUCTION = (56, 52, 48, 44, 40, 36, 32, 28, 24)
# With a gauge the instruction keeps its height, so that the gauge stands still; it is
# lower where the hints have to stand beneath the gauge.
_INSTRUCTION_HEIGHT, _LOWER_INSTRUCTION = 178, 118
_LARGE_HINTS = (32, 30, 28, 26, 24, 22, 20, 18)
_SMALL_HINTS = (28, 26, 24, 22, 20, 18)
_LEAST_UNDER = 48  # a lower place under the picture holds no hint


class SidePanel:
    """What stands beside the camera's picture, for one layout of the window.

    Parameters
    ----------
    layout : Layout
    colour : Rgb
        The protocol's.
    """

    def __init__(self, layout: Layout, colour: Rgb) -> None:
        self._unit = unit = layout.unit
        self._colour = colour
        self._panel = layout.panel
        self._body = layout.panel.below(_TITLE_HEIGHT * unit)
        has_room = layout.under.height >= _LEAST_UNDER * unit
        height = _INSTRUCTION_HEIGHT if has_room else _LOWER_INSTRUCTION
        self._instruction = self._body.top(height * unit)
        below = self._body.below(self._instruction.height + 8 * unit)
        gauge = below.top(HEIGHT * unit)
        self._gauge = Gauge(gauge, colour)
        self._hints = layout.under if has_room else below.below(gauge.height + 8 * unit)

    def draw(self, frame: Pixels, scene: Scene) -> None:
        """Draw the panel, in place."""
        unit = self._unit
        title, colour = (scene.title,), self._colour
        write_in(frame, title, self._panel, _TITLE, unit, weight="bold", colour=colour)
        if scene.stage is Stage.POSITION:
            self._advise(frame, scene)
            return
        said = (scene.instruction,)
        write_in(frame, said, self._instruction, _INSTRUCTION, unit, weight="bold")
        self._gauge.draw(frame, scene)
        write_in(frame, scene.hints, self._hints, _SMALL_HINTS, unit, colour=QUIET)

    def _advise(self, frame: Pixels, scene: Scene) -> None:
        """Let the hints have what the gauge will take later."""
        unit, body = self._unit, self._body
        box = body.top(0.5 * body.height)
        said = (scene.instruction,)
        end = write_in(frame, said, box, _INSTRUCTION, unit, weight="bold")
        rest = body.below(end - body.y + 22 * unit)
        write_in(frame, scene.hints, rest, _LARGE_HINTS, unit)
