"""Measured as the wrong test, side or person: measured again, with a trail."""

import re
import time
from datetime import UTC, datetime

import pytest
from histories import trial
from kept import RIGHT, film, measured
from test_results import form, words_of

from hiprom.capture.calibration import profiles
from hiprom.core.camera import Camera
from hiprom.core.jobs import JobState
from hiprom.store.new_trial import NewTrial
from hiprom.web.desk import Desk, Wanted
from hiprom.web.shelves import Shelves
from hiprom.web.worker import Worker

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@pytest.fixture
def desk(site):
    return Desk(site.store, Shelves(site.folder))


@pytest.fixture(autouse=True)
def clean(desk):
    """No job is left over from another test."""
    yield
    for job in list(desk.jobs.jobs()):
        desk.remove(job)


def page_of(web, code, number):
    where = {"code": code, "number": number}
    return web.get("/trial", params=where, follow_redirects=True)


def sent(web, page, button, **said):
    where, known = form(page, button)
    return web.post(where, data=known | said)


def counting(site, code):
    return [
        (each.trial_id, each.protocol)
        for each in site.store.trials(code)
        if each.set_aside is None
    ]


def test_a_wrong_side_is_measured_again_at_once_and_counts_once(web, site, desk):
    job = measured(site, "wrong.mp4", "A1", recorded_at=MAY)
    wrong = job.trial_id
    page = page_of(web, "A1", wrong)
    began_s = time.perf_counter()
    answer = sent(
        web,
        page,
        "Measure again",
        protocol="seated_ir",
        side="left",
        reason="only the <left> was asked for",
        who="M&K",
    )
    assert time.perf_counter() - began_s < 1.0
    page = web.get(answer.headers["location"])

    ((right, _),) = counting(site, "A1")
    assert right != wrong
    assert "42.7°" in page.text
    assert "The film with the angle is drawn anew" in page.text
    assert "the leg that moves" in page.text
    assert "by M&amp;K" in page.text
    assert "only the &lt;left&gt; was asked for" in page.text
    person = words_of(web.get("/person", params={"code": "A1"}))
    assert "1 session " in person
    assert "Set aside: measured otherwise since (1)" in person
    # What the page has of the video is to become what counts now.
    now = desk.job(job.spec.name)
    assert (now.state, now.spec.side) == (JobState.QUEUED, "left")

    page = page_of(web, "A1", wrong)
    assert "This measurement does not count" in page.text
    assert "Measure again" not in page.text
    answer = sent(web, page, "Let it count again", reason="both were asked for", who="")
    assert counting(site, "A1") == [(wrong, "seated_ir")]
    assert "counts again since" in web.get(answer.headers["location"]).text


def test_a_test_that_the_landmarks_do_not_show_changes_nothing(web, site, desk):
    job = measured(site, "fine.mp4", "A2", recorded_at=MAY)
    page = page_of(web, "A2", job.trial_id)
    asked = {"protocol": "seated_er", "side": "auto", "reason": "try"}
    accept = {"accept": "text/html"}
    where, said = form(page, "Measure again")
    answer = web.post(where, data=said | asked, headers=accept)

    assert answer.status_code == 422
    assert "nothing was changed" in answer.text
    assert "use the test “Seated hip internal rotation”" in answer.text
    assert counting(site, "A2") == [(job.trial_id, "seated_ir")]
    assert desk.job(job.spec.name).state == JobState.DONE
    same = {"protocol": "seated_ir", "side": "auto", "reason": "try"}
    assert "like that already" in sent(web, page, "Measure again", **same).text
    assert (
        sent(web, page, "Measure again", **(same | {"reason": ""})).status_code == 400
    )


def test_a_trial_of_the_wrong_person_moves_to_the_right_one(web, site):
    job = measured(site, "whose.mp4", "A3", recorded_at=MAY)
    page = page_of(web, "A3", job.trial_id)
    asked = {
        "protocol": "seated_ir",
        "side": "auto",
        "subject": "A4",
        "reason": "not A3",
    }
    answer = sent(web, page, "Measure again", **asked)

    assert "code=A4" in answer.headers["location"]
    assert counting(site, "A3") == []
    assert len(counting(site, "A4")) == 1
    before = page_of(web, "A3", job.trial_id).text
    assert "is in another person's history" in before
    assert "A4" not in before


def test_nobodys_video_is_measured_again_only_as_what_it_shows(web, site, desk):
    job = measured(site, "nobody.mp4", None, RIGHT, "seated_er")
    page = web.get("/result", params={"job": job.spec.name})
    asked = {"protocol": "seated_ir", "side": "auto"}
    assert sent(web, page, "Measure again", **asked).status_code == 422
    assert desk.job(job.spec.name).state == JobState.DONE

    asked = {"protocol": "seated_er", "side": "right", "subject": "A5"}
    assert sent(web, page, "Measure again", **asked).status_code == 303
    now = desk.job(job.spec.name)
    assert (now.state, now.spec.subject) == (JobState.QUEUED, "A5")


def test_a_film_keeps_its_camera_whatever_it_is_measured_as(site, desk):
    lens = ((600.0, 600.0), (320.0, 240.0), (0.0,) * 5)
    path = profiles.write_profile(Camera("attic", 640, 480, *lens, 0.1, "2026-05-04"))
    shelves = Shelves(site.folder)
    shelves.make()
    arrived = film(shelves.uploads / "arrived.mp4")
    name = desk.take(arrived, "a.mp4", Wanted("seated_ir", camera="attic"))

    desk.again(desk.job(name), Wanted("seated_er", "left"))

    path.unlink()
    spec = desk.job(name).spec
    assert (spec.protocol, spec.side, spec.camera) == ("seated_er", "left", "attic")


@pytest.mark.slow
def test_the_worker_takes_the_kept_landmarks_and_draws_the_film_anew(site, desk):
    """Without the pose model: a video in which nobody is has a result all the same."""
    job = measured(site, "again.mp4", "A6", recorded_at=MAY)
    film = Shelves(site.folder).results / job.spec.name / "overlay.mp4"
    before = film.read_bytes()
    desk.again(job, Wanted("seated_ir", "left", "A6"))
    with desk.jobs.lease():
        is_needed = Once()
        Worker(site.store, Shelves(site.folder), desk.jobs, is_needed).run()

    now = desk.job(job.spec.name)
    assert (now.state, now.reason) == (JobState.DONE, "")
    assert film.read_bytes() != before


class Once:
    """Needed until there is nothing to do."""

    def __init__(self):
        self._left = 2

    def is_set(self):
        self._left -= 1
        return self._left >= 0


def test_an_imported_trial_cannot_be_measured_again(web, site):
    listed = NewTrial(MAY, "seated_ir", trial().reps, instrument="goniometer")
    number = site.store.save_trial("A7", listed).trial.trial_id
    said = {"code": "A7", "trial": f"{number}", "reason": "x", "side": "left"}
    answer = web.post("/trial/again", data=said)

    assert answer.status_code == 400
    assert "imported from a table" in answer.text
    assert web.post("/trial/again", data={"code": "A7"}).status_code == 404
    assert web.post("/trial/put-back", data={"code": "A7"}).status_code == 400
    assert re.search("counts already", web.post("/trial/put-back", data=said).text)
