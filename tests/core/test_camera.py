"""What a camera's profile says, undone: lens, centre, pixels, size and gravity."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.core.camera import Camera, Gravity, Spread, ideal_track
from hiprom.core.landmarks import ANKLES
from hiprom.core.lens import bent, reach, unbent
from hiprom.core.lifting.seated import gravity
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol
from hiprom.errors import InputError, ShapeError
from hiprom.report.landmarks import read_landmarks

GOLDEN = Path(__file__).parents[1] / "golden"
LENS = (-0.21, 0.06, 0.0011, -0.0007, 0.0)
PLAIN = Camera(
    "plain", 640, 480, (600.0, 600.0), (320.0, 240.0), (0.0,) * 5, 0.1, "2026-05-04"
)
CAMERA = replace(PLAIN, name="bent", focal_px=(602.0, 604.5), centre_px=(327.0, 233.0))
CAMERA = replace(
    CAMERA, distortion=LENS, sd=Spread((1.0, 1.2), (0.5, 0.6), (0.01,) * 5)
)
MATRIX = np.array([[602.0, 0, 326.5], [0, 604.5, 232.5], [0, 0, 1]])
EVERYWHERE = np.stack(
    np.meshgrid(np.linspace(0, 640, 17), np.linspace(0, 480, 13)), axis=-1
)


def test_a_flawless_camera_moves_nothing():
    np.testing.assert_allclose(PLAIN.ideal_px(EVERYWHERE), EVERYWHERE, atol=1e-9)


def test_points_move_to_where_opencv_says():
    enough = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-12)
    pixels = (EVERYWHERE - 0.5).reshape(-1, 1, 2)
    plane = cv2.undistortPoints(pixels, MATRIX, np.array(LENS), criteria=enough)

    expected = (320, 240) + plane.reshape(EVERYWHERE.shape) * np.sqrt(602.0 * 604.5)

    np.testing.assert_allclose(CAMERA.ideal_px(EVERYWHERE), expected, atol=1e-6)


def test_points_go_back_to_where_they_were_seen():
    there = CAMERA.ideal_px(EVERYWHERE)

    np.testing.assert_allclose(CAMERA.seen_px(there), EVERYWHERE, atol=1e-9)


def test_the_slopes_of_a_lens_are_its_own():
    place, step = np.array([0.4, -0.3]), 1e-6 * np.eye(2)
    lens = (-0.2, 0.06, 0.03, -0.02, 0.01)

    slopes = bent(place, lens)[1]

    rises = (bent(place + step, lens)[0] - bent(place - step, lens)[0]) / 2e-6
    np.testing.assert_allclose(slopes, rises.T, atol=1e-8)


@given(
    k1=st.floats(-0.3, 0.3),
    k2=st.floats(0, 0.1),
    p1=st.floats(-0.002, 0.002),
    p2=st.floats(-0.002, 0.002),
    k3=st.floats(0, 0.02),
    x=st.floats(-0.55, 0.55),
    y=st.floats(-0.45, 0.45),
)
def test_what_a_lens_bends_is_unbent_again(k1, k2, p1, p2, k3, x, y):
    lens, straight = (k1, k2, p1, p2, k3), np.array([x, y])

    again = unbent(bent(straight, lens)[0], lens)

    np.testing.assert_allclose(again, straight, atol=1e-9)


def test_a_lens_reaches_as_far_as_its_polynomial_rises():
    assert reach((0.1, 0.0, 0.0, 0.0, 0.0)) == np.inf
    # r - r^3 / 3 rises up to r = 1.
    assert reach((-1 / 3, 0, 0, 0, 0)) == pytest.approx(2 / 3, abs=1e-3)


def test_beyond_the_edge_a_point_moves_as_the_nearest_one_on_it():
    edge, beyond = np.array([640.0, 100.0]), np.array([900.0, 100.0])

    moved = CAMERA.ideal_px(beyond) - beyond

    np.testing.assert_allclose(moved, CAMERA.ideal_px(edge) - edge)


def test_a_missing_point_stays_missing_and_in_its_place():
    points = EVERYWHERE.copy()
    points[2, 3] = np.nan

    moved = CAMERA.ideal_px(points)

    assert np.isnan(moved[2, 3]).all()
    assert np.isnan(moved).sum() == 2


def test_points_in_space_are_refused():
    with pytest.raises(ShapeError, match=r"image_px has shape \(4, 3\)"):
        CAMERA.ideal_px(np.zeros((4, 3)))


def test_a_smaller_picture_of_the_same_shape_is_seen_the_same_way():
    half = CAMERA.scaled_to(320, 240)

    assert half.focal_px == (301.0, 302.25)
    assert half.sd.focal_px == (0.5, 0.6)
    assert half.rms_px == pytest.approx(0.05)
    assert half.scaled_from_px == (640, 480)
    np.testing.assert_allclose(
        half.ideal_px(EVERYWHERE / 2), CAMERA.ideal_px(EVERYWHERE) / 2
    )


def test_its_own_size_is_not_called_scaled():
    assert CAMERA.scaled_to(640, 480) is CAMERA


def test_sides_made_even_are_the_same_shape():
    phone = replace(PLAIN, width_px=1920, height_px=1080, centre_px=(960.0, 540.0))
    phone = replace(phone, focal_px=(1500.0, 1500.0))

    assert phone.scaled_to(854, 480).width_px == 854


def test_another_shape_is_refused_with_both_sizes():
    with pytest.raises(InputError, match="640 x 480 pixels, this one has 1280 x 720"):
        CAMERA.scaled_to(1280, 720)


def test_a_turned_camera_is_refused_as_such():
    with pytest.raises(InputError, match="Hold the camera as it was calibrated"):
        CAMERA.scaled_to(480, 640)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"distortion": (-3.0, 0, 0, 0, 0)}, "fold the picture's corners"),
        ({"distortion": (0.1, 0, 0)}, "five for the distortion"),
        ({"focal_px": (np.nan, 600.0)}, "all finite"),
        ({"focal_px": (6.0, 6.0)}, "focal lengths of 6 and 6 pixels"),
        ({"centre_px": (700.0, 240.0)}, "outside the picture"),
        ({"width_px": 0}, "0 x 480 pixels"),
    ],
)
def test_an_impossible_profile_is_refused(wrong, said):
    with pytest.raises(InputError, match=said):
        replace(CAMERA, **wrong)


@given(roll=st.floats(-60, 60), pitch=st.floats(-80, 80))
def test_gravity_is_the_one_that_the_fit_takes(roll, pitch):
    known = Gravity(roll, pitch, 0.2, 0.3)

    again = Gravity.along(known.down, roll_sd_deg=0.2, pitch_sd_deg=0.3)

    np.testing.assert_allclose(known.down, gravity(roll, pitch), atol=1e-12)
    assert again.roll_deg == pytest.approx(roll, abs=1e-9)
    assert again.pitch_deg == pytest.approx(pitch, abs=1e-9)
    assert known.sd_deg == 0.3


@pytest.fixture(scope="module")
def track():
    return read_landmarks(GOLDEN / "seated_ir_left.parquet")[0]


@pytest.fixture(scope="module")
def camera(track):
    """A camera with every flaw, for the track's size of picture."""
    size = np.array([track.width_px, track.height_px])
    return Camera(
        "flawed",
        *(int(side) for side in size),
        tuple(size.max() * np.array([1.0, 1.02])),
        tuple(size * [0.53, 0.46]),
        (-0.25, 0.07, 0.001, -0.002, 0.0),
        0.2,
        "2026-05-04",
    )


@pytest.fixture(scope="module")
def flawed(track, camera):
    """The track as that camera would have recorded it."""
    chords = track.chords_px.astype(float)
    out = chords[..., :2] - track.image_px[:, list(ANKLES), None]
    square = np.stack([-out[..., 1], out[..., 0]], axis=-1)
    half = chords[..., 2:] / 2 * square / np.linalg.norm(square, axis=-1, keepdims=True)
    ends = [camera.seen_px(chords[..., :2] + sign * half) for sign in (-1, 1)]
    middle = (ends[0] + ends[1]) / 2
    length = np.linalg.norm(ends[1] - ends[0], axis=-1, keepdims=True)
    return replace(
        track,
        image_px=camera.seen_px(track.image_px).astype(np.float32),
        chords_px=np.concatenate([middle, length], axis=-1).astype(np.float32),
    )


def inside(track):
    """Which landmarks lie in the picture, where a lens is known."""
    size = (track.width_px, track.height_px)
    return ((track.image_px >= 0) & (track.image_px <= size)).all(axis=-1)


def test_a_track_comes_back_as_the_ideal_camera_saw_it(track, flawed, camera):
    again = ideal_track(flawed, camera)

    seen = inside(flawed) & inside(track)
    assert seen.mean() > 0.9
    np.testing.assert_allclose(again.image_px[seen], track.image_px[seen], atol=0.01)
    away = np.abs(again.chords_px - track.chords_px)
    assert np.nanmedian(away) < 0.01
    assert np.nanpercentile(away, 99) < 0.1
    np.testing.assert_array_equal(np.isnan(again.chords_px), np.isnan(flawed.chords_px))
    assert again.image_px.dtype == again.chords_px.dtype == np.float32
    assert again.world_m is flawed.world_m


def end_ranges(track):
    measured = measure(track, protocol("seated_ir"), side="left")
    return np.array([rep.end_range for rep in measured.sides[0].reps])


def test_a_flawed_camera_measures_as_an_ideal_one_once_it_is_known(
    track, flawed, camera
):
    known, unknown = end_ranges(ideal_track(flawed, camera)), end_ranges(flawed)

    np.testing.assert_allclose(known, end_ranges(track), atol=0.05)
    assert np.abs(unknown - end_ranges(track)).max() > 0.2


def test_a_track_without_silhouettes_stays_without(track, camera):
    assert ideal_track(replace(track, chords_px=None), camera).chords_px is None


def test_a_track_of_another_shape_is_refused(track, camera):
    with pytest.raises(InputError, match="another shape"):
        ideal_track(replace(track, width_px=track.width_px + 40), camera)
