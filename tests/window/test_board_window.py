"""Tests for hiprom.window.board: where the board has been, as the mirror shows it."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import rendered_boards
from numpy.testing import assert_allclose

from hiprom.capture.calibration.guidance import Collected, wanted
from hiprom.capture.calibration.views import mirrored, see_board
from hiprom.window.board import bars, draw_board
from hiprom.window.layout import lay_out
from hiprom.window.tones import DONE, GROUND

BOX = lay_out((1280, 720), (640, 480)).picture
ALL_LEFT = (0, 0, 0, -150, 0, 420)


@cache
def board_at(place=ALL_LEFT):
    grey = rendered_boards.photographed(
        rendered_boards.TrueCamera(), rendered_boards.turned(*place[:3]), place[3:]
    )
    return see_board(grey, "view")


def picture(width=640, height=480):
    return np.full((height, width, 3), 100, dtype=np.uint8)


def collected(*views):
    chosen = Collected()
    for view in views:
        chosen.add(view)
    return chosen


def in_picture(frame):
    return frame[BOX.y : BOX.bottom, BOX.x : BOX.right].astype(int)


def is_done(frame):
    return (np.abs(frame.astype(int) - DONE) < 12).all(axis=-1)


def test_covered_fields_are_tinted_on_the_mirrors_side():
    view = board_at()
    assert view.image_px[:, 0].max() < 400

    shown = in_picture(draw_board(picture(), collected(view), None))

    is_tinted = shown[..., 1] > shown[..., 0] + 20
    assert is_tinted[:, BOX.width // 2 :].mean() > 0.3
    assert not is_tinted[:, : BOX.width // 4].any()


def test_an_empty_round_has_a_grid_and_no_tint():
    shown = in_picture(draw_board(picture(), collected(), None))

    assert (shown[..., 0] == shown[..., 1]).all()
    assert_allclose([shown.min(), shown.max()], [100, 139], atol=2)
    assert 0.01 < (shown[..., 0] > 110).mean() < 0.06


def test_the_newest_corners_are_marked_where_the_mirror_shows_them():
    view = board_at()

    shown = draw_board(picture(), collected(), view)

    x, y = (view.image_px[5] + 0.5) * BOX.width / 640
    assert is_done(shown)[round(BOX.y + y), round(BOX.right - x)]


def test_an_unsharp_view_is_not_marked_as_good():
    blurred = replace(board_at(), edge_px=9.0)

    shown = draw_board(picture(), collected(), blurred)

    assert not is_done(shown).any()
    assert [bar.figures for bar in bars([], blurred)][-1] == "blurred: hold it still"


def test_left_in_the_words_is_left_in_the_mirror():
    views = [board_at()]

    asked, asked_in_mirror = (
        next(text for text in wanted(each) if "corner" in text)
        for each in (views, [mirrored(view) for view in views])
    )

    assert "right corner" in asked
    assert "left corner" in asked_in_mirror


def test_a_view_mirrored_twice_is_itself():
    view = board_at((20, -30, 45, 60, 0, 420))

    again = mirrored(mirrored(view))

    assert_allclose(again.image_px, view.image_px)
    assert again.tilt_deg == view.tilt_deg
    assert mirrored(view).tilt_deg[0] == -view.tilt_deg[0] != 0


def test_bars_are_full_when_guidance_wants_nothing_more():
    views = [
        see_board(grey, str(number))
        for number, grey in enumerate(rendered_boards.careful_round())
    ]
    chosen = collected(*views)
    assert chosen.is_enough

    told = list(bars([mirrored(view) for view in chosen.views], chosen.views[-1]))

    assert all(bar.share >= 1 for bar in told)


def test_bars_say_what_lacks():
    told = {bar.name: bar.figures for bar in bars([], None)}

    assert told == {
        "Picture covered": "0%, 60% needed",
        "Tilted left or right": "0 of 2",
        "Tilted up or down": "0 of 2",
        "Sharpness": "no board in view",
    }


@pytest.mark.parametrize("size", [(1280, 720), (960, 540), (1920, 1080)])
@pytest.mark.parametrize("picture_px", [(640, 480), (480, 640), (1280, 720)])
def test_the_edges_of_the_window_stay_empty(size, picture_px):
    frame = draw_board(picture(*picture_px), collected(), None, size=size)

    assert frame.shape == (size[1], size[0], 3)
    for strip in (frame[:7], frame[-7:], frame[:, :7], frame[:, -7:]):
        assert (strip == GROUND).all()
