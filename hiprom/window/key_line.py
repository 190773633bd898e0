"""Keys and what they do -> a line along the window's lower edge."""

from __future__ import annotations

from functools import lru_cache

from hiprom.core.scene import Key
from hiprom.report.overlay_strokes import lay
from hiprom.report.sprites import Pixels, Sprite, panel, put, sprite, words
from hiprom.window.layout import MARGIN, Box
from hiprom.window.lettering import wide, write
from hiprom.window.tones import QUIET, RAISED, TRACK

_LETTERS = 20.0
_SMALLEST = 10.0


def draw_keys(
    frame: Pixels,
    keys: tuple[tuple[Key, str], ...],
    box: Box,
    unit: float,
    *,
    is_muted: bool = False,
) -> None:
    """Write the keys from the left on and, at the right, that the sound is off.

    Letters are made smaller to find room for all; then the last keys are left out.
    """
    margin = MARGIN * unit
    room = box.width - 2 * margin
    size = _LETTERS * unit
    length = _length(keys, size) + wide("sound off", size) * is_muted
    size = max(size * min(room / max(length, 1), 1), _SMALLEST)
    x, y = box.x + margin, box.y + box.height / 2
    end = box.right - margin - wide("sound off", size) * is_muted
    for key, does in keys:
        cap = _cap(key.value, round(size))
        if x + cap.width + 0.55 * size + wide(does, size) > end:
            break
        lay(frame, cap, x, y - cap.height / 2)
        x += cap.width + 0.55 * size
        x += write(frame, does, (x, y), size) + 1.7 * size
    if is_muted:
        place = (box.right - margin, y)
        write(frame, "sound off", place, size, colour=QUIET, align="right")


def _length(keys: tuple[tuple[Key, str], ...], size: float) -> float:
    return sum(
        _cap(key.value, round(size)).width + 2.25 * size + wide(does, size)
        for key, does in keys
    )


@lru_cache(maxsize=64)
def _cap(name: str, size_px: int) -> Sprite:
    """Draw a key: a light edge about a raised ground, with its name on it."""
    letters = words(name, 0.85 * size_px, weight="bold")
    height = 1.7 * size_px
    width = max(letters.width + 1.0 * size_px, height)
    radius, edge = 0.35 * size_px, max(round(size_px / 12), 1)
    key = panel(width, height, radius=radius, opacity=1.0, colour=TRACK)
    face = panel(
        key.width - 2 * edge,
        key.height - 2 * edge,
        radius=radius - edge,
        opacity=1.0,
        colour=RAISED,
    )
    middle = ((key.width - letters.width) / 2, (key.height - letters.height) / 2)
    return sprite(put(key, [(face, edge, edge), (letters, *middle)]))
