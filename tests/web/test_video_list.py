"""The list of videos: watched live, cancelled, asked for anew, removed, taken along."""

import io
import json
import time
import zipfile
from pathlib import Path

import pytest
from kept import film, measured
from serving import client

from hiprom.core.jobs import JobState
from hiprom.web import progress
from hiprom.web.desk import CANCELLED, Desk, Wanted
from hiprom.web.progress import Progress
from hiprom.web.shelves import Shelves


@pytest.fixture
def desk(site):
    return Desk(site.store, Shelves(site.folder))


@pytest.fixture(autouse=True)
def clean(site, desk):
    """No job is left over from another test."""
    yield
    desk.jobs.release()
    for job in list(desk.jobs.jobs()):
        desk.remove(job)
    assert not list(Shelves(site.folder).videos.iterdir())


def waiting(site, desk, name="leg.mp4", **wanted):
    arrived = film(Shelves(site.folder).uploads / "arrived.mp4")
    return desk.job(desk.take(arrived, name, Wanted(**wanted)))


class Listener:
    """Somebody who watches the list."""

    def __init__(self, port, since="", last=None):
        headers = {"last-event-id": last} if last else {}
        self._asks = client(port, **headers)
        self._answer = self._asks.stream(
            "GET", "/api/jobs/events", params={"since": since}
        )
        self._lines = self._answer.__enter__().iter_lines()

    def next(self):
        number, data = "", None
        for line in self._lines:
            if line.startswith("id:"):
                number = line[3:].strip()
            elif line.startswith("data:"):
                data = json.loads(line[5:])
            elif not line and data is not None:
                return number, data
        return None

    def until(self, state):
        while True:
            number, data = self.next()
            if data.get("state") == state or (data.get("gone") and state == "gone"):
                return number, data

    def close(self):
        self._answer.__exit__(None, None, None)
        self._asks.close()


@pytest.fixture
def listen(web):
    made = []

    def new(**how):
        made.append(Listener(web.base_url.port, **how))
        return made[-1]

    yield new
    for each in made:
        each.close()


def test_what_changes_is_told_to_who_watches(site, desk, listen):
    watching = listen()
    job = waiting(site, desk)
    assert watching.until("queued")[1]["name"] == job.spec.name

    desk.jobs.claim(1)
    note = Progress(1, "Finding the person", 50, 200)
    progress.note(Shelves(site.folder).progress, job.spec.name, note)
    told = watching.until("running")[1]
    while told["share"] == 0:
        told = watching.next()[1]
    assert told["share"] == pytest.approx(0.2)
    assert told["words"] == "Finding the person, 50 of 200 frames"

    desk.jobs.fail(job.job_id, "Nobody is in view.")
    assert "Nobody is in view." in watching.until("failed")[1]["html"]
    desk.remove(desk.job(job.spec.name))
    assert watching.until("gone")[1]["name"] == job.spec.name


def test_who_comes_back_is_told_what_was_missed_and_no_more(site, desk, listen):
    first, second = waiting(site, desk, "a.mp4"), waiting(site, desk, "b.mp4")
    time.sleep(0.4)  # the board looks no oftener than that
    watching = listen()
    assert set(watching.next()[1]["all"]) == {first.spec.name, second.spec.name}
    numbers = [watching.next()[0] for _ in range(2)]
    watching.close()
    desk.cancel(first)

    again = listen(last=max(numbers, key=lambda each: int(each.split("-")[1])))
    assert again.next()[1]["name"] == first.spec.name
    after_restart = listen(last="00000000-999")
    assert len(after_restart.next()[1]["all"]) == 2
    told = {after_restart.next()[1]["name"] for _ in range(2)}
    assert told == {first.spec.name, second.spec.name}


def test_the_page_itself_shows_the_list_as_it_is(web, site, desk):
    job = waiting(site, desk, "leg.mp4", subject="P01")
    page = web.get("/").text

    assert f'id="job-{job.spec.name}"' in page
    assert "Waits for its turn" in page
    assert "Test told by the video" in page
    assert "/person?code=P01" in page


def test_a_video_that_waits_is_cancelled_and_asked_for_anew(web, site, desk):
    job = waiting(site, desk)
    name = job.spec.name
    assert web.post(f"/jobs/{name}/cancel").status_code == 303
    assert desk.job(name).reason == CANCELLED

    again = {"protocol": "seated_er", "side": "right", "subject": "P02"}
    assert web.post(f"/jobs/{name}/again", data=again).status_code == 303
    now = desk.job(name)
    assert (now.state, now.reason) == (JobState.QUEUED, "")
    assert (now.spec.protocol, now.spec.side, now.spec.subject) == tuple(again.values())


def test_a_video_is_removed_with_all_that_came_of_it(web, site, desk):
    job = measured(site)
    shelves = Shelves(site.folder)
    assert (shelves.results / job.spec.name / "reps.csv").is_file()

    assert web.post(f"/jobs/{job.spec.name}/remove").status_code == 303
    assert desk.job(job.spec.name) is None
    assert not Path(job.spec.video).exists()
    assert not list(shelves.results.iterdir())


def test_what_belongs_to_no_job_goes_at_the_next_start(site, serving):
    job = measured(site)
    shelves = Shelves(site.folder)
    (shelves.results / "20200101-000000-000000-abcd").mkdir()
    (shelves.results / ".20200101-000000-000000-abcd.x1").mkdir()
    (shelves.videos / ("0" * 64)).mkdir()
    with serving():
        pass

    assert [place.name for place in shelves.results.iterdir()] == [job.spec.name]
    assert [place.name for place in shelves.videos.iterdir()] == [
        Path(job.spec.video).parent.name
    ]


def test_a_measured_video_shows_its_number_in_the_list(web, site):
    measured(site, "leg.mp4")
    page = web.get("/").text

    assert "42.7°" in page
    assert "Left" in page


def test_all_tables_come_in_one_zip(web, site, desk):
    first = measured(site, "leg.mp4")
    measured(site, "leg.mp4")
    waiting(site, desk, "later.mp4")
    answer = web.get("/tables.zip")
    packed = zipfile.ZipFile(io.BytesIO(answer.content))

    assert answer.headers["content-disposition"].startswith("attachment")
    assert packed.testzip() is None
    assert set(packed.namelist()) == {
        *("reps.csv", "summary.csv"),
        *("leg/reps.csv", "leg/frames.csv"),
        *("leg (2)/reps.csv", "leg (2)/frames.csv"),
    }
    table = Shelves(site.folder).results / first.spec.name / "reps.csv"
    assert packed.read("leg/reps.csv") == table.read_bytes()


def test_a_video_that_failed_says_why_and_what_else_can_be_chosen(web, site, desk):
    job = waiting(site, desk)
    desk.jobs.claim(1)
    desk.jobs.fail(job.job_id, "No repetition <b>was</b> found.")
    page = web.get("/job", params={"name": job.spec.name}).text

    assert "No repetition &lt;b&gt;was&lt;/b&gt; found." in page
    assert web.get("/job", params={"name": "nothing"}).status_code == 404
    assert web.get("/result", params={"job": job.spec.name}).status_code == 409
