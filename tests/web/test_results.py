"""What a trial's and a person's page show, leave out, send and erase."""

import re
from dataclasses import replace

import numpy as np
import pytest
from kept import LEFT, RIGHT, measured

from hiprom.core.kept import Subject
from hiprom.report.svg import svg
from hiprom.usecases import analyze_landmarks
from hiprom.web.curve import curves
from hiprom.web.desk import Desk
from hiprom.web.inline_svg import inline
from hiprom.web.shelves import Shelves


@pytest.fixture(scope="module")
def kept(site):
    """A trial of P01, and one of nobody."""
    return measured(site, "anna.mp4", "P01"), measured(
        site, "nobody.mp4", None, RIGHT, "seated_er"
    )


@pytest.fixture(scope="module")
def analysis():
    return analyze_landmarks(LEFT)


def result(web, job):
    return web.get("/result", params={"job": job.spec.name})


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def form(page, button):
    """Return where a form of a page goes and what it holds, by its button's words."""
    for found in re.findall(r"<form .*?</form>", page.text, re.DOTALL):
        if button in found:
            pairs = re.findall(r'name="(\w+)" value="([^"]*)"', found)
            return re.search(r'action="([^"]*)"', found)[1], dict(pairs)
    raise AssertionError(button)


def test_a_trial_shows_its_number_its_reps_and_its_curve(web, kept, analysis):
    page = result(web, kept[0])
    (leg,) = analysis.measurement.sides

    assert page.status_code == 200
    assert f"{leg.mean:.1f}°" in page.text
    for rep in leg.reps:
        assert f"{rep.end_range:.1f}°" in page.text
    assert page.text.count('class="rep"') == 2 * len(leg.reps)  # in the curve and below
    assert "on average over three repetitions" in page.text


def test_external_rotation_counts_along_its_movement(web, kept):
    page = words_of(result(web, kept[1]))

    assert "Right hip" in page
    assert "turned outwards" in page
    assert "keep the trial in a person's history" in page


def test_a_curve_is_where_its_numbers_say(analysis):
    (curve,), (leg,) = curves(analysis.measurement), analysis.measurement.sides
    rep, band = leg.reps[0], curve.bands[0]
    time_s = analysis.measurement.time_s
    share = (rep.start_s - time_s[0]) / (time_s[-1] - time_s[0])

    assert band.start == pytest.approx(100 * share, abs=1e-3)
    assert band.high < band.end < band.low  # measured from the top
    top, bottom = (tick for tick in (curve.up[-1], curve.up[0]))
    per_degree = (bottom.at - top.at) / (
        float(top.words.strip("°")) - float(bottom.words.strip("°"))
    )
    assert curve.zero - band.end == pytest.approx(per_degree * rep.end_range, rel=1e-3)
    row = int(np.argmin(np.abs(np.array(curve.times_s) + time_s[0] - rep.peak_s)))
    assert curve.values[row] == pytest.approx(leg.trace[row], abs=0.01)


def test_a_gap_in_the_trace_is_a_gap_in_the_curve(analysis):
    (leg,) = analysis.measurement.sides
    trace = leg.trace.copy()
    trace[100:120] = np.nan
    names = dict(leg.traces.by_name) | {leg.quantity: trace}
    broken = replace(leg, traces=replace(leg.traces, by_name=names))
    (curve,) = curves(replace(analysis.measurement, sides=(broken,)))

    assert curve.path.count("M") == 2
    assert curve.values[110] is None
    assert "nan" not in curve.path


def test_a_rep_left_out_counts_nowhere_and_stays_on_record(web, site, kept, analysis):
    job, ends = kept[0], analysis.measurement.sides[0].end_ranges
    where, said = form(result(web, job), "Leave it out")
    assert said | {"rep": "1"} == said
    answer = web.post(where, data=said | {"reason": "slipped <i>"})
    page = web.get(answer.headers["location"], follow_redirects=True)

    assert f"{ends[1:].mean():.1f}°" in page.text
    assert "Left out by a person: slipped &lt;i&gt;" in page.text
    assert "over two repetitions" in page.text
    stored = site.store.trials("P01")[0].reps
    assert [each.excluded for each in stored] == ["slipped <i>", None, None]

    where, said = form(page, "Take back in")
    page = web.get(
        web.post(where, data=said).headers["location"], follow_redirects=True
    )
    assert f"{ends.mean():.1f}°" in page.text
    assert "no longer since" in page.text  # the trail is still there


def test_a_rep_is_left_out_for_a_reason(web, kept):
    where, said = form(result(web, kept[0]), "Leave it out")

    assert web.post(where, data=said | {"reason": " "}).status_code == 400
    assert web.post(where, data={"code": "P01"}).status_code == 400
    assert web.post(where, data=said | {"rep": "9", "reason": "x"}).status_code == 400


def test_the_film_is_sent_in_parts_so_that_it_can_be_searched(web, kept):
    where = {"job": kept[0].spec.name, "name": "overlay.mp4", "inline": True}
    whole = web.get("/result/file", params=where)
    part = web.get("/result/file", params=where, headers={"range": "bytes=10-19"})

    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "video/mp4"
    assert whole.headers["content-disposition"].startswith("inline")
    assert part.status_code == 206
    assert part.content == whole.content[10:20]


@pytest.mark.parametrize("name", ["reps.csv", "report.html", "summary.json"])
def test_files_are_saved_never_shown(web, kept, name):
    where = {"job": kept[0].spec.name, "name": name, "inline": True}
    answer = web.get("/result/file", params=where)

    assert answer.status_code == 200
    assert (
        answer.headers["content-disposition"] == f'attachment; filename="anna_{name}"'
    )
    assert "sandbox" in answer.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["../../../hiprom.sqlite", "lock", "", "/etc/passwd"])
def test_only_files_of_the_result_are_sent(web, kept, name):
    where = {"job": kept[0].spec.name, "name": name}

    assert web.get("/result/file", params=where).status_code == 404
    assert web.get("/result/file", params=where | {"job": "../x"}).status_code == 404


@pytest.mark.usefixtures("kept")
def test_people_are_found_by_code_and_name(web, site):
    site.store.put_subject(Subject("Q/2 ü", display_name="<script>alert(1)</script>"))

    def found(word):
        return words_of(web.get("/people", params={"find": word}))

    assert "P01" in found("p0")
    assert "P01" not in found("script")
    assert "Nobody's code or name holds" in found("zz")
    page = web.get("/people", params={"find": "<b>"}).text
    assert "<script>alert" not in web.get("/people").text
    assert "<b>" not in page
    assert web.get("/person", params={"code": "Q/2 ü"}).status_code == 200
    assert "No session yet" in web.get("/person", params={"code": "Q/2 ü"}).text
    assert web.get("/person", params={"code": "P02"}).status_code == 404


def test_a_persons_page_shows_where_they_stand(web, kept):
    page = web.get("/person", params={"code": "P01"})

    assert "This is the first session" in page.text
    assert "(with film)" in page.text
    assert "style=" not in page.text
    trial = re.search(r'href="(/trial[^"]*)"', page.text)[1].replace("&amp;", "&")
    assert web.get(trial).headers["location"].endswith(kept[0].spec.name)


def test_a_trial_without_a_film_is_shown_from_its_landmarks(web, site):
    job = measured(site, "gone.mp4", "P03")
    Desk(site.store, Shelves(site.folder)).remove(job)
    page = web.get("/trial", params={"code": "P03", "number": job.trial_id})

    assert "42.7°" in page.text
    assert "<video" not in page.text
    wrong = web.get("/trial", params={"code": "P01", "number": job.trial_id})
    assert wrong.status_code == 404


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(
    ("path", "kind", "start"),
    [
        ("/person/report", "pdf", b"%PDF"),
        ("/person/report", "html", b"<!doctype html>"),
        ("/person/export", "csv", b"PK"),
        ("/person/export", "xlsx", b"PK"),
        ("/person/export", "json", b"{"),
    ],
)
def test_reports_and_exports_are_sent(web, path, kind, start):
    answer = web.get(path, params={"code": "P01", "kind": kind})

    assert answer.content.startswith(start)
    assert answer.headers["content-disposition"].startswith("attachment")
    unknown = web.get(path, params={"code": "nobody", "kind": kind})
    assert unknown.status_code == 404


def test_a_person_is_erased_for_good_and_only_when_sure(web, site):
    code = "Zz-unmistakable"
    measured(site, f"{code}.mp4", code)
    web.post("/api/uploads", json={"name": f"{code}2.mp4", "bytes": 9, "subject": code})
    page = web.get("/person", params={"code": code})
    where, said = form(page, "Erase for good")
    unsure = {"code": said["code"]}
    assert web.post(where, data=unsure).status_code == 400
    assert web.get("/person", params={"code": code}).status_code == 200

    assert web.post(where, data=said | {"sure": "yes"}).status_code == 303
    assert web.get("/person", params={"code": code}).status_code == 404
    home = site.folder.parent
    assert not list(home.rglob(f"*{code}*"))
    holding = [
        place
        for place in home.rglob("*")
        if place.is_file() and code.encode() in place.read_bytes()
    ]
    assert not holding


def test_a_figure_of_the_reports_stands_in_a_page_without_styles():
    def draw(axes):
        axes.plot([0, 1], [0, 1], color="#0b6e69")
        axes.set_title("=<b>", color="#1b2530", weight="bold")

    figure = inline(svg(draw, 1.0))
    assert "style" not in figure
    assert 'stroke="var(--teal)"' in figure
    assert 'fill="var(--ink)"' in figure
    assert "&lt;b&gt;" in figure
