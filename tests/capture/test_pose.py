"""Tests for hiprom.capture.pose: frames in, landmarks out, whatever happens between."""

import io
import os
import signal
import time

import numpy as np
import pytest
from drawn_people import draw_person, frames, room
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal

from hiprom.capture import messages
from hiprom.capture.collecting import collect
from hiprom.capture.pose import MediaPipePose, Pose, ReplayedPose
from hiprom.capture.video import Frame
from hiprom.core.landmarks import Landmark
from hiprom.errors import InputError, PoseFailed

model = pytest.mark.model
NAN = np.full((33, 3), np.nan, np.float32)
LEGS = slice(Landmark.LEFT_HIP, Landmark.RIGHT_ANKLE + 1)
FEET = [Landmark.LEFT_ANKLE, Landmark.RIGHT_ANKLE]


def invented(n, seed=3, fps=30.0):
    """Poses with numbers that mean nothing but are all different."""
    random = np.random.default_rng(seed)
    for row in range(n):
        marks = random.normal(size=(33, 6)).astype(np.float32)
        chords = random.normal(size=(2, 20, 3)).astype(np.float32)
        yield Pose(row / fps, marks[:, :2], marks[:, 2:5], marks[:, 5], chords, 0.5, 1)


def swinging(n, width_px=640, height_px=480, **person):
    """Someone who lifts the left foot out and back."""
    for row in range(n):
        picture = room(width_px, height_px)
        lift = 0.05 * np.sin(row / 5)
        yield draw_person(
            picture, width_px / 2, 30, height_px - 60, lift=lift, **person
        )


def seen(estimator, pictures, **shape):
    return collect(estimator.poses(frames(pictures)), **shape or SHAPE)


SHAPE = {"width_px": 640, "height_px": 480}


def assert_same(first, second):
    for name in ("time_s", "image_px", "world_m", "visibility", "chords_px", "light"):
        assert_array_equal(getattr(first, name), getattr(second, name))


# --- collecting and replaying -----------------------------------------------------


@pytest.mark.parametrize("n", [0, 1, 256, 257, 700])
def test_collects_every_pose_in_order(n):
    track = collect(invented(n), **SHAPE)

    assert len(track) == n
    for row, pose in enumerate(invented(n)):
        assert track.time_s[row] == pose.time_s
        assert_array_equal(track.image_px[row], pose.image_px)
        assert_array_equal(track.world_m[row], pose.world_m)
        assert_array_equal(track.visibility[row], pose.visibility)


def test_a_frame_with_nobody_stays_empty_and_its_neighbours_full():
    first, second, third = invented(3)
    chords = np.full((2, 20, 3), np.nan, np.float32)
    second = Pose(second.time_s, NAN[:, :2], NAN, NAN[:, 0], chords, NAN[0, 0], 0)

    track = collect([first, second, third], **SHAPE)

    assert track.is_seen.tolist() == [True, False, True]


def test_a_replayed_track_is_the_same_track():
    track = collect(invented(40), **SHAPE)

    assert_same(collect(ReplayedPose(track).poses(), **SHAPE), track)


def test_a_replayed_track_finds_each_frame_by_its_time():
    track = collect(invented(40), **SHAPE)
    some = [Frame(0, float(track.time_s[row]), room()) for row in (3, 4, 17)]

    replayed = list(ReplayedPose(track).poses(some))

    assert [pose.time_s for pose in replayed] == [frame.time_s for frame in some]
    assert_array_equal(replayed[2].image_px, track.image_px[17])


@pytest.mark.parametrize("time_s", [-0.1, 0.015, 99.0])
def test_a_frame_of_another_video_is_not_replayed(time_s):
    track = collect(invented(40), **SHAPE)

    with pytest.raises(InputError, match="recorded from another video"):
        next(ReplayedPose(track).poses([Frame(0, time_s, room())]))


# --- what is said over the pipe ---------------------------------------------------


@given(
    is_first=st.booleans(),
    time_s=st.floats(-10, 1e6),
    rgb=hnp.arrays(
        np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3))
    ),
)
def test_a_picture_arrives_as_it_was_sent(is_first, time_s, rgb):
    pipe = io.BytesIO()
    messages.send_picture(pipe, messages.Picture(is_first, time_s, rgb))
    pipe.seek(0)

    arrived = messages.receive_picture(pipe)

    assert (arrived.is_first, arrived.time_s) == (is_first, time_s)
    assert_array_equal(arrived.rgb, rgb)


def test_a_picture_that_is_not_contiguous_arrives_as_it_looks():
    pipe = io.BytesIO()
    turned = np.rot90(draw_person(room(), 320, 30, 420))
    messages.send_picture(pipe, messages.Picture(True, 0.0, turned))
    pipe.seek(0)

    assert_array_equal(messages.receive_picture(pipe).rgb, turned)


def test_blocks_of_any_name_and_size_arrive_as_they_were_sent():
    blocks = {
        "people": np.array([[2.0]], np.float32),
        "arcs": np.arange(12, dtype=np.float32).reshape(4, 3),
        "nothing": np.empty((0, 5), np.float32),
    }
    pipe = io.BytesIO()
    messages.send_blocks(pipe, blocks)
    pipe.seek(0)

    arrived = messages.receive_blocks(pipe)

    assert list(arrived) == list(blocks)
    for name, block in blocks.items():
        assert_array_equal(arrived[name], block)


@pytest.mark.parametrize("cut", [0, 2, 10, 40])
def test_a_message_cut_short_is_an_end_and_not_a_message(cut):
    answer, picture = io.BytesIO(), io.BytesIO()
    messages.send_blocks(answer, {"people": np.ones((9, 9), np.float32)})
    messages.send_picture(picture, messages.Picture(True, 0.0, room()))

    assert messages.receive_blocks(io.BytesIO(answer.getvalue()[:cut])) is None
    assert messages.receive_picture(io.BytesIO(picture.getvalue()[:cut])) is None


# --- the model itself -------------------------------------------------------------


@model
def test_finds_a_person_where_they_were_drawn(estimator):
    track = seen(estimator, [draw_person(room(), 320, 30, 420)] * 3)

    ankles = track.image_px[-1, FEET]
    assert_allclose(ankles, [(347, 429), (293, 429)], atol=15)
    assert (track.visibility[-1, LEGS] > 0.9).all()
    assert_allclose(track.world_m[-1, [23, 24]].mean(axis=0), 0, atol=0.02)


@model
def test_tells_how_bright_it_is_around_the_person(estimator):
    bright = draw_person(room(), 320, 30, 420)
    dim = (bright * 0.3).astype(np.uint8)

    lights = [seen(estimator, [picture] * 3).light for picture in (bright, dim)]

    assert_allclose(lights[0], bright[30:450, 260:380].mean() / 255, atol=0.1)
    assert_allclose(lights[1], 0.3 * lights[0], rtol=0.1)


@model
def test_sees_the_foot_swing(estimator):
    track = seen(estimator, swinging(32))

    sideways = track.image_px[:, Landmark.LEFT_ANKLE, 0]
    assert 20 < np.ptp(sideways) < 60
    assert np.ptp(track.image_px[:, Landmark.RIGHT_ANKLE, 0]) < 8


@model
def test_a_room_with_nobody_in_it_is_empty(estimator):
    poses = list(estimator.poses(frames([room()] * 3)))

    assert [pose.people for pose in poses] == [0, 0, 0]
    assert np.isnan(poses[0].image_px).all()
    assert np.isnan(poses[0].world_m).all()


@model
def test_someone_who_leaves_is_gone_and_who_comes_back_is_found(estimator):
    someone = [draw_person(room(), 320, 30, 420)] * 5

    track = seen(estimator, [*someone, *[room()] * 5, *someone])

    assert track.is_seen[[0, 4, 10, 14]].all()
    assert not track.is_seen[[6, 9]].any()


@model
def test_the_same_video_twice_gives_the_same_bits(estimator, model_file):
    first = seen(estimator, swinging(12))

    seen(estimator, swinging(7, shirt=(200, 60, 60)))
    again = seen(estimator, swinging(12))
    with MediaPipePose(model_file) as another:
        elsewhere = seen(another, swinging(12))

    assert_same(first, again)
    assert_same(first, elsewhere)


@model
def test_times_that_share_a_millisecond_are_kept_apart(estimator):
    poses = list(estimator.poses(frames(swinging(6), fps=5000.0)))

    assert [pose.time_s for pose in poses] == [row / 5000.0 for row in range(6)]


@model
def test_each_video_may_have_its_own_size(estimator):
    for width_px, height_px in ((640, 480), (321, 457), (1280, 720)):
        track = seen(estimator, swinging(3, width_px, height_px))

        hips = track.image_px[-1, [23, 24]].mean(axis=0)
        assert_allclose(hips, (width_px / 2, 30 + 0.53 * (height_px - 60)), atol=12)


@model
def test_stopping_early_leaves_the_next_video_as_it_is(estimator):
    whole = seen(estimator, swinging(8))
    poses = estimator.poses(frames(swinging(30, shirt=(200, 60, 60))))
    for _ in range(5):
        next(poses)

    assert_same(seen(estimator, swinging(8)), whole)


@model
def test_two_videos_at_once_are_refused(estimator):
    first = estimator.poses(frames(swinging(30)))
    next(first)
    next(estimator.poses(frames(swinging(30))))

    with pytest.raises(InputError, match="Another video was begun"):
        next(first)


@model
def test_an_error_in_the_video_passes_through_and_the_next_is_well(estimator):
    def broken():
        yield from frames(swinging(5))
        raise InputError("the camera was unplugged")

    with pytest.raises(InputError, match="unplugged"):
        list(estimator.poses(broken()))

    assert seen(estimator, swinging(3)).is_seen.all()


@model
def test_ctrl_c_in_the_terminal_is_left_to_the_parent(model_file):
    with MediaPipePose(model_file) as estimator:
        poses = estimator.poses(frames(swinging(8)))
        next(poses)

        os.kill(estimator._process.pid, signal.SIGINT)

        assert len(list(poses)) == 7


# --- several people ---------------------------------------------------------------


def two(n, large_px, small_px, large=420, small=260):
    for _ in range(n):
        picture = draw_person(room(), large_px, 40, large, shirt=(150, 60, 60))
        yield draw_person(picture, small_px, 200, small)


@model
@pytest.mark.parametrize(("large_px", "small_px"), [(420, 150), (220, 520)])
def test_of_two_people_the_larger_is_measured_and_both_are_counted(
    estimator, large_px, small_px
):
    poses = list(estimator.poses(frames(two(5, large_px, small_px))))

    hips = poses[-1].image_px[[23, 24]].mean(axis=0)
    assert_allclose(hips[0], large_px, atol=15)
    assert {pose.people for pose in poses} == {2}


@model
def test_the_tested_person_is_followed_when_a_larger_one_comes(estimator):
    alone = [draw_person(room(), 150, 200, 260)] * 5

    poses = list(estimator.poses(frames([*alone, *two(30, 420, 150)])))

    track = collect(poses, **SHAPE)
    assert_allclose(track.image_px[:, [23, 24], 0].mean(axis=1), 150, atol=15)
    assert poses[0].people == 1
    assert poses[-1].people == 2


@model
def test_the_tested_person_is_found_again_when_all_were_out_of_sight(estimator):
    alone = [draw_person(room(), 150, 200, 260)] * 5
    pictures = [*alone, *[room()] * 5, *two(6, 420, 150)]

    track = seen(estimator, pictures)

    assert_allclose(track.image_px[-1, [23, 24], 0].mean(), 150, atol=15)


@model
def test_a_passer_by_does_not_stand_in_for_the_tested_person(estimator):
    alone = [draw_person(room(), 150, 200, 260)] * 5
    passer_by = [draw_person(room(), 480, 40, 420, shirt=(150, 60, 60))] * 5

    track = seen(estimator, [*alone, *[room()] * 3, *passer_by, *two(5, 480, 150)])

    assert not track.is_seen[6:13].any()
    assert_allclose(track.image_px[-5:, [23, 24], 0].mean(axis=1), 150, atol=15)


@model
def test_whoever_stays_after_the_tested_person_left_is_measured_instead(estimator):
    alone = [draw_person(room(), 150, 200, 260)] * 5
    next_one = [draw_person(room(), 480, 40, 420)] * 20

    poses = list(estimator.poses(frames([*alone, room(), *next_one], fps=8.0)))

    was_seen = [bool(np.isfinite(pose.image_px).all()) for pose in poses]
    assert not any(was_seen[6:19])
    assert all(was_seen[22:])


# --- when it goes wrong -----------------------------------------------------------


def test_a_model_that_is_not_there_fails_with_the_reason(tmp_path):
    with (
        MediaPipePose(tmp_path / "gone.task") as estimator,
        pytest.raises(PoseFailed, match=r"(?s)ended with status 1.*gone\.task"),
    ):
        list(estimator.poses(frames([room()] * 10)))


@model
@pytest.mark.parametrize("answered", [0, 1, 10])
def test_a_pose_process_killed_mid_video_fails_it_and_the_next_is_well(
    model_file, answered
):
    with MediaPipePose(model_file) as estimator:
        poses = estimator.poses(frames(swinging(40)))
        for _ in range(answered):
            next(poses)
        os.kill(estimator._process.pid, signal.SIGKILL)
        os.waitid(os.P_PID, estimator._process.pid, os.WEXITED | os.WNOWAIT)

        began = time.monotonic()
        if answered:
            with pytest.raises(PoseFailed, match="was killed"):
                list(poses)
        assert time.monotonic() - began < 5

        assert seen(estimator, swinging(3)).is_seen.all()


def test_a_pose_process_that_is_closed_is_gone():
    with MediaPipePose("no_such.task") as estimator:
        process = estimator._process

    assert process._process.returncode is not None
