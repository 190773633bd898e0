"""Tests for hiprom.report.overlay: a film that plays, on the video's own clock."""

import io
from pathlib import Path

import av
import examples
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from PIL import Image

from hiprom.errors import InputError, ResultsError
from hiprom.report import overlay
from hiprom.report.overlay import still, write_overlay
from hiprom.report.palette import TEAL_BRIGHT, rgb


@pytest.fixture(scope="module")
def trial():
    return examples.trial(320, 240)


def some(track, count=40):
    """The first frames, as a phone would time them: unevenly, and not from zero."""
    jitter = np.random.default_rng(1).uniform(-0.01, 0.01, count)
    for index, time_s, frame in examples.frames(track):
        if index == count:
            return
        yield index, 1.5 + time_s + jitter[index], frame


def read(path):
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        frames = [
            (frame.time, frame.to_ndarray(format="rgb24"))
            for frame in file.decode(stream)
        ]
        return stream.codec_context, frames


def test_the_film_is_h264_as_browsers_play_it(trial, tmp_path):
    path = tmp_path / "overlay.mp4"

    note = write_overlay(path, some(trial[1]), *trial, fps=30.0)

    codec, frames = read(path)
    kept = path.read_bytes()
    assert note is None
    assert (codec.name, codec.pix_fmt) == ("h264", "yuv420p")
    assert (codec.width, codec.height, len(frames)) == (320, 240, 40)
    assert kept.index(b"moov") < kept.index(b"mdat")


def test_each_frame_keeps_its_own_time(trial, tmp_path):
    path = tmp_path / "overlay.mp4"

    write_overlay(path, some(trial[1]), *trial, fps=30.0)

    times = [time_s for _, time_s, _ in some(trial[1])]
    assert_allclose([time_s for time_s, _ in read(path)[1]], times, atol=1e-4)


def test_colours_come_back_as_they_were_painted(trial, tmp_path):
    path = tmp_path / "overlay.mp4"
    measurement, track = trial
    index = 75

    write_overlay(
        path,
        [(0, 0.0, np.full((240, 320, 3), [200, 60, 20], np.uint8))]
        + [(index, 0.1, next(examples.frames(track))[2])],
        measurement,
        track,
        fps=30.0,
    )

    (_, plain), (_, held) = read(path)[1]
    knee, end, _ = measurement.sides[1].dial_px[index]
    x, y = np.round((knee + end) / 2).astype(int)
    assert_allclose(plain[120, 20], [200, 60, 20], atol=6)
    assert_allclose(held[y, x], rgb(TEAL_BRIGHT), atol=30)


def test_the_callers_frames_are_left_alone(trial, tmp_path):
    frames = list(some(trial[1], 3))
    before = [frame.copy() for _, _, frame in frames]
    for _, _, frame in frames:
        frame.flags.writeable = False

    write_overlay(tmp_path / "overlay.mp4", frames, *trial, fps=30.0)

    for (_, _, frame), kept in zip(frames, before, strict=True):
        assert_array_equal(frame, kept)


def test_an_odd_row_or_column_is_left_out(tmp_path):
    trial = examples.trial(321, 241)
    path = tmp_path / "overlay.mp4"

    write_overlay(path, some(trial[1], 3), *trial, fps=30.0)

    assert read(path)[1][0][1].shape == (240, 320, 3)


@pytest.mark.parametrize("fps", [float("nan"), 0.0, 29.97, 240.0])
def test_an_odd_frame_rate_is_only_a_heading(trial, tmp_path, fps):
    path = tmp_path / "overlay.mp4"

    write_overlay(path, some(trial[1], 3), *trial, fps=fps)

    assert len(read(path)[1]) == 3


def test_without_h264_it_falls_back_and_says_so(trial, tmp_path, monkeypatch):
    path = tmp_path / "overlay.mp4"
    known = overlay._ENCODERS
    others = {"nowhere": known["libx264"], "mpeg4": known["mpeg4"]}
    monkeypatch.setattr(overlay, "_ENCODERS", others)

    note = write_overlay(path, some(trial[1], 5), *trial, fps=30.0)

    codec, frames = read(path)
    assert "most browsers do not" in note
    assert (codec.name, len(frames)) == ("mpeg4", 5)


def test_a_video_without_a_frame_is_refused(trial, tmp_path):
    with pytest.raises(InputError, match="There is no frame to paint"):
        write_overlay(tmp_path / "overlay.mp4", [], *trial, fps=30.0)


def test_says_when_the_film_cannot_be_written(trial, tmp_path):
    path = tmp_path / "no" / "overlay.mp4"

    with pytest.raises(ResultsError, match=r"overlay\.mp4: the folder does not exist"):
        write_overlay(path, some(trial[1], 3), *trial, fps=30.0)


def test_says_when_the_disk_is_full(trial):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")

    with pytest.raises(ResultsError, match="/dev/full: the disk is full"):
        write_overlay(full, some(trial[1]), *trial, fps=30.0)


def test_what_stops_the_frames_is_passed_on(trial, tmp_path):
    def broken():
        yield from some(trial[1], 3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_overlay(tmp_path / "overlay.mp4", broken(), *trial, fps=30.0)


@pytest.mark.parametrize(
    ("size", "expected"), [((320, 240), (1280, 960)), ((1080, 1920), (1080, 1920))]
)
def test_a_still_is_large_enough_to_be_sharp(size, expected):
    measurement, track = examples.trial(*size)
    frame = next(examples.frames(track))[2]

    picture = Image.open(io.BytesIO(still(frame, measurement, track, 75)))

    assert picture.format == "JPEG"
    assert picture.size == expected
