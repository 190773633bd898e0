"""Something upright in a known camera's picture -> how that camera stands."""

import numpy as np
import pytest
import rendered_boards as rendered

from hiprom.capture.calibration.level import gravity_of_board, gravity_of_lines
from hiprom.capture.calibration.views import see_board
from hiprom.core.camera import Camera, Gravity
from hiprom.errors import CaptureError, InputError

TRUE = rendered.TrueCamera()
CAMERA = Camera(
    "known", *TRUE.size_px, TRUE.focal_px, TRUE.centre_px, TRUE.distortion, 0.1, "d"
)


def upright_board(roll, pitch, *, turn_deg, distance_mm, on_its_side=False):
    """A board with plumb edges, photographed by a camera that leans."""
    turn = rendered.upright(Gravity(roll, pitch, 0, 0), turn_deg)
    if on_its_side:
        turn = turn @ rendered.turned(about_z_deg=90)
    grey = rendered.photographed(TRUE, turn, (30, -10, distance_mm), seed=5)
    return see_board(grey, "upright.jpg")


def plumb_line(roll, pitch, x_mm):
    """Ends of an upright line, in the picture of a camera that leans."""
    return rendered.plumb_line_px(TRUE, Gravity(roll, pitch, 0, 0), x_mm)


@pytest.mark.parametrize(
    ("roll", "pitch", "turn_deg", "distance_mm"),
    [(0, 0, 0, 420), (4, 8, 30, 480), (-6, 12, -35, 480), (2, -5, 20, 560)],
)
def test_an_upright_board_tells_roll_and_pitch(roll, pitch, turn_deg, distance_mm):
    view = upright_board(roll, pitch, turn_deg=turn_deg, distance_mm=distance_mm)

    found = gravity_of_board(view, CAMERA)

    assert found.roll_deg == pytest.approx(roll, abs=0.2)
    assert found.pitch_deg == pytest.approx(pitch, abs=0.2)
    assert 0.5 <= found.sd_deg < 0.7


def test_a_board_on_its_side_is_refused():
    view = upright_board(0, 5, turn_deg=20, distance_mm=480, on_its_side=True)

    with pytest.raises(CaptureError, match="must stand upright"):
        gravity_of_board(view, CAMERA)


@pytest.mark.parametrize(("roll", "pitch"), [(0, 0), (3, 8), (-4, 15), (5, -6)])
def test_two_upright_lines_tell_roll_and_pitch(roll, pitch):
    lines = [plumb_line(roll, pitch, x) for x in (-700, 800)]
    lines[1] = lines[1][2:] + lines[1][:2]  # marked from the bottom upwards

    found = gravity_of_lines(lines, TRUE.size_px, CAMERA)

    assert found.roll_deg == pytest.approx(roll, abs=0.01)
    assert found.pitch_deg == pytest.approx(pitch, abs=0.01)
    assert 0.3 < found.roll_sd_deg < found.pitch_sd_deg < 2


@pytest.mark.parametrize(("roll", "pitch"), [(0, 5), (3, 8), (-6, 0)])
def test_one_plumb_line_tells_the_roll_and_takes_the_usual_pitch(roll, pitch):
    found = gravity_of_lines([plumb_line(roll, pitch, 20)], TRUE.size_px, CAMERA)

    assert found.roll_deg == pytest.approx(roll, abs=0.2)
    assert found.roll_sd_deg < 0.8
    assert (found.pitch_deg, found.pitch_sd_deg) == (5.0, 5.0)


@pytest.mark.parametrize("x_mm", [-700, 700])
def test_at_the_usual_pitch_a_line_anywhere_tells_the_roll(x_mm):
    found = gravity_of_lines([plumb_line(3, 5, x_mm)], TRUE.size_px, CAMERA)

    assert found.roll_deg == pytest.approx(3, abs=0.01)


def test_a_line_off_the_middle_says_how_little_it_tells():
    aside = gravity_of_lines([plumb_line(0, 0, -800)], TRUE.size_px, CAMERA)
    middle = gravity_of_lines([plumb_line(0, 0, 0)], TRUE.size_px, CAMERA)

    assert aside.roll_sd_deg > 2 * middle.roll_sd_deg
    assert abs(aside.roll_deg) < 2 * aside.roll_sd_deg


def test_lines_in_a_smaller_picture_tell_the_same():
    lines = np.array([plumb_line(3, 8, x) for x in (-700, 800)])

    found = gravity_of_lines(lines / 2, (320, 240), CAMERA)

    assert found.roll_deg == pytest.approx(3, abs=0.01)
    assert found.pitch_deg == pytest.approx(8, abs=0.01)


def test_lines_side_by_side_do_not_tell_the_pitch():
    lines = [plumb_line(0, 0, x) for x in (0, 90)]

    with pytest.raises(CaptureError, match="too close together"):
        gravity_of_lines(lines, TRUE.size_px, CAMERA)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "Name at least one"),
        ([[1, 2, 3]], "four numbers"),
        ([[10, 10, 10, 500]], "outside the picture of 640 x 480"),
        ([[300, 200, 300, 240]], "40 pixels is too short"),
    ],
)
def test_lines_that_cannot_be_used_are_refused(lines, said):
    with pytest.raises(InputError, match=said):
        gravity_of_lines(lines, TRUE.size_px, CAMERA)


def test_a_picture_of_another_shape_is_refused():
    with pytest.raises(InputError, match="another shape"):
        gravity_of_lines([[300, 10, 300, 700]], (1280, 720), CAMERA)
