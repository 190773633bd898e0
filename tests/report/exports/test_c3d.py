"""Tests for .c3d: read back by ezc3d, and by the bytes that the standard lays down."""

import resource
import signal
import sys
from dataclasses import replace

import examples
import ezc3d
import numpy as np
import pytest

from hiprom.core.landmarks import LANDMARK_NAMES, Landmark
from hiprom.errors import InputError, ResultsError
from hiprom.report.exports import write_c3d

GONE = [40, 41]


@pytest.fixture
def track():
    _, seen = examples.trial(sides=("right",))
    world_m, image_px = seen.world_m.copy(), seen.image_px.copy()
    world_m[..., 2] = 0.25
    world_m[GONE], image_px[GONE] = np.nan, np.nan
    return replace(seen, world_m=world_m, image_px=image_px)


def test_ezc3d_reads_millimetres_labels_and_rate(track, tmp_path):
    (path,) = write_c3d(tmp_path / "a.c3d", track)

    back = ezc3d.c3d(str(path))

    point = back["parameters"]["POINT"]
    assert point["LABELS"]["value"] == list(LANDMARK_NAMES)
    assert point["UNITS"]["value"] == ["mm"]
    assert point["RATE"]["value"][0] == pytest.approx(30.0)
    assert point["USED"]["value"][0] == 33
    assert point["FRAMES"]["value"][0] == len(track)
    assert point["X_SCREEN"]["value"] == ["-Z"]
    assert point["Y_SCREEN"]["value"] == ["+Y"]
    seen = np.setdiff1d(np.arange(len(track)), GONE)
    knee_mm = 1000 * track.world_m[seen, Landmark.LEFT_KNEE].astype(float)
    read_mm = back["data"]["points"][:3, Landmark.LEFT_KNEE, seen].T
    np.testing.assert_allclose(read_mm, -knee_mm[:, [2, 1, 0]], atol=1e-3)


def test_the_name_is_the_one_asked_for(track, tmp_path):
    (path,) = write_c3d(tmp_path / "markers", track)

    assert list(tmp_path.iterdir()) == [path] == [tmp_path / "markers"]


def test_there_is_no_analog_signal(track, tmp_path):
    (path,) = write_c3d(tmp_path / "a.c3d", track)

    back = ezc3d.c3d(str(path))

    assert back["parameters"]["ANALOG"]["USED"]["value"][0] == 0
    assert back["data"]["analogs"].size == 0


def test_a_missing_marker_has_the_residual_minus_one(track, tmp_path):
    (path,) = write_c3d(tmp_path / "a.c3d", track)

    back = ezc3d.c3d(str(path))
    residuals = back["data"]["meta_points"]["residuals"][0]

    assert (residuals[:, GONE] == -1).all()
    assert (np.delete(residuals, GONE, axis=1) == 0).all()
    assert np.isnan(back["data"]["points"][:3, :, GONE]).all()


def test_the_bytes_are_those_of_the_standard(track, tmp_path):
    (path,) = write_c3d(tmp_path / "a.c3d", track)

    raw = path.read_bytes()
    first_block = int.from_bytes(raw[16:18], "little")
    points = np.frombuffer(
        raw, "<f4", count=len(track) * 33 * 4, offset=(first_block - 1) * 512
    ).reshape(len(track), 33, 4)

    assert raw[1] == 0x50
    assert int.from_bytes(raw[2:4], "little") == 33
    assert (points[GONE] == [0, 0, 0, -1]).all()
    np.testing.assert_allclose(points[0, :, 0], -250.0)


def test_says_how_to_install_what_is_missing(track, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ezc3d", None)

    with pytest.raises(ResultsError, match=r'pip install "hiprom\[c3d\]"'):
        write_c3d(tmp_path / "a.c3d", track)


def test_says_that_nobody_was_seen(track, tmp_path):
    empty = replace(track, image_px=np.full_like(track.image_px, np.nan))

    with pytest.raises(InputError, match=r"seen in 0 frame\(s\)"):
        write_c3d(tmp_path / "a.c3d", empty)


def test_a_file_cut_short_by_the_system_is_not_left_behind(track, tmp_path):
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))
    try:
        with pytest.raises(ResultsError, match=r"the disk is full\. Free some space"):
            write_c3d(tmp_path / "a.c3d", track)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)

    assert not list(tmp_path.iterdir())


def test_says_that_the_folder_is_missing(track, tmp_path):
    with pytest.raises(ResultsError, match="the folder does not exist"):
        write_c3d(tmp_path / "nowhere" / "a.c3d", track)
