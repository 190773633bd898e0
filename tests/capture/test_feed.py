"""Tests for hiprom.capture.feed: all frames to one, the newest to another."""

import threading
import time
from itertools import count, islice

import clips
import numpy as np
import pytest

from hiprom.capture.feed import Feed
from hiprom.capture.playback import open_playback
from hiprom.capture.recorder import Recorder
from hiprom.capture.video import Frame, open_video
from hiprom.errors import CaptureError


class Numbered:
    """A source of numbered pictures at a rate, which may break down."""

    name = "numbered"
    size_px = (160, 96)
    is_live = True

    def __init__(self, *, fps=100.0, frames=None, then=None):
        self._fps, self._frames, self._then = fps, frames, then
        self._is_closed = threading.Event()

    def frames(self):
        start_s = time.perf_counter()
        for number in count() if self._frames is None else range(self._frames):
            due_s = start_s + number / self._fps
            if self._is_closed.wait(max(0.0, due_s - time.perf_counter())):
                return
            yield Frame(number, number / self._fps, clips.picture(number % 256))
        if self._then == "hangs":
            self._is_closed.wait()
        elif self._then:
            raise CaptureError(self._then)

    def close(self):
        self._is_closed.set()


class Taken(list):
    """A recorder that only notes what it is given."""

    def add(self, frame):
        self.append(frame)


def indices(frames):
    return [frame.index for frame in frames]


def test_the_recorder_gets_all_and_the_model_the_newest():
    taken, seen = Taken(), []
    with Feed(Numbered(frames=40), taken) as feed:
        for grabbed in feed.newest():
            seen.append(grabbed.frame)
            time.sleep(0.035)

    assert indices(taken) == list(range(40))
    assert indices(seen) == sorted(set(indices(seen)))
    assert indices(seen)[-1] == 39
    assert 8 <= len(seen) <= 25
    assert (feed.grabbed, feed.skipped) == (40, 40 - len(seen))
    assert feed.failure is None


def test_each_frame_is_the_newest_there_is():
    with Feed(Numbered(), Taken()) as feed:
        newest = feed.newest()
        next(newest)
        time.sleep(0.2)

        grabbed = next(newest)
        assert time.monotonic() - grabbed.at_s < 0.05
        assert grabbed.frame.index >= 10
        assert feed.grabbed - grabbed.frame.index <= 3


def test_a_frame_is_handed_on_at_once():
    with Feed(Numbered(fps=60), Taken()) as feed:
        waited_s = [
            time.monotonic() - grabbed.at_s for grabbed in islice(feed.newest(), 30)
        ]

    assert np.median(waited_s) < 0.005


def test_a_source_that_breaks_down_is_no_exception():
    taken = Taken()
    with Feed(Numbered(frames=5, then="Camera 0 stopped."), taken) as feed:
        seen = [grabbed.frame for grabbed in feed.newest()]

    assert indices(taken) == [0, 1, 2, 3, 4]
    assert indices(seen)[-1] == 4
    assert str(feed.failure) == "Camera 0 stopped."
    assert isinstance(feed.failure, CaptureError)


def test_a_feed_that_has_ended_goes_on_saying_so():
    with Feed(Numbered(frames=1), Taken()) as feed:
        list(feed.newest())

        assert list(feed.newest()) == []


@pytest.mark.parametrize("then", [None, "hangs"])
def test_stopping_ends_a_feed_at_once(then):
    taken = Taken()
    source = Numbered(frames=None if then is None else 3, then=then)
    feed = Feed(source, taken)
    timer = threading.Timer(0.15, feed.stop)
    timer.start()
    start_s = time.perf_counter()

    seen = list(feed.newest())

    timer.join()
    assert 0.1 < time.perf_counter() - start_s < 0.4
    assert seen
    recorded = len(taken)
    time.sleep(0.05)
    assert len(taken) == recorded
    assert feed.failure is None
    feed.stop()


@pytest.mark.parametrize("fps", [5, 50])
def test_the_rate_is_that_of_the_last_two_seconds(fps):
    with Feed(Numbered(fps=fps), Taken()) as feed:
        assert feed.fps == 0
        time.sleep(0.7)
        assert feed.fps == pytest.approx(fps, rel=0.15)
        feed._came_at_s.extendleft([0.0, -9.0])
        assert feed.fps == pytest.approx(fps, rel=0.15)


def test_a_feed_that_was_stopped_hands_out_nothing_more():
    feed = Feed(Numbered(frames=3, then="hangs"), Taken())
    time.sleep(0.1)

    feed.stop()

    assert list(feed.newest()) == []
    assert feed.grabbed == 3


def test_nothing_is_kept_of_what_nobody_takes():
    with Feed(Numbered(fps=1000, frames=300), Taken()) as feed:
        feed._thread.join()
        seen = list(feed.newest())

    assert indices(grabbed.frame for grabbed in seen) == [299]
    assert feed.skipped == 299


def test_a_file_is_filmed_again_as_it_was(tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", frames=24, fps=60)
    with open_playback(clip) as playback, Recorder(playback.size_px) as recorder:
        with Feed(playback, recorder) as feed:
            for number, grabbed in enumerate(feed.newest()):
                if number == 0:
                    start_s = recorder.begin(
                        tmp_path / "film.mp4", grabbed.frame.time_s
                    )
        recorded = recorder.end()

    with open_video(clip) as video:
        before = list(video.frames())
    with open_video(recorded.path) as video:
        after = list(video.frames())
    assert start_s == 0
    assert [clips.number_of(frame.rgb) for frame in after] == list(range(24))
    assert [f.time_s for f in after] == pytest.approx([f.time_s for f in before])
