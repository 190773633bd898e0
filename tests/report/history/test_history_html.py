"""Tests for the page of a history: what it says, and nothing from outside."""

import re
from dataclasses import replace

import histories
import made_up_subjects as subjects
import numpy as np
import pytest
from reading import Page

from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.core.programme import questions
from hiprom.errors import ResultsError
from hiprom.report.history import history_page, write_history_html
from hiprom.report.history.captions import (
    FIGURE,
    LIMITS,
    NO_SESSION,
    method_sentences,
    trend_caption,
)
from hiprom.report.history.chapters import chapters
from hiprom.report.sentences import degrees, interval

MINUS, EN_DASH = "\N{MINUS SIGN}", "\N{EN DASH}"
POSES = (subjects.pose(), subjects.pose("left", end_range=31.04))


@pytest.fixture(scope="module")
def year():
    return subjects.a_year()


@pytest.fixture(scope="module")
def html(year):
    return history_page(year, poses=POSES)


@pytest.fixture(scope="module")
def read(html):
    return Page(html)


@pytest.fixture(scope="module")
def one_html():
    return history_page(subjects.one_session(), poses=POSES)


def chapter_of(trials):
    (only,) = chapters(subjects.seen(trials))
    return only


def said(*args, **kwargs):
    return Page(history_page(subjects.seen(*args, **kwargs))).text


def test_every_newest_number_is_the_overviews_with_its_interval(year, read):
    for progress in year.progress:
        row, direction = progress.sessions[-1], progress.protocol.direction
        half = progress.error.two_sided() * row.error_sd
        mean = direction * row.mean

        side = progress.measure.side.capitalize()
        between = interval(mean - half, mean + half)
        assert f"{side} hip {degrees(mean)} {between} 95 % interval" in read.text


def test_every_change_stands_with_its_verdict_in_words(year, read):
    for progress in year.progress:
        for change in progress.changes:
            shown = degrees(progress.protocol.direction * change.change)
            shown = shown if shown[0] in f"{MINUS}0" else f"+{shown}"
            word = f"{change.direction}, " if change.is_real else ""
            found = re.escape(shown) + r" \(\S+° to \S+°\): " + word + change.verdict
            assert re.search(found, read.text)


def test_a_real_change_is_bold_and_one_within_error_is_not(html):
    real = re.findall(r'<dd class="real">(.*?)</dd>', html)
    other = re.findall(r"<dd>(.*?)</dd>", html)

    assert real
    assert all("larger than measurement error" in each for each in real)
    assert all("within measurement error" in each for each in other)


def test_the_trend_is_described_for_those_who_do_not_see_it(year, read):
    labels = [attrs.get("aria-label", "") for attrs in read.all("figure")]

    rows = year.progress[-1].sessions
    first, last = (degrees(rows[index].mean) for index in (0, -1))
    assert any(f"{len(rows)} sessions, from {first}" in each for each in labels)
    assert any(f"to {last} on 6 January 2026." in each for each in labels)


def test_every_session_is_in_the_table(year, html):
    rows = sum(len(progress.sessions) for progress in year.progress)

    tables = re.findall(r"<details>.*?</details>", html, re.DOTALL)
    assert sum(table.count('<th scope="row">') for table in tables) == rows


def test_the_sides_are_compared_by_the_bands_words(year, read):
    inner = year.asymmetries[-1]

    assert inner.band == "within measurement error"
    gap = degrees(abs(inner.difference_deg))
    assert f"Left and right differ by {gap}" in read.text
    assert "Left: about the average of healthy women (n = 16)." in read.text
    assert "They show what is common, not what is healthy." in read.text


def test_a_large_side_difference_is_said_with_the_source_of_its_band():
    trials = subjects.some_sessions(count=1)
    text = said([*trials, *subjects.left_of(trials, less_deg=12.0)])

    assert re.search(r"The right hip goes 1\d\.\d° \(\+\S+ to \+\S+\) further", text)
    assert "red: a large difference, above 25 %" in text
    assert "VALD HumanTrak shows; a convention, not a limit of health" in text


def test_the_sftr_note_stands_with_what_it_means(year, read):
    for note in year.sftr:
        assert note.text in read.text
    assert "SFTR: external rotation, start, internal rotation" in read.text


def test_reasons_to_ask_stand_calmly_with_their_source(year, read):
    assert len(year.reasons) > 1
    for reason in year.reasons:
        assert f"{reason.seen} Ask {reason.whom}: {reason.ask}" in read.text
        assert f"Where this comes from: {reason.source}" in read.text


def test_practice_is_held_against_the_goal_and_the_next_drill_is_named(year, read):
    assert "Goal: 2 to 3 sessions a week of 5 to 10 minutes." in read.text
    share = f"{year.adherence.share:.0%}".replace("%", " %")
    assert f"weeks so far, {share} had enough sessions" in read.text
    assert f"Next: Seated hip external rotation. {year.due.reason}" in read.text
    assert "Discomfort was 6 of 10 at most." in read.all("figure")[-1]["aria-label"]


def test_a_rep_left_out_by_hand_is_marked_and_not_in_the_mean():
    (last,) = subjects.some_sessions(count=1)
    first, *others = last.reps
    out = replace(first, excluded="the foot slipped")

    html = history_page(subjects.seen([replace(last, reps=(out, *others))]))

    (row,) = re.findall(r'<tbody class="out">(.*?)</tbody>', html, re.DOTALL)
    assert "Left out by hand: the foot slipped." in row
    assert degrees(first.rep.end_range) in row
    assert degrees(np.mean([each.rep.end_range for each in others])) in html


def test_reps_of_several_recordings_are_told_apart():
    first = histories.trial(0, (30.0, 31.0), session_id=1, trial_id=1)
    second = histories.trial(0.01, (32.0,), session_id=1, trial_id=2)

    html = history_page(subjects.seen([first, second]))

    labels = re.findall(r'<tr><th scope="row">([\d.]+)</th>', html)
    assert labels == ["1.1", "1.2", "2.1"]


def test_whose_measurement_error_was_used_is_said(year, read):
    own = year.progress[0].error
    first = method_sentences(chapter_of(subjects.some_sessions(count=1)))

    assert own.is_own
    assert own.source_sentence in read.text
    assert first[0].startswith(
        "Measurement error: SEM 1.9°, MDC95 5.4°. From the literature: Krause"
    )


def test_a_poor_view_is_not_passed_over_in_silence():
    clear, poor = (
        trend_caption(chapter_of(subjects.some_sessions(half_width=half_width)))
        for half_width in (2.9, 9.5)
    )

    assert "Where the view was poor" in poor
    assert "Where the view was poor" not in clear


def test_the_limits_are_said_of_the_camera_only():
    by_video, by_hand = (
        chapter_of(subjects.some_sessions(count=1, instrument=instrument))
        for instrument in ("hiprom video", "goniometer")
    )

    assert by_video.title == "Seated hip internal rotation"
    assert LIMITS in method_sentences(by_video)
    assert by_hand.title == "Seated hip internal rotation, by goniometer"
    assert LIMITS not in method_sentences(by_hand)


def test_external_rotation_is_positive_here_and_says_so():
    trials = subjects.some_sessions(
        count=2, change=8.0, protocol="seated_er", direction=-1
    )

    text = said(trials)

    assert "Right hip 34.0°" in text
    assert "+8.0° (+2.6° to +13.4°): more range, larger than" in text
    assert "External rotation is shown as a positive number" in text


def test_one_session_says_what_comes_with_more(one_html):
    read = Page(one_html)

    assert "This is the first session, the baseline." in read.text
    assert "The range over time" not in read.text
    assert "Against" not in read.text
    assert "1 session" in read.text


def test_two_sessions_are_compared_once():
    text = said(subjects.some_sessions(count=2))

    assert text.count("Against ") == 1
    assert "sessions on: 3 more." in text


def test_one_side_stands_alone():
    read = Page(history_page(subjects.one_session(sides=("left",))))

    assert "Left hip" in read.text
    assert "Right" not in read.text
    assert "Beside published averages" in read.text


def test_a_history_without_anything_says_so():
    assert NO_SESSION in said([])


def test_protocols_nobody_knows_are_named():
    stranger = histories.trial(1.0, protocol="supine_ir", session_id=9, trial_id=9)

    text = said([stranger])

    assert "Left out: 1 recording of protocols" in text
    assert "(supine_ir)" in text


def test_a_figure_of_the_person_stands_beside_the_number(read):
    labels = [attrs["aria-label"] for attrs in read.all("figure")]

    assert any(
        "repetition 2 of 6 January 2025, the left hip at 31.0°" in x for x in labels
    )
    assert "no picture is kept" in read.text


def test_a_pose_that_shows_too_little_is_left_out(one_html):
    hidden = replace(POSES[0], image_px=np.full((33, 2), np.nan))

    html = history_page(subjects.one_session(), poses=[hidden])

    assert "Drawn figure of a person" in one_html
    assert FIGURE in one_html
    assert "Drawn figure of a person" not in html
    assert FIGURE not in html


def test_missing_numbers_are_dashes_never_nan():
    trials = subjects.typed_in(subjects.some_sessions(count=3))

    html = history_page(subjects.seen(trials))

    read = Page(html)
    assert " ".join(["3 30.0°", *[EN_DASH] * 4]) in read.text
    assert "Typically" not in read.text
    assert "Tempo" not in read.text
    assert not re.search(r"\b(nan|inf|None)\b", read.text)
    assert "nan" not in re.sub(r"<style.*?</style>|inance", "", html, flags=re.DOTALL)


def test_the_page_asks_nothing_of_the_network_and_runs_nothing(read):
    assert not read.asked_for + read.all("img")
    assert "default-src 'none'" in read.all("meta")[2]["content"]


def test_every_size_and_colour_of_its_style_has_a_value(read):
    assert not read.unset


def test_readers_that_speak_find_their_way(read):
    assert read.all("html")[0]["lang"] == "en"
    assert len(read.all("h1")) == 1
    figures = read.all("figure")
    assert len(figures) > 10
    assert all(each["role"] == "img" and each["aria-label"] for each in figures)
    assert not read.all("img")
    assert {attrs.get("scope") for attrs in read.all("th")} == {"col", "row"}
    levels = [int(tag[1]) for tag, _ in read.tags if re.fullmatch(r"h\d", tag)]
    steps = np.diff(levels)
    assert steps.max() <= 1


def test_what_a_name_points_to_is_there_and_the_same_everywhere(read):
    assert not read.unclear_names


def test_hostile_names_are_only_names():
    html = history_page(subjects.hostile())

    read = Page(html)
    assert not read.all("img")
    assert not any("onerror" in attrs for _, attrs in read.tags)
    # Subject, place, instrument, drill, an unknown protocol, and why a rep is out.
    assert read.text.count("<img src=x onerror=alert(1)>") >= 6
    assert "W" * 121 not in html.split("Where this comes from")[1]


def test_all_the_red_flags_at_once_have_room():
    flags = tuple(each.name for each in questions())
    diary = [DiaryEntry(histories.START, discomfort=9)]

    read = Page(
        history_page(
            subjects.seen([], diary=diary, programme=Programme(red_flags=flags))
        )
    )

    assert len(re.findall("Where this comes from", read.text)) == len(flags) + 1


def test_the_file_holds_the_page_and_the_same_history_gives_the_same(
    tmp_path, one_html
):
    path = tmp_path / "history.html"

    write_history_html(path, subjects.one_session(), poses=POSES)

    assert path.read_text(encoding="utf-8") == one_html
    assert list(tmp_path.iterdir()) == [path]


def test_a_name_that_is_no_text_can_be_written(tmp_path):
    path = tmp_path / "history.html"

    write_history_html(path, subjects.seen([], subject=Subject("a\udcff")))

    assert r"a\udcff" in path.read_text(encoding="utf-8")


def test_says_when_the_page_cannot_be_written(tmp_path):
    with pytest.raises(ResultsError, match=r"h\.html: the folder does not exist"):
        write_history_html(tmp_path / "no" / "h.html", subjects.seen([]))
