"""The camera's picture and the views of the board so far -> what to show it next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np

from hiprom.capture.calibration import guidance
from hiprom.capture.calibration.guidance import Collected
from hiprom.capture.calibration.views import SHARP_SHARE, BoardView, mirrored
from hiprom.core.scene import Key
from hiprom.report.overlay_strokes import disc, fill, see_through, stroke
from hiprom.report.palette import LIGHT, SHADOW, TEAL_BRIGHT, rgb
from hiprom.report.sprites import Pixels
from hiprom.window.body import draw_picture
from hiprom.window.key_line import draw_keys
from hiprom.window.layout import Box, Layout, lay_out
from hiprom.window.lettering import write, write_in
from hiprom.window.tones import DONE, QUIET, TRACK, dark_frame

_TINT, _GRID = 0.24, 0.25  # opacity of a covered field, and of the lines between
_KEYS = ((Key.STOP, "finish"),)
_TITLE, _COUNT = (24, 22, 20), (60, 52, 44)
_WANTED = (28, 26, 24, 22)
_BAR_HEIGHT = 62
_SHARPEST_PX = 2.0  # a board's edge is never narrower


class Bar(NamedTuple):
    """One thing to be reached: what it is, how it stands, and its share of enough."""

    name: str
    figures: str
    share: float


def draw_board(
    picture: Pixels,
    collected: Collected,
    newest_view: BoardView | None,
    *,
    size: tuple[int, int] = (1280, 720),
    keys: tuple[tuple[Key, str], ...] = _KEYS,
) -> Pixels:
    """Draw what a person who moves the board about is to see.

    Picture, fields and words are mirrored together: what is called left is on the left
    of the screen, and of whoever faces it.

    Parameters
    ----------
    picture : ndarray of uint8, shape (h, w, 3)
        RGB, upright and unmirrored.
    collected : Collected
        The views chosen so far.
    newest_view : BoardView or None
        What the picture shows of the board; None where it was not found.
    size : tuple of int
        Width and height of the window in pixels.
    keys : tuple of (Key, str)
        What may be pressed, and what it does.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        RGB.
    """
    layout = lay_out(size, (picture.shape[1], picture.shape[0]))
    frame = dark_frame(size)
    views = [mirrored(view) for view in collected.views]
    draw_picture(frame, picture, layout.picture)
    _draw_fields(frame, views, layout.picture)
    if newest_view is not None:
        _draw_corners(frame, mirrored(newest_view), layout)
    _draw_panel(frame, views, newest_view, layout)
    draw_keys(frame, keys, layout.keys, layout.unit)
    return frame


def bars(views: Sequence[BoardView], newest_view: BoardView | None) -> Iterator[Bar]:
    """Return how far each requirement is met, and how sharp the newest view is."""
    covered = float(guidance.covered(views).mean())
    needed = guidance.MIN_COVERED
    lacking = "" if covered >= needed else f", {needed:.0%} needed"
    yield Bar("Picture covered", f"{covered:.0%}{lacking}", covered / needed)
    for axis, name in enumerate(("Tilted left or right", "Tilted up or down")):
        tilted = sum(abs(view.tilt_deg[axis]) >= guidance.TILT_DEG for view in views)
        least = guidance.MIN_TILTED
        yield Bar(name, f"{min(tilted, least)} of {least}", tilted / least)
    if newest_view is None:
        yield Bar("Sharpness", "no board in view", 0.0)
        return
    allowed = SHARP_SHARE * max(newest_view.size_px)
    word = "sharp" if newest_view.is_sharp else "blurred: hold it still"
    yield Bar("Sharpness", word, allowed / max(newest_view.edge_px, _SHARPEST_PX))


def _draw_fields(frame: Pixels, views: Sequence[BoardView], box: Box) -> None:
    """Lay the coverage map over the picture, faintly."""
    part = frame[box.y : box.bottom, box.x : box.right]
    columns, rows = (
        np.rint(np.linspace(0, side, count + 1)).astype(int)
        for side, count in zip((box.width, box.height), guidance.FIELDS, strict=True)
    )
    tint = np.full((1, 1, 3), rgb(TEAL_BRIGHT), dtype=np.uint8)
    for row, column in np.argwhere(guidance.covered(views)):
        field = part[rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
        ground = cv2.resize(tint, (field.shape[1], field.shape[0]))
        field[:] = cv2.addWeighted(ground, _TINT, field, 1 - _TINT, 0)
    lines = [
        *([(x, 0), (x, box.height)] for x in columns[1:-1]),
        *([(0, y), (box.width, y)] for y in rows[1:-1]),
    ]

    def draw(under: Pixels, corner: np.ndarray) -> None:
        for line in lines:
            stroke(under, np.asarray(line) - corner, LIGHT, 1)

    see_through(part, np.array([(0, 0), (box.width, box.height)]), 0, _GRID, draw)


def _draw_corners(frame: Pixels, view: BoardView, layout: Layout) -> None:
    """Mark the board's corners: full discs where they are sharp, small rings if not."""
    box, unit = layout.picture, layout.unit
    part = frame[box.y : box.bottom, box.x : box.right]
    for corner in (view.image_px + 0.5) / view.size_px * (box.width, box.height):
        disc(part, corner, SHADOW, 6 * unit)
        disc(part, corner, DONE if view.is_sharp else LIGHT, 4.4 * unit)
        if not view.is_sharp:
            disc(part, corner, SHADOW, 2.6 * unit)


def _draw_panel(
    frame: Pixels,
    views: Sequence[BoardView],
    newest_view: BoardView | None,
    layout: Layout,
) -> None:
    unit, panel = layout.unit, layout.panel
    colour = rgb(TEAL_BRIGHT)
    title = ["Getting to know your camera"]
    write_in(frame, title, panel, _TITLE, unit, weight="bold", colour=colour)
    count = [f"{len(views)} of {guidance.MIN_VIEWS} views"]
    body = panel.below(46 * unit)
    end = write_in(frame, count, body.top(76 * unit), _COUNT, unit, weight="bold")

    met = list(bars(views, newest_view))
    lower = panel.below(panel.height - len(met) * _BAR_HEIGHT * unit)
    room = body.below(end - body.y + 12 * unit)
    room = room.top(lower.y - room.y - 16 * unit)
    # Their figures, in brackets, stand in the count above and the bars below.
    wanted = [text.partition(" (")[0] for text in guidance.wanted(views)]
    told = [f"Show {text}." for text in wanted] or ["Nothing more is wanted."]
    write_in(frame, told, room, _WANTED, unit)
    for index, bar in enumerate(met):
        _draw_bar(frame, bar, lower.below(index * _BAR_HEIGHT * unit), unit)


def _draw_bar(frame: Pixels, bar: Bar, box: Box, unit: float) -> None:
    y, size = box.y + 16 * unit, 21 * unit
    is_met = bar.share >= 1
    write(frame, bar.name, (box.x, y), size, colour=QUIET)
    shade = DONE if is_met else LIGHT
    write(
        frame,
        bar.figures,
        (box.right, y),
        size,
        weight="bold",
        colour=shade,
        align="right",
    )
    left, top, height = box.x, box.y + 34 * unit, 10 * unit
    for width, colour in ((box.width, TRACK), (box.width * min(bar.share, 1), shade)):
        corners = [(left, top), (left + width, top)]
        corners += [(x, y + height) for x, y in reversed(corners)]
        if width >= 1:
            fill(frame, corners, colour)
