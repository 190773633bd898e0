"""Tests for hiprom.capture.playback: a file that keeps a camera's time."""

import threading
import time
from itertools import islice

import clips
import numpy as np
import pytest

from hiprom.capture.playback import open_playback
from hiprom.errors import InputError, VideoNotReadable


def played(path, *, busy_s=0.0):
    """Frames, and when each was there after the first."""
    frames, at_s = [], []
    with open_playback(path) as playback:
        for frame in playback.frames():
            at_s.append(time.perf_counter())
            frames.append(frame)
            time.sleep(busy_s)
    return frames, np.array(at_s) - at_s[0]


def test_a_file_plays_in_its_own_time(tmp_path):
    times_s = [0.5, 0.52, 0.6, 0.64, 0.9, 0.93, 1.0]
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=7, times_s=times_s)

    frames, at_s = played(clip)

    expected_s = np.array(times_s) - 0.5
    assert [frame.index for frame in frames] == list(range(7))
    assert [clips.number_of(frame.rgb) for frame in frames] == list(range(7))
    np.testing.assert_allclose([f.time_s for f in frames], expected_s, atol=1e-5)
    late_s = at_s - [frame.time_s for frame in frames]
    assert late_s.min() > -1e-3  # never early; the first may have come a little late
    assert np.median(late_s) < 0.01


def test_whoever_is_late_gets_every_frame_without_delay(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=12, fps=30)

    frames, at_s = played(clip, busy_s=0.05)

    assert [clips.number_of(frame.rgb) for frame in frames] == list(range(12))
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(12) / 30)
    assert np.median(np.diff(at_s)) < 0.06


def test_a_file_is_described_like_a_camera(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", matrix=clips.TURNS[90, False][0])

    with open_playback(clip) as playback:
        assert playback.name == "clip.mp4"
        assert playback.size_px == (96, 160)
        assert not playback.is_live
        assert next(playback.frames()).rgb.shape == (160, 96, 3)


def test_closing_ends_the_frames_while_they_are_waited_for(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=2, times_s=[0.0, 30.0])
    frames = []
    with open_playback(clip) as playback:
        came = threading.Event()

        def play():
            for frame in playback.frames():
                frames.append(frame)
                came.set()

        playing = threading.Thread(target=play)
        playing.start()
        came.wait(5)
        time.sleep(0.05)

        start_s = time.perf_counter()
        playback.close()
        playing.join()

    assert time.perf_counter() - start_s < 0.2
    assert len(frames) == 1


def test_a_closed_file_plays_no_more(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=12, fps=30)
    with open_playback(clip) as playback:
        frames = playback.frames()
        before = list(islice(frames, 3))
        playback.close()

        assert list(frames) == []
        assert len(before) == 3
        assert list(playback.frames()) == []


def test_a_file_plays_once(tmp_path):
    with open_playback(clips.make_clip(tmp_path / "clip.mp4", frames=1)) as playback:
        list(playback.frames())

        with pytest.raises(InputError, match="open it again"):
            next(playback.frames())


def test_what_is_no_video_cannot_be_played(tmp_path):
    with pytest.raises(VideoNotReadable, match="no such file"):
        open_playback(tmp_path / "missing.mp4")
