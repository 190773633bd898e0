"""What one picture shows of the board, and which pictures are worth keeping."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
import rendered_boards as rendered

from hiprom.capture.calibration import board, guidance
from hiprom.capture.calibration.views import other_markers, see_board

CAMERA = rendered.TrueCamera()


def view(about=(0, 0, 0), middle_mm=(0, 0, 400), **paper):
    grey = rendered.photographed(CAMERA, rendered.turned(*about), middle_mm, **paper)
    return see_board(grey, "a picture")


def expected_px(numbers, about, middle_mm):
    turn = rendered.turned(*about)
    half = np.array([board.COLUMNS, board.ROWS, 0]) * board.SQUARE_MM / 2
    move = np.array(middle_mm) - turn @ half
    seen, _ = cv2.projectPoints(
        board.corners_mm()[numbers],
        cv2.Rodrigues(turn)[0],
        move.astype(float),
        CAMERA.matrix,
        np.array(CAMERA.distortion),
    )
    return seen.reshape(-1, 2)


@pytest.mark.parametrize(
    ("about", "middle_mm"),
    [((0, 0, 0), (0, 0, 400)), ((25, -30, 40), (60, 30, 420))],
)
def test_corners_are_found_to_a_fifth_of_a_pixel(about, middle_mm):
    seen = view(about, middle_mm)

    away = seen.image_px - expected_px(seen.corner, about, middle_mm)
    assert len(seen.corner) >= 40
    assert np.linalg.norm(away, axis=-1).max() < 0.2


def test_a_board_with_small_markers_is_found_all_the_same():
    far = view(middle_mm=(0, 0, 880))

    away = far.image_px - expected_px(far.corner, (0, 0, 0), (0, 0, 880))
    assert np.linalg.norm(away, axis=-1).max() < 0.5


@pytest.mark.parametrize(
    ("about", "tilt"), [((0, -30, 0), (30, 0)), ((-25, 0, 0), (0, 25))]
)
def test_the_tilt_is_told_well_enough_for_guidance(about, tilt):
    np.testing.assert_allclose(view(about).tilt_deg, tilt, atol=6)


def test_a_blurred_board_is_known_to_be_blurred():
    sharp, soft = view(middle_mm=(0, 0, 300)), view(middle_mm=(0, 0, 300), blur_px=2.5)

    assert sharp.is_sharp
    assert not soft.is_sharp


def test_an_empty_wall_shows_no_board():
    wall = np.full((480, 640), 128, dtype=np.uint8)

    assert see_board(wall, "wall") is None
    assert not other_markers(wall)


def test_another_board_is_told_from_ours():
    kind = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_5X5_100)
    other = rendered.painted(cv2.aruco.CharucoBoard((7, 9), 24.0, 18.0, kind))
    flat = rendered.turned()

    theirs = rendered.photographed(CAMERA, flat, (0, 0, 400), texture=other)
    ours = rendered.photographed(CAMERA, flat, (0, 0, 400))

    assert see_board(theirs, "theirs") is None
    assert other_markers(theirs)
    assert not other_markers(ours)


def test_a_mirrored_board_is_not_seen():
    grey = rendered.photographed(CAMERA, rendered.turned(), (0, 0, 400))

    assert see_board(np.ascontiguousarray(grey[:, ::-1]), "mirrored") is None


def test_a_board_that_did_not_move_is_kept_once_as_sharp_as_it_was_seen():
    collected = guidance.Collected()
    soft = view(blur_px=1.2)
    sharp = view(middle_mm=(3, 0, 400))

    added = [collected.add(each) for each in (soft, sharp, soft, None)]

    assert added == [True, False, False, False]
    assert collected.views == [sharp]
    assert collected.seen == 3


def test_a_blurred_view_is_counted_and_left_out():
    collected = guidance.Collected()

    assert not collected.add(replace(view(), edge_px=20.0))
    assert (collected.seen, collected.blurred, collected.views) == (1, 1, [])


def test_the_map_shows_where_the_board_has_been():
    left = view(middle_mm=(-140, 0, 400))

    rows = guidance.coverage_map([left])

    assert len(rows) == 6
    assert {row[0] for row in rows[1:-1]} == {"■"}
    assert {row[-1] for row in rows} == {"□"}


def test_what_is_wanted_is_said_until_nothing_is():
    first = view(middle_mm=(-140, 0, 400))
    said = guidance.wanted([first])
    enough = [
        see_board(grey, str(number))
        for number, grey in enumerate(rendered.careful_round())
    ]

    assert said[0].startswith("9 more sharp views")
    assert "the upper right corner of the picture (25% covered" in said[1]
    assert "left or right edge away" in said[2]
    assert "upper or lower edge away" in said[3]
    assert guidance.wanted(enough) == []
