"""The camera's picture, what was found in it, and a scene -> the window's picture."""

from __future__ import annotations

from functools import lru_cache

from hiprom.core.protocols import Protocol
from hiprom.core.protocols.seated import SEATED_IR
from hiprom.core.scene import Scene, Stage
from hiprom.errors import InputError, ShapeError
from hiprom.report.overlay_strokes import disc, lay
from hiprom.report.palette import accent_bright
from hiprom.report.sprites import Pixels, Sprite, panel, sprite
from hiprom.window.body import Marks, draw_backdrop, draw_marks, draw_picture
from hiprom.window.cards import draw_card
from hiprom.window.key_line import draw_keys
from hiprom.window.layout import Layout, lay_out
from hiprom.window.lettering import write
from hiprom.window.side_panel import SidePanel
from hiprom.window.tones import RECORDING, dark_frame

_SMALLEST = (480, 270)
_CARDS = (Stage.CONSENT, Stage.RESULT)
_BACKDROP = 0.3  # of the picture's brightness behind a card


class Canvas:
    """Draws what one window shows, in one size throughout.

    Letters and whatever stands still are drawn once and kept.

    Parameters
    ----------
    size : tuple of int
        Width and height in pixels.
    protocol : Protocol
        Its colour is that of the dial and the gauge, as on the overlay film.

    Raises
    ------
    InputError
        If the size is too small for its words to be read.
    """

    def __init__(
        self, size: tuple[int, int] = (1280, 720), *, protocol: Protocol = SEATED_IR
    ) -> None:
        if size[0] < _SMALLEST[0] or size[1] < _SMALLEST[1]:
            raise InputError(
                f"A window of {size[0]} x {size[1]} pixels was asked for; at least "
                f"{_SMALLEST[0]} x {_SMALLEST[1]} are needed to read it from a "
                "distance. Make it larger."
            )
        self._size = size
        self._colour = accent_bright(protocol)
        self._place = lru_cache(maxsize=4)(self._place_once)

    def draw(self, picture: Pixels, marks: Marks, scene: Scene) -> Pixels:
        """Draw one moment.

        Parameters
        ----------
        picture : ndarray of uint8, shape (h, w, 3)
            RGB, upright and unmirrored; it is mirrored here, for the eyes only.
        marks : Marks
            What was found in it, in its own pixels.
        scene : Scene

        Returns
        -------
        ndarray of uint8, shape (height, width, 3)
            RGB, a new array at each call.

        Raises
        ------
        ShapeError
            If the picture is not of the shape above.
        """
        if picture.ndim != 3 or picture.shape[2] != 3 or not picture.size:
            raise ShapeError("picture", picture.shape, "(h, w, 3)")
        layout, side_panel = self._place(picture.shape[1], picture.shape[0])
        frame = dark_frame(self._size)
        if scene.stage in _CARDS:
            draw_backdrop(frame[: layout.keys.y], picture, _BACKDROP)
            draw_card(frame, scene, layout.card, layout.unit, self._colour)
        else:
            draw_picture(frame, picture, layout.picture)
            draw_marks(frame, marks, picture, layout.picture, self._colour)
            side_panel.draw(frame, scene)
            if scene.recorded_s > 0:
                _draw_recording(frame, scene.recorded_s, layout)
        draw_keys(frame, scene.keys, layout.keys, layout.unit, is_muted=scene.is_muted)
        return frame

    def _place_once(self, width_px: int, height_px: int) -> tuple[Layout, SidePanel]:
        layout = lay_out(self._size, (width_px, height_px))
        return layout, SidePanel(layout, self._colour)


def _draw_recording(frame: Pixels, recorded_s: float, layout: Layout) -> None:
    """Show in the picture's upper corner that it is kept, and since when."""
    unit, picture = layout.unit, layout.picture
    minutes, seconds = divmod(int(recorded_s), 60)
    pill = _pill(round(132 * unit), round(48 * unit))
    left, top = picture.x + 12 * unit, picture.y + 12 * unit
    middle = top + pill.height / 2
    lay(frame, pill, left, top)
    disc(frame, (left + 26 * unit, middle), RECORDING, 11 * unit)
    clock = f"{minutes}:{seconds:02d}"
    write(frame, clock, (left + 48 * unit, middle), 28 * unit, weight="bold")


@lru_cache(maxsize=4)
def _pill(width: int, height: int) -> Sprite:
    return sprite(panel(width, height, radius=height / 2, opacity=0.72))
