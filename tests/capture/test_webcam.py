"""Tests for hiprom.capture.webcam: OpenCV on cameras served over the loopback network.

No camera is needed: what OpenCV reads here is MJPEG over HTTP, real in every respect
but its stamps, which FFmpeg invents.
"""

import json
import os
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import ExitStack
from itertools import cycle, islice

import clips
import cv2
import mjpeg_server
import numpy as np
import pytest

from hiprom.capture import camera_clock, quiet, webcam
from hiprom.capture.camera_refusals import cameras, name_of
from hiprom.capture.webcam import open_camera
from hiprom.errors import CaptureError

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="devices of Linux")


@pytest.fixture(autouse=True)
def _quickly_settled(monkeypatch):
    monkeypatch.setattr(camera_clock, "SETTLING_S", 0.2)
    monkeypatch.setattr(webcam, "_REFUSING_S", 0.3)


@pytest.fixture
def refused():
    """Whatever opening or reading a camera says instead of pictures."""

    def message(source, **options):
        with pytest.raises(CaptureError) as refusal:
            look(source, **options)
        assert "\n" not in str(refusal.value)
        return str(refusal.value)

    def look(source, **options):
        with open_camera(source, **options) as camera:
            for _ in camera.frames():
                pass

    return message


class Driver:
    """What OpenCV has of a camera: series of pictures, and of failures to get one.

    For what no network camera does.
    """

    def __init__(self, *series, size_px=((160, 96),)):
        self._steps = iter([step for steps in series for step in steps])
        self._sizes_px = [
            size for size, steps in zip(cycle(size_px), series) for _ in steps
        ]
        self._number = -1
        self._given = 0

    def grab(self):
        time.sleep(0.01)
        self._number += 1
        return next(self._steps, False)

    def get(self, _):
        return 0.0

    def retrieve(self):
        size_px = self._sizes_px[self._number]
        self._given += 1
        return True, clips.picture(self._given - 1, *size_px)[..., ::-1]


def seen_of(driver):
    """The numbers of the pictures, and how it ended."""
    numbers = []
    with (
        pytest.raises(CaptureError) as failure,
        webcam.Camera(
            driver, "camera 0", patience_s=2, letting_go=ExitStack()
        ) as camera,
    ):
        numbers.extend(clips.number_of(frame.rgb) for frame in camera.frames())
    return numbers, str(failure.value)


def test_each_picture_arrives_once_upright_and_unmirrored():
    with (
        mjpeg_server.camera(size_px=(161, 97)) as address,
        open_camera(address) as camera,
    ):
        frames = list(islice(camera.frames(), 12))

    numbers = [clips.number_of(frame.rgb) for frame in frames]
    assert numbers == list(range(numbers[0], numbers[0] + 12))
    assert [frame.index for frame in frames] == list(range(12))
    assert clips.corners_of(frames[0].rgb) == clips.UPRIGHT
    assert camera.size_px == (160, 96)
    assert {frame.rgb.shape for frame in frames} == {(96, 160, 3)}
    assert all(frame.rgb.flags.c_contiguous for frame in frames)
    assert camera.name == "camera at 127.0.0.1"
    assert camera.is_live


@pytest.mark.parametrize("fps", [30, 5])
def test_times_are_those_of_the_camera(fps):
    with (
        mjpeg_server.camera(fps=fps) as address,
        open_camera(address, patience_s=0.7) as camera,
    ):
        frames = list(islice(camera.frames(), 5 + fps // 2))

    times_s = np.array([frame.time_s for frame in frames])
    numbers = np.array([clips.number_of(frame.rgb) for frame in frames])
    assert times_s[0] == 0
    assert (np.diff(times_s) > 0).all()
    error_s = times_s - (numbers - numbers[0]) / fps
    assert np.ptp(error_s) < 0.2  # how late a busy machine may be


def test_whoever_is_late_gets_late_pictures_with_their_own_times():
    with mjpeg_server.camera() as address, open_camera(address) as camera:
        frames = camera.frames()
        before = next(frames)
        time.sleep(0.6)
        after = list(islice(frames, 6))

    numbers = [clips.number_of(frame.rgb) for frame in (before, *after)]
    times_s = [frame.time_s for frame in (before, *after)]
    assert numbers[1] - numbers[0] > 8  # so many were left out, and none was queued
    assert [frame.index for frame in after] == list(range(1, 7))
    expected_s = (np.array(numbers) - numbers[0]) / 30
    assert np.ptp(np.array(times_s) - expected_s) < 0.3


def test_a_camera_that_is_unplugged_says_when(refused):
    with mjpeg_server.camera(pictures=15) as address:
        message = refused(address)

    assert "Camera at 127.0.0.1 stopped after 0." in message
    assert "unplugged" in message
    assert "Check its cable and start again." in message


def test_a_camera_that_changes_its_picture_has_stopped():
    driver = Driver([True] * 50, [True] * 9, size_px=[(160, 96), (320, 192)])

    numbers, message = seen_of(driver)

    assert numbers == list(range(numbers[0], 50))
    assert "stopped after 0." in message
    assert "changed its picture's size" in message


def test_a_camera_may_fail_now_and_then():
    driver = Driver([False] * 20, [True] * 40, [False] * 5, [True] * 30)

    numbers, message = seen_of(driver)

    assert set(range(45, 70)) <= set(numbers)
    assert "stopped after" in message


def test_a_camera_that_hangs_does_not_hang_the_program(refused):
    with mjpeg_server.camera(pictures=15, then="hangs") as address:
        start_s = time.perf_counter()
        message = refused(address, patience_s=0.5)
        took_s = time.perf_counter() - start_s

    assert "hangs: no picture for 0.5 s, after 0." in message
    assert took_s < 15 / 30 + 0.5 + 1.0


def test_a_camera_without_pictures_is_not_waited_for(refused):
    with mjpeg_server.camera(pictures=2, then="hangs") as address:
        message = refused(address, patience_s=0.3)

    assert "is there, but gives no picture. Close other programs" in message


def test_a_camera_without_a_first_picture_is_not_waited_for(refused, tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4", muxer={"movflags": "faststart"})
    head = clip.read_bytes()
    head = head[: head.index(b"mdat") + 4]
    with mjpeg_server.camera(instead=head, then="hangs") as address:
        message = refused(address, patience_s=0.3)

    assert "is there, but gives no picture. Close other programs" in message


def test_an_address_where_nobody_answers_is_named_without_its_password(refused):
    with mjpeg_server.camera(pictures=0, then="hangs") as address:
        message = refused(address.replace("//", "//me:secret@"), patience_s=0.3)

    assert message.startswith("No camera at 127.0.0.1 answers. Check the address")


@pytest.mark.parametrize("after_s", [0.1, 0.6], ids=["at work", "while it hangs"])
def test_closing_ends_the_frames_at_once(after_s):
    ended_s = []
    with (
        mjpeg_server.camera(pictures=12, then="hangs") as address,
        open_camera(address, patience_s=2.0) as camera,
    ):
        reading = threading.Thread(
            target=lambda: [*camera.frames(), ended_s.append(time.perf_counter())]
        )
        reading.start()
        time.sleep(after_s)
        closed_s = time.perf_counter()
        camera.close()
        camera.close()
        reading.join()

    assert ended_s[0] - closed_s < 0.2
    assert time.perf_counter() - closed_s < 1.0


def test_a_number_without_a_camera_is_refused_in_silence(refused, capfd):
    while quiet._users:  # cameras of other tests, which still hang
        time.sleep(0.02)
    level = cv2.utils.logging.getLogLevel()

    message = refused(97)

    if sys.platform == "linux":
        assert message.startswith("There is no camera 97. ")
        assert "plug one in." in message or "Cameras here: " in message
    assert capfd.readouterr() == ("", "")
    assert cv2.utils.logging.getLogLevel() == level != 0


@linux_only
def test_a_device_that_is_not_there_is_refused(refused, tmp_path):
    assert "There is no camera " in refused(f"{tmp_path}/video7")


@linux_only
def test_a_file_is_not_taken_for_a_camera(refused, tmp_path):
    clip = clips.make_clip(tmp_path / "clip.mp4")

    assert "is a file, not a camera. Play it" in refused(str(clip))


@linux_only
def test_a_device_that_cannot_be_opened_may_be_in_use(refused, tmp_path, capfd):
    os.mkfifo(tmp_path / "video7")

    message = refused(f"{tmp_path}/video7")

    assert "is there, but cannot be opened: another program uses it" in message
    assert "Close what else may use it: a video call" in message
    assert capfd.readouterr() == ("", "")


@linux_only
def test_a_device_that_is_not_permitted_says_what_to_do(tmp_path):
    script = """
        import os, sys
        from hiprom.capture.camera_refusals import why_not
        os.chdir(sys.argv[1])
        os.chmod(".", 0o755)
        os.mkfifo("video7", 0)
        if os.getuid() == 0:
            os.setuid(65534)
        sys.stdout.write(why_not("video7"))
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), tmp_path],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "you are not permitted to use" in ran.stdout
    assert 'Add yourself to the group "video"' in ran.stdout


def test_a_program_with_a_camera_that_hangs_ends_without_a_word():
    script = """
        import json, sys
        from contextlib import suppress
        from hiprom.capture import camera_clock, quiet, webcam
        from hiprom.capture.webcam import open_camera
        from hiprom.errors import CaptureError
        camera_clock.SETTLING_S = 0.2
        with suppress(CaptureError):
            open_camera("http://127.0.0.1:9/nobody")
        try:
            with open_camera(sys.argv[1], patience_s=0.5) as camera:
                for frame in camera.frames():
                    pass
        except CaptureError as error:
            json.dump([str(error), frame.index], sys.stdout)
    """
    with mjpeg_server.camera(pictures=12, then="hangs") as address:
        ran = subprocess.run(
            [sys.executable, "-c", textwrap.dedent(script), address],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )

    message, last = json.loads(ran.stdout)
    assert "hangs: no picture" in message
    assert last > 0
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_cameras_of_a_linux_system_are_known_by_name(tmp_path):
    devices, known = tmp_path / "dev", tmp_path / "known"
    devices.mkdir()
    for number, name, index in [
        (0, "Lid", 0),
        (1, "Lid", 1),
        (10, "USB", 0),
        (2, "", ""),
    ]:
        (devices / f"video{number}").touch()
        if name:
            (known / f"video{number}").mkdir(parents=True)
            (known / f"video{number}" / "name").write_text(f"{name}\n")
            (known / f"video{number}" / "index").write_text(f"{index}\n")
    (devices / "videodev").touch()

    assert list(cameras(devices, known).items()) == [(0, "Lid"), (2, ""), (10, "USB")]


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (0, "camera 0"),
        ("/dev/video2", "camera /dev/video2"),
        ("rtsp://me:secret@10.0.0.7:554/live", "camera at 10.0.0.7"),
    ],
)
def test_a_camera_is_called_by_what_it_is(source, name):
    assert name_of(source) == name
