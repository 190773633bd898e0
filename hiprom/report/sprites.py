"""Letters and shapes -> small pictures with transparency, to lay over a frame.

Each is drawn once, by a proper type renderer, and from then on only blended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from hiprom.report.palette import LIGHT, SHADOW, Rgb

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

Pixels = NDArray[np.uint8]
Weight = Literal["regular", "bold"]

_FILES = {"regular": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf"}
_FINER = 4  # shapes are drawn this much larger and then reduced: smooth edges


@dataclass(frozen=True, eq=False)
class Sprite:
    """A picture with transparency, ready to be blended.

    `light` is the colour times its opacity and `kept` is how much of the frame
    shows through, both uint8 of shape (h, w, 3).
    """

    light: Pixels
    kept: Pixels

    @property
    def width(self) -> int:
        """Width in pixels."""
        return int(self.light.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels."""
        return int(self.light.shape[0])


def words(
    line: str, size_px: float, *, weight: Weight = "regular", colour: Rgb = LIGHT
) -> Image:
    """Return one line of text on nothing."""
    from PIL import Image, ImageDraw

    type_face = font(round(size_px), weight)
    ascent, descent = type_face.getmetrics()
    size = (max(round(type_face.getlength(line)), 1), ascent + descent)
    picture = Image.new("RGBA", size, (*colour, 0))
    ImageDraw.Draw(picture).text((0, 0), line, fill=(*colour, 255), font=type_face)
    return picture


def haloed(picture: Image, halo_px: float) -> Image:
    """Return `picture` with a soft shadow about it, to stand on any video."""
    from PIL import Image, ImageFilter

    pad = round(2 * halo_px) + 1
    grown = Image.new(
        "RGBA", (picture.width + 2 * pad, picture.height + 2 * pad), (*SHADOW, 0)
    )
    shape = Image.new("L", grown.size, 0)
    shape.paste(picture.getchannel("A"), (pad, pad))
    shape = shape.filter(ImageFilter.MaxFilter(3))
    shape = shape.filter(ImageFilter.GaussianBlur(halo_px))
    grown.putalpha(shape.point(lambda value: min(value * 1.1, 190)))
    grown.alpha_composite(picture, (pad, pad))
    return grown


def panel(
    width: float,
    height: float,
    *,
    radius: float,
    opacity: float = 0.62,
    colour: Rgb = SHADOW,
) -> Image:
    """Return a rounded, see-through ground to put letters on."""
    from PIL import Image, ImageDraw

    size = (round(width), round(height))
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
    ImageDraw.Draw(mask).rounded_rectangle(
        (0, 0, mask.width - 1, mask.height - 1), radius * _FINER, fill=255
    )
    mask = mask.resize(size, Image.Resampling.BOX)
    ground = Image.new("RGBA", size, (*colour, 0))
    ground.putalpha(mask.point(lambda value: value * opacity))
    return ground


def dot(
    diameter: float, *, colour: Rgb, is_filled: bool, opacity: float = 1.0
) -> Image:
    """Return a disc, or a ring of a fifth of its diameter."""
    from PIL import Image, ImageDraw

    side = round(diameter)
    mask = Image.new("L", (side * _FINER, side * _FINER), 0)
    edge = (0, 0, mask.width - 1, mask.height - 1)
    pen = ImageDraw.Draw(mask)
    if is_filled:
        pen.ellipse(edge, fill=255)
    else:
        pen.ellipse(edge, outline=255, width=max(round(mask.width / 6), _FINER))
    mask = mask.resize((side, side), Image.Resampling.BOX)
    disc = Image.new("RGBA", mask.size, (*colour, 0))
    disc.putalpha(mask.point(lambda value: value * opacity))
    return disc


def put(ground: Image, parts: Iterable[tuple[Image, float, float]]) -> Image:
    """Lay each (picture, x, y) over `ground`, in order; returns `ground`."""
    for part, x, y in parts:
        ground.alpha_composite(part, (max(round(x), 0), max(round(y), 0)))
    return ground


def curve(
    size: tuple[int, int],
    pieces: Iterable[NDArray[np.float64]],
    *,
    colour: Rgb,
    thickness: float,
) -> Image:
    """Return lines through points of shape (n, 2), on nothing."""
    from PIL import Image, ImageDraw

    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER), 0)
    pen, width = ImageDraw.Draw(mask), max(round(thickness * _FINER), 1)
    for points in pieces:
        if len(points) > 1:
            corners = [(float(x), float(y)) for x, y in points * _FINER]
            pen.line(corners, fill=255, width=width, joint="curve")
    drawn = Image.new("RGBA", size, (*colour, 0))
    drawn.putalpha(mask.resize(size, Image.Resampling.BOX))
    return drawn


def sprite(picture: Image) -> Sprite:
    """Return an RGBA picture made ready for `lay`."""
    rgba = np.asarray(picture, dtype=np.uint16)
    opacity = rgba[..., 3:]
    light = (rgba[..., :3] * opacity + 127) // 255
    kept = np.broadcast_to(255 - opacity, light.shape)
    return Sprite(
        np.ascontiguousarray(light, dtype=np.uint8),
        np.ascontiguousarray(kept, dtype=np.uint8),
    )


@cache
def font(size_px: int, weight: Weight) -> FreeTypeFont:
    """Return the type face that comes with matplotlib, so that all machines agree."""
    import matplotlib as mpl
    from PIL import ImageFont

    path = Path(mpl.get_data_path()) / "fonts" / "ttf" / _FILES[weight]
    return ImageFont.truetype(str(path), max(size_px, 6))
