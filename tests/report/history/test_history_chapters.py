"""Tests for chapters and their figures: what belongs together, and what is drawn."""

from dataclasses import replace
from datetime import date, timedelta

import made_up_subjects as subjects
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from hiprom.report.figure_style import style
from hiprom.report.history.bars_figure import draw_bars
from hiprom.report.history.chapters import chapters
from hiprom.report.history.comparison import compare
from hiprom.report.history.comparison_figure import draw_comparison
from hiprom.report.history.date_axis import date_axis, date_ticks, day_number
from hiprom.report.history.looks import look
from hiprom.report.history.pose import draw_person
from hiprom.report.history.tempo_figure import pace_panels
from hiprom.report.history.trend_figure import draw_trend, scale, session_days
from hiprom.report.history.weeks_figure import shown_weeks, week_panels


@pytest.fixture
def axes():
    with style(8):
        yield Figure(figsize=(5, 3)).add_axes((0.1, 0.1, 0.8, 0.8))


def chapter_of(trials, **told):
    (only,) = chapters(subjects.seen(trials, **told))
    return only


def points(axes, marker):
    """The places of all marks of one shape, shape (n, 2)."""
    found = [line for line in axes.lines if line.get_marker() == marker]
    return np.concatenate([line.get_xydata() for line in found])


def test_a_chapter_has_one_protocol_and_one_instrument_and_left_comes_first():
    by_video = subjects.some_sessions(count=2, sides=("right", "left"))
    by_hand = [
        replace(each, trial_id=each.trial_id + 100)
        for each in subjects.some_sessions(count=2, instrument="goniometer")
    ]
    outer = [
        replace(each, trial_id=each.trial_id + 200)
        for each in subjects.some_sessions(count=2, protocol="seated_er", direction=-1)
    ]

    found = chapters(subjects.seen([*outer, *by_hand, *by_video]))

    assert [
        (each.protocol.name, each.instrument, [leg.side for leg in each.legs])
        for each in found
    ] == [
        ("seated_ir", "hiprom video", ["left", "right"]),
        ("seated_ir", "goniometer", ["right"]),
        ("seated_er", "hiprom video", ["right"]),
    ]
    assert found[0].asymmetry is not None
    assert found[1].asymmetry is None


def test_a_note_of_both_arcs_belongs_to_both_chapters_that_it_is_made_of():
    inner = subjects.some_sessions(count=2)
    outer = [
        replace(each, trial_id=each.trial_id + 200)
        for each in subjects.some_sessions(count=2, protocol="seated_er", direction=-1)
    ]
    by_hand = [
        replace(each, trial_id=each.trial_id + 100)
        for each in subjects.some_sessions(count=2, instrument="goniometer")
    ]

    found = chapters(subjects.seen([*inner, *outer, *by_hand]))

    notes = [[note.text for note in each.notes] for each in found]
    assert notes == [["R 28-0-28"], [], ["R 28-0-28"]]


def test_a_session_of_both_sides_is_one_visit():
    chapter = chapter_of(subjects.some_sessions(count=3, sides=("left", "right")))

    assert chapter.visits == 3


def test_the_marks_are_the_sessions_and_lie_along_the_movement(axes):
    trials = subjects.some_sessions(count=4, protocol="seated_er", direction=-1)
    chapter = chapter_of(trials)
    (leg,) = chapter.legs

    draw_trend(axes, leg, scale(chapter))

    shown = points(axes, look(leg.protocol.direction, "right").marker)
    np.testing.assert_allclose(shown[:4, 1], -leg.series.means)
    np.testing.assert_allclose(shown[:4, 0], session_days(leg))
    low, high = axes.get_ylim()
    assert low < shown[:, 1].min() < shown[:, 1].max() < high


def test_the_band_of_the_first_session_is_as_wide_as_the_detectable_change(axes):
    chapter = chapter_of(subjects.some_sessions(count=4))

    draw_trend(axes, chapter.legs[0], scale(chapter))

    (band,) = (patch for patch in axes.patches if isinstance(patch, Rectangle))
    assert band.get_height() == pytest.approx(2 * 5.4, abs=0.02)
    assert band.get_y() + band.get_height() / 2 == pytest.approx(26.0)


def test_the_trend_is_dashed_across_a_long_pause_and_only_there(axes):
    trials = subjects.some_sessions(count=6)
    late = [
        replace(each, recorded_at=each.recorded_at + timedelta(days=60))
        for each in trials[3:]
    ]
    chapter = chapter_of([*trials[:3], *late])
    days = session_days(chapter.legs[0])

    draw_trend(axes, chapter.legs[0], scale(chapter))

    lines = [line for line in axes.lines if len(line.get_xdata()) > 2]
    lines = [line for line in lines if line.get_marker() == "None"]
    dashed = [line for line in lines if line.is_dashed()]
    assert len(lines) == 3
    (gap,) = dashed
    assert gap.get_xdata()[[0, -1]] == pytest.approx(days[[2, 3]])


def test_both_legs_share_their_scale():
    right = subjects.some_sessions(count=3)
    chapter = chapter_of([*right, *subjects.left_of(right, less_deg=20.0)])

    low, high = scale(chapter).values

    for leg in chapter.legs:
        for index in range(3):
            assert low < leg.interval(index)[0] < leg.interval(index)[1] < high


def test_a_bar_is_as_long_as_the_newest_mean(axes):
    chapter = chapter_of(subjects.some_sessions(count=3, sides=("left", "right")))

    draw_bars(axes, chapter)

    bars = [patch.get_width() for patch in axes.patches][:2]
    assert bars == pytest.approx([29.0, 29.0])
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names == ["Left", "Right", "Women", "Men"]


def test_norms_of_the_subjects_sex_are_shown(axes):
    man = replace(subjects.ANNA, sex="male")

    draw_bars(axes, chapter_of(subjects.some_sessions(count=2), subject=man))

    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names == ["Right", "Men"]


def test_no_line_of_tempo_crosses_a_pause(axes):
    trials = subjects.some_sessions(count=3, every=40.0)
    chapter = chapter_of(trials)

    pace_panels(chapter, scale(chapter).days)[0](axes)

    assert [len(line.get_xdata()) for line in axes.lines] == [1, 1, 1]


def test_weeks_are_those_of_the_last_year_and_dark_where_there_was_enough(axes):
    overview = subjects.seen(subjects.some_sessions(count=60, every=8.0))

    week_panels(overview)[0](axes)

    weeks = shown_weeks(overview)
    bars = [each for each in axes.patches if each.get_width() == pytest.approx(5.4)]
    assert len(weeks) == len(bars) == 53
    assert [bar.get_height() for bar in bars] == [week.sessions for week in weeks]
    enough = {week.has_enough_sessions for week in weeks}
    assert len({bar.get_facecolor() for bar in bars}) == len(enough)


def test_discomfort_has_a_panel_only_if_there_is_any():
    assert len(week_panels(subjects.one_session())) == 2
    assert len(week_panels(subjects.a_year())) == 3


def test_a_rep_that_does_not_count_is_hollow(axes):
    first, second = subjects.some_sessions(count=2)
    out = replace(first.reps[0], excluded="slipped")
    first = replace(first, reps=(out, *first.reps[1:]))
    (found,) = compare(subjects.seen([first, second]), 1, 2)

    draw_comparison(axes, found)

    marks = [line for line in axes.lines if line.get_marker() == "D"]
    hollow = [mark for mark in marks if mark.get_markerfacecolor() == "none"]
    assert len(marks) == 6
    assert [mark.get_ydata()[0] for mark in hollow] == [25.0]


def test_the_person_is_upright_whole_and_carries_the_angle(axes):
    pose = subjects.pose("left", end_range=31.04)

    draw_person(axes, pose)

    (label,) = axes.texts
    assert label.get_text() == "31.0°"
    knee = pose.dial_px[0]
    assert label.get_position()[0] > knee[0]  # away from the other leg
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    assert bottom > top
    seen = pose.image_px[np.isfinite(pose.image_px).all(axis=1)]
    assert (seen > [left, top]).all()
    assert (seen < [right, bottom]).all()
    width_in, height_in = 5 * 0.8, 3 * 0.8
    assert (right - left) / width_in == pytest.approx((bottom - top) / height_in)


def test_the_tested_shank_is_drawn_where_it_was_measured(axes):
    pose = subjects.pose("right")
    moved = replace(pose, dial_px=pose.dial_px + [5.0, 0.0])

    draw_person(axes, moved)

    colour = look(1, "right").colour
    ends = [
        line.get_xydata()
        for line in axes.lines
        if line.get_color() == colour and len(line.get_xydata()) == 2
    ]
    assert any(np.allclose(end, moved.dial_px[:2]) for end in ends)


def test_a_person_without_a_dial_has_no_angle_drawn_but_the_number(axes):
    pose = replace(subjects.pose(), dial_px=np.full((3, 2), np.nan))

    draw_person(axes, pose)

    assert pose.is_drawable
    assert [text.get_text() for text in axes.texts] == ["34.2°"]
    assert not any(line.is_dashed() for line in axes.lines)


def test_hands_and_feet_that_were_not_seen_are_left_out(axes):
    marks = subjects.pose().image_px.copy()
    marks[13:23] = np.nan
    marks[29:] = np.nan

    draw_person(axes, replace(subjects.pose(), image_px=marks))

    for line in axes.lines:
        assert np.isfinite(line.get_xydata()).all()


def test_dates_say_their_year_once(axes):
    first, last = day_number(date(2025, 11, 3)), day_number(date(2026, 3, 20))

    date_axis(axes, (first, last))

    names = [text.get_text() for text in axes.get_xticklabels()]
    assert names == ["Dec\n2025", "Jan\n2026", "Feb", "Mar"]


@given(
    st.dates(date(1971, 1, 1), date(2300, 1, 1)),
    st.floats(0.7, 20_000.0),
    st.integers(3, 8),
)
def test_dates_are_few_in_order_and_within(start, length, most):
    first = day_number(start) + 0.3

    ticks = date_ticks(first, first + length, most=most)

    numbers = [day_number(each) for each in ticks]
    assert 1 <= len(ticks) <= most
    assert numbers == sorted(set(numbers))
    assert all(first <= each <= first + length for each in numbers)
