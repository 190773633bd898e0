"""Tests for hiprom.core.guide: one leg led through its test, without a camera."""

from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose
from synthetic import reps_trace, seated_joints, seen

from hiprom.core.guide import GONE, WINDOW_S, Guide
from hiprom.core.landmarks import of_side
from hiprom.core.protocols import protocol
from hiprom.core.scene import Stage

IR = protocol("seated_ir")
guide_for = partial(Guide, IR, title="Left leg", reps_wanted=3, is_patient=True)


def led(guide, track, *, step=2):
    """Show the guide a track as it comes, every second picture of 30 a second.

    Returns the scenes with their times.
    """
    scenes = []
    for last in range(0, len(track), step):
        now_s = track.time_s[last]
        recent = (track.time_s > now_s - WINDOW_S) & (track.time_s <= now_s)
        guide.see(track.part(recent))
        scenes.append((now_s, guide.scene()))
        if guide.ended:
            break
    return scenes


def seated_test(peaks=(30.0, 35.0, 40.0), side="left", **camera):
    time_s, angle, plateaus = reps_trace(peaks, rest_s=1.5)
    return seen(seated_joints(angle, side=side), time_s, **camera), plateaus


def spoken(scenes):
    return [scene.spoken for _, scene in scenes if scene.spoken]


def test_a_test_begins_by_itself_counts_and_ends_when_all_is_done():
    track, plateaus = seated_test()
    guide = guide_for("left")

    scenes = led(guide, track)

    assert guide.begun_s == 0.0
    assert guide.ended == "all repetitions were done"
    at_s = dict(scenes)
    ended_s = scenes[-1][0]
    assert plateaus[-1][1] < ended_s < plateaus[-1][1] + 3.0
    assert scenes[-1][1].reps_done == 3
    assert_allclose(scenes[-1][1].furthest, 40.0, atol=2.0)
    in_hold = [s for t, s in at_s.items() if plateaus[0][0] < t < plateaus[0][1]]
    assert max(scene.held_share for scene in in_hold) > 0.6


def test_what_is_said_leads_through_the_test():
    track, _ = seated_test()
    guide = guide_for("left")

    said = spoken(led(guide, track))

    assert said[0] == "Sit down in front of the camera"
    assert said[1] == "Swing your left foot slowly outwards"
    assert said[2] == "Hold it there"
    assert any(each.startswith("1. Swing your left foot") for each in said)
    assert said[-1].startswith("3. Done")
    assert all(a != b for a, b in pairwise(said))


def test_external_rotation_is_led_and_counted_inwards():
    time_s, angle, _ = reps_trace([-30.0, -35.0, -32.0], rest_s=1.5)
    track = seen(seated_joints(angle, side="right"), time_s)
    guide = Guide(
        protocol("seated_er"), "right", title="", reps_wanted=3, is_patient=True
    )

    scenes = led(guide, track)

    assert scenes[-1][1].reps_done == 3
    assert_allclose(scenes[-1][1].furthest, 35.0, atol=2.0)
    assert "Swing your right foot slowly inwards" in spoken(scenes)


@pytest.mark.parametrize("side", ["left", "right"])
def test_where_no_leg_is_named_the_one_that_moves_is_shown(side):
    track, plateaus = seated_test(side=side)
    guide = guide_for(None)

    scenes = led(guide, track)

    assert guide.side == side
    assert scenes[-1][1].reps_done == 3
    middle = [s for t, s in scenes if plateaus[0][0] < t < plateaus[0][1]][5]
    assert middle.side == side
    assert_allclose(middle.angle, 30.0, atol=3.0)


def test_without_a_number_of_repetitions_it_goes_on():
    track, _ = seated_test()
    guide = guide_for("left", reps_wanted=None)

    led(guide, track)

    assert guide.ended == ""
    assert guide.scene().reps_wanted is None


def test_a_camera_from_the_side_is_waited_for_and_said():
    track, _ = seated_test(yaw_deg=65.0)
    guide = guide_for("left")

    scenes = led(guide, track, step=1)

    assert guide.begun_s is None
    assert {scene.stage for _, scene in scenes} == {Stage.POSITION}
    assert any("past the camera" in each for each in spoken(scenes))
    assert spoken(scenes).count(scenes[-1][1].hints[0]) <= 3


def test_advice_can_be_followed_before_it_begins_but_does_not_keep_it_from_beginning():
    time_s = np.arange(0, 14, 1 / 15)
    track = seen(seated_joints(np.zeros(len(time_s))), time_s, yaw_deg=30.0)
    person, film = guide_for("right"), guide_for("right", is_patient=False)

    by_person = led(person, track)
    led(film, track)

    begun_s = next(t for t, scene in by_person if scene.stage is Stage.REPS)
    assert 7.0 < begun_s < 11.0
    assert film.begun_s == 0.0


def test_legs_that_do_not_hang_still_are_asked_to():
    time_s = np.arange(0, 3, 1 / 30)
    angle = 20 * np.sin(2 * np.pi * 0.8 * time_s)
    track = seen(seated_joints(angle, side="left"), time_s)
    guide = guide_for("left")

    scenes = led(guide, track)

    assert guide.begun_s is None
    assert scenes[-1][1].stage is Stage.STILL
    assert "Let both feet hang and keep still" in spoken(scenes)


def test_who_leaves_ends_the_test():
    track, plateaus = seated_test((30.0, 35.0, 40.0, 35.0, 30.0))
    gone = track.time_s > plateaus[0][1] + 2
    empty = np.where(gone[:, None, None], np.float32(np.nan), track.image_px)
    guide = guide_for("left", reps_wanted=5)

    scenes = led(guide, replace(track, image_px=empty))

    assert guide.ended == GONE
    assert scenes[-1][1].reps_done == 1


def test_a_leg_that_rests_after_a_few_repetitions_is_done():
    track, plateaus = seated_test()
    after = np.arange(1, 300) / 30 + track.time_s[-1]
    resting = seen(seated_joints(np.zeros(len(after)), side="left"), after)
    guide = guide_for("left", reps_wanted=5)

    scenes = led(guide, track.then(resting))

    assert guide.ended == "the leg rested"
    assert scenes[-1][0] > plateaus[-1][1] + 8


@pytest.mark.parametrize(("peaks", "patience_s"), [((30.0,), 20.0), ((), 90.0)])
def test_who_does_less_is_waited_for_longer_but_not_for_ever(peaks, patience_s):
    track, plateaus = seated_test(peaks)
    after = np.arange(1, round(15 * (patience_s + 5))) / 15 + track.time_s[-1]
    resting = seen(seated_joints(np.zeros(len(after)), side="left"), after)
    guide = guide_for("left")

    scenes = led(guide, track.then(resting))

    assert guide.ended == "the leg rested"
    since_s = plateaus[-1][1] if plateaus else 0.0
    assert patience_s - 1 < scenes[-1][0] - since_s < patience_s + 3


def test_a_leg_that_cannot_be_seen_is_not_begun_with():
    track, _ = seated_test()
    visibility = track.visibility.copy()
    visibility[:, of_side("ankle", "left")] = 0.1
    guide = guide_for("left")

    led(guide, replace(track, visibility=visibility))

    assert guide.begun_s is None
    assert "left" in guide.advice[0]


def test_last_times_mean_is_the_mark_to_reach():
    track, _ = seated_test()
    guide = guide_for("left", target={"left": 33.0, "right": 40.0})

    scenes = led(guide, track)

    assert scenes[-1][1].target == 33.0
