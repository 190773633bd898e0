"""Tests for hiprom.capture.recorder: what is filmed is there, come what may."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import clips
import cv2
import numpy as np
import pytest

from hiprom.capture import film
from hiprom.capture import recorder as recorder_module
from hiprom.capture.film import on_file_clock
from hiprom.capture.recorder import Recorder
from hiprom.capture.video import Frame, open_video
from hiprom.errors import InputError, ResultsError, ShapeError

FILMING = Path(__file__).parent / "filming.py"
SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_ir_left.mp4"
SIZE_PX = (160, 96)


def numbered(count, *, fps=30.0, start_s=0.0, unevenly=0.0):
    """Frames whose pictures say their number."""
    late_s = np.random.default_rng(1).uniform(0, unevenly, count)
    for number in range(count):
        time_s = start_s + number / fps + late_s[number]
        yield Frame(number, time_s, clips.picture(number))


def give(recorder, frames):
    """Hand frames over as quickly as their writing can follow."""
    for frame in frames:
        recorder.add(frame)
        time.sleep(0.002)


def read(path):
    with open_video(path) as video:
        return list(video.frames()), video.facts, video.reading


def boxes(path):
    """The kinds of the outermost parts of an MP4."""
    file, start, kinds = path.read_bytes(), 0, []
    while start < len(file):
        size, kind = (
            int.from_bytes(file[start : start + 4]),
            file[start + 4 : start + 8],
        )
        if size == 1:
            size = int.from_bytes(file[start + 8 : start + 16])
        kinds.append(kind.decode())
        start += size
    return kinds


def numbers(frames):
    return [clips.number_of(frame.rgb) for frame in frames]


@pytest.fixture
def recorder():
    with Recorder(SIZE_PX, preroll_s=1.0) as ready:
        yield ready


@pytest.mark.parametrize("encoder", ["libx264", "mpeg4"])
@pytest.mark.parametrize("fps", [30, 5, 60])
def test_each_frame_is_read_back_at_its_own_time(
    tmp_path, recorder, monkeypatch, encoder, fps
):
    monkeypatch.setattr(film, "_ENCODERS", {encoder: film._ENCODERS[encoder]})
    frames = list(numbered(90, fps=fps, start_s=3.217, unevenly=0.5 / fps))
    recorder.add(frames[0])

    start_s = recorder.begin(tmp_path / "film.mp4", since_s=0.0)
    give(recorder, frames[1:])
    recorded = recorder.end()

    seen, facts, reading = read(recorded.path)
    assert start_s == frames[0].time_s
    assert numbers(seen) == list(range(90))
    assert [frame.time_s for frame in seen] == [
        on_file_clock(frame.time_s - start_s) for frame in frames
    ]
    assert [frame.time_s for frame in seen] == [
        round((frame.time_s - start_s) * 90_000) / 90_000 for frame in frames
    ]
    assert reading.warnings == ()
    assert reading.coverage > 0.99
    assert facts.codec == {"libx264": "h264"}.get(encoder, encoder)
    assert recorded.frames == 90
    assert recorded.duration_s == seen[-1].time_s
    assert (recorded.dropped, recorded.failure) == (0, None)


@pytest.mark.parametrize("gap_s", [0.0, 3.0])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("fps", [5, 60])
def test_a_short_or_uneven_film_is_not_taken_for_one_cut_off(
    tmp_path, recorder, count, fps, gap_s
):
    *others, last = numbered(count, fps=fps)
    give(recorder, others or [last])
    recorder.begin(tmp_path / "film.mp4", 0.0)
    if others:
        recorder.add(last._replace(time_s=last.time_s + gap_s))

    recorded = recorder.end()

    seen, facts, reading = read(recorded.path)
    assert len(seen) == count
    assert seen[-1].time_s == recorded.duration_s
    assert reading.warnings == ()
    # The last frame is shown for as long as the others on average.
    mean_s = recorded.duration_s / (count - 1) if count > 1 else 1 / 30
    assert facts.declared_duration_s == pytest.approx(
        recorded.duration_s + mean_s, abs=2e-5
    )


def test_frames_that_no_clock_tells_apart_are_one(tmp_path, recorder):
    frames = [
        Frame(n, time_s, clips.picture(n))
        for n, time_s in enumerate([0.0, 1e-6, 0.04, 0.04 + 1e-6, 0.08])
    ]
    recorder.add(frames[0])
    recorder.begin(tmp_path / "film.mp4", 0.0)
    give(recorder, frames[1:])

    recorded = recorder.end()

    assert numbers(read(recorded.path)[0]) == [0, 2, 4]
    assert recorded.frames == 3


def test_a_film_begins_a_little_in_the_past(tmp_path, recorder):
    frames = list(numbered(80))
    for frame in frames[:60]:
        recorder.add(frame)

    start_s = recorder.begin(tmp_path / "film.mp4", since_s=frames[45].time_s)
    give(recorder, frames[60:])
    recorded = recorder.end()

    seen, _, _ = read(recorded.path)
    assert start_s == frames[45].time_s
    assert numbers(seen) == list(range(45, 80))
    assert seen[0].time_s == 0


@pytest.mark.parametrize(
    ("since_s", "first"), [(-9.0, 29), (99.0, 59)], ids=["all", "the newest"]
)
def test_a_film_begins_with_what_is_kept(
    tmp_path, recorder, monkeypatch, since_s, first
):
    monkeypatch.setattr(recorder_module, "_LONGEST_QUEUE", 1)
    frames = list(numbered(60))
    for frame in frames:
        recorder.add(frame)

    start_s = recorder.begin(tmp_path / "film.mp4", since_s)
    recorded = recorder.end()

    assert start_s == frames[first].time_s
    assert numbers(read(recorded.path)[0]) == list(range(first, 60))


def test_the_next_film_may_begin_within_the_last(tmp_path, recorder):
    frames = list(numbered(40))
    recorder.add(frames[0])
    recorder.begin(tmp_path / "first.mp4", 0.0)
    give(recorder, frames[1:])
    first = recorder.end()

    recorder.begin(tmp_path / "second.mp4", since_s=frames[20].time_s)
    second = recorder.end()

    assert numbers(read(first.path)[0]) == list(range(40))
    assert numbers(read(second.path)[0]) == list(range(20, 40))


def test_pictures_look_as_they_did(tmp_path):
    with open_video(SAMPLE) as video:
        frames = [frame for frame in video.frames() if frame.index < 20]
        size_px = video.facts.width_px, video.facts.height_px
    with Recorder(size_px, preroll_s=60) as recorder:
        for frame in frames:
            recorder.add(frame)
        recorder.begin(tmp_path / "film.mp4", 0.0)
        recorded = recorder.end()

    seen, _, _ = read(recorded.path)

    errors = [
        np.abs(np.subtract(one.rgb, other.rgb, dtype=float)).mean()
        for one, other in zip(seen, frames, strict=True)
    ]
    assert max(errors) < 2
    assert abs(np.mean([one.rgb.mean() for one in seen]) - frames[0].rgb.mean()) < 1


def test_other_programs_can_play_it(tmp_path, recorder):
    frames = list(numbered(75))
    recorder.add(frames[0])
    recorder.begin(tmp_path / "film.mp4", 0.0)
    give(recorder, frames[1:])
    recorded = recorder.end()

    played = cv2.VideoCapture(str(recorded.path))
    seen = []
    while (answer := played.read())[0]:
        seen.append(clips.number_of(answer[1][..., ::-1]))

    assert played.get(cv2.CAP_PROP_FRAME_COUNT) == 75
    assert seen == list(range(75))
    # No fragments, one index over all: what the simplest player understands.
    assert [box for box in boxes(recorded.path) if box != "free"] == [
        *("ftyp", "mdat", "moov")
    ]


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_a_film_is_for_its_owner_only(tmp_path, recorder):
    recorder.add(next(numbered(1)))

    recorder.begin(tmp_path / "film.mp4", 0.0)

    assert stat.S_IMODE((tmp_path / "film.mp4").stat().st_mode) == 0o600


def test_no_film_replaces_a_file(tmp_path, recorder):
    path = tmp_path / "film.mp4"
    path.write_text("dear to me")
    recorder.add(next(numbered(1)))

    with pytest.raises(ResultsError, match=r"never replaces one\. Choose another name"):
        recorder.begin(path, 0.0)

    assert path.read_text() == "dear to me"
    assert not recorder.is_filming


def test_a_film_needs_a_folder(tmp_path, recorder):
    recorder.add(next(numbered(1)))

    with pytest.raises(ResultsError, match=r"folder does not exist\. Create it"):
        recorder.begin(tmp_path / "nowhere" / "film.mp4", 0.0)


def test_a_film_that_is_discarded_leaves_nothing(tmp_path, recorder):
    frames = list(numbered(50))
    recorder.add(frames[0])
    recorder.begin(tmp_path / "film.mp4", 0.0)
    give(recorder, frames[1:])

    recorder.discard()

    assert list(tmp_path.iterdir()) == []
    assert not recorder.is_filming
    recorder.discard()


def test_closing_keeps_the_film_under_way(tmp_path):
    with Recorder(SIZE_PX) as recorder:
        recorder.add(next(numbered(1)))
        recorder.begin(tmp_path / "film.mp4", 0.0)

    assert numbers(read(tmp_path / "film.mp4")[0]) == [0]


def test_what_is_out_of_turn_is_refused(tmp_path, recorder):
    with pytest.raises(InputError, match="No frame has come yet"):
        recorder.begin(tmp_path / "film.mp4", 0.0)
    with pytest.raises(InputError, match="No film is under way"):
        recorder.end()

    recorder.add(next(numbered(1)))
    recorder.begin(tmp_path / "film.mp4", 0.0)

    with pytest.raises(InputError, match="end it before the next"):
        recorder.begin(tmp_path / "other.mp4", 0.0)
    with pytest.raises(ShapeError, match="frame has shape"):
        recorder.add(Frame(1, 1.0, clips.picture(1, 80, 64)))
    assert [file.name for file in tmp_path.iterdir()] == ["film.mp4"]


def test_only_the_last_moments_are_kept(recorder):
    for frame in numbered(200):
        recorder.add(frame)

    kept_s = [taken.time_s for taken in recorder._recent]
    assert kept_s[-1] - kept_s[0] == pytest.approx(1.0)
    assert len(kept_s) == 31


def test_what_is_too_much_is_dropped_and_never_delayed(tmp_path, monkeypatch):
    monkeypatch.setattr(recorder_module, "_LONGEST_QUEUE", 10)
    noise = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), dtype=np.uint8)
    took_s = []
    with Recorder((1280, 720), preroll_s=0.1) as recorder:
        recorder.add(Frame(0, 0.0, noise))
        recorder.begin(tmp_path / "film.mp4", 0.0)
        for number in range(1, 40):
            start_s = time.perf_counter()
            recorder.add(Frame(number, number / 30, noise))
            took_s.append(time.perf_counter() - start_s)
        was_dropped = recorder.dropped
        recorded = recorder.end()

    seen, _, _ = read(recorded.path)

    assert was_dropped == recorded.dropped > 0
    assert recorded.frames == len(seen) == 40 - recorded.dropped
    assert recorded.failure is None
    # Each frame that is there has kept its own time.
    assert {frame.time_s for frame in seen} <= {
        on_file_clock(n / 30) for n in range(40)
    }
    assert np.median(took_s) < 0.02


def test_a_killed_process_leaves_a_film_that_plays(tmp_path):
    with subprocess.Popen(
        [sys.executable, FILMING, "in-time", "0", tmp_path],
        stdout=subprocess.PIPE,
        text=True,
    ) as filming:
        given_s = [float(filming.stdout.readline()) for _ in range(66)]
        filming.kill()
        given_s += [float(line) for line in filming.stdout.read().split()]

    seen, _, reading = read(tmp_path / "film.mp4")
    assert filming.returncode != 0
    assert seen[-1].time_s > given_s[-1] - 2
    assert numbers(seen) == list(range(len(seen)))
    assert [frame.time_s for frame in seen] == [
        on_file_clock(time_s) for time_s in given_s[: len(seen)]
    ]
    assert reading.warnings == ()


def test_a_file_that_cannot_grow_is_good_until_then(tmp_path):
    ran = subprocess.run(
        [sys.executable, FILMING, "at-once", "2000000", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    seen, _, reading = read(tmp_path / "kept.mp4")
    assert told["failed while filming"]
    assert len(seen) == told["frames"] > 0
    assert seen[-1].time_s == told["duration_s"]
    assert reading.warnings == ()
    assert f"until {told['duration_s']:.1f} s is good" in told["failure"]
    assert "too large" in told["failure"].lower()


def test_a_file_that_cannot_even_begin_is_not_left(tmp_path):
    ran = subprocess.run(
        [sys.executable, FILMING, "at-once", "500", tmp_path],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stderr == ""
    told = json.loads(ran.stdout)
    assert (told["frames"], told["is there"]) == (0, False)
    assert "Nothing was kept" in told["failure"]
    assert list(tmp_path.iterdir()) == []


def test_an_encoder_that_fails_ends_the_film_only(tmp_path, recorder, monkeypatch):
    impossible = film._Encoder(90_000, {"preset": "impossible"})
    monkeypatch.setattr(film, "_ENCODERS", {"libx264": impossible})
    frames = list(numbered(5))
    recorder.add(frames[0])

    recorder.begin(tmp_path / "film.mp4", 0.0)
    give(recorder, frames[1:])
    recorded = recorder.end()

    assert "the encoder failed" in str(recorded.failure)
    assert recorded.frames == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.faults
def test_a_full_disk_ends_the_film_and_leaves_what_was_there(tmp_path):
    small = tmp_path / "small"
    small.mkdir()
    script = 'mount -t tmpfs -o size=3m none "$0" || exit 77; exec "$@" "$0"'
    ran = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script),
            *(small, sys.executable, FILMING, "at-once", "0"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode == 77 or "unshare" in ran.stderr:
        pytest.skip("this system lets nobody mount a small disk of their own")

    told = json.loads(ran.stdout)
    seen, _, reading = read(tmp_path / "kept.mp4")
    assert "the disk is full. Free some space" in told["failure"]
    assert len(seen) == told["frames"] > 0
    assert reading.warnings == ()
