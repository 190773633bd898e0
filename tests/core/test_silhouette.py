"""Chords across drawn limbs whose mid-lines are known, then masks that show nothing."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hiprom.core.landmarks import Landmark
from hiprom.core.silhouette import RADII, shank_chords

SIZE = (480, 640)
ANKLE, LENGTH_PX, WIDTH_PX = np.array([300.0, 380.0]), 120.0, 30.0


def limb(start, end, width_px):
    """A soft-edged straight limb as a mask, shape (480, 640)."""
    y, x = np.mgrid[: SIZE[0], : SIZE[1]].astype(float)
    along = (end - start) / np.linalg.norm(end - start)
    offset = np.stack([x - start[0], y - start[1]], axis=-1)
    length = np.clip(offset @ along, 0, np.linalg.norm(end - start))
    away = np.linalg.norm(offset - length[..., None] * along, axis=-1)
    return np.clip(width_px / 2 - away + 0.5, 0, 1).astype(np.float32)


def body(tilt_deg, *, knee_off_px=(0.0, 0.0), ankle_off_px=(0.0, 0.0)):
    """(mask, landmarks, direction) of a right shank that leans by `tilt_deg`."""
    up = np.array([np.sin(np.radians(tilt_deg)), -np.cos(np.radians(tilt_deg))])
    knee = ANKLE + LENGTH_PX * up
    marks = np.full((33, 2), 10.0, dtype=np.float32)
    marks[Landmark.RIGHT_ANKLE] = ANKLE + ankle_off_px
    marks[Landmark.RIGHT_KNEE] = knee + knee_off_px
    marks[Landmark.LEFT_ANKLE], marks[Landmark.LEFT_KNEE] = (500, 380), (500, 260)
    for mark in ("SHOULDER", "HIP"):
        for side, x in (("LEFT", 330.0), ("RIGHT", 270.0)):
            y = 100.0 if mark == "SHOULDER" else 215.0
            marks[Landmark[f"{side}_{mark}"]] = (x, y)
    return limb(ANKLE - 20 * up, knee + 60 * up, WIDTH_PX), marks, up


def off_line_px(chords, up):
    middles = chords[np.isfinite(chords[:, 2]), :2] - ANKLE
    return middles @ [-up[1], up[0]]


@pytest.mark.parametrize("tilt_deg", [-40.0, -10.0, 0.0, 25.0, 45.0])
def test_chord_middles_lie_on_the_limb_s_own_mid_line(tilt_deg):
    mask, marks, up = body(tilt_deg)

    _, right = shank_chords(mask, marks)

    assert np.isfinite(right).all(axis=-1).sum() >= 14
    assert_allclose(off_line_px(right, up), 0.0, atol=0.35)


@pytest.mark.parametrize("knee_off_px", [(25.0, 5.0), (-40.0, 0.0)])
def test_a_knee_landmark_beside_the_leg_does_not_matter(knee_off_px):
    mask, marks, up = body(15.0, knee_off_px=knee_off_px)

    _, right = shank_chords(mask, marks)

    assert_allclose(off_line_px(right, up), 0.0, atol=0.6)


def test_an_ankle_landmark_beside_the_mid_line_does_not_tilt_it():
    mask, marks, up = body(15.0, ankle_off_px=(6.0, 2.0))

    _, right = shank_chords(mask, marks)

    lower, upper = off_line_px(right, up)[[4, 12]]
    tilt_deg = np.degrees((upper - lower) / (LENGTH_PX * (RADII[12] - RADII[4])))
    assert abs(tilt_deg) < 1.0


def test_a_chord_is_as_long_as_the_limb_is_wide():
    mask, marks, _ = body(10.0)

    _, right = shank_chords(mask, marks)

    assert_allclose(right[6:14, 2], WIDTH_PX, atol=1.5)


def test_the_other_leg_beside_it_is_not_taken_for_it():
    mask, marks, up = body(10.0)
    beside = limb(np.array([380.0, 400.0]), np.array([380.0, 150.0]), WIDTH_PX)

    _, right = shank_chords(np.maximum(mask, beside), marks)

    assert_allclose(off_line_px(right, up), 0.0, atol=0.5)


def test_nobody_in_the_mask_gives_nan():
    _, marks, _ = body(0.0)

    assert np.isnan(shank_chords(np.zeros(SIZE, np.float32), marks)).all()


def test_a_person_who_fills_the_picture_has_no_outline():
    _, marks, _ = body(0.0)

    assert np.isnan(shank_chords(np.ones(SIZE, np.float32), marks)[..., 2]).all()


def test_missing_landmarks_give_nan():
    mask, marks, _ = body(0.0)

    assert np.isnan(shank_chords(mask, np.full_like(marks, np.nan))).all()


def test_a_leg_beyond_the_picture_gives_nan_where_it_is_not_seen():
    mask, marks, _ = body(0.0)
    marks[[Landmark.LEFT_ANKLE, Landmark.LEFT_KNEE]] += [300, 200]

    left, right = shank_chords(mask, marks)

    assert np.isnan(left[..., 2]).all()
    assert np.isfinite(right[..., 2]).any()
