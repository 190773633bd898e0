"""A whole session before a real (networked) camera, and what may go wrong in it.

The camera is MJPEG over HTTP on the loopback device, read by OpenCV like any other; it
shows a sample video, until it is unplugged, or too slow, or somebody leaves.
"""

from pathlib import Path
from types import SimpleNamespace

import cv2
import mjpeg_server
import numpy as np
import pytest

from hiprom.capture import model
from hiprom.capture.video import open_video
from hiprom.capture.webcam import open_camera
from hiprom.core.protocols import protocol
from hiprom.core.scene import Key, Stage
from hiprom.errors import CaptureError
from hiprom.live.session import Plan, Session
from hiprom.live.view import LiveView

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_er_right.mp4"
ER = protocol("seated_er")
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("real time")]


@pytest.fixture(scope="module")
def film():
    """The sample's pictures as JPEGs: three seconds of rest, then repetitions of 4 s.

    A camera's first second is not delivered.
    """
    with open_video(SAMPLE) as video:
        pictures = [jpeg(frame.rgb) for frame in video.frames()]
    return [*(3 * pictures[:15]), *pictures[14::-1], *(pictures[0:1] * 30), *pictures]


def jpeg(rgb):
    bgr = np.ascontiguousarray(rgb[..., ::-1])
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()


def darker(film, share):
    return [
        jpeg(
            (share * cv2.imdecode(np.frombuffer(each, np.uint8), 1)[..., ::-1]).astype(
                np.uint8
            )
        )
        for each in film
    ]


class Screen:
    """Keeps every scene; presses a key when `answer` says so."""

    def __init__(self, answer=lambda _scene: None, *, has_keys=False):
        self.scenes = []
        self.has_keys = has_keys
        self.answer = answer

    def show(self, scene, seen, now):
        del seen, now
        self.scenes.append(scene)
        return self.answer(scene)

    def texts(self):
        return {text for scene in self.scenes for text in (*scene.hints, scene.spoken)}


def session(tmp_path, estimator, address, screen, **plan):
    """Hold a session before the camera at `address`; return what was done."""
    wanted = {"sides": ("right",), "reps": 3, "seconds": None} | plan
    held = Session(
        Plan(
            protocol=ER,
            out=tmp_path,
            subject=None,
            camera=None,
            target={},
            **wanted,
        ),
        screen,
        keep=lambda _analysis: None,
        again=lambda taken: pytest.fail(f"too few frames were seen of {taken}"),
    )
    camera = open_camera(address, patience_s=2.0)
    with LiveView(camera, estimator) as view:
        return held.run(view, model.status())


@pytest.mark.slow
def test_a_test_before_a_camera_is_led_counted_ended_and_measured(
    tmp_path, estimator, film
):
    screen = Screen()
    with mjpeg_server.camera(film=film) as address:
        (done,) = session(tmp_path, estimator, address, screen)

    side = done.analysis.measurement.sides[0]
    assert len(side.reps) == 3
    assert done.taken.ended == "all repetitions were done"
    assert done.taken.fault == ""
    assert screen.scenes[-1].stage is Stage.RESULT
    (outcome,) = screen.scenes[-1].outcomes
    assert (outcome.side, outcome.reps) == ("right", 3)
    assert 28 < outcome.mean < 40
    assert outcome.low < outcome.mean < outcome.high


@pytest.mark.slow
def test_a_camera_that_is_unplugged_leaves_what_was_good_and_says_so(
    tmp_path, estimator, film
):
    with mjpeg_server.camera(film=film, pictures=320) as address:
        (done,) = session(tmp_path, estimator, address, Screen())

    assert done.taken.ended == "the camera stopped"
    (warning,) = done.analysis.summary["warnings"]
    assert warning.startswith("The recording was cut short: ")
    assert "stopped after" in warning
    assert len(done.analysis.measurement.sides[0].reps) >= 1
    assert done.taken.test.film.exists()


def test_a_camera_that_is_unplugged_at_once_leaves_no_film(tmp_path, estimator, film):
    with (
        mjpeg_server.camera(film=film, pictures=40) as address,
        pytest.raises(CaptureError, match="stopped after"),
    ):
        session(tmp_path, estimator, address, Screen())

    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_slow_camera_is_told_of(tmp_path, estimator, film):
    screen = Screen()
    with mjpeg_server.camera(film=film[::6], fps=5, pictures=30) as address:
        session(tmp_path, estimator, address, screen)

    assert any("only 5 pictures a second" in text for text in screen.texts())


@pytest.mark.slow
def test_a_dark_room_is_told_of(tmp_path, estimator, film):
    screen = Screen(has_keys=True)
    screen.answer = lambda _scene: Key.STOP if len(screen.scenes) > 60 else None
    with mjpeg_server.camera(film=darker(film[:20], 0.25)) as address:
        session(tmp_path, estimator, address, screen)

    assert any("It is dark around you" in text for text in screen.texts())


@pytest.mark.slow
def test_who_leaves_is_noticed_and_their_repetitions_kept(tmp_path, estimator, film):
    empty = jpeg(np.full((480, 640, 3), 120, np.uint8))
    with mjpeg_server.camera(film=[*film[:232], empty]) as address:
        (done,) = session(tmp_path, estimator, address, Screen(), reps=5)

    assert "nobody was in view any more" in done.analysis.summary["warnings"][0]
    assert len(done.analysis.measurement.sides[0].reps) == 1


def test_nobody_there_is_waited_for_until_somebody_gives_up(tmp_path, estimator):
    empty = jpeg(np.full((480, 640, 3), 120, np.uint8))
    shown = []

    def leave(scene):
        shown.append(scene)
        return Key.STOP if len(shown) > 40 else None

    with mjpeg_server.camera(film=[empty]) as address:
        done = session(
            tmp_path, estimator, address, Screen(leave, has_keys=True), reps=3
        )

    assert done == []
    assert {scene.stage for scene in shown} == {Stage.POSITION}
    assert "A person was found in 0%" in shown[-1].hints[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_leg_that_is_repeated_is_done_twice_and_counted_once(
    tmp_path, estimator, film
):
    answered = []

    def once_more(scene):
        if scene.stage is not Stage.RESULT:
            return None
        answered.append(scene)
        return Key.REPEAT if len(answered) == 1 else Key.NEXT

    screen = Screen(once_more, has_keys=True)
    with mjpeg_server.camera(film=[*film[:232], *film[:232]]) as address:
        first, second = session(tmp_path, estimator, address, screen, reps=1)

    assert first.is_repeated
    assert not second.is_repeated
    assert len(answered[-1].outcomes) == 1
    films = {done.taken.test.film for done in (first, second)}
    assert all(film.exists() for film in films)
    assert len(films) == 2


@pytest.mark.slow
def test_escape_in_the_middle_keeps_what_was_recorded(tmp_path, estimator, film):
    def escape(scene):
        return Key.STOP if scene.reps_done == 1 else None

    screen = Screen(escape, has_keys=True)
    with mjpeg_server.camera(film=film) as address:
        (done,) = session(tmp_path, estimator, address, screen, sides=("right", "left"))

    assert done.taken.ended == "it was stopped by hand"
    assert len(done.analysis.measurement.sides[0].reps) == 1


def test_no_consent_no_camera(tmp_path):
    screen = Screen(lambda _scene: Key.STOP, has_keys=True)
    plan = SimpleNamespace(out=tmp_path, subject="P01")

    agreed = Session(plan, screen, keep=None, again=None).consent()

    assert not agreed
    assert screen.scenes[0].stage is Stage.CONSENT
    assert "Nothing is sent anywhere" in " ".join(screen.scenes[0].hints)
    assert str(tmp_path) in screen.scenes[0].hints[0]
