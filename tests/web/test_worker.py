"""The process that measures: real videos, given up, cancelled, erased, broken down."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from kept import film

from hiprom.core.jobs import JobState
from hiprom.errors import NoReps
from hiprom.web import progress
from hiprom.web.desk import CANCELLED, Desk, Wanted
from hiprom.web.progress import Progress
from hiprom.web.shelves import Shelves
from hiprom.web.worker import BUSY, Worker, _said

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_ir_left.mp4"
pytestmark = [pytest.mark.model, pytest.mark.usefixtures("model_file")]


@pytest.fixture
def desk(site):
    shelves = Shelves(site.folder)
    shelves.make()
    return Desk(site.store, shelves)


def put(site, desk, source=None, name="leg.mp4", **wanted):
    arrived = Shelves(site.folder).uploads / "arrived.mp4"
    if source is None:
        film(arrived, frames=4)
    else:
        arrived.write_bytes(source.read_bytes())
    return desk.job(desk.take(arrived, name, Wanted(**wanted)))


class Working:
    """A worker in a thread, until it is no longer needed."""

    def __init__(self, site, desk):
        self.is_needed = threading.Event()
        self.is_needed.set()
        jobs = desk.jobs
        self._lease = jobs.lease()
        self._lease.__enter__()
        self._worker = Worker(site.store, Shelves(site.folder), jobs, self.is_needed)
        self._thread = threading.Thread(target=self._worker.run)
        self._thread.start()

    def end(self):
        self.is_needed.clear()
        self._thread.join(30)
        self._lease.__exit__(None, None, None)


@pytest.fixture
def working(site, desk):
    worker = Working(site, desk)
    yield
    worker.end()


def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def ended(desk, job):
    def now():
        found = desk.job(job.spec.name)
        return found if found.state in {JobState.DONE, JobState.FAILED} else None

    return until(now)


@pytest.mark.usefixtures("working")
def test_a_worker_goes_on_whatever_happens_to_one_video(site, desk):
    """Nobody in view, cancelled, erased, broken down twice: each ends as it should."""
    shelves = Shelves(site.folder)
    empty = put(site, desk)
    assert "person" in ended(desk, empty).reason.lower()
    assert str(site.folder) not in ended(desk, empty).reason

    long = put(site, desk, SAMPLE)
    until(lambda: progress.read(shelves.progress, long.spec.name).done)
    desk.cancel(long)
    again = put(site, desk)
    ended(desk, again)
    assert desk.job(long.spec.name).reason == CANCELLED
    assert not (shelves.results / long.spec.name).exists()

    erased = put(site, desk, SAMPLE, subject="P09")
    until(lambda: progress.read(shelves.progress, erased.spec.name).done)
    desk.forget("P09")
    poison = put(site, desk)
    progress.note(shelves.progress, poison.spec.name, Progress(begun=2))
    assert "broke down" in ended(desk, poison).reason
    assert desk.job(erased.spec.name) is None
    assert not list(shelves.results.iterdir())
    assert "P09" not in {each.subject.code for each in site.store.subjects()}


def test_a_second_worker_on_one_folder_ends_at_once(site, desk, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(site.folder.parent))
    with desk.jobs.lease():
        second = subprocess.run(
            [sys.executable, "-m", "hiprom.web.worker", str(site.folder)],
            check=False,
            capture_output=True,
            stdin=subprocess.DEVNULL,
        )

    assert second.returncode == BUSY
    assert b"Traceback" not in second.stderr


@pytest.mark.slow
def test_a_worker_that_is_told_to_end_says_nothing(site, desk, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(site.folder.parent))
    job = put(site, desk)
    worker = subprocess.Popen(
        [sys.executable, "-m", "hiprom.web.worker", str(site.folder)],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    until_s = time.monotonic() + 60
    while desk.job(job.spec.name).state != JobState.FAILED:
        assert time.monotonic() < until_s
        time.sleep(0.1)
    worker.terminate()

    # The server is still there: what it writes to is open.
    assert worker.wait(60) == 0
    assert worker.communicate() == (None, b"")


def test_an_error_is_said_in_the_pages_own_words():
    error = NoReps("/home/x/videos/ab/leg.mp4: none. If so, use --protocol seated_er.")

    assert _said(error, "/home/x/videos/ab/leg.mp4") == (
        "leg.mp4: none. If so, use the test \u201cSeated hip external rotation\u201d."
    )
