"""One frame of video -> the same frame with skeleton, dial, counter and curve on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import SKELETON, of_side, other
from hiprom.core.measurement import Measurement, SideMeasurement
from hiprom.core.protocols import one_way
from hiprom.core.quantities import amount, unit
from hiprom.core.track import PoseTrack
from hiprom.report.overlay_counter import counter, moment
from hiprom.report.overlay_strip import Strip, time_strip
from hiprom.report.overlay_strokes import dashed, disc, fill, lay, see_through, stroke
from hiprom.report.palette import LIGHT, SHADOW, accent_bright
from hiprom.report.sprites import Pixels, Sprite, haloed, sprite, words
from hiprom.report.tables import rep_at

if TYPE_CHECKING:
    from PIL.Image import Image

_BONES = np.array(SKELETON)
_JOINTS = np.unique(_BONES)
_ARC = 0.55  # where the arc stands, in lengths of the arm


class Painter:
    """Draws one trial on frames of one size, in place.

    Sizes follow the shorter side of the picture, so that a phone's portrait video
    and a small webcam's look alike. Values count along the movement: external rotation
    is shown as a positive number.

    Parameters
    ----------
    measurement : Measurement
    track : PoseTrack
    width_px, height_px : int
        Size of the frames to be painted; it may be another than the track's.
    """

    def __init__(
        self,
        measurement: Measurement,
        track: PoseTrack,
        *,
        width_px: int,
        height_px: int,
    ) -> None:
        self._measurement = measurement
        self._track = track
        self._width, self._height = width_px, height_px
        self._scale = np.array([width_px / track.width_px, height_px / track.height_px])
        self._unit = unit = max(min(width_px, height_px) / 480, 0.6)
        protocol = measurement.protocol
        self._colours = {
            way: accent_bright(one_way(protocol, way)) for way in protocol.directions
        }
        self._shown = shown_sides(measurement)
        self._sprites: dict[Hashable, Sprite] = {}
        self._margin = round(12 * unit)

    @cached_property
    def _strip(self) -> Strip:
        """Needed by a film, not by a still."""
        return time_strip(
            self._measurement,
            self._shown,
            size_px=(self._width - 2 * self._margin, round(62 * self._unit)),
            unit_px=self._unit,
            colour=self._colours[self._measurement.protocol.direction],
        )

    def paint(self, frame: Pixels, index: int) -> None:
        """Paint on `frame`, which is number `index`, all that belongs to the film.

        uint8 RGB of shape (h, w, 3), C-contiguous.
        """
        side = self._shown[index]
        self._paint_skeleton(frame, index)
        self._paint_dial(frame, side, index)
        value = side.direction * float(side.trace[index])
        if np.isfinite(value):
            self._paint_value(frame, side, index, _whole(value, side.quantity))
        now = moment(self._measurement, side, index)
        colour = self._colours[side.direction]
        panel = self._once(now, lambda: counter(now, unit_px=self._unit, colour=colour))
        lay(frame, panel, self._margin, self._margin)
        lower = self._height - self._margin - self._strip.height
        self._strip.paint(frame, self._margin, lower, index)
        self._paint_name(frame)

    def paint_still(self, frame: Pixels, index: int) -> None:
        """Paint skeleton, dial and number only, for a page.

        Within a repetition the number is its end-range, as in the tables.
        """
        side = self._shown[index]
        self._paint_skeleton(frame, index)
        self._paint_dial(frame, side, index)
        rep = rep_at(float(self._measurement.time_s[index]), side.reps)
        value = float(side.trace[index]) if rep is None else rep.end_range
        if np.isfinite(value):
            said = amount(side.direction * value, side.quantity)
            self._paint_value(frame, side, index, said)

    def _in_frame(self, points_px: NDArray[Any]) -> NDArray[np.float64]:
        """Go from the track's pixels to the frame's; far outside is drawn nearer."""
        reach = 4 * max(self._width, self._height)
        near: NDArray[np.float64] = np.clip(points_px * self._scale, -reach, reach)
        return near

    def _paint_skeleton(self, frame: Pixels, index: int) -> None:
        points = self._in_frame(self._track.image_px[index])
        if not np.isfinite(points).all():
            return
        thin = max(1.6 * self._unit, 1.0)

        def draw(part: Pixels, corner: NDArray[np.float64]) -> None:
            bones = points[_BONES] - corner
            stroke(part, bones, SHADOW, 2 * thin)
            stroke(part, bones, LIGHT, thin)
            for joint in points[_JOINTS] - corner:
                disc(part, joint, LIGHT, 1.7 * thin)

        see_through(frame, points[_JOINTS], 4 * thin, 0.6, draw)

    def _paint_dial(self, frame: Pixels, side: SideMeasurement, index: int) -> None:
        """Draw the two arms and the arc between them, where there are any."""
        dial = self._in_frame(side.dial_px[index])
        if not np.isfinite(dial).all():
            return
        unit, colour = self._unit, self._colours[side.direction]
        knee, end, zero = dial
        arc = sector(knee, zero, end)

        def draw(part: Pixels, corner: NDArray[np.float64]) -> None:
            fill(part, np.vstack([knee, arc]) - corner, colour)

        see_through(frame, np.vstack([knee, arc]), 2 * unit, 0.42, draw)
        dashes = dashed(knee, zero, 8 * unit)
        stroke(frame, dashes, SHADOW, 3.8 * unit)
        stroke(frame, dashes, LIGHT, 2.0 * unit)
        for edge, shade in ((2.2 * unit, SHADOW), (0.0, colour)):
            stroke(frame, arc, shade, 2.0 * unit + edge)
        for edge, shade in ((2.6 * unit, SHADOW), (0.0, colour)):
            stroke(frame, [knee, end], shade, 3.6 * unit + edge)
            disc(frame, end, shade, 4.6 * unit + edge / 2)
        disc(frame, knee, SHADOW, 7.4 * unit)
        disc(frame, knee, colour, 6.2 * unit)
        disc(frame, knee, LIGHT, 3.0 * unit)

    def _paint_value(
        self, frame: Pixels, side: SideMeasurement, index: int, value: str
    ) -> None:
        """Write the number beside the pivot, away from the other leg.

        Without a pivot it stands in the upper right corner.
        """
        size, halo = max(30 * self._unit, 16), max(2.4 * self._unit, 1.5)
        label = self._once(
            value, lambda: haloed(words(value, size, weight="bold"), halo)
        )
        knee = side.dial_px[index, 0] * self._scale
        if not np.isfinite(knee).all():
            x = self._width - self._margin - label.width
            lay(frame, label, x, self._margin + round(16 * self._unit))
            return
        away = 1.0
        if side.side != "both":
            marks = self._track.image_px[index]
            inner = marks[of_side("knee", other(side.side)), 0] * self._scale[0]
            away = 1.0 if knee[0] >= inner else -1.0
        x = knee[0] + away * (14 * self._unit + label.width / 2) - label.width / 2
        y = knee[1] - 0.62 * label.height
        room = (self._width - label.width, self._height - label.height)
        lay(frame, label, *np.clip([x, y], 0, np.maximum(room, 0)))

    def _paint_name(self, frame: Pixels) -> None:
        size = max(11 * self._unit, 9)
        name = self._once("hiprom", lambda: haloed(words("hiprom", size), 1.5))
        lay(frame, name, self._width - self._margin - name.width, self._margin)

    def _once(self, key: Hashable, draw: Callable[[], Image]) -> Sprite:
        if key not in self._sprites:
            self._sprites[key] = sprite(draw())
        return self._sprites[key]


def _whole(value: float, quantity: str) -> str:
    """Return a value that changes from frame to frame, as steady as can be."""
    its = unit(quantity)
    decimals = 0 if its.decimals <= 1 else its.decimals
    number = round(value * its.per_own, decimals) + 0.0  # there is no minus zero
    return f"{number:.{decimals}f}{its.sign}".replace("-", "\N{MINUS SIGN}")


def shown_sides(measurement: Measurement) -> tuple[SideMeasurement, ...]:
    """Return the leg to show at each frame: the one whose repetition is nearest."""
    time_s = measurement.time_s
    away_s = np.full((len(measurement.sides), len(time_s)), np.inf)
    for row, side in enumerate(measurement.sides):
        for rep in side.reps:
            to_rep_s = np.maximum(rep.start_s - time_s, time_s - rep.end_s).clip(0)
            away_s[row] = np.minimum(away_s[row], to_rep_s)
    return tuple(measurement.sides[row] for row in away_s.argmin(axis=0))


def sector(
    centre: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the arc from one arm of an angle to the other, shape (25, 2).

    It goes the shorter way round, and its radius goes over from the one arm's
    length to the other's: seen at a slant, a circle is drawn as it looks.
    """
    arms = np.array([start - centre, end - centre])
    lengths = np.hypot(arms[:, 0], arms[:, 1])
    first, last = np.arctan2(arms[:, 1], arms[:, 0])
    turn = (last - first + np.pi) % (2 * np.pi) - np.pi
    share = np.linspace(0, 1, 25)
    angle = first + share * turn
    radius = _ARC * (lengths[0] + share * (lengths[1] - lengths[0]))
    arc: NDArray[np.float64] = centre + radius[:, None] * np.stack(
        [np.cos(angle), np.sin(angle)], axis=-1
    )
    return arc
