"""Boards photographed by a known camera -> that camera again, or a refusal."""

from dataclasses import replace

import numpy as np
import pytest
import rendered_boards as rendered

from hiprom.capture.calibration.fit import calibrate
from hiprom.capture.calibration.views import see_board
from hiprom.errors import CaptureError

TRUE = rendered.TrueCamera()


def seen(pictures):
    views = [see_board(grey, f"{number:02}") for number, grey in enumerate(pictures)]
    return [view for view in views if view is not None]


@pytest.fixture(scope="module")
def views():
    return seen(rendered.careful_round())


def fitted(views):
    return calibrate(views, name="webcam", date="2026-05-04")


def bent(views, number, by_px):
    """Views of which one's board was bent, or the corners misread."""
    wrong = views[number]
    wave = by_px * np.sin(wrong.board_mm[:, :1] / 40) * np.array([1.0, -1.0])
    others = [view for index, view in enumerate(views) if index != number]
    return [*others, replace(wrong, image_px=wrong.image_px + wave)]


def assert_is_the_true_one(camera, true=TRUE):
    np.testing.assert_allclose(camera.focal_px, true.focal_px, rtol=0.005)
    np.testing.assert_allclose(camera.centre_px, true.centre_px, atol=2.0)


def test_a_known_camera_is_found_again(views):
    found = fitted(views)

    assert_is_the_true_one(found.camera)
    assert found.camera.rms_px < 0.2
    assert (found.camera.width_px, found.camera.height_px) == rendered.SIZE_PX
    assert found.left_out == ()
    assert len(found.errors_px) == len(found.views) == len(views)


def test_its_lens_unbends_the_whole_picture(views):
    camera = fitted(views).camera
    true = replace(
        camera,
        focal_px=TRUE.focal_px,
        centre_px=TRUE.centre_px,
        distortion=TRUE.distortion,
    )
    grid = np.stack(np.meshgrid([20, 170, 320, 470, 620], [20, 240, 460]), axis=-1)

    away = camera.ideal_px(grid) - true.ideal_px(grid)

    # The picture as a whole may shift with the centre; its shape may not change.
    assert np.linalg.norm(away - away.mean(axis=(0, 1)), axis=-1).max() < 0.7


def test_its_uncertainty_is_the_size_of_its_error(views):
    camera = fitted(views).camera

    errors = np.abs(np.subtract(camera.focal_px, TRUE.focal_px))
    assert (errors < 4 * np.array(camera.sd.focal_px)).all()
    assert max(camera.sd.focal_px) < 0.005 * 600


def test_a_wide_lens_and_a_noisy_picture_are_found_too():
    wide = rendered.TrueCamera(
        focal_px=(420.0, 421.0), centre_px=(314.0, 246.0),
        distortion=(-0.28, 0.08, -0.0006, 0.0009, 0.0),
    )  # fmt: skip
    nearer = [(*place[:5], place[5] * 0.72) for place in rendered.ROUND]

    found = fitted(seen(rendered.round_of_pictures(wide, nearer, noise=5, blur_px=1)))

    assert_is_the_true_one(found.camera, wide)


def test_a_view_that_stands_out_is_left_out(views):
    found = fitted(bent(views, 3, by_px=4.0))

    assert found.left_out == ("03",)
    assert_is_the_true_one(found.camera)


def test_too_few_views_are_refused_with_what_is_wanted(views):
    with pytest.raises(CaptureError, match=r"4 usable views.*6 more sharp views"):
        fitted(views[:4])


def test_no_view_at_all_is_refused():
    with pytest.raises(CaptureError, match="0 usable views"):
        fitted([])


def test_a_board_never_tilted_is_refused():
    places = [
        (0, 0, 15 * n, x, y, 360 + 10 * n)
        for n, (x, y) in enumerate(
            (x, y) for x in (-110, -40, 40, 110) for y in (-60, 0, 60)
        )
    ]

    with pytest.raises(CaptureError, match="tilted by 20 to 40 degrees"):
        fitted(seen(rendered.round_of_pictures(places=places)))


def test_pictures_of_two_sizes_are_refused(views):
    odd = replace(views[0], name="odd.jpg", size_px=(480, 640))

    with pytest.raises(CaptureError, match=r"most of 640 x 480.*odd\.jpg of 480 x 640"):
        fitted([*views, odd])


def test_a_board_that_is_not_flat_is_refused(views):
    warped = [bent([view], 0, by_px=6.0)[0] for view in views]

    with pytest.raises(CaptureError, match="misses the board's corners by"):
        fitted(warped)
