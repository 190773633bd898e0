"""Four videos at once, on a phone: two sessions compared, sent along, and erased.

Real films from the public benchmark through the real pose model, in Chromium.
"""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
import test_browser
from test_browser import PATIENCE_MS, PHONE, beginning, require_left_out
from test_browser import require_well_made as well_made

FILMS = Path(__file__).parents[2] / "calibration" / "benchmark"
# Two sessions of the right hip, and one film each of what else there is.
FILMED = {
    "seated_ir_01": datetime(2026, 5, 4, 9, 30, tzinfo=UTC),
    "seated_ir_03": datetime(2026, 6, 8, 9, 30, tzinfo=UTC),
    "seated_ir_04": datetime(2026, 6, 8, 9, 40, tzinfo=UTC),
    "seated_er_02": datetime(2026, 6, 8, 9, 50, tzinfo=UTC),
}
pytestmark = test_browser.pytestmark
chromium, program, at = test_browser.chromium, test_browser.program, test_browser.at


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    """The beginnings of four films, two repetitions each, filmed on two days."""
    folder = tmp_path_factory.mktemp("four")
    films = []
    for name, moment in FILMED.items():
        film = beginning(FILMS / f"{name}.mp4", folder / f"{name}.mp4", seconds=9.0)
        os.utime(film, (moment.timestamp(), moment.timestamp()))
        films.append(film)
    return films


def test_four_videos_at_once_on_a_phone(at, four):
    with at(PHONE, "dark") as page:
        test_browser.add(page, four, "P04")
        page.get_by_role("button", name="Measure all 4").click()
        page.locator("#jobs .job.running").wait_for(timeout=PATIENCE_MS)
        page.reload()
        page.locator("#jobs .job.done").nth(3).wait_for(timeout=PATIENCE_MS)
        well_made(page)

        page.get_by_role("link", name="seated_ir_03.mp4").first.click()
        require_left_out(page)
        well_made(page)

        page.get_by_role("link", name="P04", exact=True).first.click()
        page.get_by_role("link", name="Compare two sessions").click()
        page.get_by_role("heading", name="Two sessions side by side").wait_for()
        for day in ("Earlier, 4 May 2026", "Later, 8 June 2026"):
            page.get_by_text(day).first.wait_for()
        well_made(page)
        with page.expect_download() as loaded:
            page.get_by_role("link", name="Both sessions (PDF)").click()
        assert Path(loaded.value.path()).read_bytes().startswith(b"%PDF")

        page.goto("/")
        with page.expect_download() as loaded:
            page.get_by_role("link", name="All tables (zip)").click()
        assert Path(loaded.value.path()).read_bytes().startswith(b"PK")

        page.goto("/person?code=P04")
        page.get_by_role("button", name="Erase P04").click()
        page.get_by_label("Yes, I am sure").check()
        page.get_by_role("button", name="Erase for good").click()
        page.get_by_text("Nobody is kept yet.").wait_for()
        page.goto("/")
        page.get_by_text("Nothing yet.").wait_for()
