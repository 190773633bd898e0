"""A stored picture -> the upright, square-pixel RGB that a player would show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.display_matrix import Turn

if TYPE_CHECKING:
    from av.video.frame import VideoFrame


class Layout(NamedTuple):
    """How pictures are stored: what must stay the same throughout a recording.

    Attributes
    ----------
    width_px, height_px : int
        Of the stored picture.
    matrix : bytes
        The display matrix, as `turn_of` takes it; empty if there is none.
    rotation_deg : int
        What PyAV makes of that matrix: wrong for a mirrored picture, but quick.
    """

    width_px: int
    height_px: int
    matrix: bytes
    rotation_deg: int

    @classmethod
    def of(cls, picture: VideoFrame) -> Layout:
        """Read it off a decoded picture; the container alone does not tell it."""
        beside = cast("Mapping[str, Any]", picture.side_data)
        try:
            matrix = bytes(beside["DISPLAYMATRIX"])
        except KeyError:
            matrix = b""
        return cls(picture.width, picture.height, matrix, picture.rotation)

    @property
    def size(self) -> str:
        """In words, as in ``640 x 480``."""
        return f"{self.width_px} x {self.height_px}"

    def is_that_of(self, picture: VideoFrame) -> bool:
        """Whether a later picture is laid out so; one without a matrix may be."""
        if (picture.width, picture.height) != self[:2]:
            return False
        # To read its matrix makes a reference cycle: each picture would stay in memory
        # until the garbage is collected.
        if picture.rotation == self.rotation_deg:
            return True
        return Layout.of(picture).matrix in {b"", self.matrix}


class Upright:
    """Scales, colours and turns the pictures of one layout.

    Parameters
    ----------
    layout : Layout
        Of the pictures to come.
    turn : Turn
        What the layout's matrix asks for.
    aspect : float
        Width by height of a stored pixel; widths are stretched by it.
    max_side_px : int
        The longer side is scaled down to it, never up.
    """

    def __init__(
        self, layout: Layout, turn: Turn, *, aspect: float, max_side_px: int
    ) -> None:
        from av.video.reformatter import VideoReformatter

        wide, tall = layout.width_px * aspect, float(layout.height_px)
        shrink = min(1.0, max_side_px / max(wide, tall))
        self._scaled_px = _even(wide * shrink), _even(tall * shrink)
        self._turn = turn
        # Only a picture that is made smaller is worth the threads.
        self._threads = 1 if shrink == 1.0 else 0
        self._scaler = VideoReformatter()  # kept, since it is slow to set up

    @property
    def size_px(self) -> tuple[int, int]:
        """Even (width, height) of what is delivered."""
        return self._turn.size_of(*self._scaled_px)

    def rgb(self, picture: VideoFrame) -> NDArray[np.uint8]:
        """Return the pixels, C-contiguous, shape (height, width, 3)."""
        from av.video.reformatter import Interpolation

        width_px, height_px = self._scaled_px
        scaled = self._scaler.reformat(
            picture,
            width=width_px,
            height=height_px,
            format="rgb24",
            # The mean over each area: the quickest that leaves no aliases.
            interpolation=Interpolation.AREA,
            threads=self._threads,
        )
        return self._turn.applied_to(cast("NDArray[np.uint8]", scaled.to_ndarray()))


def _even(length_px: float) -> int:
    return max(2, 2 * round(length_px / 2))
