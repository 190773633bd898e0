"""The whole way through, in Chromium: videos in, a number out, left out, sent, erased.

At 1280 and at 390 pixels, by day and by night: no word in the console, no request to
anybody else, nothing that axe objects to, nothing that jumps or sticks out.
"""

import hashlib
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import av
import pytest
from test_restart import Program, ended

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = Path("/usr/bin/chromium")
SAMPLES = Path(__file__).parents[2] / "sample_videos"
AXE = Path(__file__).parent / "axe" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
QUIET = [
    *("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
]
DESKTOP, PHONE = (1280, 900), (390, 844)
PATIENCE_MS = 300_000

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Debian's chromium"),
]


@pytest.fixture(scope="module")
def chromium():
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    with playwright.sync_playwright() as plays:
        launched = plays.chromium.launch(
            executable_path=str(CHROMIUM), args=[*QUIET, *root]
        )
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def program(tmp_path_factory, model_file):
    made = Program(tmp_path_factory.mktemp("home"), model_file)
    with made.start() as web, ended(made):
        yield str(web.base_url)


@pytest.fixture(scope="module")
def clips(tmp_path_factory):
    """The beginnings of the sample videos: two repetitions each."""
    folder = tmp_path_factory.mktemp("clips")
    return [
        beginning(SAMPLES / f"{name}.mp4", folder / f"{name}.mp4")
        for name in ("seated_ir_left", "seated_er_right")
    ]


def beginning(video, out, seconds=10.5):
    with av.open(str(video)) as source, av.open(str(out), "w") as cut:
        stream = source.streams.video[0]
        copy = cut.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None and packet.pts * packet.time_base < seconds:
                packet.stream = copy
                cut.mux(packet)
    return out


@pytest.fixture
def at(chromium, program):
    """Open a browser of a size and theme; whatever it complains of fails the test."""

    @contextmanager
    def opened(size=DESKTOP, theme="light", may_say="nothing"):
        context = chromium.new_context(
            base_url=program,
            viewport={"width": size[0], "height": size[1]},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        context.add_init_script(WATCH_SHIFTS)
        page = context.new_page()
        page.set_default_timeout(60_000)
        said, foreign = [], []
        page.on(
            "console",
            lambda line: (
                said.append(line.text) if line.type in {"error", "warning"} else None
            ),
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((program, "data:", "blob:"))
                else foreign.append(asked.url)
            ),
        )
        yield page
        context.close()
        assert [line for line in said if may_say not in line] == []
        assert foreign == []

    return opened


WATCH_SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const each of list.getEntries()) {
    if (!each.hadRecentInput) window.shifted += each.value;
  }
}).observe({ type: "layout-shift", buffered: true });
"""


def require_well_made(page):
    """What holds of every page: nothing sticks out, jumps, or shuts anybody out."""
    page.wait_for_load_state()
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
    assert page.evaluate("window.shifted") < 0.05, page.url
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run()")["violations"]
    assert [
        (each["id"], [node["html"] for node in each["nodes"]][:3]) for each in found
    ] == [], page.url


def add(page, clips, code):
    page.goto("/")
    page.set_input_files("#files", [str(clip) for clip in clips])
    for field in page.locator("#chosen [name=subject]").all():
        field.fill(code)


def test_axe_is_the_one_that_was_published():
    assert hashlib.sha256(AXE.read_bytes()).hexdigest() == AXE_SHA256


def test_from_two_videos_to_two_numbers_and_to_nothing(at, clips):
    with at(DESKTOP) as page:
        page.goto("/")
        page.get_by_text("Nothing yet.").wait_for()
        add(page, clips, "P01")
        tests = page.locator("#chosen [name=protocol]")
        assert [each.input_value() for each in tests.all()] == [
            "seated_ir",  # as their names say
            "seated_er",
        ]
        require_well_made(page)
        page.get_by_role("button", name="Measure all 2").click()
        page.locator("#jobs .job.running").wait_for()
        page.reload()
        bar = page.locator("#jobs .job.running progress")
        before = float(bar.first.get_attribute("value"))
        page.wait_for_function(
            "before => document.querySelector('#jobs .done') ||"
            " document.querySelector('#jobs progress')?.value > before",
            arg=before,
            timeout=PATIENCE_MS,
        )
        page.locator("#jobs .job.done").nth(1).wait_for(timeout=PATIENCE_MS)
        require_well_made(page)

        page.get_by_role("link", name="seated_ir_left.mp4").first.click()
        require_a_linked_curve(page)
        require_left_out(page)
        require_well_made(page)
        for name, start in (
            ("Repetitions (CSV)", b"video,subject"),
            ("Report (page)", b"<!doctype html>"),
            ("History of P01 (PDF)", b"%PDF"),
        ):
            with page.expect_download() as loaded:
                page.get_by_role("link", name=name).click()
            assert Path(loaded.value.path()).read_bytes().startswith(start)

    for size in (DESKTOP, PHONE):
        for theme in ("light", "dark"):
            with at(size, theme) as page:
                look_at_all(page)

    with at(PHONE) as page:
        page.goto("/person?code=P01")
        page.get_by_role("button", name="Erase P01").click()
        require_well_made(page)
        page.get_by_label("Yes, I am sure").check()
        page.get_by_role("button", name="Erase for good").click()
        page.get_by_text("Nobody is kept yet.").wait_for()
        require_well_made(page)
        page.goto("/")
        page.get_by_text("Nothing yet.").wait_for()


def require_a_linked_curve(page):
    """Hovering the curve, or moving the slider, moves the film."""
    axes, film = page.locator(".axes").first, page.locator("#film")
    film.wait_for()
    page.wait_for_function("() => document.getElementById('film').readyState >= 2")
    box = axes.bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 60)
    duration = film.evaluate("film => film.duration")
    page.wait_for_function(
        "half => Math.abs(document.getElementById('film').currentTime - half) < 0.5",
        arg=duration / 2,
    )
    page.locator("#moment").focus()
    page.keyboard.press("Home")
    page.wait_for_function("() => document.getElementById('film').currentTime < 0.2")
    assert page.locator("#reading").inner_text().startswith("0.0 s: ")


def require_left_out(page):
    before = page.locator(".side .value").inner_text()
    page.get_by_role("button", name="Leave out repetition 1").click()
    sheet = page.locator(".sheet:popover-open")
    sheet.get_by_label("Why").fill("the person slipped")
    sheet.get_by_role("button", name="Leave it out").click()
    page.get_by_text("Left out by a person: the person slipped").wait_for()
    assert page.locator(".side .value").inner_text() != before
    page.get_by_role("button", name="Take back in").click()
    page.get_by_role("button", name="Leave out repetition 1").wait_for()
    assert page.locator(".side .value").inner_text() == before


def look_at_all(page):
    """Look at every page there is."""
    page.goto("/")
    results = [
        link.get_attribute("href") for link in page.locator("#jobs .what h3 a").all()
    ]
    assert len(results) == 2
    for path in (
        *("/", *results, "/people", "/person?code=P01", "/people?find=zz"),
        *("/guide", "/guide/seated_ir", "/privacy", "/enter", "/privacy#main"),
    ):
        page.goto(path)
        require_well_made(page)


def test_an_upload_goes_on_after_the_page_was_closed(at, clips):
    with at() as page:
        page.goto("/")
        half = clips[0].read_bytes()[:100_000]
        begun = page.evaluate(
            """async ([name, size, text]) => {
              const asked = await fetch("/api/uploads", { method: "POST",
                headers: { "Content-Type": "application/json" },
                body: JSON.stringify({ name, bytes: size, modified_ms: 0 }) });
              const { id } = await asked.json();
              const body = Uint8Array.from(text, (c) => c.charCodeAt(0));
              await fetch(`/api/uploads/${id}?offset=0`, { method: "PUT", body });
              return id;
            }""",
            ["half.mp4", clips[0].stat().st_size, half.decode("latin-1")],
        )
        assert begun
        page.reload()
        unfinished = page.locator("#unfinished")
        assert "half.mp4" in unfinished.inner_text()
        require_well_made(page)
        page.get_by_role("button", name="Give up half.mp4").click()
        unfinished.wait_for(state="detached")


def test_what_cannot_be_measured_says_why_and_is_removed(at, tmp_path):
    text = tmp_path / "leg.mp4"
    text.write_text("ffconcat version 1.0\nfile other.mp4\n")
    with at(PHONE, "dark", may_say="status of 415") as page:
        page.goto("/")
        page.set_input_files("#files", str(text))
        page.get_by_role("button", name="Measure it").click()
        page.get_by_text("is a playlist, which names other files").wait_for()
        require_well_made(page)
        page.get_by_role("button", name="Leave out leg.mp4").click()
        assert page.locator("#chosen li").count() == 0


FOREIGN = """
<form method="post" enctype="text/plain" action="SITE/person/erase">
<input name="code" value="P01&sure=yes"></form>
<script>
fetch("SITE/api/uploads", { method: "POST", mode: "no-cors" }).catch(() => 0);
fetch("SITE/people").catch(() => 0);
new WebSocket("SITE/live".replace("http", "ws"));
setTimeout(() => document.forms[0].submit(), 500);
</script>
"""


def test_a_page_on_another_port_gets_nowhere(chromium, program):
    """F26: whatever a browser lets it send, it is refused."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(FOREIGN.replace("SITE", program).encode())

        def log_message(self, *_):
            pass

    answered, failed = {}, set()
    with HTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        threading.Thread(target=server.serve_forever).start()
        page = chromium.new_context().new_page()
        page.on("response", lambda got: answered.update({got.url: got.status}))
        page.on("requestfailed", lambda asked: failed.add(asked.url))
        page.goto(f"http://127.0.0.1:{server.server_port}")
        page.wait_for_url("**/person/erase")
        page.context.close()
        server.shutdown()

    assert answered[f"{program}/person/erase"] == 403
    # What a page may not read is not even shown to it as an answer.
    assert failed >= {f"{program}/api/uploads", f"{program}/people"}
