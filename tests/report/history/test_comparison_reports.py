"""Tests for two sessions side by side: what is compared, and what is refused."""

import re
from dataclasses import replace

import histories
import made_up_subjects as subjects
import pytest
from reading import Page, Pdf

from hiprom.core.statistics import change_between
from hiprom.errors import InputError, ResultsError
from hiprom.report.history import (
    comparison_page,
    write_comparison_html,
    write_comparison_pdf,
)
from hiprom.report.history.comparison import compare


@pytest.fixture(scope="module")
def both_sides():
    right = subjects.some_sessions(count=4, change=2.5)
    left = subjects.left_of(right, less_deg=3.0)
    outer = subjects.some_sessions(count=2, protocol="seated_er", direction=-1)
    outer = [replace(each, trial_id=each.trial_id + 500) for each in outer]
    return subjects.seen([*right, *left, *outer])


@pytest.fixture(scope="module")
def read(both_sides):
    return Page(comparison_page(both_sides, 1, 4))


def test_the_change_is_the_cores_between_these_two(both_sides):
    (inner,) = compare(both_sides, 1, 4)

    assert [pair.side for pair in inner.pairs] == ["left", "right"]
    for pair in inner.pairs:
        series = next(
            each for each in both_sides.series if each.measure == pair.progress.measure
        )
        core = change_between(
            series.sessions[0],
            series.sessions[3],
            pair.progress.error,
            pair.protocol,
        )
        assert pair.change == core


def test_numbers_change_and_verdict_are_on_the_page(read):
    assert (
        "Right hip +7.5° +2.1° to +12.9° 95 % interval more range, larger" in read.text
    )
    assert "Mean 26.0° 33.5°" in read.text
    assert "95 % interval 22.2° to 29.8° 29.7° to 37.3°" in read.text
    assert "Furthest 27.0° 34.5°" in read.text
    assert "6 January 2025 and 2 February 2025" in read.text


def test_tempo_and_flags_are_compared():
    first, second = subjects.some_sessions(count=2)
    rep = replace(second.reps[0].rep, hold_s=0.2, flags=("short_hold",), valid=True)
    second = replace(second, reps=(replace(second.reps[0], rep=rep), *second.reps[1:]))

    text = Page(comparison_page(subjects.seen([first, second]), 1, 2)).text

    assert "Held for 1.3 s 1.3 s" in text
    assert "Without a flag 100 % 67 %" in text
    assert "Flags on 6 January 2025: none." in text
    assert "held for less than 0.3 s (1\N{MULTIPLICATION SIGN})." in text


def test_a_rep_left_out_is_counted_but_not_in_the_mean():
    first, second = subjects.some_sessions(count=2)
    out = replace(first.reps[2], excluded="slipped")
    first = replace(first, reps=(*first.reps[:2], out))

    text = Page(comparison_page(subjects.seen([first, second]), 1, 2)).text

    assert "Repetitions 2 of 3 count 3 of 3 count" in text
    assert "Mean 25.5° 27.5°" in text


def test_every_protocol_that_both_have_is_there(both_sides):
    titles = [each.title for each in compare(both_sides, 1, 2)]

    assert titles == ["Seated hip internal rotation", "Seated hip external rotation"]


def test_the_order_of_asking_does_not_matter(both_sides):
    assert comparison_page(both_sides, 4, 1) == comparison_page(both_sides, 1, 4)


def test_external_rotation_grows_to_the_positive(both_sides):
    text = Page(comparison_page(both_sides, 1, 2)).text

    outer = text.split("Seated hip external rotation")[1]
    assert "Right hip +1.5°" in outer
    assert "Mean 26.0° 27.5°" in outer
    assert "External rotation is shown as a positive number" in outer


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ((1, 1), "Session 1 cannot be compared with itself. Name two."),
        ((1, 9), r"no session 9 .* The newest are 1 \(6 January 2025\), 2 \("),
        ((1, 77), r"have nothing in common: only the same protocol, side and"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_a_reason(asked, answer):
    other = histories.trial(50.0, side="left", session_id=77, trial_id=77)
    overview = subjects.seen([*subjects.some_sessions(count=2), other])

    with pytest.raises(InputError, match=answer):
        comparison_page(overview, *asked)


def test_instruments_are_never_compared_with_each_other():
    first, _ = subjects.some_sessions(count=2)
    _, second = subjects.some_sessions(count=2, instrument="goniometer")

    with pytest.raises(InputError, match="nothing in common"):
        comparison_page(subjects.seen([first, second]), 1, 2)


def test_missing_numbers_are_dashes_never_nan():
    trials = subjects.typed_in(subjects.some_sessions(count=2))

    text = Page(comparison_page(subjects.seen(trials), 1, 2)).text

    assert "Held for \N{EN DASH} \N{EN DASH}" in text
    assert "Ends held \N{EN DASH} \N{EN DASH}" in text
    assert not re.search(r"\b(nan|None)\b", text)


def test_the_page_asks_nothing_of_the_network_and_can_be_heard(read):
    assert not read.asked_for + read.all("img")
    assert "default-src 'none'" in read.all("meta")[2]["content"]
    assert len(read.all("h1")) == 1
    (figure,) = read.all("figure")
    assert "Right: +7.5° (+2.1° to +12.9°), more range" in figure["aria-label"]


def test_hostile_names_are_only_names():
    read = Page(comparison_page(subjects.hostile(), 1, 2))

    assert not read.all("img")
    assert "<img src=x onerror=alert(1)>" in read.text


def test_the_pdf_says_the_same(both_sides, tmp_path):
    path = tmp_path / "two.pdf"

    write_comparison_pdf(path, both_sides, 1, 2)

    inner, outer = Pdf(path).pages
    assert "Left: +" in inner
    assert (
        "Right: +2.5° (\N{MINUS SIGN}2.9° to +7.9°), within measurement error." in inner
    )
    assert "\nMean\n26.0°\n28.5°\n" in inner
    assert "Right: +1.5°" in outer
    assert outer.endswith("2 of 2")


def test_nothing_is_written_where_there_is_nothing_to_compare(both_sides, tmp_path):
    for write in (write_comparison_html, write_comparison_pdf):
        with pytest.raises(InputError):
            write(tmp_path / "two", both_sides, 1, 99)

    assert not list(tmp_path.iterdir())


def test_says_when_the_page_cannot_be_written(both_sides, tmp_path):
    with pytest.raises(ResultsError, match=r"c\.html: the folder does not exist"):
        write_comparison_html(tmp_path / "no" / "c.html", both_sides, 1, 4)
