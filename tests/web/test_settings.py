"""The page of settings: what is chosen already, a backup, and its way back."""

import re
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from serving import client, served

from hiprom.core.camera import Camera
from hiprom.core.history import DiaryEntry, Subject
from hiprom.store.store import Store
from hiprom.web.app import create_app
from hiprom.web.site import Limits, Site

NOW = datetime.now(UTC).astimezone()


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory):
    """A folder of data of its own; nothing of the machine's."""
    place = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HIPROM_HOME", str(place))
        yield place


@pytest.fixture(scope="module")
def site(home):
    with Store.open(None, home) as store:
        store.put_subject(Subject("P01"))
        store.add_diary("P01", DiaryEntry(NOW, 3, note="before"))
        yield Site(store, home / "web", limits=Limits(spare_bytes=0))


@pytest.fixture(scope="module")
def web(site):
    with served(create_app(site)) as port, client(port) as asks:
        yield asks


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def sent(web, content):
    return web.put("/settings/restore", content=content)


def test_it_says_what_is_where_and_how_large(web, home):
    page = words_of(web.get("/settings"))

    assert str(home) in page
    assert str(home / "hiprom.sqlite") in page
    assert re.search(r"Free on its disk [\d.]+ GB", page)
    assert re.search(r"Videos \S+/web/videos 0 bytes", page)
    assert "Pose model Not there yet." in page
    assert "None is calibrated." in page


def test_what_is_usual_stands_in_the_form_of_a_video(web):
    chosen = {"protocol": "squat", "side": "both"}
    assert web.post("/settings", data=chosen).status_code == 303
    home = web.get("/").text

    assert '<option value="squat" selected>' in home
    assert '<option value="both" selected>' in home
    assert '<option value="clamshell" selected>' in (
        web.get("/", params={"protocol": "clamshell"}).text
    )
    assert web.get("/", params={"protocol": "<i>"}).status_code == 200
    assert web.post("/settings", data={"protocol": "<i>"}).status_code == 404
    assert web.post("/settings", data={"camera": "x"}).status_code == 400
    assert web.post("/settings", data={}).status_code == 303


def test_a_damaged_file_of_choices_is_as_none(web, site):
    (site.folder / "preferences.json").write_text('{"protocol": 7, "size": "<b>"}')

    assert web.get("/settings").status_code == 200


def test_a_camera_is_asked_for_once_one_is_known(web, site):
    from hiprom.capture.calibration import profiles

    assert 'name="camera"' not in web.get("/").text
    lens = ((600.0, 600.0), (320.0, 240.0), (0.0,) * 5)
    path = profiles.write_profile(Camera("hall", 640, 480, *lens, 0.1, "2026-05-04"))
    web.post("/settings", data={"camera": "hall"})
    asked = {"name": "a.mp4", "bytes": 9, "camera": "hall"}

    assert "<option selected>hall</option>" in web.get("/").text
    upload = web.post("/api/uploads", json=asked).json()["id"]
    assert '"camera": "hall"' in (
        (site.folder / "uploads" / upload / "upload.json").read_text()
    )
    refused = web.post("/api/uploads", json=asked | {"camera": "../x"})
    assert refused.status_code == 400
    path.unlink()
    assert "<option selected>" not in web.get("/").text


def test_a_backup_comes_back_after_it_was_shown(web, site, home):
    content = web.get("/settings/backup")
    site.store.put_subject(Subject("P02 <i>"))
    arrived = sent(web, content.content).json()["name"]
    page = web.get("/settings/restore", params={"name": arrived})
    unsure = web.post("/settings/restore", data={"name": arrived})
    before = [each.subject.code for each in site.store.subjects()]
    done = web.post("/settings/restore", data={"name": arrived, "sure": "yes"})
    after = [each.subject.code for each in site.store.subjects()]

    assert re.fullmatch(
        r'attachment; filename="hiprom_backup_[\d_-]+\.zip"',
        content.headers["content-disposition"],
    )
    assert "People 1 2" in words_of(page)
    assert "P02 &lt;i&gt;" in page.text
    assert unsure.status_code == 400
    assert before == ["P01", "P02 <i>"]
    assert after == ["P01"]
    (aside,) = (home / "backups").iterdir()
    assert done.headers["location"] == f"/settings?aside={aside.name}#backup"
    assert aside.name in web.get("/settings").text
    again = {"name": aside.name, "sure": "yes"}
    kept = web.get("/settings/backup", params={"name": aside.name})
    assert kept.content == aside.read_bytes()
    assert "P02" not in web.get("/people").text
    assert web.post("/settings/restore", data=again).status_code == 303
    assert "P02" in web.get("/people").text
    site.store.forget("P02 <i>")


def test_what_is_no_backup_leaves_nothing_behind(web, home, tmp_path):
    whole = web.get("/settings/backup").content
    bomb = tmp_path / "bomb.zip"
    with ZipFile(bomb, "w", 8) as packed:
        packed.writestr("hiprom.sqlite", bytes(5_000_000))
        packed.writestr("manifest.json", "{}")
    kept = set((home / "backups").iterdir())

    for content in (b"no zip", bomb.read_bytes(), whole[:-9]):
        refused = sent(web, content)
        assert refused.status_code == 400
        assert "is not a backup" in refused.json()["error"]
    assert sent(web, b"").status_code == 411
    assert set((home / "backups").iterdir()) == kept


def test_a_backup_that_was_sent_can_be_dropped_and_is_erased_with_a_person(
    web, site, home
):
    whole = web.get("/settings/backup").content
    first, second = (sent(web, whole).json()["name"] for _ in range(2))
    gone = web.get("/settings/restore", params={"name": first})
    assert gone.status_code == 404
    assert (home / "backups" / second).exists()
    web.post("/settings/restore/drop")
    assert not (home / "backups" / second).exists()

    third = sent(web, whole).json()["name"]
    site.store.put_subject(Subject("P09"))
    web.post("/person/erase", data={"code": "P09", "sure": "yes"})
    assert not (home / "backups" / third).exists()


@pytest.mark.parametrize("name", ["", "../hiprom.sqlite", "hiprom.sqlite", "x.zip"])
def test_only_backups_are_looked_into_and_sent(web, name):
    where = {"name": name}
    assert web.get("/settings/restore", params=where).status_code == 404
    assert (
        web.post("/settings/restore", data=where | {"sure": "yes"}).status_code == 404
    )
    if name:
        assert web.get("/settings/backup", params=where).status_code == 404


def test_a_backup_beyond_the_limits_is_refused(site, serving):
    with serving(limits=Limits(bytes=100, spare_bytes=0)) as web:
        assert sent(web, bytes(101)).status_code == 413
    with serving(limits=Limits(spare_bytes=10**15)) as web:
        assert sent(web, bytes(101)).status_code == 507
    old = replace(site.limits, keep_s=-1)
    with serving() as web:
        name = sent(web, web.get("/settings/backup").content).json()["name"]
    with serving(limits=old) as web:
        where = {"name": name}
        assert web.get("/settings/restore", params=where).status_code == 404


def test_a_server_s_database_is_left_to_the_server(web, site, monkeypatch):
    monkeypatch.setattr(site.store.database, "file", None)
    page = web.get("/settings")

    assert "pg_dump" in page.text
    assert 'href="/settings/backup"' not in page.text
    assert web.get("/settings/backup").status_code == 400


def test_the_model_s_state_is_told(web, home, monkeypatch):
    monkeypatch.setenv("HIPROM_MODEL", str(home / "gone.task"))

    assert web.get("/settings").status_code == 200
    shutil.rmtree(home / "web" / "uploads")
    assert "Uploads under way" in web.get("/settings").text
    (home / "web" / "uploads").mkdir()
