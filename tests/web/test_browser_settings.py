"""Diary, settings, backup, calibration and guide in Chromium.

At 1280 and at 390 pixels, by day and by night, as `test_browser` asks of every page.
"""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import cv2
import pytest
import rendered_boards as rendered
from histories import trial
from kept import GOLDEN
from test_browser import (
    CHROMIUM,
    DESKTOP,
    PHONE,
    QUIET,
    WATCH_SHIFTS,
    require_well_made,
)
from test_restart import Program, ended

from hiprom.capture.calibration import profiles
from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.core.protocols import PROTOCOLS
from hiprom.store.new_trial import NewTrial
from hiprom.store.store import Store

playwright = pytest.importorskip("playwright.sync_api")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]
NOW = datetime.now(UTC).astimezone()
BOTH = [(size, theme) for size in (DESKTOP, PHONE) for theme in ("light", "dark")]
# Each view is held as long as a careful person holds it.
HELD_S, CAMERA_HZ = 1.2, 30


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A history of some weeks, and of somebody of whom nothing is kept yet."""
    place = tmp_path_factory.mktemp("home")
    with Store.open(None, place) as store:
        fill(store)
    return place


def fill(store):
    store.put_subject(Subject("P02"))
    store.put_programme("P01", Programme(drills=("clamshell", "seated_ir")))
    for days, said in (
        (1, {"practised_min": 12.0, "drill": "clamshell", "discomfort": 2}),
        (3, {"practised_min": 8.0, "note": "3 sets of 10, felt easy"}),
        (9, {"discomfort": 6, "place": "groin"}),
        (16, {"practised_min": 10.0, "drill": "sidelying_ir"}),
    ):
        store.add_diary("P01", DiaryEntry(NOW - timedelta(days=days), **said))
    landmarks = (GOLDEN / "seated_ir_left.parquet").read_bytes()
    for days in (2, 9, 16, 23):
        made = trial(0, tuple(40 - days / 4 + n for n in range(3)), side="left")
        new = NewTrial(
            recorded_at=NOW - timedelta(days=days),
            protocol=made.protocol,
            reps=made.reps,
            instrument=made.instrument,
            duration_s=30.0,
        )
        store.save_trial("P01", new, lambda path: path.write_bytes(landmarks))


@pytest.fixture(scope="module")
def program(home):
    made = Program(home)
    with made.start() as web, ended(made):
        yield str(web.base_url)


@pytest.fixture(scope="module")
def plays():
    with playwright.sync_playwright() as started:
        yield started


def launched(plays, *more):
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    return plays.chromium.launch(
        executable_path=str(CHROMIUM), args=[*QUIET, *root, *more]
    )


@pytest.fixture(scope="module")
def chromium(plays):
    browser = launched(plays)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def with_camera(plays, tmp_path_factory):
    """A browser whose camera sees the board from all sides, again and again."""
    film = tmp_path_factory.mktemp("camera") / "board.mjpeg"
    with film.open("wb") as out:
        for grey in rendered.careful_round():
            seen = cv2.imencode(".jpg", cv2.merge([grey] * 3))[1].tobytes()
            out.write(seen * round(HELD_S * CAMERA_HZ))
    browser = launched(
        plays,
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    yield browser
    browser.close()


@contextmanager
def opened(browser, program, size=DESKTOP, theme="light", may_say="nothing"):
    """Open a page; whatever the browser complains of, or asks elsewhere, fails."""
    context = browser.new_context(
        base_url=program,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=theme,
        reduced_motion="reduce",
    )
    context.add_init_script(WATCH_SHIFTS)
    page = context.new_page()
    page.set_default_timeout(60_000)
    said, foreign = [], []

    def hears(line):
        if line.type in {"error", "warning"} and may_say not in line.text:
            said.append(line.text)

    def sees(asked):
        if not asked.url.startswith((program, "data:", "blob:")):
            foreign.append(asked.url)

    page.on("console", hears)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", sees)
    try:
        yield page
    finally:
        context.close()
    assert said == []
    assert foreign == []


@pytest.mark.parametrize(("size", "theme"), BOTH)
def test_every_page_is_well_made(chromium, program, size, theme):
    with opened(chromium, program, size, theme) as page:
        for path in (
            *("/person?code=P01", "/person?code=P02"),
            *("/person/diary?code=P01", "/person/programme?code=P01"),
            *("/settings", "/calibrate", "/privacy", "/guide"),
            *(f"/guide/{name}" for name in PROTOCOLS),
        ):
            page.goto(path)
            for each in page.locator("main details").all():
                each.evaluate("node => { node.open = true; }")
            page.evaluate("window.shifted = 0")
            require_well_made(page)


def test_a_note_is_taken_and_leads_to_advice(chromium, program):
    refused = "status of 400"
    with opened(chromium, program, PHONE, may_say=refused) as page:
        page.goto("/person?code=P02")
        page.get_by_text("Note practice or discomfort").click()
        page.get_by_label("Discomfort", exact=True).select_option("7")
        page.get_by_label("Minutes practised").fill("a lot")
        page.get_by_role("button", name="Note it").click()
        alert = page.get_by_role("alert")
        assert "'a lot' is not a number from 0 to 600 minutes." in alert.inner_text()
        require_well_made(page)
        alert.get_by_role("link").click()
        field = page.get_by_label("Minutes practised")
        assert field.evaluate("node => node === document.activeElement")
        field.fill("7,5")
        page.get_by_role("button", name="Note it").click()
        page.get_by_role("heading", name="Worth asking about").wait_for()
        assert page.url.endswith("#ask")
        today = page.locator(".calendar .now .unseen").inner_text()
        assert "practised; 8 active minutes; discomfort 7 of 10" in today
        require_well_made(page)


def test_a_note_can_be_removed(chromium, home, program):
    with Store.open(None, home) as store:
        store.put_subject(Subject("P03"))
        for note in ("on the stairs", "written twice"):
            store.add_diary("P03", DiaryEntry(NOW, note=note))
    with opened(chromium, program, PHONE) as page:
        page.goto("/person/diary?code=P03")
        page.get_by_role("button", name="written twice").click()
        sheet = page.get_by_role("dialog")
        assert "“written twice”" in sheet.inner_text()
        page.evaluate("window.shifted = 0")
        require_well_made(page)
        sheet.get_by_role("button", name="Remove it").click()
        page.get_by_role("button", name="written twice").wait_for(state="detached")
        page.get_by_role("button", name="on the stairs").wait_for()


def test_a_backup_is_taken_and_put_back(chromium, program, tmp_path):
    with opened(chromium, program, may_say="status of 400") as page:
        page.goto("/settings")
        with page.expect_download() as loaded:
            page.get_by_role("link", name="Download a backup").click()
        kept = tmp_path / "kept.zip"
        loaded.value.save_as(kept)
        text = tmp_path / "text.zip"
        text.write_text("no zip")
        page.set_input_files("#file", str(text))
        page.get_by_role("button", name="Look into it").click()
        page.get_by_text("is not a backup that can be restored").wait_for()
        require_well_made(page)
        page.goto("/person?code=P02")
        page.get_by_role("button", name="Erase P02").click()
        page.get_by_label("Yes, I am sure").check()
        page.get_by_role("button", name="Erase for good").click()
        page.wait_for_url("**/people")
        page.goto("/settings")
        page.set_input_files("#file", str(kept))
        page.get_by_role("button", name="Look into it").click()
        page.get_by_role("heading", name="A backup of").wait_for()
        require_well_made(page)
    for size, theme in BOTH[1:]:
        with opened(chromium, program, size, theme) as page:
            page.goto("/settings")
            page.set_input_files("#file", str(kept))
            page.get_by_role("button", name="Look into it").click()
            page.get_by_role("heading", name="A backup of").wait_for()
            require_well_made(page)
    with opened(chromium, program) as page:
        page.goto("/settings")
        page.set_input_files("#file", str(kept))
        page.get_by_role("button", name="Look into it").click()
        page.get_by_label("Yes, put it in place of").check()
        page.get_by_role("button", name="Restore").click()
        page.get_by_text("What was there before is kept below").wait_for()
        require_well_made(page)
        page.goto("/people")
        page.get_by_role("link", name="P02").wait_for()
    with opened(chromium, program, PHONE, "dark") as page:
        page.goto("/settings")
        assert page.get_by_text("hiprom-before-restore-").count() >= 1
        require_well_made(page)


def test_a_camera_is_calibrated_before_the_browser(
    with_camera, program, home, monkeypatch
):
    with opened(with_camera, program) as page:
        page.goto("/calibrate")
        page.get_by_role("button", name="Start the camera").click()
        page.locator("#wanted li").first.wait_for()
        require_well_made(page)
        page.get_by_text("That is enough.").wait_for(timeout=180_000)
        assert page.locator("#covered").get_attribute("aria-label").endswith("picture")
        page.get_by_label("Name of the camera").fill("kitchen")
        require_well_made(page)
        page.get_by_role("button", name="Keep the camera").click()
        page.get_by_text("kitchen is known now").wait_for()
        require_well_made(page)
        page.get_by_role("link", name="To the settings").click()
        page.get_by_role("row", name="kitchen 640").wait_for()
        page.goto("/")
        assert page.locator("#file").evaluate(
            "node => node.content.querySelector('[name=camera]').textContent"
        ).split() == ["Not", "calibrated", "kitchen"]

    monkeypatch.setenv("HIPROM_HOME", str(home))
    found = profiles.read_profile("kitchen")
    assert found.focal_px == pytest.approx((602, 604.5), rel=0.01)
    assert found.rms_px < 0.5


def test_no_camera_is_said_in_plain_words(chromium, program):
    with opened(chromium, program, PHONE) as page:
        page.goto("/calibrate")
        page.get_by_role("button", name="Start the camera").click()
        page.get_by_text("No camera was found. Plug one in").wait_for()
        require_well_made(page)


def test_a_refused_camera_is_said_in_plain_words(with_camera, program):
    with opened(with_camera, program, PHONE) as page:
        page.add_init_script(
            "navigator.mediaDevices.getUserMedia = async () => {"
            " throw new DOMException('no', 'NotAllowedError'); };"
        )
        page.goto("/calibrate")
        page.get_by_role("button", name="Start the camera").click()
        page.get_by_text("The camera was not allowed.").wait_for()
