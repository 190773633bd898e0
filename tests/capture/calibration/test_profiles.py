"""Camera profiles, written, read back, and misread in every way."""

from dataclasses import replace
from pathlib import Path

import pytest

from hiprom.capture.calibration import profiles
from hiprom.core.camera import Camera, Gravity, Spread
from hiprom.errors import CaptureError, InputError

ROOT = Path(__file__).parents[3]
CAMERA = Camera(
    "kitchen_webcam",
    1280,
    720,
    (951.25, 953.5),
    (640.0, 371.75),
    (-0.125, 0.0625, 0.001, -0.0005, 0.0),
    0.25,
    "2026-05-04T09:30:00+02:00",
)
WHOLE = replace(
    CAMERA,
    gravity=Gravity(-1.5, 6.25, 0.5, 0.75),
    sd=Spread((1.5, 1.25), (0.5, 0.75), (0.01, 0.02, 0.0001, 0.0002, 0.0)),
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("camera", [CAMERA, WHOLE], ids=["lens alone", "whole"])
def test_a_profile_is_read_as_it_was_written(camera, home):
    path = profiles.write_profile(camera)

    assert path == home / "cameras" / "kitchen_webcam.toml"
    assert profiles.read_profile("kitchen_webcam") == camera
    assert profiles.read_profile(path) == camera
    assert profiles.names() == ["kitchen_webcam"]
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_profile_of_the_same_name_is_replaced():
    profiles.write_profile(CAMERA)
    profiles.write_profile(WHOLE)

    assert profiles.read_profile("kitchen_webcam") == WHOLE


def test_an_unknown_name_is_refused_with_one_like_it():
    profiles.write_profile(CAMERA)

    with pytest.raises(InputError, match=r"Did you mean kitchen_webcam\?"):
        profiles.read_profile("kitchen_webcan")
    with pytest.raises(InputError, match="There are: kitchen_webcam"):
        profiles.read_profile("phone")


def test_without_any_profile_it_says_how_to_make_one():
    with pytest.raises(InputError, match="hiprom calibrate run makes one"):
        profiles.read_profile("phone")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"There is no file .*gone\.toml"):
        profiles.read_profile(tmp_path / "gone.toml")


@pytest.mark.parametrize("name", ["", "../x", "a/b", "küche", "x" * 65, ".hidden"])
def test_a_name_that_is_no_file_s_is_refused(name):
    with pytest.raises(InputError, match="A camera cannot be called"):
        profiles.write_profile(replace(CAMERA, name=name))
    with pytest.raises(InputError, match="A camera cannot be called"):
        profiles.read_profile(name)


def written(change, to=""):
    path = profiles.write_profile(WHOLE)
    text = path.read_text()
    assert change in text
    path.write_text(text.replace(change, to))
    return path


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("[lens]", "[lens", "it is not TOML"),
        ('schema = "hiprom.camera/1"\n', "", "it has no schema"),
        ("hiprom.camera/1", "hiprom.camera/2", "written by a newer hiprom"),
        ("width_px = 1280\n", "", "'width_px' is missing"),
        ("[951.25, 953.5]", "[951.25]", "focal_px is missing or not a number"),
        ("[951.25, 953.5]", "[951.25, nan]", "focal_px is missing or not a number"),
        ("[951.25, 953.5]", '["wide", "x"]', "missing or not a number"),
        ("[951.25, 953.5]", "[1.0, 1.0]", "cannot be right: focal lengths"),
        ("pitch_deg = 6.25\n", "", "'pitch_deg' is missing"),
    ],
)
def test_a_damaged_profile_is_refused(change, to, said):
    path = written(change, to)

    with pytest.raises(CaptureError, match=said) as refused:
        profiles.read_profile(path)
    assert str(path) in str(refused.value)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CaptureError, match=r"Could not write .*profile\.toml"):
        profiles.write_profile(CAMERA, tmp_path / "file" / "profile.toml")


def test_the_example_profiles_are_whole():
    examples = sorted((ROOT / "calibration" / "cameras").glob("*.toml"))

    assert examples
    for path in examples:
        assert profiles.read_profile(path).name == path.stem
