"""Tests for hiprom.core.setting_up: a second before a camera, and what it is told."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from synthetic import seated_joints, seen

from hiprom.core.landmarks import Landmark
from hiprom.core.lifting import EXACT
from hiprom.core.protocols import protocol
from hiprom.core.setting_up import look
from hiprom.report.landmarks import read_landmarks

GOLDEN = Path(__file__).parents[1] / "golden"
IR = protocol("seated_ir")
exactly = partial(look, protocol=IR, assume=EXACT)


def waiting(**camera):
    """A second of somebody who sits and waits."""
    time_s = np.arange(30) / 30
    return seen(seated_joints(np.zeros(30)), time_s, **camera)


def test_a_good_place_is_ready_and_needs_no_word():
    found = exactly(waiting())

    assert found.is_ready
    assert found.advice == ()
    assert_allclose(found.view.distance_m, 2.3, atol=0.1)
    assert_allclose(found.view.knee_flexion_deg, 90.0, atol=1.0)


@pytest.mark.parametrize("yaw_deg", [-30.0, 30.0])
def test_an_oblique_camera_is_seen_within_a_second(yaw_deg):
    found = exactly(waiting(yaw_deg=yaw_deg))

    assert found.is_ready
    assert_allclose(abs(found.view.yaw_deg), 30.0, atol=1.0)
    way = "right" if yaw_deg > 0 else "left"
    assert f"turn about 30° to your {way}" in found.advice[0]


def test_a_camera_from_the_side_is_refused_before_anything_is_recorded():
    found = exactly(waiting(yaw_deg=65.0))

    assert not found.is_ready
    assert "past the camera" in found.advice[0]


def test_an_empty_picture_says_how_to_be_seen():
    track = waiting()
    empty = replace(track, image_px=np.full_like(track.image_px, np.nan))

    found = exactly(empty)

    assert not found.is_ready
    assert found.view is None
    assert "Film one person, head to feet" in found.advice[0]


def test_feet_out_of_the_picture_are_named():
    track = waiting()
    image = track.image_px.copy()
    image[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 1] = 520.0

    found = exactly(replace(track, image_px=image))

    assert not found.is_ready
    assert "the ankle is outside the picture" in found.advice[0]


def test_a_foot_that_will_swing_out_of_the_picture_is_foreseen():
    track = waiting()
    aside = replace(track, image_px=track.image_px + np.float32([-260.0, 0.0]))

    advice = exactly(aside).advice

    assert any("A foot that swings out will leave" in word for word in advice)


def test_feet_at_the_lower_edge_are_named():
    track = waiting()
    toes = track.image_px[:, [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE], 1].max()
    low = np.float32([0.0, 479.0 - toes])
    image = track.image_px + low
    image[:, [Landmark.LEFT_HEEL, Landmark.RIGHT_HEEL], 1] = 479.0

    advice = exactly(replace(track, image_px=image)).advice

    assert any("touch the lower edge" in word for word in advice)


def test_a_knee_that_is_bent_too_little_asks_for_another_seat():
    points = seated_joints(np.zeros(30), knee_flexion_deg=50.0)

    advice = exactly(seen(points, np.arange(30) / 30)).advice

    assert any("bent by about 50°" in word for word in advice)


def test_the_first_second_of_a_real_recording_tells_where_the_camera_stood():
    track, _ = read_landmarks(GOLDEN / "seated_ir_left.parquet")
    first = track.time_s < track.time_s[0] + 0.8

    found = look(track.part(first), IR)

    assert found.is_ready
    # The clip's own truth: the camera 10 degrees round, 2.5 m away.
    assert_allclose(abs(found.view.yaw_deg), 10.0, atol=6.0)
    assert_allclose(found.view.distance_m, 2.5, atol=0.5)
