"""Words to read in peace, or what came out -> a card in the middle of the window."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache, partial
from typing import NamedTuple

from hiprom.core.scene import Outcome, Scene
from hiprom.report.overlay_strokes import lay, stroke
from hiprom.report.palette import LIGHT, Rgb
from hiprom.report.sentences import degrees, interval, repetitions
from hiprom.report.sprites import Pixels, Sprite, panel, sprite
from hiprom.window.layout import Box
from hiprom.window.lettering import fitted, write, write_block
from hiprom.window.tones import GROUND, QUIET, TRACK

_WIDTH, _WIDE = 940, 1136  # without outcomes and with them
_ACROSS, _DOWN = 64, 44  # from the card's edge to its words
_GAP = 26
_RADIUS, _OPACITY = 24, 0.92

_TITLE, _TITLE_HEIGHT = (24, 22, 20, 18, 16, 14), 60
_INSTRUCTION, _INSTRUCTION_HEIGHT = (50, 46, 42, 38, 34, 30, 26), 130
_HINTS = (28, 26, 24, 22, 20, 18, 16)
_LAST_HINTS, _LAST_HEIGHT = (22, 20, 18, 16), 60  # beneath outcomes

# A row: the leg, how far it turned, and how sure that is and how it compares.
_ROW = 156
_SECOND, _THIRD = 226, 540
_COMPARISON = (24, 22, 20, 18, 16)


class _Part(NamedTuple):
    """Something on a card: how high it is, and what draws it into its box."""

    height: int
    draw: Callable[[Box], object]


def draw_card(frame: Pixels, scene: Scene, room: Box, unit: float, colour: Rgb) -> None:
    """Draw a card as high as what it says, in the middle of `room`, in place.

    Parameters
    ----------
    frame : ndarray of uint8, shape (h, w, 3)
    scene : Scene
        Title and instruction stand above, outcomes row by row, and hints below.
    room : Box
        What the card may take up.
    unit : float
        Pixels of one step.
    colour : Rgb
        The protocol's.
    """
    width = min(round((_WIDE if scene.outcomes else _WIDTH) * unit), room.width)
    widest = Box(room.x + (room.width - width) // 2, room.y, width, room.height)
    inner = widest.inset(_ACROSS * unit, _DOWN * unit)
    gap = round(_GAP * unit)
    parts = _parts(frame, scene, inner, unit, colour)
    height = sum(part.height for part in parts) + gap * (len(parts) - 1)
    y = inner.y + (inner.height - height) // 2
    ground = _ground(width, height + 2 * (inner.y - widest.y), round(_RADIUS * unit))
    lay(frame, ground, widest.x, y - (inner.y - widest.y))
    for part in parts:
        part.draw(Box(inner.x, y, inner.width, part.height))
        y += part.height + gap


def _parts(
    frame: Pixels, scene: Scene, inner: Box, unit: float, colour: Rgb
) -> list[_Part]:
    """Return what stands on the card, from above, no higher than `inner` in all."""
    gap = _GAP * unit
    title_box = inner.top(_TITLE_HEIGHT * unit)
    title = fitted([scene.title], title_box, _TITLE, unit, weight="bold")
    said_box = inner.top(_INSTRUCTION_HEIGHT * unit)
    said = fitted([scene.instruction], said_box, _INSTRUCTION, unit, weight="bold")
    bold = partial(write_block, frame, weight="bold", align="centre")
    parts = [
        _Part(title.height, partial(bold, title, colour=colour)),
        _Part(said.height, partial(bold, said)),
    ]
    rest = inner.below(sum(part.height + gap for part in parts))
    if scene.outcomes:
        last = (_LAST_HEIGHT * unit + gap) if scene.hints else 0.0
        row = min(_ROW * unit, (rest.height - last + gap) / len(scene.outcomes) - gap)
        for outcome in scene.outcomes:
            draw = partial(_row, frame, outcome, unit=unit, colour=colour)
            parts.append(_Part(round(row), draw))
        rest = rest.below(len(scene.outcomes) * (round(row) + gap))
    if scene.hints:
        sizes = _LAST_HINTS if scene.outcomes else _HINTS
        shade = QUIET if scene.outcomes else LIGHT
        hints = fitted(scene.hints, rest, sizes, unit)
        parts.append(
            _Part(hints.height, partial(write_block, frame, hints, colour=shade))
        )
    return parts


def _row(
    frame: Pixels, outcome: Outcome, box: Box, *, unit: float, colour: Rgb
) -> None:
    """Write what one leg came to under a line across the card."""
    edge = box.y - 2 * unit
    stroke(frame, [(box.x, edge), (box.right, edge)], TRACK, 2 * unit)
    middle = box.y + box.height / 2
    scale = unit * min(box.height / (_ROW * unit), 1)
    write(
        frame,
        outcome.side.capitalize(),
        (box.x, middle - 18 * scale),
        40 * scale,
        weight="bold",
    )
    counted = repetitions(outcome.reps)
    write(frame, counted, (box.x, middle + 26 * scale), 22 * scale, colour=QUIET)
    place = (box.x + _SECOND * unit, middle)
    shade = colour if math.isfinite(outcome.mean) else QUIET
    mean = degrees(outcome.mean)
    write(frame, mean, place, 88 * scale, weight="bold", colour=shade)

    third = Box(round(box.x + _THIRD * unit), box.y, 0, box.height)
    third = third._replace(width=box.right - third.x)
    words = [text for text in (_sure(outcome), outcome.comparison) if text]
    setting = fitted(words, third.inset(0, 14 * scale), _COMPARISON, unit)
    lower = third.below((third.height - setting.height) / 2)
    write_block(frame, setting, lower)


def _sure(outcome: Outcome) -> str:
    likely = interval(outcome.low, outcome.high)
    return f"Very likely {likely}." if likely else ""


@lru_cache(maxsize=8)
def _ground(width: int, height: int, radius: int) -> Sprite:
    return sprite(panel(width, height, radius=radius, opacity=_OPACITY, colour=GROUND))
