"""People on their side: the geometry, the fit, and who is refused."""

from dataclasses import replace

import numpy as np
import pytest
from lying_people import Body, lying_points, lying_track, upper_angles
from synthetic import seated_track, seen

from hiprom.core.camera import Camera, Gravity
from hiprom.core.lifting.lying import (
    KNEES_TOGETHER,
    SIDE_LYING,
    STRAIGHT,
    About,
    fit_legs,
    see_side_lying,
)
from hiprom.core.lifting.lying.body import CONSTANTS, body, seen_px
from hiprom.core.lifting.lying.legs import in_order
from hiprom.core.measure import measure
from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import LegsNotReadable, NoReps, ViewNotUsable

_LYING = ("sidelying_ir", "clamshell", "leg_lift")
_FOCAL_PX = 620.0


@pytest.mark.parametrize("upper", ["left", "right"])
def test_upper_leg_is_where_an_independent_skeleton_has_it(upper):
    """The same angles before the same camera give the same pixels."""
    lies = Body(rolled_back_deg=7.0)
    angles = upper_angles("clamshell", np.array([0.0, 20.0, 40.0]), lies, side=upper)
    room = lying_points(angles, lies, upper=upper)
    middle = room[:, [23, 24]].mean(axis=1)
    room[:, 0] = middle
    track = seen(room, np.arange(3) / 30, pitch_deg=12.0, roll_deg=3.0)
    saw = see_side_lying(track, _FOCAL_PX)
    assert saw.upper == upper

    down = np.radians(12.0)
    off = middle[0] - [0.2, 0.05, 0.0]
    away = 2.5 - off[0] * np.cos(down) - off[1] * np.sin(down)
    named = dict.fromkeys(CONSTANTS, 0.0) | {
        "log_scale": np.log(_FOCAL_PX / away * lies.shank_m),
        "pitch": 12.0,
        "roll": 3.0,
        "rolled_back": 7.0,
        "thigh": lies.thigh_m / lies.shank_m,
        "hip_gap": lies.hips_m / lies.shank_m,
    }
    constants = np.array([named[name] for name in CONSTANTS])
    states = np.concatenate([track.image_px[:, 0], angles], axis=1)
    points = in_order(body(constants, states, saw.head_right))
    pixels = seen_px(points, constants, states, _FOCAL_PX, saw.centre_px)
    hips_and_upper_leg = [0, 1, 3, 5]
    assert np.allclose(
        pixels[:, hips_and_upper_leg], saw.legs_px[:, hips_and_upper_leg], atol=0.02
    )


def test_known_lengths_and_camera_give_the_rotation_to_a_degree():
    lies = Body()
    track, truth, _ = lying_track("sidelying_ir", body=lies, pitch_deg=12.0)
    sure = {
        "pitch_deg": About(12.0, 0.01),
        "roll_deg": About(0.0, 0.01),
        "yaw_deg": About(0.0, 0.01),
        "rolled_back_deg": About(0.0, 0.01),
        "leaning_deg": About(0.0, 0.01),
        "thigh": About(lies.thigh_m / lies.shank_m, 1e-4),
        "hip_gap": About(lies.hips_m / lies.shank_m, 1e-4),
        "hip_sd": 0.002,
        "knee_sd": 0.002,
        "ankle_sd": 0.002,
    }
    legs = fit_legs(
        see_side_lying(track, _FOCAL_PX), KNEES_TOGETHER, replace(SIDE_LYING, **sure)
    )
    assert np.abs(legs.state("rotation") - truth).max() < 1.0
    assert legs.state_sd("rotation").max() < 3.0


def test_what_is_not_known_widens_the_interval():
    track, *_ = lying_track("leg_lift")
    saw = see_side_lying(track, _FOCAL_PX)
    usual = fit_legs(saw, STRAIGHT, SIDE_LYING).state_sd("adduction").mean()
    unsure = replace(SIDE_LYING, leaning_deg=About(0.0, 8.0))
    assert fit_legs(saw, STRAIGHT, unsure).state_sd("adduction").mean() > 1.3 * usual


def test_a_known_camera_narrows_the_interval():
    track, truth, plateaus = lying_track("clamshell", pitch_deg=18.0, roll_deg=-4.0)
    camera = Camera(
        name="here",
        width_px=640,
        height_px=480,
        focal_px=(_FOCAL_PX, _FOCAL_PX),
        centre_px=(320.0, 240.0),
        distortion=(0.0, 0.0, 0.0, 0.0, 0.0),
        rms_px=0.2,
        date="2026-01-01",
        gravity=Gravity(-4.0, 18.0, 0.5, 0.5),
    )
    protocol = PROTOCOLS["clamshell"]
    usual, known = (
        measure(track, protocol, camera=each).sides[0].reps[0]
        for each in (None, camera)
    )
    at_hold = (track.time_s >= plateaus[0][0]) & (track.time_s <= plateaus[0][1])
    end = np.median(truth[at_hold])
    wide, narrow = (r.end_range_high - r.end_range_low for r in (usual, known))
    assert narrow < 0.95 * wide
    assert known.end_range_low < end < known.end_range_high
    assert abs(known.end_range - end) < 3.0


@pytest.mark.parametrize("name", _LYING)
def test_only_the_upper_leg_is_measured(name):
    track, *_ = lying_track(name, upper="left")
    assert [each.side for each in measure(track, PROTOCOLS[name]).sides] == ["left"]
    with pytest.raises(NoReps, match="Use --side left"):
        measure(track, PROTOCOLS[name], side="right")


@pytest.mark.parametrize("name", _LYING)
def test_a_seated_person_is_refused(name):
    track, *_ = seated_track()
    with pytest.raises(ViewNotUsable, match="Lie on your side"):
        measure(track, PROTOCOLS[name])


@pytest.mark.parametrize("name", _LYING)
def test_the_back_is_refused(name):
    track, *_ = lying_track(name, yaw_deg=180.0)
    with pytest.raises(ViewNotUsable, match="see your back"):
        measure(track, PROTOCOLS[name])


def test_lying_on_the_back_is_refused():
    angles = upper_angles("leg_lift", np.linspace(0, 30, 60), Body())
    room = lying_points(angles, Body(rolled_back_deg=90.0))
    track = seen(room, np.arange(60) / 30, pitch_deg=5.0)
    with pytest.raises(ViewNotUsable, match="one behind the other"):
        measure(track, PROTOCOLS["leg_lift"])


@pytest.mark.parametrize(
    ("done", "named"), [("clamshell", "leg_lift"), ("leg_lift", "clamshell")]
)
def test_another_exercise_is_refused_by_its_knee(done, named):
    track, *_ = lying_track(done)
    with pytest.raises(LegsNotReadable, match="knee"):
        measure(track, PROTOCOLS[named])


def test_a_camera_from_above_and_a_small_person_are_told():
    track, *_ = lying_track("clamshell", pitch_deg=40.0, distance_m=6.0)
    warnings = " ".join(measure(track, PROTOCOLS["clamshell"]).warnings)
    assert "look down" in warnings
    assert "small in the picture" in warnings
    track, *_ = lying_track("clamshell")
    assert measure(track, PROTOCOLS["clamshell"]).warnings == ()


@pytest.mark.parametrize("roll_deg", [-10.0, 10.0])
def test_a_crooked_camera_is_told_and_allowed_for(roll_deg):
    track, truth, _ = lying_track("leg_lift", roll_deg=roll_deg)
    measured = measure(track, PROTOCOLS["leg_lift"])
    last = measured.sides[0].reps[-1]
    assert any("lean" in said for said in measured.warnings)
    assert abs(last.end_range - truth.min()) < 4.0
    assert last.end_range_low < truth.min() < last.end_range_high


def test_a_lower_leg_that_is_hidden_costs_certainty_and_not_the_reps():
    track, truth, plateaus = lying_track("leg_lift")
    visibility = track.visibility.copy()
    visibility[:, [25, 27]] = 0.1
    hidden = measure(replace(track, visibility=visibility), PROTOCOLS["leg_lift"])
    reps = hidden.sides[0].reps
    assert len(reps) == len(plateaus)
    assert abs(reps[-1].end_range - truth.min()) < 5.0
    assert reps[-1].end_range_low < truth.min() < reps[-1].end_range_high


def test_the_dial_ends_on_the_ankle():
    track, *_ = lying_track("sidelying_ir")
    side = measure(track, PROTOCOLS["sidelying_ir"]).sides[0]
    knee, ankle = track.image_px[:, 26], track.image_px[:, 28]
    assert np.abs(side.dial_px[:, 0] - knee).max() < 8.0
    assert np.abs(side.dial_px[:, 1] - ankle).max() < 8.0
    at_rest = np.abs(side.dial_px[:5, 2] - side.dial_px[:5, 1]).max()
    assert 1.0 < at_rest < 12.0
