"""Tests for hiprom.core.live: a hip read frame by frame, against exact legs."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from synthetic import reps_trace, seated_joints, seen

from hiprom.core.landmarks import Landmark, of_side
from hiprom.core.lifting import EXACT
from hiprom.core.live import RECENT_S, LiveHip
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol
from hiprom.errors import LegsNotReadable, NobodyInView
from hiprom.report.landmarks import read_landmarks

GOLDEN = Path(__file__).parents[1] / "golden"
REST = 24


def followed(track, side, **how):
    """Rotation and dial at every frame after the rest, each read when it came."""
    hip = LiveHip(track.part(np.arange(len(track)) < REST), side, **how)
    found = []
    for last in range(REST, len(track)):
        recent = track.time_s > track.time_s[last] - RECENT_S
        recent &= (np.arange(len(track)) >= REST) & (np.arange(len(track)) <= last)
        found.append(hip.at(track.part(recent)))
    angles = np.array([each.rotation_deg for each in found])
    return angles, np.array([each.dial_px for each in found]), hip


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    "camera",
    [{}, {"yaw_deg": 25.0}, {"yaw_deg": -25.0}, {"pitch_deg": 15.0}, {"roll_deg": 6.0}],
    ids=str,
)
def test_an_exact_leg_is_followed_from_every_side(side, camera):
    time_s, truth_deg, _ = reps_trace([35.0, -20.0])
    track = seen(seated_joints(truth_deg, side=side), time_s, **camera)

    angles, _, hip = followed(track, side, assume=EXACT)

    assert_allclose(hip.neutral_deg, 0.0, atol=0.3)
    assert_allclose(angles, truth_deg[REST:], atol=1.0)


@pytest.mark.parametrize("name", ["seated_ir_left", "seated_er_right"])
def test_what_is_shown_is_close_to_what_is_reported_in_the_end(name):
    track, _ = read_landmarks(GOLDEN / f"{name}.parquet")
    side = name.rpartition("_")[2]
    trial = measure(track, protocol(name.removesuffix(f"_{side}"))).sides[0]

    angles, dials, _ = followed(track, side)

    off_deg = angles - trial.traces["hip_rotation_deg"][REST:]
    assert np.sqrt(np.nanmean(off_deg**2)) < 1.0
    assert np.nanmedian(np.abs(dials - trial.dial_px[REST:])) < 3.0


def test_a_hidden_shank_has_no_angle_and_one_that_is_back_has():
    time_s, truth_deg, _ = reps_trace([35.0])
    track = seen(seated_joints(truth_deg, side="right"), time_s)
    visibility = track.visibility.copy()
    hidden = slice(60, 80)
    visibility[hidden, of_side("ankle", "right")] = 0.1

    angles, dials, _ = followed(
        replace(track, visibility=visibility), "right", assume=EXACT
    )

    assert np.isnan(angles[60 - REST : 80 - REST]).all()
    assert np.isnan(dials[60 - REST : 80 - REST]).all()
    assert_allclose(angles[80 - REST :], truth_deg[80:], atol=1.0)


def test_an_empty_rest_is_refused():
    track = seen(seated_joints(np.zeros(30)), np.arange(30) / 30)
    empty = replace(track, image_px=np.full_like(track.image_px, np.nan))

    with pytest.raises(NobodyInView):
        LiveHip(empty, "left")


def test_a_rest_without_the_leg_is_refused():
    track = seen(seated_joints(np.zeros(30)), np.arange(30) / 30)
    visibility = track.visibility.copy()
    visibility[:, Landmark.LEFT_ANKLE] = 0.0

    with pytest.raises(LegsNotReadable):
        LiveHip(replace(track, visibility=visibility), "left")
