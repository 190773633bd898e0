"""Two sessions in Chromium: films in step, by pointer and by keyboard; set right again.

What every page must be (test_browser) at 1280 and at 390 pixels, by day and by night.
"""

from datetime import UTC, datetime, timedelta

import pytest
import test_browser
from kept import film, measured
from serving import served
from test_browser import DESKTOP, PHONE, require_well_made

from hiprom.web.app import create_app
from hiprom.web.shelves import Shelves

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
pytestmark = test_browser.pytestmark
chromium, at = test_browser.chromium, test_browser.at


@pytest.fixture(scope="module")
def jobs(site):
    """Three sessions of one person, with films as long as their curves."""
    made = []
    for days in (0, 30, 60):
        recorded_at = MAY + timedelta(days=days)
        job = measured(site, f"{days}.mp4", "P01", recorded_at=recorded_at)
        film(Shelves(site.folder).results / job.spec.name / "overlay.mp4", frames=520)
        made.append(job)
    measured(site, "one.mp4", "P02", recorded_at=MAY)
    return made


@pytest.fixture(scope="module")
def program(site, jobs):
    assert jobs
    with served(create_app(site)) as port:
        yield f"http://127.0.0.1:{port}"


TIMES = """() => ["earlier", "later"].map((id) => {
  const film = document.querySelector(`video#${id}`);
  return film.seeking || film.readyState < 2 ? null : film.currentTime;
})"""


def times(page):
    found = page.wait_for_function(
        f"() => {{ const at = ({TIMES})(); return at.includes(null) ? null : at; }}"
    )
    return found.json_value()


def where_both_are(page, moment):
    """Return where the page's own clock says that both films are at a moment."""
    return page.evaluate(
        """(at) => {
          const { pieces } = JSON.parse(document.getElementById("clock").textContent);
          const [start, , a, aEnd, b, bEnd] =
            pieces.find((each) => at < each[1]) ?? pieces.at(-1);
          return [Math.min(a + at - start, aEnd), Math.min(b + at - start, bEnd)];
        }""",
        moment,
    )


def require_in_step(page):
    moment = float(page.locator("#moment").input_value())
    wanted, there = where_both_are(page, moment), times(page)
    assert there == pytest.approx(wanted, abs=0.06)


def test_two_films_go_in_step(at, jobs):
    with at(DESKTOP) as page:
        page.goto("/person?code=P01")
        page.get_by_role("link", name="Compare two sessions").click()
        page.get_by_text("Not a sure change").wait_for()
        page.wait_for_function(
            "() => [...document.querySelectorAll('video')]"
            ".every((film) => film.readyState > 1)"
        )
        axes = page.locator(".overlaid .axes")
        box = axes.bounding_box()
        page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + 80)
        require_in_step(page)
        assert "°" in page.locator("[data-reading]").first.inner_text()

        slider = page.locator("#moment")
        slider.focus()
        page.keyboard.press("Home")
        require_in_step(page)
        page.keyboard.press("PageUp")
        require_in_step(page)
        assert "seconds: earlier" in slider.get_attribute("aria-valuetext")

        require_played(page)
        page.get_by_role("link", name="Videos from their start").click()
        page.locator("#moment").fill("7")
        require_in_step(page)
        assert times(page) == pytest.approx([7.0, 7.0], abs=0.06)

        page.get_by_label("Session", exact=True).select_option(f"{jobs[1].trial_id}")
        page.get_by_role("button", name="Compare").click()
        page.get_by_text("Later, 3 June 2026").first.wait_for()
        chosen = [
            page.get_by_label(name, exact=True) for name in ("Session", "Against")
        ]
        assert [each.input_value() for each in chosen] == [
            f"{job.trial_id}" for job in (jobs[1], jobs[0])
        ]


def require_played(page):
    """By the keyboard alone: both films go on together, and stop together."""
    play = page.get_by_role("button", name="Play")
    page.locator("#moment").fill("0")
    play.focus()
    page.keyboard.press("Space")
    page.wait_for_function(
        "() => Number(document.getElementById('moment').value) > 1.5"
    )
    page.get_by_role("button", name="Pause").focus()
    page.keyboard.press("Space")
    moment = float(page.locator("#moment").input_value())
    assert times(page) == pytest.approx(where_both_are(page, moment), abs=0.35)
    later = float(page.locator("#moment").input_value())
    assert later == moment


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_page_of_it_is_well_made(at, jobs, size, theme):
    first = jobs[0].trial_id
    with at(size, theme) as page:
        for path in (
            *("/compare?code=P01", "/compare?code=P01&align=time"),
            *("/compare?code=P02", f"/trial?code=P01&number={first}"),
        ):
            page.goto(path)
            require_well_made(page)


def test_a_wrong_side_is_set_right_and_put_back(at, jobs):
    wrong = jobs[1].trial_id
    with at(PHONE, "dark") as page:
        page.goto(f"/trial?code=P01&number={wrong}")
        again = page.locator("form.again")
        again.get_by_label("Side").select_option("left")
        again.get_by_label("Why").fill("only the left leg was asked for")
        again.get_by_label("Who says so").fill("MK")
        again.get_by_role("button", name="Measure again").click()
        page.get_by_text("The film with the angle is drawn anew.").wait_for()
        require_well_made(page)
        page.get_by_text("How this recording was measured before").click()
        page.get_by_text("by MK").wait_for()
        require_well_made(page)

        page.goto("/person?code=P01")
        page.get_by_text("Set aside: measured otherwise since (1)").click()
        require_well_made(page)
        page.locator("details[open] a", has_text="3 June 2026").click()
        page.get_by_role("button", name="Put it back").click()
        sheet = page.locator(".sheet:popover-open")
        require_well_made(page)
        sheet.get_by_label("Why").fill("both were")
        sheet.get_by_role("button", name="Let it count again").click()
        page.wait_for_url(f"**number={wrong}")
        assert page.get_by_text("This measurement does not count").count() == 0


def test_a_report_that_was_passed_on_fetches_nothing(chromium, at, tmp_path):
    with at() as page:
        page.goto("/compare?code=P01")
        with page.expect_download() as loaded:
            page.get_by_role("link", name="Both sessions (page)").click()
        report = tmp_path / "report.html"
        loaded.value.save_as(report)
    context, asked = chromium.new_context(), []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    context.close()

    assert asked == [report.as_uri()]
