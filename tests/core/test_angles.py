"""Angles: known poses first, then laws that must hold, then edges."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation
from synthetic import leg_joints

from hiprom.core import angles
from hiprom.core.frames import femur_frame, pelvis_frame, thorax_frame
from hiprom.errors import ShapeError

UP = np.array([0.0, 1.0, 0.0])
RIGHTWARD = np.array([0.0, 0.0, 1.0])
sides = st.sampled_from(["left", "right"])


def hip_angles(hip, knee, ankle, *, side, turn=None):
    """Angles of a leg in an upright pelvis, all of it turned by a rotation."""
    turn = turn or Rotation.identity()
    hip, knee, ankle = (turn.apply(joint) for joint in (hip, knee, ankle))
    half = turn.apply([0, 0, 0.1])
    pelvis = pelvis_frame(-half, half, turn.apply(UP))
    return angles.hip_angles_deg(pelvis, femur_frame(hip, knee, ankle), side=side)


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("rotation", [-45.0, -0.5, 0.0, 30.0, 60.0])
def test_recovers_the_angles_a_leg_was_posed_at(rotation, side):
    joints = leg_joints(85.0, -12.0, rotation, 95.0, side=side)

    found = hip_angles(*joints, side=side)

    assert_allclose(found.flexion_deg, 85.0, atol=1e-9)
    assert_allclose(found.adduction_deg, -12.0, atol=1e-9)
    assert_allclose(found.rotation_deg, rotation, atol=1e-9)
    assert_allclose(angles.knee_flexion_deg(*joints), 95.0, atol=1e-9)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_foot_swung_outwards_is_internal_rotation(side):
    outward = 1.0 if side == "right" else -1.0
    hip = np.array([0, 0, 0.1 * outward])
    knee = hip + [0.4, 0, 0]
    ankle = knee + [0, -0.4 * np.cos(0.5), 0.4 * np.sin(0.5) * outward]

    found = hip_angles(hip, knee, ankle, side=side)

    assert_allclose(found.rotation_deg, np.degrees(0.5), atol=1e-9)


@given(
    rotation=st.floats(-80, 80),
    flexion=st.floats(-20, 120),
    adduction=st.floats(-50, 50),
    knee=st.floats(31, 149),
    side=sides,
    vector=st.tuples(*[st.floats(-3, 3)] * 3),
)
def test_does_not_depend_on_where_the_camera_stands(
    rotation, flexion, adduction, knee, side, vector
):
    joints = leg_joints(flexion, adduction, rotation, knee, side=side)

    found = hip_angles(*joints, side=side, turn=Rotation.from_rotvec(vector))

    assert_allclose(found.rotation_deg, rotation, atol=1e-6)
    assert_allclose(found.flexion_deg, flexion, atol=1e-6)
    assert_allclose(found.adduction_deg, adduction, atol=1e-6)


@given(rotation=st.floats(-80, 80), scale=st.floats(0.01, 100))
def test_does_not_depend_on_the_size_of_the_body(rotation, scale):
    hip, knee, ankle = leg_joints(90.0, 0.0, rotation, 90.0, side="left")

    found = hip_angles(scale * hip, scale * knee, scale * ankle, side="left")

    assert_allclose(found.rotation_deg, rotation, atol=1e-6)


@given(rotation=st.floats(-80, 80), adduction=st.floats(-40, 40))
def test_a_mirrored_body_measures_the_same_on_its_other_side(rotation, adduction):
    joints = leg_joints(80.0, adduction, rotation, 90.0, side="right")
    mirrored = [joint * [1, 1, -1] for joint in joints]

    found = hip_angles(*mirrored, side="left")

    assert_allclose(found.rotation_deg, rotation, atol=1e-6)
    assert_allclose(found.adduction_deg, adduction, atol=1e-6)


def test_a_straight_knee_has_no_femur_frame():
    hip, knee, ankle = leg_joints(0.0, 0.0, 20.0, 0.0, side="left")

    assert np.isnan(femur_frame(hip, knee, ankle)[..., 0, :]).all()


def test_a_hidden_ankle_leaves_a_gap_in_its_own_frame_only():
    hip, knee, ankle = leg_joints(90.0, 0.0, np.full(3, 20.0), 90.0, side="left")
    ankle[1] = np.nan

    found = hip_angles(hip, knee, ankle, side="left")

    assert_allclose(found.rotation_deg, [20.0, np.nan, 20.0], atol=1e-9)


def test_coinciding_joints_give_nan_without_a_warning():
    zero = np.zeros((2, 3))

    assert np.isnan(femur_frame(zero, zero, zero)).all()
    assert np.isnan(pelvis_frame(zero, zero, UP)).all()


def test_says_which_array_has_the_wrong_shape():
    with pytest.raises(ShapeError, match=r"^knee has shape \(2,\); expected"):
        femur_frame([0, 0, 0], [1, 0], [1, -1, 0])


@pytest.mark.parametrize(("side", "sign"), [("right", 1), ("left", -1)])
def test_an_inclinometer_reads_the_shank_against_gravity(side, sign):
    shank = [0.3, -np.cos(0.4), sign * np.sin(0.4)]

    tilt = angles.outward_tilt_deg(shank, -UP, RIGHTWARD, side=side)

    assert_allclose(tilt, np.degrees(0.4))


@pytest.mark.parametrize(("side", "expected"), [("right", 8.0), ("left", -8.0)])
def test_the_hip_line_rises_towards_the_higher_side(side, expected):
    line = [0, np.sin(np.radians(8)), np.cos(np.radians(8))]

    assert_allclose(angles.obliquity_deg(line, UP, side=side), expected)


@pytest.mark.parametrize(("side", "expected"), [("right", 10.0), ("left", -10.0)])
def test_a_trunk_leaning_right_leans_towards_the_right_side(side, expected):
    trunk = [0, np.cos(np.radians(10)), np.sin(np.radians(10))]

    lean = angles.outward_tilt_deg(trunk, UP, RIGHTWARD, side=side)

    assert_allclose(lean, expected)


def test_a_thorax_turned_left_is_positive():
    pelvis = pelvis_frame([0, 0, -0.1], [0, 0, 0.1], UP)
    turn = Rotation.from_euler("y", 25, degrees=True)
    thorax = thorax_frame(turn.apply([0, 0, -0.2]), turn.apply([0, 0, 0.2]), UP)

    assert_allclose(angles.thorax_rotation_deg(pelvis, thorax), 25.0)
