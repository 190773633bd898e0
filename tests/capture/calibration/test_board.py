"""The board's black rectangles, and OpenCV's own drawing of it."""

import cv2
import numpy as np

from hiprom.capture.calibration import board


def test_the_rectangles_cover_what_is_black_once():
    drawn = np.zeros(board.modules().shape, dtype=int)
    for each in board.rectangles():
        x, y, width, height = (round(side / board.MODULE_MM) for side in each)
        drawn[y : y + height, x : x + width] += 1

    np.testing.assert_array_equal(drawn, board.modules())


def test_a_drawing_of_the_rectangles_is_found_as_the_board():
    scale = 3
    paper = np.full((300 * scale, 220 * scale), 255, dtype=np.uint8)
    for x, y, width, height in board.rectangles():
        left, top = round((x + 20) * scale), round((y + 30) * scale)
        paper[top : top + round(height * scale), left : left + round(width * scale)] = 0

    corners, numbers, *_ = cv2.aruco.CharucoDetector(board.charuco()).detectBoard(paper)

    assert len(numbers) == board.CORNERS
    places_mm = (corners.reshape(-1, 2) + 0.5) / scale - (20, 30)
    expected_mm = board.corners_mm()[numbers.ravel(), :2]
    np.testing.assert_allclose(places_mm, expected_mm, atol=0.1)


def test_the_board_fits_either_paper_with_room_to_hold_it():
    width, height = board.COLUMNS * board.SQUARE_MM, board.ROWS * board.SQUARE_MM

    assert width <= 210 - 2 * 15
    assert height <= 279.4 - 2 * 25
