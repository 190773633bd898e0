"""Tests for overview.html: what stands first, what is said, and how it pages."""

import re

import pytest
from made_batch import STRAIGHT, done, failed, job
from reading import Page

from hiprom.core.jobs import JobState
from hiprom.report.batch import page as page_module
from hiprom.report.batch import write_combined

HOSTILE = '<img src=x onerror=alert(1)>"&\u202e.mp4'


def overview(out, jobs):
    return Page(write_combined(out, jobs).read_text(encoding="utf-8"))


def usual_batch(out, count=7):
    return [
        done(out, f"v{number}", by_deg=0.01 + 0.4 * number) for number in range(count)
    ]


@pytest.fixture
def read(tmp_path):
    jobs = [
        *usual_batch(tmp_path),
        done(tmp_path, "far", by_deg=30.03),
        failed("dark_cellar", "Nobody was found. Switch on a light."),
    ]
    return overview(tmp_path, jobs)


def test_failures_come_first_then_what_stands_out_then_all(read):
    places = [
        read.text.index(words)
        for words in (
            "Failed 1 each with its reason below",
            "What failed, and what to do",
            "Worth a second look",
            "As usual",
            "All videos",
        )
    ]

    assert places == sorted(places)
    assert "Measured 8 of 9 videos" in read.text
    assert "Stand out 1" in read.text


def test_a_failure_is_named_with_its_reason_and_what_to_do(read):
    assert (
        "1 video Nobody was found. Switch on a light. /clinic/dark_cellar.mp4"
        in read.text
    )


def test_what_stands_out_says_by_how_much_and_the_rest_says_nothing(read):
    odd, rest = read.text.split("As usual")

    assert "far 64.2° right 28.6° more than the median of this batch." in odd
    assert "median of this batch." not in rest
    assert "median of 8 means 35.6°" in odd


def test_every_video_has_its_figure_and_leads_to_its_own_report(read):
    figures = [a["aria-label"] for a in read.all("figure")]
    links = {a["href"] for a in read.all("a")}

    assert len(figures) == 8
    assert figures[0] == "far, right: repetitions of 61.5°, 64.2°, 65.8°, 65.1°"
    assert links == {f"{name}/report.html" for name in (*_names(7), "far")}
    assert read.html.count("<circle") == 8 * 4


def _names(count):
    return [f"v{number}" for number in range(count)]


def test_each_has_a_row_in_the_table_of_all(read):
    _, table = read.text.split("All videos")

    assert "v0 seated_ir right 34.2° 31.0° to 37.3° 1.9° 4/4" in table
    assert "dark_cellar seated_ir failed" in table


def test_external_rotation_is_positive_and_its_odd_ones_are_found(tmp_path):
    jobs = [
        done(tmp_path, f"v{n}", by_deg=-0.01 - 0.4 * n, is_external=True)
        for n in range(6)
    ]
    jobs.append(done(tmp_path, "stiff", by_deg=30.03, is_external=True))

    read = overview(tmp_path, jobs)

    assert "median of 7 means 35.0°" in read.text
    assert "stiff 4.1° right 30.8° less than the median of this batch." in read.text
    assert "31.0° to 37.3°" in read.text


def test_among_very_like_ones_a_small_difference_does_not_stand_out(tmp_path):
    jobs = [done(tmp_path, f"v{n}", by_deg=0.01 * n) for n in range(6)]
    jobs.append(done(tmp_path, "near", by_deg=5.0))

    assert "Stand out 0" in overview(tmp_path, jobs).text


def test_protocols_are_not_compared_with_each_other(tmp_path):
    jobs = usual_batch(tmp_path)
    jobs += [
        done(tmp_path, f"e{n}", by_deg=-25.0 - 0.5 * n, is_external=True)
        for n in range(6)
    ]

    read = overview(tmp_path, jobs)

    assert "Stand out 0" in read.text
    assert read.text.index("internal rotation median of 7") < read.text.index(
        "external rotation median of 6"
    )


def test_a_batch_too_small_to_compare_says_so(tmp_path):
    jobs = [done(tmp_path, "a"), done(tmp_path, "b", by_deg=40.0)]

    read = overview(tmp_path, jobs)

    assert "too few to say what is usual" in read.text
    assert "Stand out 0" in read.text
    assert 'class="usual"' not in read.html


@pytest.mark.parametrize(
    ("oddity", "words"),
    [
        ({"spread": 5.0}, "Its repetitions differ much: standard deviation 9.4°."),
        ({"coverage": 0.62}, "Only 62 % of the recording could be read."),
        (
            {"view": STRAIGHT.__class__(**(vars(STRAIGHT) | {"yaw_deg": 33.0}))},
            "You face about 33° past the camera.",
        ),
        ({"reps": False}, "No repetition counts, so there is no number."),
    ],
    ids=["spread", "coverage", "view", "no reps"],
)
def test_other_reasons_for_a_second_look_are_said(oddity, words, tmp_path):
    read = overview(tmp_path, [*usual_batch(tmp_path), done(tmp_path, "odd", **oddity)])

    assert "Stand out 1" in read.text
    assert words in read.text


def test_the_oddest_come_first(tmp_path):
    jobs = usual_batch(tmp_path)
    jobs += [done(tmp_path, "a20", by_deg=20.0), done(tmp_path, "z30", by_deg=-30.0)]
    jobs.append(done(tmp_path, "w5", by_deg=5.0))

    read = overview(tmp_path, jobs)

    names = [a["aria-label"].split(",")[0] for a in read.all("figure")]
    assert names[:3] == ["z30", "a20", "w5"]


def test_reasons_that_differ_in_numbers_only_are_one(tmp_path):
    said = "{}: You face {}° past the camera; up to 50° is fine. Turn to your left."
    jobs = [
        failed(name, said.format(f"/clinic/{name}.mp4", angle))
        for name, angle in (("a", 61), ("b", 72), ("c", 72))
    ]
    jobs.append(failed("d", "Something else."))

    read = overview(tmp_path, jobs)

    assert (
        "3 videos You face …° past the camera; up to 50° is fine. Turn to your left. "
        "/clinic/a.mp4 /clinic/b.mp4 /clinic/c.mp4 1 video Something else." in read.text
    )


def test_a_short_file_name_does_not_eat_the_words(tmp_path):
    jobs = [
        failed(
            "a", "a.mp4: a cut file. Mend out/a/reps.csv, not data.mp4.", video="a.mp4"
        )
    ]

    read = overview(tmp_path, jobs)

    assert "A cut file. Mend out/…/reps.csv, not data.mp4." in read.text


def test_what_is_not_done_yet_is_counted(tmp_path):
    jobs = [done(tmp_path, "a"), job("b", JobState.QUEUED), job("c", JobState.RUNNING)]

    read = overview(tmp_path, jobs)

    assert "Not yet done 2" in read.text


def test_a_video_without_a_page_of_its_own_has_no_link(tmp_path):
    jobs = [done(tmp_path, "a")]
    (tmp_path / "a" / "report.html").unlink()

    assert not overview(tmp_path, jobs).all("a")


def test_a_large_batch_shows_the_oddest_and_pages_its_table(tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "_ROWS_PER_PAGE", 4)
    monkeypatch.setattr(page_module, "_ALL_SHOWN", 8)
    monkeypatch.setattr(page_module, "_ODDEST_SHOWN", 3)
    (tmp_path / "overview_4.html").write_text("of a larger batch")
    (tmp_path / "overview_old.html").write_text("somebody's own")
    jobs = [
        *usual_batch(tmp_path),
        done(tmp_path, "far", by_deg=30.03),
        failed("x", ""),
    ]

    read = overview(tmp_path, jobs)
    last = Page((tmp_path / "overview_3.html").read_text(encoding="utf-8"))

    assert len(read.all("figure")) == 3
    assert "5 more are less odd than these" in read.text
    assert "All videos, rows 1 to 4 of 9 1 2 3" in read.text
    assert "All videos, rows 9 to 9 of 9" in last.text
    assert not last.all("figure")
    assert {a["href"] for a in last.all("a")} == {"overview.html", "overview_2.html"}
    assert not (tmp_path / "overview_4.html").exists()
    assert (tmp_path / "overview_old.html").exists()


def test_many_failures_are_counted_not_all_named(tmp_path, monkeypatch):
    monkeypatch.setattr(page_module, "_FAILURES_NAMED", 2)
    monkeypatch.setattr(page_module, "_REASONS_SHOWN", 1)
    jobs = [failed(f"n{number}", "No light.") for number in range(5)]

    read = overview(tmp_path, [*jobs, failed("other", "No video.")])

    assert read.html.count("<li>") == 2
    assert "And 3 more: summary.csv" in read.text
    assert "There is 1 more reason:" in read.text


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(read):
    links = {a["href"] for a in read.all("a")}

    assert set(read.asked_for) == links
    assert all(re.fullmatch(r"\w+/report\.html", link) for link in links)
    assert "default-src 'none'" in read.all("meta")[2]["content"]


def test_every_size_colour_and_name_has_its_meaning(read):
    assert not read.unset
    assert not read.unclear_names


def test_readers_that_speak_find_their_way(read):
    assert read.all("html")[0]["lang"] == "en"
    assert len(read.all("h1")) == 1
    assert all(a.get("aria-label") for a in read.all("figure"))
    assert {a.get("scope") for a in read.all("th")} == {"col", "row"}


def test_a_hostile_name_is_only_a_name(tmp_path):
    jobs = [
        failed("a", HOSTILE, video=f"/x/{HOSTILE}", subject=HOSTILE),
        done(tmp_path, "b", video=HOSTILE, subject=HOSTILE),
    ]

    read = overview(tmp_path, jobs)

    assert not read.all("img")
    assert read.text.count("<img src=x onerror=alert(1)>") >= 3


def test_missing_numbers_are_dashes_never_nan(tmp_path):
    jobs = [*usual_batch(tmp_path), done(tmp_path, "none", reps=False, view=None)]

    html = overview(tmp_path, jobs).html

    assert "nan" not in html.replace("nance", "")
    assert "None" not in html
    assert "inf" not in html
