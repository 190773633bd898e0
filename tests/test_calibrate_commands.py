"""`hiprom calibrate` as it is typed: a board, a round of pictures, an upright line."""

import json
import re
import zlib
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
import rendered_boards as rendered
from typer.testing import CliRunner

from hiprom import camera_setup
from hiprom.capture.calibration import board, pictures, profiles
from hiprom.cli.calibrating import app
from hiprom.core.camera import Camera
from hiprom.errors import CaptureError
from hiprom.report.board_pdf import PAPERS_MM

BOARDS = Path(__file__).parents[1] / "calibration" / "boards"
MM = 72 / 25.4


def run(*words):
    return CliRunner().invoke(app, ["calibrate", *(str(word) for word in words)])


def refused(*words):
    result = run(*words)

    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    return result.stderr


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A careful round of pictures, and a file that is none."""
    folder = tmp_path_factory.mktemp("board")
    for number, grey in enumerate(rendered.careful_round()):
        cv2.imwrite(str(folder / f"{number:02}.png"), grey)
    (folder / "notes.txt").write_text("taken in the kitchen")
    return folder


@pytest.fixture
def webcam():
    """The profile of the camera that took them."""
    true = rendered.TrueCamera()
    lens = (true.focal_px, true.centre_px, true.distortion)
    profiles.write_profile(Camera("webcam", *true.size_px, *lens, 0.1, "2026-05-04"))
    return "webcam"


def black_boxes(pdf):
    """Corners of what is black on a sheet, (n, 4, 2), millimetres."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    drawing = max((zlib.decompress(s) for s in streams if s[:1] == b"x"), key=len)
    number = rb"([\d.]+) ([\d.]+)"
    box = number + rb" m\n" + (number + rb" l\n") * 3 + rb"h\n"
    found = np.array(
        [[float(each) for each in four] for four in re.findall(box, drawing)]
    )
    return found[1:].reshape(-1, 4, 2) / MM


def test_every_command_has_an_example():
    for command in ("board", "run", "level", "show"):
        help_text = run(command, "--help").output
        assert f"Example: hiprom calibrate {command}" in help_text


@pytest.mark.parametrize("paper", PAPERS_MM)
def test_the_board_is_drawn_true_to_scale(paper, tmp_path):
    out = tmp_path / "board.pdf"
    result = run("board", "--paper", paper, "--out", out)
    pdf = out.read_bytes()
    page = [float(side) for side in re.search(rb"/MediaBox \[([^]]+)]", pdf)[1].split()]
    corners = black_boxes(pdf)
    low, high = corners.min(axis=1), corners.max(axis=1)

    assert result.exit_code == 0
    assert result.stdout.strip() == str(out)
    np.testing.assert_allclose(np.array(page[2:]) / MM, PAPERS_MM[paper], atol=0.01)
    assert len(corners) == len(board.rectangles())
    expected = [each[2:] for each in board.rectangles()]
    np.testing.assert_allclose(high - low, expected, atol=0.001)
    np.testing.assert_allclose(high.max(0) - low.min(0), (168, 216), atol=0.001)


@pytest.mark.parametrize("paper", PAPERS_MM)
def test_the_boards_that_lie_in_calibration_are_these(paper, tmp_path):
    run("board", "--paper", paper, "--out", tmp_path / "board.pdf")

    kept = (BOARDS / f"board_{paper}.pdf").read_bytes()
    drawn = (tmp_path / "board.pdf").read_bytes()
    np.testing.assert_allclose(black_boxes(drawn), black_boxes(kept), atol=0.001)


def test_a_board_without_a_folder_to_go_to_is_refused(tmp_path):
    assert "does not exist" in refused("board", "--out", tmp_path / "gone" / "b.pdf")


def test_pictures_make_a_profile_that_is_shown(folder):
    result = run("run", "--images", folder, "--name", "webcam")

    assert result.exit_code == 0
    assert "focal length  601.8" in result.stdout
    assert "px RMS at the board's corners" in result.stdout
    assert "16 views used, of 16 with the board in 16 pictures" in result.stderr
    assert "■ ■ ■ ■ ■ ■ ■ ■" in result.stderr
    assert run("show").stdout == "webcam\n"
    assert "stands        not known" in run("show", "webcam").stdout


def test_a_profile_as_json_tells_each_view_s_error(folder):
    document = json.loads(run("run", "--images", folder, "--json").stdout)

    assert document["schema"] == "hiprom.calibrate/1"
    assert document["camera"]["focal_px"][0] == pytest.approx(602, rel=0.005)
    assert len(document["views"]) == 16
    assert max(view["error_px"] for view in document["views"]) < 0.2


def test_a_video_of_the_board_calibrates_as_well(tmp_path):
    path = tmp_path / "board.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=5, options={"crf": "12"})
        stream.width, stream.height = rendered.SIZE_PX
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, 5)
        for grey in rendered.careful_round():
            frame = av.VideoFrame.from_ndarray(np.dstack([grey] * 3), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())

    result = run("run", "--video", path, "--name", "phone")

    assert result.exit_code == 0, result.stderr
    np.testing.assert_allclose(
        profiles.read_profile("phone").focal_px, (602, 604.5), rtol=0.005
    )


def test_the_kind_of_pictures_must_be_named_once(folder):
    assert run("run").exit_code == 2
    assert run("run", "--images", folder, "--camera", 0).exit_code == 2


def test_whoever_watches_can_end_it(folder):
    seen = []

    def watch(picture, view, collected):
        seen.append((picture.name, view is not None, len(collected.views)))
        return len(seen) < 3

    with pytest.raises(CaptureError, match=r"3 .*views?"):
        camera_setup.calibrate(
            pictures.of_folder(folder), name="cut", date="2026-05-04", watch=watch
        )

    assert [count for *_, count in seen] == [1, 2, 3]


def test_a_folder_without_pictures_is_refused(tmp_path):
    assert "holds no pictures" in refused("run", "--images", tmp_path)
    assert "There is no folder" in refused("run", "--images", tmp_path / "gone")


def test_a_damaged_picture_is_refused(tmp_path):
    (tmp_path / "broken.jpg").write_bytes(b"no picture")

    assert "broken.jpg is no picture" in refused("run", "--images", tmp_path)


def test_pictures_without_a_board_are_refused(tmp_path):
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((480, 640), 90, dtype=np.uint8))

    assert "No board was found in 1 picture." in refused("run", "--images", tmp_path)


def test_another_board_is_refused_as_such(tmp_path):
    kind = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_6X6_100)
    other = rendered.painted(cv2.aruco.CharucoBoard((7, 9), 24.0, 18.0, kind))
    grey = rendered.photographed(
        rendered.TrueCamera(), rendered.turned(), (0, 0, 400), texture=other
    )
    cv2.imwrite(str(tmp_path / "other.png"), grey)

    assert "another one's markers" in refused("run", "--images", tmp_path)


def test_too_few_pictures_keep_no_profile(tmp_path, folder):
    few = tmp_path / "few"
    few.mkdir()
    for path in sorted(folder.glob("*.png"))[:3]:
        (few / path.name).write_bytes(path.read_bytes())

    assert "Still wanted: 7 more sharp views" in refused("run", "--images", few)
    assert run("show").stdout == ""


def test_an_upright_board_tells_how_the_camera_stands(webcam, folder):
    result = run("level", webcam, "--image", folder / "00.png")

    assert result.exit_code == 0
    assert "stands        rolled 0.0 ± 0.5°, looking down" in result.stdout
    gravity = profiles.read_profile(webcam).gravity
    assert abs(gravity.roll_deg) < 0.2
    assert abs(gravity.pitch_deg) < 0.2


def test_a_door_frame_tells_how_the_camera_stands(webcam):
    lines = ("--line", "100,40,96,440", "--line", "540,30,545,450")

    document = json.loads(run("level", webcam, *lines, "--json").stdout)

    gravity = document["gravity"]
    assert abs(gravity["roll_deg"]) < 1
    assert gravity["pitch_sd_deg"] < 2


def test_lines_may_be_marked_in_a_picture_of_another_size(webcam):
    small = ("--line", "160,20,160,220", "--size", "320x240")
    found = json.loads(run("level", webcam, *small, "--json").stdout)
    large = json.loads(
        run("level", webcam, "--line", "320,40,320,440", "--json").stdout
    )

    assert found["gravity"] == pytest.approx(large["gravity"], abs=0.3)
    assert found["width_px"] == 640


def test_a_level_that_cannot_be_told_is_refused(webcam, folder, tmp_path):
    cv2.imwrite(str(tmp_path / "wall.png"), np.full((480, 640), 90, dtype=np.uint8))

    assert "does not show the board" in refused(
        "level", webcam, "--image", tmp_path / "wall.png"
    )
    assert "is not 4 numbers" in refused("level", webcam, "--line", "1,2,3")
    assert "There is no camera profile 'phone'" in refused(
        "level", "phone", "--image", folder / "00.png"
    )
    assert run("level", webcam).exit_code == 2


def test_without_cameras_show_says_how_to_know_one():
    result = run("show")

    assert result.exit_code == 0
    assert "hiprom calibrate run" in result.stderr
