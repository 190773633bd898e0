"""Recording before a browser's camera: what is said, limited, refused, kept.

Without the pose model: the whole way through is in test_record_browser.py.
"""

import io
import json
import os
import struct
import threading
import time

import numpy as np
import pytest
from clips import make_clip
from PIL import Image
from serving import TOKEN, client, served
from synthetic import reps_trace, seated_joints, seen
from test_guard import greeting
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from hiprom.capture.film_length import film_length_s
from hiprom.capture.sent_camera import SentCamera
from hiprom.core.guide import WINDOW_S
from hiprom.core.jobs import JobState
from hiprom.core.protocols import protocol
from hiprom.errors import CaptureError, InputError
from hiprom.web.app import create_app
from hiprom.web.desk import Desk
from hiprom.web.recording.leading import REST_S, Lead
from hiprom.web.recording.messages import (
    MOST_BYTES,
    Pace,
    asked_from,
    picture_from,
)
from hiprom.web.shelves import Shelves

ASKED = {"protocol": "seated_ir", "side": "left", "width": 640, "height": 480}


def jpeg(size=(64, 48), mode="RGB", grey=0):
    out = io.BytesIO()
    Image.new(mode, size, grey if mode == "L" else (grey,) * 3).save(out, "JPEG")
    return out.getvalue()


# What comes.


def test_the_first_message_says_which_test():
    asked = asked_from(json.dumps(ASKED | {"subject": "P01", "reps": 3}))

    assert (asked.protocol, asked.reps, asked.width) == ("seated_ir", 3, 640)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"width": 641}, "width"),
        ({"height": 100_000}, "height"),
        ({"width": "wide"}, "width"),
        ({"reps": 0}, "reps"),
        ({"side": "l" * 20}, "side"),
        ({"more": 1}, "more"),
    ],
)
def test_a_first_message_that_says_something_else_is_refused(change, where):
    with pytest.raises(InputError, match=where):
        asked_from(json.dumps(ASKED | change))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}"])
def test_a_first_message_that_is_none_is_refused(text):
    with pytest.raises(InputError, match="Load the page anew"):
        asked_from(text)


def test_a_picture_comes_with_its_time():
    assert picture_from(struct.pack("<d", 1.25) + b"jpeg") == (1.25, b"jpeg")


@pytest.mark.parametrize("time_s", [np.nan, np.inf, -1.0, 1e9])
def test_a_picture_without_a_time_is_refused(time_s):
    with pytest.raises(InputError, match="without its time"):
        picture_from(struct.pack("<d", time_s) + b"jpeg")


@pytest.mark.parametrize("size", [0, 8, MOST_BYTES + 1])
def test_a_picture_of_an_odd_size_is_refused(size):
    with pytest.raises(InputError, match="bytes"):
        picture_from(bytes(size))


def test_more_pictures_than_a_camera_gives_are_refused():
    pace = Pace()
    for number in range(600):
        pace.count(number / 50)

    for number in range(120):
        pace.count(14 + number / 100)
    with pytest.raises(InputError, match="More than 60"):
        pace.count(15.2)


def test_only_the_newest_picture_is_looked_at():
    camera = SentCamera("a camera", (64, 48))
    for number in range(5):
        camera.put(number / 10, jpeg(grey=50 * number))
    frames = camera.frames()
    first = next(frames)
    camera.put(0.3, jpeg())  # is older
    threading.Timer(0.05, lambda: camera.put(0.5, jpeg(grey=10))).start()
    second = next(frames)
    camera.close()

    assert first.time_s == 0.4
    assert first.rgb.shape == (48, 64, 3)
    assert abs(int(first.rgb.mean()) - 200) <= 2
    assert (second.index, second.time_s) == (1, 0.5)
    assert list(frames) == []


def bomb():
    """A few bytes that claim to be 65,000 pixels wide and high."""
    whole = jpeg()
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", 65_000, 65_000) + whole[at + 4 :]


@pytest.mark.parametrize(
    "sent",
    [b"", b"\x89PNG", jpeg((62, 48)), jpeg(mode="L"), jpeg()[:80], bomb()],
    ids=["nothing", "no JPEG", "another size", "grey", "cut", "bomb"],
)
def test_a_picture_that_cannot_be_taken_ends_it(sent):
    camera = SentCamera("a camera", (64, 48))
    camera.put(0.0, sent)

    with pytest.raises(CaptureError, match="no JPEG in colour of 64 by 48 pixels"):
        next(camera.frames())


# What is shown.


def test_a_person_is_asked_to_rest_until_the_film_holds_a_rest():
    time_s, angle, _ = reps_trace((30.0, 35.0), rest_s=3.5)
    track = seen(seated_joints(angle, side="left"), time_s)
    lead = Lead(protocol("seated_ir"), "left", reps=2, target={"left": 33.0})
    told = []
    for now_s in time_s[::3]:
        recent = (track.time_s > now_s - WINDOW_S) & (track.time_s <= now_s)
        told.append(lead.see(track.part(recent)))
        json.dumps(told[-1], allow_nan=False)
        if lead.ended:
            break

    begun = [each for each in told if each["begun"]]
    counting = [each for each in begun if each["count"]]
    said = [each["say"] for each in begun if each["say"]]
    assert [each["count"] for each in counting] == sorted(
        (each["count"] for each in counting), reverse=True
    )
    assert abs(counting[-1]["at"] - counting[0]["at"] - REST_S) < 0.2
    assert {each["do"] for each in counting} == {"Keep still"}
    assert said[:2] == [
        "Keep still. Recording.",
        "Swing your left foot slowly outwards",
    ]
    assert told[-1]["ended"] == "all repetitions were done"
    assert told[-1]["reps"] == 2
    assert told[-1]["target"] == 33.0
    assert max(each["held"] for each in begun) > 0.6
    assert np.array(begun[-1]["points"]).shape == (33, 2)
    assert np.array(begun[-1]["dial"]).shape == (3, 2)


# Who may come, and what happens to who says something odd.


@pytest.fixture(autouse=True)
def without_waiting(monkeypatch):
    """Nobody gets up here: nobody is waited for."""
    monkeypatch.setattr("hiprom.web.recording.sitting._PATIENCE_S", 0.1)


def heard(web, *messages):
    """Say something to the live test; return what it answers, and how it hangs up."""
    port = web.base_url.port
    address = f"ws://127.0.0.1:{port}/record/live"
    with connect(address, origin=f"http://127.0.0.1:{port}", proxy=None) as asks:
        for message in messages:
            asks.send(message)
        while "refused" not in (said := json.loads(asks.recv(60))):
            assert said == {"ready": True}
        with pytest.raises(ConnectionClosed, match="1008"):
            asks.recv(60)
    return said["refused"]


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1"])
def test_another_page_gets_no_live_picture(web, origin):
    port = web.base_url.port

    assert greeting(port, origin=origin, path="/record/live") == 403


def test_another_host_gets_no_live_picture(web):
    port = web.base_url.port

    assert greeting(port, "evil.example", path="/record/live") == 403


def test_nobody_gets_a_live_picture_without_the_token(open_web):
    port = open_web.base_url.port
    shown = {"authorization": f"Bearer {TOKEN}"}

    assert greeting(port, path="/record/live") == 403
    with pytest.raises(TimeoutError):  # it waits for the first word
        greeting(port, path="/record/live", headers=shown, patience_s=0.2)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("{", "cannot be read"),
        (b"\x00", "something else than it should"),
        (json.dumps(ASKED | {"protocol": "nothing"}), "There is no protocol"),
        (json.dumps(ASKED | {"side": "middle"}), "There is no side"),
        (json.dumps(ASKED | {"subject": "a\nb"}), "subject code"),
        (json.dumps(ASKED | {"camera": "none"}), "There is no camera"),
        (json.dumps(ASKED | {"protocol": "squat"}), "Record it without"),
        (json.dumps(ASKED | {"protocol": "clamshell"}), "Record it without"),
    ],
    ids=[
        "half",
        "bytes",
        "protocol",
        "side",
        "subject",
        "camera",
        "squat",
        "clamshell",
    ],
)
def test_who_asks_for_what_there_is_not_is_told_so(web, message, words):
    assert words in heard(web, message)


def test_a_second_page_is_told_that_there_is_one_live_picture(site):
    app = create_app(site)
    app._app.state.given.chair.take()
    with served(app) as port, client(port) as web:
        assert "can follow only one" in heard(web, json.dumps(ASKED))


@pytest.mark.slow
@pytest.mark.model
@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ([bytes(MOST_BYTES + 1)], "bytes; at most"),
        ([struct.pack("<d", 0.1) + b"no picture"], "is no JPEG in colour"),
        ([struct.pack("<d", 0.1) + jpeg((64, 64))], "of 640 by 480 pixels"),
        ([struct.pack("<d", number) + b"x" for number in range(200)], "More than 60"),
        (["a picture"], "something else than it should"),
    ],
    ids=["large", "text", "another size", "fast", "words"],
)
def test_pictures_that_are_none_end_the_live_test(web, model_file, messages, words):
    assert model_file
    assert words in heard(web, json.dumps(ASKED), *messages)


@pytest.mark.slow
@pytest.mark.model
def test_who_hangs_up_leaves_room_for_the_next(web, model_file):
    assert model_file
    port = web.base_url.port
    address = f"ws://127.0.0.1:{port}/record/live"
    picture = jpeg((640, 480), grey=90)
    for _ in range(2):
        with connect(address, proxy=None) as asks:
            asks.send(json.dumps(ASKED))
            while "ready" not in (said := json.loads(asks.recv(60))):
                assert "can follow only one" in said["refused"]
            for number in range(3):
                asks.send(struct.pack("<d", number / 10) + picture)
            told = json.loads(asks.recv(60))
            assert told["stage"] == "position"
            assert told["points"] is None
        time.sleep(0.5)  # the model is let go of


# What is kept.


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A film as a browser makes it: its head says nothing of its length."""
    place = tmp_path_factory.mktemp("film") / "film.webm"
    return make_clip(
        place, frames=36, codec="libvpx", clock_hz=1000, muxer={"live": "1"}
    )


@pytest.fixture
def recording(web):
    """Begin a recording of a left leg; what is left of it is removed."""
    asked = {"kind": "webm", "protocol": "seated_ir", "side": "left", "subject": "P01"}
    begun = web.post("/api/recordings", json=asked).json()["id"]
    yield begun
    web.delete(f"/api/uploads/{begun}")


def put(web, recording, data, offset=0):
    return web.put(
        f"/api/uploads/{recording}", params={"offset": offset}, content=data
    ).json()


def end(web, recording, size):
    return web.post(f"/api/recordings/{recording}/end", json={"bytes": size})


def fall_silent(site, recording, seconds=15):
    then = time.time() - seconds
    os.utime(Shelves(site.folder).uploads / recording / "video", (then, then))


def test_a_film_without_a_length_in_its_head_lasts_as_long_as_its_pictures(
    film, tmp_path
):
    cut = tmp_path / "cut"
    cut.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    empty = tmp_path / "empty"
    empty.write_bytes(b"")

    assert abs(film_length_s(film) - 35 / 30) < 0.01
    assert 0.2 < film_length_s(cut) < 1.0
    assert film_length_s(empty) == film_length_s(tmp_path / "none") == 0.0


def test_a_recording_becomes_a_job_when_all_of_it_is_there(web, site, film, recording):
    data = film.read_bytes()
    put(web, recording, data[:500])

    early = end(web, recording, len(data))
    assert early.status_code == 409
    assert early.headers["upload-offset"] == "500"
    assert put(web, recording, data[500:], 500) == {"offset": len(data)}
    job = Desk(site.store, Shelves(site.folder)).job(
        end(web, recording, len(data)).json()["job"]
    )

    assert job.state == JobState.QUEUED
    spec = job.spec
    assert (spec.protocol, spec.side, spec.subject) == ("seated_ir", "left", "P01")
    assert "/seated_ir_left_20" in spec.video
    assert "cut short" not in spec.video
    assert end(web, recording, len(data)).status_code == 404


def test_a_recording_that_stops_is_offered_and_never_measured_by_itself(
    web, site, film, recording
):
    put(web, recording, film.read_bytes()[:-200])
    before = list(Desk(site.store, Shelves(site.folder)).jobs.jobs())

    assert web.get("/api/recordings").json() == {"cut_short": 0, "arriving": True}
    assert "was cut short" not in web.get("/record").text
    fall_silent(site, recording)
    page = web.get("/record").text
    assert "A recording of 1 s was cut short" in page
    assert "P01" in page
    assert web.get("/api/recordings").json() == {"cut_short": 1, "arriving": False}
    assert "A recording was cut short" in web.get("/").text
    assert list(Desk(site.store, Shelves(site.folder)).jobs.jobs()) == before

    assert web.post(f"/record/{recording}/measure").headers["location"] == "/"
    (new,) = set(Desk(site.store, Shelves(site.folder)).jobs.jobs()) - set(before)
    assert new.spec.video.endswith(" (cut short).webm")
    assert "was cut short" not in web.get("/record").text


def test_a_page_that_goes_says_so(web, film, recording):
    put(web, recording, film.read_bytes())
    web.post(f"/api/recordings/{recording}/leave")

    assert "A recording of 1 s was cut short" in web.get("/record").text
    assert web.post(f"/record/{recording}/discard").headers["location"] == "/record"
    assert "was cut short" not in web.get("/record").text


def test_a_recording_without_a_picture_is_not_asked_about(web, site, recording):
    fall_silent(site, recording)
    assert "was cut short" not in web.get("/record").text

    fall_silent(site, recording, 100)
    web.get("/record")
    assert web.get(f"/api/uploads/{recording}").status_code == 404


def test_an_upload_is_no_recording(web):
    upload = web.post("/api/uploads", json={"name": "a.mp4", "bytes": 9}).json()["id"]

    assert web.post(f"/record/{upload}/discard").status_code == 404
    assert end(web, upload, 9).status_code == 404
    web.delete(f"/api/uploads/{upload}")


@pytest.mark.parametrize(
    "change",
    [
        *({"kind": "exe"}, {"protocol": ""}, {"side": "up"}),
        *({"subject": "a\nb"}, {"camera": "none"}),
    ],
)
def test_a_recording_of_what_there_is_not_is_not_begun(web, change):
    asked = {"kind": "webm", "protocol": "seated_ir"} | change

    assert web.post("/api/recordings", json=asked).status_code in {400, 422}


def test_the_page_shows_every_test_and_says_which_have_a_gauge(web):
    page = web.get("/record?protocol=squat&side=both&subject=P01").text

    assert page.count('data-gauge="yes"') == 2
    assert page.count('data-gauge="no"') == 8
    assert '<option value="squat" selected>' in page
    assert '<option value="seated_ir" selected>' in web.get("/record").text
