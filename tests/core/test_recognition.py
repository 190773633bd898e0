"""Which test is it? People of sticks do each of them; two kept tracks; some do none."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import stick_people
from stick_people import TESTS, filmed
from synthetic import reps_trace, seated_joints

from hiprom.core.landmarks import Landmark
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.recognition import SIGNS, recognise, why_unclear
from hiprom.report.landmarks import read_landmarks

GOLDEN = Path(__file__).parents[1] / "golden"
# A person on the belly is seen by nobody who looks from straight ahead.
FROM_ABOVE = {"prone_ir": 17.0}


def seen(name, **camera):
    time_s, points = TESTS[name]()
    camera["elevation_deg"] = camera.get("elevation_deg", 8) + FROM_ABOVE.get(name, 0)
    return filmed(points, time_s, **camera)


def mirrored(track):
    """The other side of the body, as if the picture were shown in a mirror."""
    swapped = [
        Landmark[
            mark.name.replace("LEFT", "@")
            .replace("RIGHT", "LEFT")
            .replace("@", "RIGHT")
        ]
        for mark in Landmark
    ]
    image, world = track.image_px[:, swapped], track.world_m[:, swapped]
    return replace(
        track,
        image_px=np.float32([track.width_px, 0]) + np.float32([-1, 1]) * image,
        world_m=np.float32([-1, 1, 1]) * world,
    )


def test_every_protocol_can_be_recognised():
    assert set(PROTOCOLS) <= set(SIGNS) == set(TESTS)


@pytest.mark.parametrize("name", TESTS)
@pytest.mark.parametrize(
    "camera",
    [
        {},
        {"azimuth_deg": 12, "elevation_deg": 15, "distance_m": 3.5},
        {"azimuth_deg": -12, "elevation_deg": 3, "distance_m": 1.9},
        {"roll_deg": 10, "noise_px": 3.0},
    ],
    ids=["straight", "from the right", "from the left", "crooked and noisy"],
)
def test_each_test_is_named_from_wherever_it_may_be_filmed(name, camera):
    track = seen(name, **camera)

    assert recognise(track).protocol == name
    assert recognise(mirrored(track)).protocol == name


@pytest.mark.parametrize("name", ["seated_ir_left", "seated_er_right"])
def test_tracks_of_the_pose_model_are_named(name):
    track, _ = read_landmarks(GOLDEN / f"{name}.parquet")

    assert recognise(track).protocol == name.rpartition("_")[0]


@pytest.mark.parametrize("name", TESTS)
def test_who_keeps_still_does_no_test(name):
    track = seen(name, noise_px=1.0)
    still = replace(
        track,
        image_px=np.repeat(track.image_px[:1], len(track), axis=0),
        world_m=np.repeat(track.world_m[:1], len(track), axis=0),
    )

    assert recognise(still).protocol is None


def test_a_leg_that_swings_both_ways_may_be_either_seated_test():
    time_s, angle, _ = reps_trace((30.0, -30.0, 32.0, -31.0))
    points = seated_joints(angle) @ stick_people.FACING.T

    found = recognise(filmed(points, time_s))

    assert found.protocol is None
    assert {each.protocol for each in found.likely} == {"seated_ir", "seated_er"}


def test_who_walks_does_no_test():
    time_s = np.arange(0, 8, 1 / 30)
    step = np.sin(2 * np.pi * time_s)
    hips = stick_people._hips(len(time_s))
    legs = {}
    for side, sign in (("left", -1), ("right", 1)):
        ankle = hips[side] + np.stack(
            [0.3 * sign * step, -0.8 + 0.1 * np.maximum(sign * step, 0), 0 * step], -1
        )
        legs[side] = (
            hips[side],
            stick_people.two_bones(hips[side], ankle, [1.0, 0, 0]),
            ankle,
        )
    way = np.stack([0 * time_s, 0 * time_s, -1.2 + 0.3 * time_s], axis=-1)

    for azimuth_deg in (0, 80):
        points = stick_people.body(legs, stick_people.FACING, pelvis=way)
        track = filmed(points, time_s, azimuth_deg=azimuth_deg, distance_m=4)
        assert recognise(track).protocol is None


@pytest.mark.parametrize("frames", [0, 3])
def test_where_nobody_is_nothing_is_named(frames):
    track = seen("squat")
    image = track.image_px.copy()
    image[frames:] = np.nan

    found = recognise(replace(track, image_px=image))

    assert found.protocol is None
    assert "hardly anybody is in view" in why_unclear(found)


def test_what_is_unclear_is_said_with_what_speaks_against_it():
    """Heels that part nearly as far as the knees are no clamshell for sure."""
    time_s, points = TESTS["clamshell"]()
    lifted = points.copy()
    ankle, knee = Landmark.RIGHT_ANKLE, Landmark.RIGHT_KNEE
    lifted[:, ankle] += 0.7 * (points[:, knee] - points[:1, knee])

    found = recognise(filmed(lifted, time_s))

    assert found.protocol is None
    assert found.guesses[0].protocol == "clamshell"
    assert "clamshell, but the feet part as well" in why_unclear(found)
    assert "--protocol clamshell" in why_unclear(found)
