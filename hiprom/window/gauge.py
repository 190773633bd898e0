"""An angle, the marks to reach and the share of a hold -> a gauge as large as a hand.

The arc is the scale. Within it runs the ring of the hold, and within that stand the
digits, the one thing that has to be read from three metres.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hiprom.core.scene import Scene
from hiprom.report.overlay_strokes import disc, fill, stroke
from hiprom.report.palette import LIGHT, Rgb
from hiprom.report.sprites import Pixels
from hiprom.window.arcs import Ring, way
from hiprom.window.layout import Box
from hiprom.window.lettering import Align, write
from hiprom.window.tones import DONE, GROUND, QUIET, TRACK

Place = NDArray[np.float64]  # x and y

# Degrees of rotation at the scale's ends, and where these stand: clockwise from three
# o'clock, so that the scale opens downwards.
LOWEST, HIGHEST = -10.0, 60.0
_FROM_DEG, _OVER_DEG = 150.0, 240.0
_NUMBERS = (0, 20, 40, 60)

# Sizes in steps of a gauge that is WIDTH by HEIGHT, its middle so far down.
WIDTH, HEIGHT, _MIDDLE = 440, 388, 200
_ARC = (148.0, 170.0)
_ARC_MIDDLE, _NOTCH, _OUTSIDE = 159.0, (145.0, 178.0), 192.0
_RING, _WHOLE_RING = (128.0, 138.0), (123.0, 142.0)
_TOP_DEG = -90.0
_DIGITS, _LONG_DIGITS = 112, 84
_MOST_DOTS = 6  # more than these are counted in figures


class Gauge:
    """A gauge in one place, as large as its box allows.

    Parameters
    ----------
    box : Box
    colour : Rgb
        The protocol's.
    """

    def __init__(self, box: Box, colour: Rgb) -> None:
        self._unit = min(box.width / WIDTH, box.height / HEIGHT)
        self._colour = colour
        left = box.x + (box.width - WIDTH * self._unit) / 2
        top = box.y + (box.height - HEIGHT * self._unit) / 2
        self._corner = np.array([left, top])
        self._middle = self._corner + np.array([WIDTH / 2, _MIDDLE]) * self._unit
        self._arc = self._ring_of(_ARC, _FROM_DEG)
        self._hold = self._ring_of(_RING, _TOP_DEG)
        self._whole_hold = self._ring_of(_WHOLE_RING, _TOP_DEG)

    def draw(self, frame: Pixels, scene: Scene) -> None:
        """Draw the gauge as the scene says, in place."""
        self._scale(frame)
        is_known = math.isfinite(scene.angle)
        if is_known:
            start, end = sorted((turn_deg(0.0), turn_deg(scene.angle)))
            self._arc.draw(frame, start, end, self._colour)
        if scene.held_share >= 1:
            # A whole ring is broader too, for eyes that do not tell its colour.
            self._whole_hold.draw(frame, 0, 360, DONE)
        elif scene.held_share > 0:
            self._hold.draw(frame, 0, 360 * scene.held_share, LIGHT)
        self._marks(frame, scene)
        if is_known:
            middle = self._on_arc(scene.angle)
            disc(frame, middle, GROUND, 20 * self._unit)
            disc(frame, middle, LIGHT, 16 * self._unit)
        self._digits(frame, scene)
        self._reps(frame, scene)

    def _scale(self, frame: Pixels) -> None:
        """Draw what waits to be filled, and the scale's numbers."""
        self._arc.draw(frame, 0, _OVER_DEG, TRACK)
        self._hold.draw(frame, 0, 360, TRACK)
        for number in _NUMBERS:
            x, y = self._on_arc(number, _OUTSIDE)
            size = 20 * self._unit
            write(frame, str(number), (x, y), size, colour=QUIET, align="centre")

    def _marks(self, frame: Pixels, scene: Scene) -> None:
        """Mark what was reached, on the arc and, with its number, in a lower corner."""
        if math.isfinite(scene.target):
            self._diamond(frame, self._on_arc(scene.target))
            self._diamond(frame, self._at(14, 340))
            self._number(frame, scene.target, "last time", "left")
        if math.isfinite(scene.furthest):
            ends = [self._on_arc(scene.furthest, radius) for radius in _NOTCH]
            self._notch(frame, ends)
            self._notch(frame, [self._at(WIDTH - 10, y) for y in (328, 352)])
            self._number(frame, scene.furthest, "furthest", "right")

    def _diamond(self, frame: Pixels, middle: Place) -> None:
        corners = np.array([(0, -1), (1, 0), (0, 1), (-1, 0)])
        for radius, shade in ((14, GROUND), (10, LIGHT), (5, GROUND)):
            fill(frame, middle + radius * self._unit * corners, shade)

    def _notch(self, frame: Pixels, ends: list[Place]) -> None:
        stroke(frame, ends, GROUND, 10 * self._unit)
        stroke(frame, ends, LIGHT, 5 * self._unit)

    def _number(self, frame: Pixels, angle: float, name: str, align: Align) -> None:
        edge = 0 if align == "left" else WIDTH
        x, y = self._at(edge + (32 if align == "left" else -26), 340)
        size = 34 * self._unit
        number = f"{whole(angle)}°"
        write(frame, number, (x, y), size, weight="bold", align=align)
        place = self._at(edge, 374)
        write(frame, name, tuple(place), 18 * self._unit, colour=QUIET, align=align)

    def _digits(self, frame: Pixels, scene: Scene) -> None:
        digits = whole(scene.angle)
        size = (_DIGITS if len(digits) < 3 else _LONG_DIGITS) * self._unit
        shade = DONE if scene.held_share >= 1 else LIGHT
        x, y = self._middle
        broad = write(
            frame, digits, (x, y), size, weight="bold", colour=shade, align="centre"
        )
        if math.isfinite(scene.angle):
            place = (x + broad / 2, y - 0.145 * size)
            write(frame, "°", place, 0.6 * size, weight="bold", colour=shade)

    def _reps(self, frame: Pixels, scene: Scene) -> None:
        """Count repetitions: a dot for each, full when done, or in figures."""
        done, all_of_them = scene.reps_done, scene.reps_wanted
        if all_of_them is None or max(done, all_of_them) > _MOST_DOTS:
            count = f"{done} of {all_of_them}"
            if all_of_them is None:
                count = f"{done} rep{'' if done == 1 else 's'}"
            size = 32 * self._unit
            place = tuple(self._at(WIDTH / 2, 368))
            write(frame, count, place, size, weight="bold", align="centre")
            return
        number = max(done, all_of_them)
        for index in range(number):
            middle = self._at(WIDTH / 2 + 34 * (index - (number - 1) / 2), 366)
            disc(
                frame, middle, self._colour if index < done else TRACK, 11 * self._unit
            )

    def _at(self, x: float, y: float) -> Place:
        """Go from the gauge's own steps to pixels of the frame."""
        place: Place = self._corner + np.array([x, y]) * self._unit
        return place

    def _on_arc(self, angle: float, radius: float = _ARC_MIDDLE) -> Place:
        spoke = _FROM_DEG + turn_deg(angle)
        place: Place = self._middle + radius * self._unit * way(spoke)
        return place

    def _ring_of(self, radii: tuple[float, float], from_deg: float) -> Ring:
        inner, outer = (radius * self._unit for radius in radii)
        return Ring(self._middle, (inner, outer), from_deg)


def turn_deg(angle: float) -> float:
    """Return where an angle stands on the scale, clockwise from the scale's beginning.

    What lies beyond the scale stands at its end.
    """
    share = (min(max(angle, LOWEST), HIGHEST) - LOWEST) / (HIGHEST - LOWEST)
    return _OVER_DEG * share


def whole(angle: float) -> str:
    """Return an angle in whole degrees, an en dash where there is none.

    >>> whole(34.4), whole(-0.3)
    ('34', '0')
    """
    if not math.isfinite(angle):
        return "\N{EN DASH}"
    return str(round(angle)).replace("-", "\N{MINUS SIGN}")
