"""Squats of bodies of known length, seen by exact cameras: depth, posture, flags."""

import os
from pathlib import Path

import numpy as np
import pytest
from mocap_files import read_markers
from numpy.testing import assert_allclose
from standing_people import (
    as_the_model,
    filmed,
    knee_bend_deg,
    squat_track,
    standing_joints,
)
from synthetic import seated_track

from hiprom.core.camera import Camera, Gravity
from hiprom.core.landmarks import ANKLES, HIPS, Landmark, of_side
from hiprom.core.lifting.standing import STANDING, lift_squat
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol
from hiprom.core.vectors import unit
from hiprom.errors import LegsNotReadable, NoReps, ViewNotUsable

SQUAT = protocol("squat")
BESIDE_THE_PROJECT = Path(__file__).resolve().parents[3] / "shared"
MOCAP = Path(os.environ.get("HIPROM_SHARED", BESIDE_THE_PROJECT)) / "data" / "mocap"
# As in tests/test_mocap.py: how far outside the joint's centre a marker sits.
KNEE_OFFSET_M, ANKLE_OFFSET_M = 0.055, 0.037
STANDING_FRAMES = 5


def squatted(depths=(0.8, 1.0), **settings):
    """The reps of a posed body, and the knee flexion at each hold."""
    track, bend, plateaus = squat_track(depths, **settings)
    # The metric lines of these bodies are exact but for the model's constant turn.
    (side,) = measure(as_the_model(track, gain=1, follow=0, whole=1), SQUAT).sides
    held = [
        np.median(bend[(track.time_s > start) & (track.time_s < end)])
        for start, end in plateaus
    ]
    assert len(side.reps) == len(held)
    assert side.side == "both"
    return side.reps, held


@pytest.mark.parametrize(
    "camera",
    [
        {},
        {"yaw_deg": -25.0},
        {"yaw_deg": 45.0},
        {"pitch_deg": 12.0},
        {"roll_deg": 8.0},
        {"distance_m": 2.0, "size": (640, 800)},
        {"focal_px": 480.0},
    ],
    ids=["front", "oblique", "far aside", "above", "crooked", "near", "wide lens"],
)
def test_the_depth_is_exact_through_any_camera(camera):
    reps, held = squatted(**camera)

    assert_allclose([rep.end_range for rep in reps], held, atol=1.6)
    assert_allclose([rep.neutral for rep in reps], 10.3, atol=1.0)
    assert all(rep.flags == () for rep in reps)
    assert all(2.0 < (rep.end_range_high - rep.end_range) / 1.96 < 5.0 for rep in reps)


@pytest.mark.parametrize(
    "body",
    [
        {"thigh_m": 0.36, "shank_m": 0.44},
        {"thigh_m": 0.46, "shank_m": 0.40, "trunk_m": 0.55},
        {"stance_m": 0.5},
        {"shank_deg": 38.0, "thigh_deg": 85.0, "trunk_deg": 30.0},
        {"shank_deg": 18.0, "thigh_deg": 80.0, "trunk_deg": 60.0},
    ],
    ids=["short thighs", "long thighs", "wide", "deep and upright", "hips far back"],
)
def test_bodies_that_are_not_as_assumed_lie_within_the_interval(body):
    reps, held = squatted(body=body)

    for rep, bend in zip(reps, held, strict=True):
        assert rep.end_range_low < bend < rep.end_range_high
        assert abs(rep.end_range - bend) < 4.0


def test_the_further_quantities_are_the_posed_body_s():
    (_, rep), _ = squatted(body={"shank_deg": 26.0, "thigh_deg": 80.0})

    values = rep.further
    assert_allclose(values["thigh_rise_deg"].end_range, 10.0, atol=2.0)
    assert_allclose(values["trunk_forward_deg"].end_range, 36.0, atol=3.0)
    assert_allclose(values["trunk_forward_deg"].neutral, 3.0, atol=3.0)
    assert values["upright_depth_deg"].end_range == rep.end_range
    assert abs(values["left_knee_in_cm"].end_range) < 1.0


@pytest.mark.parametrize(
    ("flag", "body", "value"),
    [
        ("trunk_collapses", {"trunk_deg": 62.0}, 62.0),
        ("knees_in", {"knees_in_m": 0.09}, 9.0),
        ("heels_lift", {"heels_m": 0.06}, 6.0),
    ],
)
def test_each_fault_raises_its_flag_and_no_other(flag, body, value):
    (_, rep), _ = squatted(body=body)

    assert rep.flags == (flag,)
    assert_allclose(rep.changes[flag], value, atol=max(0.08 * value, 1.0))


def test_the_depth_before_the_trunk_collapses_is_where_it_leans_45_degrees():
    # The trunk goes from 3 to 60 degrees as the depth goes from 0 to 1.
    (there,) = knee_bend_deg(standing_joints([(45 - 3) / (60 - 3)]))

    ((rep,), _) = squatted((1.0,), body={"trunk_deg": 60.0})

    value = rep.further["upright_depth_deg"]
    assert_allclose(value.end_range, there, atol=9.0)
    assert value.end_range < rep.end_range - 10.0
    assert value.end_range_low < there < value.end_range_high


@pytest.mark.parametrize(("raise_s", "is_fast"), [(0.6, True), (1.5, False)])
def test_a_quick_squat_is_flagged_both_ways(raise_s, is_fast):
    reps, _ = squatted(tempo={"raise_s": raise_s})

    for rep in reps:
        assert {"fast_raise", "fast_lower"}.isdisjoint(rep.flags) is not is_fast


def test_jitter_and_lost_frames_invent_no_squat_and_lose_none():
    track, _, _ = squat_track((0.7, 0.8, 0.9), noise_px=3.0, seed=4)
    track.image_px[50:53] = np.nan

    (side,) = measure(as_the_model(track), SQUAT).sides

    assert len(side.reps) == 3


def test_a_knee_bend_of_less_than_thirty_degrees_is_no_squat():
    track, _, _ = squat_track((0.2, 0.2))

    with pytest.raises(NoReps, match=r"squatting was found: it changed by \d+°.*30°"):
        measure(as_the_model(track), SQUAT)


def test_a_camera_that_knows_gravity_is_believed():
    track, bend, ((start, end),) = squat_track((1.0,), pitch_deg=15.0)
    profile = Camera(
        "plumb",
        640,
        480,
        focal_px=(640.0, 640.0),
        centre_px=(320.0, 240.0),
        distortion=(0.0, 0.0, 0.0, 0.0, 0.0),
        rms_px=0.1,
        date="2026-01-01",
        gravity=Gravity(0.0, 15.0, 0.3, 0.3),
    )
    track = as_the_model(track, gain=1, follow=0, whole=1)

    known = measure(track, SQUAT, camera=profile)

    (rep,) = known.sides[0].reps
    held = np.median(bend[(track.time_s > start) & (track.time_s < end)])
    assert_allclose(rep.end_range, held, atol=1.5)
    assert_allclose(known.view.pitch_deg, 15.0, atol=0.1)
    (guessed,) = measure(track, SQUAT).sides[0].reps
    width, wider = (each.end_range_high - each.end_range_low for each in (rep, guessed))
    assert width < wider


def test_who_sits_is_refused_with_what_was_seen():
    track, _, _ = seated_track((30.0,))

    with pytest.raises(LegsNotReadable, match=r"not seem to stand.*bent by about 90°"):
        measure(track, SQUAT)


def test_feet_out_of_the_picture_are_refused():
    track, _, _ = squat_track((1.0,), size=(640, 300))

    with pytest.raises(LegsNotReadable, match=r"ankle is outside the picture"):
        measure(track, SQUAT)


def test_a_camera_at_the_side_is_refused_with_the_angle():
    track, _, _ = squat_track((1.0,), yaw_deg=75.0)

    with pytest.raises(ViewNotUsable, match=r"about 7\d° past the camera; up to 60°"):
        measure(as_the_model(track, gain=1, follow=0, whole=1), SQUAT)


def test_a_person_too_far_away_is_refused_with_the_pixels():
    track, _, _ = squat_track((1.0,), distance_m=12.0)

    with pytest.raises(ViewNotUsable, match=r"only 4\d pixels long.*Come closer"):
        measure(as_the_model(track, gain=1, follow=0, whole=1), SQUAT)


def laboratory_joints():
    """A man's squats: joints at the directions that his markers show, lengths constant.

    On the skin a thigh measures 8 % less in a squat than standing. Where the segments
    point is believed, their lengths are those of standing.
    """
    time_s, markers = read_markers(MOCAP / "subject4_squats1.trc")
    time_s, markers = time_s[::4], {name: each[::4] for name, each in markers.items()}
    rightward = unit((markers["R_HJC"] - markers["L_HJC"]).mean(axis=0) * [1, 0, 1])
    room = np.stack([np.cross([0.0, 1.0, 0.0], rightward), [0, 1, 0], rightward])
    found = {name: each @ room.T for name, each in markers.items()}
    points = np.zeros((len(time_s), 33, 3))
    for side, sign, prefix, foot in (("left", -1, "L", "L"), ("right", 1, "R", "r")):
        inwards = np.array([0.0, 0.0, -sign])
        hip = found[f"{prefix}_HJC"]
        knee = found[f"{foot}_knee"] + KNEE_OFFSET_M * inwards
        ankle = found[f"{foot}_ankle"] + ANKLE_OFFSET_M * inwards
        shank, thigh = (
            np.linalg.norm(upper - lower, axis=1)[:STANDING_FRAMES].mean()
            for upper, lower in ((knee, ankle), (hip, knee))
        )
        bent = ankle + shank * unit(knee - ankle)
        for mark, place in (
            (of_side("ankle", side), ankle),
            (of_side("knee", side), bent),
            (of_side("hip", side), bent + thigh * unit(hip - knee)),
            (of_side("shoulder", side), found[f"{prefix}_Shoulder"]),
            (Landmark[f"{side.upper()}_HEEL"], found[f"{foot}_calc"]),
            (Landmark[f"{side.upper()}_FOOT_INDEX"], found[f"{foot}_toe"]),
        ):
            points[:, mark] = place
    sunk = points[:, list(HIPS)].mean(axis=1)
    sunk -= (found["L_HJC"] + found["R_HJC"]) / 2
    for side in ("left", "right"):
        points[:, of_side("shoulder", side)] += sunk
    for mark in range(Landmark.LEFT_SHOULDER):
        points[:, mark] = points[:, Landmark.LEFT_SHOULDER]
    floor = points[0, list(ANKLES)].mean(axis=0)
    return points - floor, time_s


@pytest.mark.shared
@pytest.mark.skipif(not MOCAP.is_dir(), reason=f"no motion capture in {MOCAP}")
@pytest.mark.parametrize("yaw_deg", [-25.0, 0.0, 40.0])
@pytest.mark.parametrize(
    ("pitch_deg", "deep_deg", "half_deg"), [(4.0, 3.0, 5.0), (12.0, 6.0, 8.0)]
)
def test_a_man_s_real_squats_come_out_through_virtual_cameras(
    yaw_deg, pitch_deg, deep_deg, half_deg
):
    points, time_s = laboratory_joints()
    bend = np.mean([knee_bend_deg(points, side) for side in ("left", "right")], axis=0)
    track = filmed(points, time_s, yaw_deg=yaw_deg, pitch_deg=pitch_deg)
    track = as_the_model(track, gain=1, follow=0, whole=1)

    squat = lift_squat(track, 640.0, STANDING)

    error = squat.knee_flexion_deg - bend
    deep, half = bend > 80, (bend > 45) & (bend < 70)
    assert np.abs(error[deep]).mean() < deep_deg
    assert np.abs(error[half]).mean() < half_deg
    assert (np.abs(error) < 1.96 * squat.knee_flexion_sd_deg)[deep].mean() > 0.95
