"""Words and a box -> letters as large as the box allows, wrapped, cut where they must.

Letters are drawn once and kept; from then on a line costs one blending.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from hiprom.report.overlay_strokes import lay
from hiprom.report.palette import LIGHT, Rgb
from hiprom.report.sprites import Pixels, Sprite, Weight, font, sprite, words
from hiprom.window.layout import Box

Align = Literal["left", "centre", "right"]

# Of DejaVu Sans, in its sizes: from its upper edge to the middle of a capital, and
# from line to line.
_MIDDLE = 0.564
_PITCH = 1.22
# Between two paragraphs, in lines.
_PARAGRAPH = 0.45
_MORE = "\N{HORIZONTAL ELLIPSIS}"


class Setting(NamedTuple):
    """Paragraphs set in one size of letters, each wrapped into lines."""

    size_px: int
    paragraphs: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        """Height in pixels from the first line's upper edge to the last one's lower."""
        lines = sum(map(len, self.paragraphs))
        gaps = max(len(self.paragraphs) - 1, 0)
        return round((lines * _PITCH + gaps * _PARAGRAPH) * self.size_px)


def wide(text: str, size_px: float, weight: Weight = "regular") -> float:
    """Return the width of a line in pixels."""
    return float(font(round(size_px), weight).getlength(text))


@lru_cache(maxsize=512)
def wrapped(
    text: str, size_px: int, width_px: int, weight: Weight = "regular"
) -> tuple[str, ...]:
    """Break a text into lines no wider than `width_px`; too long a word is broken."""
    lines = [""]
    for word in text.split():
        tried = f"{lines[-1]} {word}".lstrip()
        if wide(tried, size_px, weight) <= width_px:
            lines[-1] = tried
            continue
        rest = word
        while wide(rest, size_px, weight) > width_px and len(rest) > 1:
            fits = _that_fits(rest, size_px, width_px, weight)
            lines.append(rest[:fits])
            rest = rest[fits:]
        lines.append(rest)
    return tuple(line for line in lines if line)


def fitted(
    texts: Iterable[str],
    box: Box,
    sizes: Sequence[float],
    unit: float,
    *,
    weight: Weight = "regular",
) -> Setting:
    """Set paragraphs in the largest of `sizes` in which all of them fit into a box.

    Where not even the smallest is small enough, as many as that has room for are set,
    the first ones; and of a first one that is too long, its beginning.

    Parameters
    ----------
    texts : iterable of str
        What matters most first.
    box : Box
    sizes : sequence of float
        Sizes of letters in steps, largest first.
    unit : float
        Pixels of one step.
    weight : {"regular", "bold"}
    """
    sizes_px = tuple(max(round(size * unit), 1) for size in sizes)
    return _fitted(tuple(texts), box.width, box.height, sizes_px, weight)


@lru_cache(maxsize=128)
def _fitted(
    texts: tuple[str, ...],
    width: int,
    height: int,
    sizes: tuple[int, ...],
    weight: Weight,
) -> Setting:
    def set_in(size: int, count: int) -> Setting:
        chosen = texts[:count]
        return Setting(size, tuple(wrapped(t, size, width, weight) for t in chosen))

    smallest = sizes[-1]
    for count in range(len(texts), 0, -1):
        if set_in(smallest, count).height > height:
            continue
        longest = max(
            (word for text in texts[:count] for word in text.split()),
            key=lambda word: wide(word, smallest, weight),
            default="",
        )
        for size in sizes:
            setting = set_in(size, count)
            is_unbroken = wide(longest, size, weight) <= width
            if setting.height <= height and (is_unbroken or size == smallest):
                return setting
    lines = wrapped(texts[0], smallest, width, weight) if texts else ()
    lines = lines[: int(height / (_PITCH * smallest))]
    if not lines:
        return Setting(smallest, ())
    last = lines[-1]
    while last and wide(last + _MORE, smallest, weight) > width:
        last = last[:-1]
    return Setting(smallest, ((*lines[:-1], last + _MORE),))


def _that_fits(text: str, size_px: int, width_px: int, weight: Weight) -> int:
    """Return how many of the first letters fit; at least one."""
    fits = [
        count
        for count in range(1, len(text))
        if wide(text[:count], size_px, weight) <= width_px
    ]
    return max(fits, default=1)


def write(
    frame: Pixels,
    text: str,
    place: tuple[float, float],
    size_px: float,
    *,
    weight: Weight = "regular",
    colour: Rgb = LIGHT,
    align: Align = "left",
) -> float:
    """Write one line, in place; returns its width in pixels.

    `place` is where its left end, its middle or its right end comes to stand, and the
    height of the middle of its capitals.
    """
    size = round(size_px)
    letters = _line(text, size, weight, colour)
    left = place[0] - {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * letters.width
    lay(frame, letters, left, place[1] - _MIDDLE * size)
    return letters.width


def write_block(
    frame: Pixels,
    setting: Setting,
    box: Box,
    *,
    weight: Weight = "regular",
    colour: Rgb = LIGHT,
    align: Align = "left",
) -> int:
    """Write paragraphs from the box's upper edge on, in place; returns their end, y."""
    at = {"left": box.x, "centre": box.x + box.width / 2, "right": box.right}[align]
    pitch = _PITCH * setting.size_px
    # The lines' leading is shared out above and below their letters.
    y = box.y + (_PITCH - 1) / 2 * setting.size_px + 0.5 * setting.size_px
    for lines in setting.paragraphs:
        for line in lines:
            write(
                frame,
                line,
                (at, y),
                setting.size_px,
                weight=weight,
                colour=colour,
                align=align,
            )
            y += pitch
        y += _PARAGRAPH * setting.size_px
    return box.y + setting.height


def write_in(
    frame: Pixels,
    texts: Iterable[str],
    box: Box,
    sizes: Sequence[float],
    unit: float,
    *,
    weight: Weight = "regular",
    colour: Rgb = LIGHT,
    align: Align = "left",
) -> int:
    """Write paragraphs as `fitted` sets them, in place; returns their end, y."""
    setting = fitted(texts, box, sizes, unit, weight=weight)
    return write_block(frame, setting, box, weight=weight, colour=colour, align=align)


@lru_cache(maxsize=256)
def _line(text: str, size_px: int, weight: Weight, colour: Rgb) -> Sprite:
    return sprite(words(text, size_px, weight=weight, colour=colour))
