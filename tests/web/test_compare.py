"""Two trials side by side: which may be, what is shown of them, and by which clock."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from histories import trial
from kept import LEFT, RIGHT, measured
from test_results import words_of

from hiprom import keeping
from hiprom.core.history import Measure
from hiprom.core.in_step import by_reps, by_time
from hiprom.core.kept import Subject
from hiprom.core.overview import overview
from hiprom.store.new_trial import NewTrial
from hiprom.usecases import analyze_landmarks
from hiprom.web.compare import compare_page
from hiprom.web.compare_choice import Choice
from hiprom.web.compare_curve import overlaid, shown
from hiprom.web.desk import Desk
from hiprom.web.shelves import Shelves

MAY = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
KNEE = Measure("seated_ir", "hip_rotation_deg", "left")


@pytest.fixture(scope="module")
def jobs(site):
    """Of one person: two sessions of one test, one of another."""
    first = measured(site, "may.mp4", "C1", recorded_at=MAY)
    later = MAY + timedelta(days=30)
    second = measured(site, "june.mp4", "C1", recorded_at=later)
    other = measured(site, "er.mp4", "C1", RIGHT, "seated_er", recorded_at=later)
    return first, second, other


def compared(web, code="C1", **choice):
    return web.get("/compare", params={"code": code, **choice})


def clock_of(page):
    found = re.search(
        r'<script type="application/json" id="clock">(.*?)</script>', page
    )
    return json.loads(found[1])


def test_the_newest_two_of_a_test_stand_side_by_side(web, jobs):
    page = compared(web)
    words = words_of(page)

    assert "Earlier, 4 May 2026 42.7°" in words
    assert "Later, 3 June 2026 42.7°" in words
    assert "0.0°" in words
    assert "Not a sure change: within measurement error" in words
    assert "MDC95" in words
    assert page.text.count("<video") == 2
    for job in jobs[:2]:
        assert f"job={job.spec.name}" in page.text
    assert "Seated hip external rotation" not in page.text  # it has nobody to stand by
    assert "style=" not in page.text


def test_either_order_is_the_same_and_what_cannot_be_gives_way(web, jobs):
    first, second, other = (job.trial_id for job in jobs)
    usual = compared(web).text

    assert compared(web, earlier=first, later=second).text == usual
    assert compared(web, earlier=other, later=999).text == usual
    turned = words_of(compared(web, earlier=second, later=first))
    assert "Earlier, 4 May 2026" in turned


def test_repetitions_begin_together_or_the_videos_do(web, jobs):
    by_rep, by_start = (
        clock_of(compared(web, align=how).text)["pieces"] for how in ("reps", "time")
    )

    assert len(by_rep) == 3
    assert len(by_start) == 1
    for piece in by_rep:  # the same recording twice: in step throughout
        assert piece[2:4] == piece[4:6]
    assert len(jobs) == 3


def test_the_report_of_both_sessions_is_sent(web, site, jobs):
    overview = keeping.look_back("C1", site.store)
    (series,) = (each for each in overview.series if each.measure == KNEE)
    earlier, later = (each.session_id for each in series.sessions)
    asked = {"code": "C1", "earlier": earlier, "later": later, "kind": "html"}
    answer = web.get("/compare/report", params=asked)

    assert answer.content.startswith(b"<!doctype html>")
    assert answer.headers["content-disposition"].startswith("attachment")
    asked |= {"code": "nobody"}
    assert web.get("/compare/report", params=asked).status_code == 404
    assert jobs


def test_without_films_the_curves_are_there_and_the_page_says_so(web, site):
    for days in (0, 9):
        at = MAY + timedelta(days=days)
        job = measured(site, f"{days}.mp4", "C2", recorded_at=at)
    desk = Desk(site.store, Shelves(site.folder))
    desk.remove(job)
    page = compared(web, "C2")
    assert page.text.count("<video") == 1
    assert "No video is kept of this one" in page.text

    for left in list(desk.jobs.jobs()):
        if left.spec.subject == "C2":
            desk.remove(left)
    page = compared(web, "C2")
    assert "No video is kept of either session: the curves are drawn from" in page.text
    assert "<video" not in page.text
    assert page.text.count("vector-effect") == 2


def test_of_a_table_that_was_imported_there_are_numbers_alone(web, site):
    for days in (0, 9):
        at = MAY + timedelta(days=days)
        listed = NewTrial(at, "seated_ir", trial().reps, instrument="goniometer")
        site.store.save_trial("C3", listed)
    page = compared(web, "C3")

    assert page.status_code == 200
    assert "by goniometer" in words_of(page)
    assert "Right hip, internal rotation" in words_of(page)
    assert "clock" not in page.text
    assert "<video" not in page.text


def test_what_cannot_be_compared_says_what_is_needed(web, site):
    measured(site, "one.mp4", "C4", recorded_at=MAY)
    page = compared(web, "C4")

    assert "Two are needed, on different days, of the same test" in page.text
    assert "/compare" not in web.get("/person", params={"code": "C4"}).text
    assert compared(web, "nobody").status_code == 404


def test_of_several_movements_and_recordings_one_is_chosen_at_a_time():
    both = trial().reps + trial(end_ranges=(20.0, 22.0), side="left").reps
    first, second = (replace(trial(days), reps=both) for days in (0.0, 9.0))
    twice = trial(9.1, (33.0,), trial_id=99, session_id=second.session_id)
    seen = overview(Subject("P"), (first, second, twice), today=MAY.date())
    left, right = (
        compare_page(seen, Choice(later=second.trial_id, of=of), {}, {})
        for of in ("nothing", "right+1")
    )

    assert [each.words for each in left.measures] == [
        "Left hip, internal rotation",
        "Right hip, internal rotation",
    ]
    assert (left.later.number, left.later.is_one_of_several) == ("21.0°", False)
    assert (right.later.number, right.later.is_one_of_several) == ("30.8°", True)
    assert [len(each.reps) for each in (left, right)] == [2, 4]
    assert right.curve is None


def test_the_curves_are_where_their_numbers_say():
    measurement = analyze_landmarks(LEFT).measurement
    one = shown(measurement, KNEE)
    (leg,) = measurement.sides
    pieces = by_reps(one.recording, one.recording)
    figure = overlaid((one, one), pieces, leg.quantity)

    assert figure.paths[0] == figure.paths[1]
    assert len(figure.ends[0]) == len(leg.reps)
    top, bottom = figure.up[-1], figure.up[0]
    per_degree = (bottom.at - top.at) / (
        float(top.words.strip("°")) - float(bottom.words.strip("°"))
    )
    for end, rep in zip(figure.ends[0], leg.reps, strict=True):
        assert figure.zero - end.at == pytest.approx(
            per_degree * rep.end_range, rel=1e-3
        )
    alone = overlaid((None, one), by_time(one.recording, one.recording), leg.quantity)
    assert alone.paths[0] == ""
    assert alone.data["curves"][0] is None
    assert np.isfinite(
        [value for value in alone.data["curves"][1]["values"] if value]
    ).all()
