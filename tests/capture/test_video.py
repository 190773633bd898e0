"""Tests for hiprom.capture.video: clips whose pixels and times are known exactly."""

import gc
import hashlib
import struct
import weakref
from fractions import Fraction
from itertools import pairwise

import av
import clips
import numpy as np
import pytest
from numpy.testing import assert_allclose

from hiprom.capture.display_matrix import Turn, turn_of
from hiprom.capture.video import open_video
from hiprom.errors import InputError, VideoNotReadable


def read(path, **options):
    """Facts, frames and reading of a whole video."""
    with open_video(path, **options) as video:
        frames = list(video.frames())
        return video.facts, frames, video.reading


def numbers(frames):
    return [clips.number_of(frame.rgb) for frame in frames]


CODECS = [
    ("mp4", "libx264", "h264", {}),
    ("mov", "libx264", "h264", {}),
    ("mkv", "libx264", "h264", {}),
    ("mp4", "libx265", "hevc", {}),
    ("mov", "libx265", "hevc", {"pix_fmt": "yuv420p10le"}),
    ("webm", "libvpx", "vp8", {}),
    ("webm", "libvpx-vp9", "vp9", {}),
    ("mp4", "libsvtav1", "av1", {}),
    ("mp4", "mpeg4", "mpeg4", {"clock_hz": 30}),
    ("avi", "mpeg4", "mpeg4", {"clock_hz": 30}),
    ("avi", "mjpeg", "mjpeg", {"clock_hz": 30, "pix_fmt": "yuvj420p"}),
    ("mov", "prores", "prores", {"pix_fmt": "yuv422p10le"}),
]


@pytest.mark.parametrize(("suffix", "encoder", "codec", "options"), CODECS)
def test_every_picture_arrives_once_in_order_and_on_time(
    tmp_path, suffix, encoder, codec, options
):
    clip = clips.make_clip(tmp_path / f"clip.{suffix}", codec=encoder, **options)

    facts, frames, reading = read(clip)

    assert facts.codec == codec
    assert [frame.index for frame in frames] == list(range(12))
    assert numbers(frames) == list(range(12))
    # Matroska keeps whole milliseconds.
    assert_allclose([f.time_s for f in frames], np.arange(12) / 30, atol=6e-4)
    assert clips.corners_of(frames[0].rgb) == clips.UPRIGHT
    assert (reading.frames, reading.warnings) == (12, ())
    assert reading.coverage == pytest.approx(1, abs=0.01)


def test_frames_are_as_promised(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", [clips.picture(0, 150, 90)])

    facts, [frame], _ = read(clip)

    assert frame.rgb.shape == (facts.height_px, facts.width_px, 3) == (90, 150, 3)
    assert frame.rgb.dtype == np.uint8
    assert frame.rgb.flags.c_contiguous


def test_facts_say_what_the_file_says(tmp_path):
    clip = clips.make_clip(
        tmp_path / "clip.mp4",
        frames=20,
        fps=25,
        tags={"creation_time": "2026-03-01T09:30:00.000000Z"},
    )

    facts, _, _ = read(clip)

    content = clip.read_bytes()
    assert facts.name == "clip.mp4"
    assert facts.bytes == len(content)
    assert facts.sha256 == hashlib.sha256(content).hexdigest()
    assert facts.container == "mp4"
    assert facts.declared_fps == 25
    assert facts.declared_duration_s == pytest.approx(0.8)
    assert facts.expected_frames == 20
    assert facts.recorded_at == "2026-03-01T09:30:00+00:00"
    assert facts.sample_aspect_ratio == 1


def test_what_the_file_does_not_say_is_not_made_up(tmp_path):
    clip = clips.make_clip(tmp_path / "live.mkv", muxer={"live": "1"})

    facts, frames, reading = read(clip)

    assert np.isnan(facts.declared_duration_s)
    assert facts.expected_frames is None
    assert facts.recorded_at is None
    assert len(frames) == 12
    assert np.isnan(reading.coverage)
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("said", "recorded_at"),
    [
        ("2026-03-01T11:30:00+02:00", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01 09:30:00", "2026-03-01T09:30:00+00:00"),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
    ],
)
def test_the_camera_s_clock_is_told_in_utc_or_not_at_all(tmp_path, said, recorded_at):
    clip = clips.make_clip(
        tmp_path / "clip.mp4",
        tags={"creation_time": said},
        muxer={"movflags": "use_metadata_tags"},
    )

    facts, _, _ = read(clip)

    assert facts.recorded_at == recorded_at


# --- upright and unmirrored -----------------------------------------------------------


@pytest.mark.parametrize(("clockwise_deg", "is_mirrored"), clips.TURNS, ids=str)
@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_left_stays_left_however_the_phone_was_held(
    tmp_path, clockwise_deg, is_mirrored, suffix
):
    matrix, as_stored = clips.TURNS[clockwise_deg, is_mirrored]
    upright = clips.picture(77, 96, 160)
    clip = clips.make_clip(
        tmp_path / f"clip.{suffix}", [as_stored(upright)], matrix=matrix
    )

    facts, [frame], reading = read(clip)

    assert clips.corners_of(frame.rgb) == clips.UPRIGHT
    assert numbers([frame]) == [77]
    assert frame.rgb.shape == (160, 96, 3)
    assert (facts.width_px, facts.height_px) == (96, 160)
    assert facts.source_width_px == (160 if clockwise_deg in {90, 270} else 96)
    assert facts.rotation_deg == clockwise_deg
    assert facts.is_mirrored == is_mirrored
    assert any("mirrored" in warning for warning in reading.warnings) == is_mirrored


def test_a_turned_picture_is_the_stored_one_to_the_pixel(tmp_path):
    matrix, as_stored = clips.TURNS[90, False]
    stored = as_stored(clips.picture(5, 96, 160))
    plain = clips.make_clip(tmp_path / "plain.mp4", [stored])
    turned = clips.make_clip(tmp_path / "turned.mp4", [stored], matrix=matrix)

    _, [as_it_lies], _ = read(plain)
    _, [upright], _ = read(turned)

    assert (np.rot90(as_it_lies.rgb, -1) == upright.rgb).all()


def test_a_turn_that_only_the_first_picture_tells_of_holds_for_all(tmp_path):
    _, as_stored = clips.TURNS[90, False]
    stored = [as_stored(clips.picture(number, 96, 160)) for number in range(12)]
    clip = clips.with_inner_turn(
        tmp_path / "clip.mkv", clips.make_clip(tmp_path / "plain.mkv", stored)
    )

    facts, frames, _ = read(clip)

    assert facts.rotation_deg == 90
    assert numbers(frames) == list(range(12))
    assert clips.corners_of(frames[-1].rgb) == clips.UPRIGHT


def test_a_matrix_that_scales_is_a_turn_all_the_same():
    doubled = struct.pack("=9i", 0, 2 << 16, 0, -(2 << 16), 0, 0, 0, 0, 1 << 30)

    turn = turn_of(doubled)

    assert turn == Turn(is_transposed=True, is_flipped_x=True)


@pytest.mark.parametrize("matrix", [b"", bytes(36)])
def test_an_empty_matrix_asks_for_nothing(matrix):
    assert turn_of(matrix) == Turn()


def test_a_picture_shown_askew_is_refused(tmp_path):
    half = round(0.7071 * (1 << 16))
    askew = (half, half, 0, -half, half, 0, 0, 0, 1 << 30)
    clip = clips.make_clip(tmp_path / "askew.mp4", matrix=askew)

    with pytest.raises(VideoNotReadable, match="other than quarter turns"):
        open_video(clip)


# --- square pixels, and how many ------------------------------------------------------


@pytest.mark.parametrize(
    ("aspect", "clockwise_deg", "size"),
    [
        (Fraction(4, 3), 0, (214, 96)),  # 160 x 4/3 = 213.3, made even
        (Fraction(3, 4), 0, (120, 96)),
        (Fraction(4, 3), 90, (96, 214)),
    ],
)
def test_pixels_are_made_square(tmp_path, aspect, clockwise_deg, size):
    matrix, _ = clips.TURNS[clockwise_deg, False]
    clip = clips.make_clip(
        tmp_path / "clip.mp4", sample_aspect_ratio=aspect, matrix=matrix, frames=1
    )

    facts, [frame], _ = read(clip)

    assert (facts.width_px, facts.height_px) == size
    assert frame.rgb.shape == (size[1], size[0], 3)
    assert facts.sample_aspect_ratio == pytest.approx(float(aspect))


@pytest.mark.parametrize(
    ("stored", "delivered"),
    [((640, 360), (320, 180)), ((360, 640), (180, 320)), ((300, 200), (300, 200))],
)
def test_large_pictures_are_scaled_down_and_small_ones_never_up(
    tmp_path, stored, delivered
):
    clip = clips.make_clip(tmp_path / "clip.mp4", [clips.picture(9, *stored)])

    facts, [frame], _ = read(clip, max_side_px=320)

    assert (facts.width_px, facts.height_px) == delivered
    assert (facts.source_width_px, facts.source_height_px) == stored
    assert frame.rgb.shape == (delivered[1], delivered[0], 3)
    assert clips.corners_of(frame.rgb) == clips.UPRIGHT
    assert numbers([frame]) == [9]


def test_fine_detail_is_averaged_where_a_picture_shrinks(tmp_path):
    chequered = np.full((96, 160, 3), 20, np.uint8)
    chequered[::2, ::2] = chequered[1::2, 1::2] = 220
    clip = clips.make_clip(tmp_path / "fine.mp4", [chequered], encoder={"crf": "1"})

    _, [frame], _ = read(clip, max_side_px=80)

    assert_allclose(frame.rgb[4:-4, 4:-4], 120, atol=4)


def test_odd_sizes_become_even(tmp_path):
    clip = clips.make_clip(
        tmp_path / "odd.mkv",
        [clips.picture(3, 161, 97)],
        codec="libx264",
        pix_fmt="yuv444p",
    )

    facts, [frame], _ = read(clip)

    assert (facts.source_width_px, facts.source_height_px) == (161, 97)
    assert frame.rgb.shape == (96, 160, 3)


# --- true times -----------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_uneven_times_are_kept_as_they_are(tmp_path, suffix):
    times_s = [0, 0.033, 0.07, 0.1, 1.1, 1.13, 1.2, 1.21]
    clip = clips.make_clip(
        tmp_path / f"uneven.{suffix}",
        frames=8,
        times_s=times_s,
        encoder={"preset": "medium"},  # pictures are stored out of order
    )

    _, frames, reading = read(clip)

    assert_allclose([frame.time_s for frame in frames], times_s, atol=1e-9)
    assert numbers(frames) == list(range(8))
    assert (reading.first_time_s, reading.last_time_s) == (0, 1.21)
    assert reading.coverage == 1


@pytest.mark.parametrize("suffix", ["mp4", "mkv"])
def test_a_late_start_is_kept(tmp_path, suffix):
    times_s = [1.5 + number / 10 for number in range(12)]
    clip = clips.make_clip(tmp_path / f"late.{suffix}", times_s=times_s, fps=10)

    facts, frames, reading = read(clip)

    assert_allclose([frame.time_s for frame in frames], times_s, atol=1e-9)
    assert facts.declared_duration_s == pytest.approx(1.2)
    assert reading.warnings == ()


def test_sound_that_outlasts_the_pictures_is_no_cut(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mkv", sound_s=2)

    facts, frames, reading = read(clip)

    assert facts.declared_duration_s == pytest.approx(0.4)
    assert len(frames) == 12
    assert reading.warnings == ()


def test_repeated_and_backward_times_are_left_out_and_counted(tmp_path):
    source = clips.make_clip(
        tmp_path / "source.mkv",
        frames=6,
        codec="mjpeg",
        pix_fmt="yuvj420p",
        clock_hz=30,
    )
    clip = clips.retimed(tmp_path / "clip.mkv", source, [0, 0.1, 0.1, 0.05, 0.2, 0.3])

    _, frames, reading = read(clip)

    assert numbers(frames) == [0, 1, 4, 5]
    assert_allclose([frame.time_s for frame in frames], [0, 0.1, 0.2, 0.3])
    assert [frame.index for frame in frames] == [0, 1, 2, 3]
    assert reading.untimed_frames == 2
    assert reading.warnings == (
        "Left out for a missing or repeated time: 2 of 6 frames.",
    )


def test_an_avi_with_reordered_pictures_keeps_their_order_and_invents_no_time(tmp_path):
    clip = clips.make_clip(
        tmp_path / "clip.avi",
        [clips.picture(number) for number in range(30)],
        clock_hz=30,
        encoder={"preset": "medium"},
        keyframe_every=30,
    )

    _, frames, reading = read(clip)

    # The container has times of decoding only: the last few pictures leave the decoder
    # when there is no packet left to lend them one.
    assert numbers(frames) == list(range(len(frames)))
    assert len(frames) + reading.untimed_frames == 30
    assert reading.untimed_frames <= 3
    steps_s = [later.time_s - sooner.time_s for sooner, later in pairwise(frames)]
    assert_allclose(steps_s, 1 / 30)


# --- one pass, forward ----------------------------------------------------------------


def test_a_frame_is_forgotten_once_the_next_is_asked_for(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")

    with open_video(clip) as video:
        frames = video.frames()
        first = weakref.ref(next(frames).rgb)
        next(frames)

    assert first() is None


def test_no_picture_waits_in_memory_for_the_garbage_collector(tmp_path):
    matrix, _ = clips.TURNS[90, True]
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=60, matrix=matrix)

    gc.collect()
    gc.disable()
    try:
        with open_video(clip) as video:
            assert sum(1 for _ in video.frames()) == 60
            kept = sum(type(each) is av.VideoFrame for each in gc.get_objects())
    finally:
        gc.enable()

    assert kept <= 3


def test_two_readings_are_the_same_to_the_bit(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", encoder={"preset": "medium"})

    (_, once, _), (_, again, _) = read(clip), read(clip)

    assert all(
        a.time_s == b.time_s and (a.rgb == b.rgb).all()
        for a, b in zip(once, again, strict=True)
    )


def test_a_video_is_read_only_once(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")

    with open_video(clip) as video:
        assert len(list(video.frames())) == 12
        with pytest.raises(InputError, match="open it again"):
            video.frames()


def test_a_closed_video_gives_no_frames_but_keeps_its_facts(tmp_path):
    with open_video(clips.make_clip(tmp_path / "clip.mp4")) as video:
        pass

    assert video.facts.width_px == 160
    assert video.reading.frames == 0
    with pytest.raises(InputError, match=r"clip\.mp4 is closed"):
        video.frames()


def test_closing_a_video_ends_its_frames_with_an_error(tmp_path):
    video = open_video(clips.make_clip(tmp_path / "clip.mp4"))
    frames = video.frames()
    next(frames)
    next(frames)

    video.close()

    with pytest.raises(InputError, match=r"clip\.mp4 is closed"):
        next(frames)
    assert video.reading.frames == 2
    assert video.reading.warnings == ()


def test_a_reading_that_was_left_early_is_not_called_cut_off(tmp_path):
    with open_video(clips.make_clip(tmp_path / "clip.mp4")) as video:
        next(video.frames())

    assert video.reading.frames == 1
    assert video.reading.warnings == ()


def test_a_single_picture_is_a_short_video(tmp_path):
    _, frames, reading = read(clips.make_clip(tmp_path / "one.mp4", frames=1))

    assert len(frames) == 1
    assert reading.first_time_s == reading.last_time_s == 0
    assert reading.warnings == ()


def test_frames_not_wanted_are_passed_over_but_counted(tmp_path):
    path = clips.make_clip(tmp_path / "clip.mp4", frames=12)

    with open_video(path) as video:
        (wanted,) = video.frames(only={7})

        assert wanted.index == 7
        assert clips.number_of(wanted.rgb) == 7
        assert wanted.time_s == pytest.approx(7 / 30, abs=1e-3)
        assert video.reading.frames == 12


@pytest.mark.parametrize(
    ("suffix", "encoder", "options"),
    [
        ("mp4", "libx264", {"bf": "3"}),
        ("mkv", "libx264", {"x264-params": "open-gop=1"}),
        ("mp4", "libx265", {"x265-params": "open-gop=1:log-level=none"}),
        ("webm", "libvpx-vp9", {}),
        ("avi", "mjpeg", {}),
    ],
)
def test_one_picture_is_the_same_as_in_the_whole_video(
    tmp_path, suffix, encoder, options
):
    more = {"clock_hz": 30, "pix_fmt": "yuvj420p"} if encoder == "mjpeg" else {}
    clip = clips.make_clip(
        tmp_path / f"clip.{suffix}",
        frames=90,
        keyframe_every=25,
        codec=encoder,
        encoder=options,
        **more,
    )
    _, frames, _ = read(clip)

    for index in (0, 26, 49, 89):
        with open_video(clip) as video:
            alone = video.picture_at(frames[index].time_s)
        assert (alone == frames[index].rgb).all()


def test_a_picture_is_never_taken_for_one_of_another_time(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")

    for absent_s in (0.05, 7.0):
        with open_video(clip) as video:
            assert video.picture_at(absent_s) is None
            with pytest.raises(InputError, match="open it again"):
                video.picture_at(0.0)
