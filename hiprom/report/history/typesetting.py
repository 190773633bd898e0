"""Text of any kind -> lines of a known width, in letters that the type face has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Literal

from hiprom.report.tables import printable

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

Weight = Literal["normal", "bold"]

# Words are not parted at a no-break space.
_SPACES = re.compile(r"[^\S\N{NO-BREAK SPACE}]+")
_FAMILY = "DejaVu Sans"
_MISSING = "\N{WHITE VERTICAL RECTANGLE}"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_TRIAL_PT = 10.0  # widths are measured at this size, and grow with it
_POINTS_PER_INCH = 72.0
_FIXED_POINT = 65536.0  # FreeType counts in such parts


def settable(text: str) -> str:
    """Return `text` on one line, with a box for every letter that cannot be printed.

    Marks that turn the direction of writing, and other unseen ones, are taken out.
    """
    known = _letters()
    seen = "".join(
        letter if letter in known else _MISSING
        for letter in _SPACES.sub(" ", printable(text))
        if unicodedata.category(letter) not in _UNSEEN
    )
    return _SPACES.sub(" ", seen).strip(" ")


def width_pt(text: str, size_pt: float, weight: Weight = "normal") -> float:
    """Return how wide a line of text is, in points, before letters are kerned."""
    advance_pt = sum(_advance_pt(letter, weight) for letter in text)
    return advance_pt * size_pt / _TRIAL_PT


def lines(
    text: str, room_pt: float, size_pt: float, weight: Weight = "normal"
) -> list[str]:
    """Break `text` into lines that fit into `room_pt`, between words where possible."""
    done, line = [], ""
    for word in _words(settable(text), room_pt, size_pt, weight):
        longer = f"{line} {word}" if line else word
        if line and width_pt(longer, size_pt, weight) > room_pt:
            done.append(line)
            longer = word
        line = longer
    return [*done, line] if line else done


def shortened(
    text: str, room_pt: float, size_pt: float, weight: Weight = "normal"
) -> str:
    """Return as much of `text` as fits on one line, and an ellipsis if it is not all.

    Parameters
    ----------
    text : str
    room_pt, size_pt : float
    weight : {"normal", "bold"}
    """
    whole = settable(text)
    if width_pt(whole, size_pt, weight) <= room_pt:
        return whole
    while whole and width_pt(f"{whole}…", size_pt, weight) > room_pt:
        whole = whole[:-1].rstrip()
    return f"{whole}…"


def _words(text: str, room_pt: float, size_pt: float, weight: Weight) -> Iterator[str]:
    """Yield the words of a text, one that is wider than the room in pieces."""
    for word in text.split(" "):
        piece = ""
        for letter in word if width_pt(word, size_pt, weight) > room_pt else ():
            if piece and width_pt(piece + letter, size_pt, weight) > room_pt:
                yield piece
                piece = ""
            piece += letter
        yield piece or word


@cache
def _letters() -> frozenset[str]:
    return frozenset(map(chr, _font("normal").get_charmap()))


@cache
def _font(weight: Weight) -> FT2Font:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return get_font(findfont(FontProperties(family=_FAMILY, weight=weight)))


@cache
def _advance_pt(letter: str, weight: Weight) -> float:
    """Return how far one letter moves the pen, at the trial size."""
    from matplotlib.ft2font import LoadFlags

    font = _font(weight)
    font.set_size(_TRIAL_PT, _POINTS_PER_INCH)
    glyph = font.load_char(ord(letter), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance / _FIXED_POINT)
