"""A camera calibrated through the page: pictures in, guidance out, a profile kept."""

import cv2
import numpy as np
import pytest
import rendered_boards as rendered

from hiprom.capture.calibration import profiles
from hiprom.web import calibrating


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    place = tmp_path_factory.mktemp("cameras")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIPROM_HOME", str(place))
        yield place


@pytest.fixture(scope="module")
def boards():
    """A careful round, as a browser sends it."""
    return [jpeg(grey) for grey in rendered.careful_round()]


def jpeg(grey, quality=92):
    return cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()


def begun(web):
    return f"/api/calibrations/{web.post('/api/calibrations').json()['id']}"


def looked(web, where, picture):
    return web.post(f"{where}/pictures", content=picture)


def test_a_careful_round_makes_a_profile(web, boards):
    where = begun(web)
    seen = [looked(web, where, picture).json() for picture in boards]
    kept = web.post(f"{where}/profile", json={"name": " hall "})

    assert [each["views"] for each in seen] == list(range(1, len(boards) + 1))
    assert {each["state"] for each in seen} == {"taken"}
    assert "9 more sharp views" in seen[0]["wanted"][0]
    assert seen[-1]["wanted"] == []
    assert sum(map(sum, seen[-1]["covered"])) / 48 == pytest.approx(
        seen[-1]["share"], abs=1e-3
    )
    corners = np.array(seen[0]["corners"])
    assert corners.shape == (48, 2)
    assert ((corners > 0) & (corners < 1)).all()
    assert kept.json()["name"] == "hall"
    assert kept.json()["size"] == "640 by 480 px"
    np.testing.assert_allclose(
        profiles.read_profile("hall").focal_px, (602, 604.5), rtol=0.005
    )
    assert "hall" in web.get("/settings").text
    assert looked(web, where, boards[0]).status_code == 404  # it is over


def test_what_a_picture_lacks_is_said(web, boards):
    where = begun(web)
    wall = jpeg(np.full((480, 640), 90, np.uint8))
    blurred = cv2.GaussianBlur(rendered.careful_round()[0], (0, 0), 4)

    assert looked(web, where, wall).json()["state"] == "none"
    assert looked(web, where, jpeg(blurred)).json()["state"] in {"blurred", "none"}
    assert looked(web, where, boards[0]).json()["state"] == "taken"
    again = looked(web, where, boards[0]).json()
    assert (again["state"], again["views"]) == ("known", 1)
    few = web.post(f"{where}/profile", json={"name": "few"})
    assert few.status_code == 400
    assert "Still wanted: 9 more sharp views" in few.json()["error"]
    assert "few" not in profiles.names()


def test_sides_are_called_as_the_person_sees_them(web):
    """The picture is shown as in a mirror; what is sent is not."""
    to_the_left = rendered.photographed(
        rendered.TrueCamera(), rendered.turned(), (-90, 0, 330)
    )
    seen = looked(web, begun(web), jpeg(to_the_left)).json()

    assert np.mean(np.array(seen["corners"])[:, 0]) < 0.5
    assert "left corner of the picture" in seen["wanted"][1]


def test_another_board_is_told_as_such(web):
    kind = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_6X6_100)
    other = rendered.painted(cv2.aruco.CharucoBoard((7, 9), 24.0, 18.0, kind))
    grey = rendered.photographed(
        rendered.TrueCamera(), rendered.turned(), (0, 0, 400), texture=other
    )

    seen = looked(web, begun(web), jpeg(grey)).json()
    assert seen["state"] == "strange"
    assert "another board's markers" in seen["said"]


@pytest.mark.parametrize("name", ["", "../x", "a b", "x.toml", "<i>", "x" * 65])
def test_a_camera_cannot_be_called_just_anything(web, name):
    refused = web.post(f"{begun(web)}/profile", json={"name": name})

    assert refused.status_code == 400
    assert "cannot be called" in refused.json()["error"]


def huge():
    """A picture whose head claims 60,000 by 60,000 pixels."""
    content = bytearray(jpeg(np.zeros((8, 8), np.uint8)))
    at = content.index(b"\xff\xc0")
    content[at + 5 : at + 9] = b"\xea\x60\xea\x60"
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xd8\xff", b"<svg/>", huge(), cv2.imencode(".png", np.eye(9))[1]],
    ids=["nothing", "cut", "no picture", "huge", "png"],
)
def test_only_pictures_of_a_camera_are_looked_at(web, content):
    refused = looked(web, begun(web), bytes(content))

    assert refused.status_code == 400
    assert "is no JPEG that hiprom reads" in refused.json()["error"]


def test_one_that_sends_without_end_is_refused(web, boards, monkeypatch):
    where = begun(web)
    assert looked(web, where, bytes(calibrating.MOST_BYTES + 1)).status_code == 413
    monkeypatch.setattr(calibrating, "_MOST_PICTURES", 1)
    assert looked(web, where, boards[0]).status_code == 200
    assert looked(web, where, boards[0]).status_code == 429


def test_only_a_few_are_under_way(web, boards):
    first, *others = [begun(web) for _ in range(5)]

    assert looked(web, first, boards[0]).status_code == 404
    assert looked(web, others[-1], boards[0]).status_code == 200
    web.delete(others[-1])
    assert looked(web, others[-1], boards[0]).status_code == 404


@pytest.mark.slow
def test_the_board_is_sent_to_be_printed(web):
    sheet = web.get("/calibrate/board", params={"paper": "letter"})
    assert sheet.content.startswith(b"%PDF")
    assert '"hiprom_board_letter.pdf"' in sheet.headers["content-disposition"]
    assert web.get("/calibrate/board", params={"paper": "A3"}).status_code == 422


def test_another_site_gets_nowhere(web, boards):
    where = begun(web)
    foreign = {"origin": "http://evil.example"}

    for answer in (
        web.post("/api/calibrations", headers=foreign),
        web.post(f"{where}/pictures", content=boards[0], headers=foreign),
        web.post(f"{where}/profile", json={"name": "x"}, headers=foreign),
        web.put("/settings/restore", content=b"x", headers=foreign),
        web.post("/settings/restore", data={"sure": "yes"}, headers=foreign),
        web.post("/person/diary", data={"code": "P01"}, headers=foreign),
    ):
        assert answer.status_code == 403
