"""When to ask a professional: each rule, when it speaks and when it keeps silent."""

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from histories import START, trial, year

from hiprom.core.history import DiaryEntry, Programme
from hiprom.core.programme import questions, reasons_to_ask

NOTHING = Programme(red_flags=())


def day(number):
    return START.date() + timedelta(days=number)


def noted(number, discomfort=None, **told):
    return DiaryEntry(START + timedelta(days=number), discomfort=discomfort, **told)


def sessions(ranges, *, side="right", every=7.0, **told):
    return [
        trial(
            every * n,
            (deg,),
            side=side,
            trial_id=100 * (side == "left") + n,
            session_id=n,
            **told,
        )
        for n, deg in enumerate(ranges)
    ]


def asked(trials=(), diary=(), programme=NOTHING, today=None):
    return reasons_to_ask(trials, diary, programme, today or day(400))


def names(*told, **more):
    return [reason.name for reason in asked(*told, **more)]


def test_when_nothing_was_seen_there_is_nothing_to_ask():
    assert asked() == ()
    assert asked(sessions([30.0, 31.0, 30.0]), [noted(0, 2)]) == ()


def test_a_drop_that_lasts_over_two_sessions_is_a_reason():
    (reason,) = asked(sessions([36.0, 35.0, 37.0, 36.0, 28.0, 27.0]))

    assert reason.name == "drop"
    assert "right" in reason.seen
    assert "3 February 2025 and 10 February 2025" in reason.seen
    assert "at least 8° less range" in reason.seen
    assert "Krause et al. 2015" in reason.source


@pytest.mark.parametrize(
    "ranges",
    [
        [36.0, 35.0, 37.0, 36.0, 28.0],
        [36.0, 35.0, 37.0, 36.0, 28.0, 35.0],
        [36.0, 35.0, 37.0, 36.0, 32.0, 31.5],
        [28.0, 27.0, 29.0, 28.0, 36.0, 37.0],
        [28.0, 27.0],
    ],
    ids=["once", "recovered", "within error", "a gain", "nothing before"],
)
def test_no_drop_that_lasts_is_no_reason(ranges):
    assert names(sessions(ranges)) == []


def test_less_external_rotation_is_a_drop_and_more_is_not():
    less, more = [-44.0] * 4 + [-34.0] * 2, [-34.0] * 4 + [-44.0] * 2

    assert names(sessions(less, protocol="seated_er")) == ["drop"]
    assert names(sessions(more, protocol="seated_er")) == []


def test_a_slow_loss_since_the_beginning_is_a_drop_too():
    (reason,) = asked(sessions(np.linspace(40.0, 24.0, 40)))

    assert "than the first sessions" in reason.seen


def test_two_sessions_with_a_poor_view_are_no_drop():
    good = sessions([36.0] * 4)
    poor = [
        replace(each, recorded_at=each.recorded_at + timedelta(days=28))
        for each in sessions([29.0, 29.0], half_width=12.0)
    ]
    poor = [replace(each, session_id=n) for n, each in enumerate(poor, start=10)]

    assert names([*good, *poor]) == []


def test_an_unchanged_hip_hardly_ever_has_a_reason():
    reasons = [reason for seed in range(40) for reason in asked(year(seed).trials)]

    assert len(reasons) <= 1


def both(right, left, **told):
    return [*sessions(right, **told), *sessions(left, side="left", **told)]


def test_a_new_side_difference_is_a_reason():
    (reason,) = asked(both([38.0, 39.0, 38.0], [36.0, 37.0, 22.0]))

    assert reason.name == "side_difference"
    assert "left hip turned 16° less than the other, which it did not before" in (
        reason.seen
    )
    assert "10.2519/jospt.2017.0301" in reason.source


def test_a_side_difference_at_the_first_comparison_is_a_reason():
    (reason,) = asked(both([20.0], [38.0]))

    assert "right hip turned 18° less than the other." in reason.seen


@pytest.mark.parametrize(
    ("right", "left"),
    [
        ([38.0, 39.0, 38.0], [36.0, 37.0, 24.0]),
        ([38.0, 39.0, 38.0], [20.0, 21.0, 20.0]),
        ([38.0, 39.0], [20.0, 37.0]),
    ],
    ids=["below 15 degrees", "as it always was", "gone again"],
)
def test_no_new_side_difference_is_no_reason(right, left):
    assert names(both(right, left)) == []


def test_a_difference_that_changes_sides_is_new():
    assert names(both([38.0, 38.0, 20.0], [20.0, 20.0, 38.0])) == ["side_difference"]


def test_sides_measured_on_different_days_have_a_past_too():
    always = both([38.0] * 4, [20.0] * 4)
    apart = [
        replace(
            each,
            session_id=each.trial_id,
            recorded_at=each.recorded_at + timedelta(days=each.trial_id >= 100),
        )
        for each in always
    ]

    assert names(apart) == []


@pytest.mark.parametrize(
    ("worst", "days_ago", "is_reason"),
    [(5, 0, True), (5, 13, True), (5, 14, False), (4, 0, False), (9, 3, True)],
)
def test_strong_discomfort_of_the_last_two_weeks_is_a_reason(
    worst, days_ago, is_reason
):
    found = names(diary=[noted(100 - days_ago, worst)], today=day(100))

    assert found == ["strong_discomfort"] * is_reason


def test_strong_discomfort_says_where_and_when():
    diary = [noted(1, 7, place="knee"), noted(3, 6, place="groin"), noted(4, 2)]

    (reason,) = asked(diary=diary, today=day(4))

    assert reason.seen == "Discomfort of 6 of 10 on 9 January 2025 (groin)."
    assert "ours, cautious" in reason.source


def rising(*worst, practised=(0.0, 5.0, 5.0)):
    return [
        noted(3 * n, each, practised_min=minutes)
        for n, (each, minutes) in enumerate(zip(worst, practised, strict=True))
    ]


def test_discomfort_that_rises_three_times_despite_practice_is_a_reason():
    (reason,) = asked(diary=rising(1, 2, 4), today=day(7))

    assert reason.name == "rising_discomfort"
    assert "1, 2, 4 of 10" in reason.seen


@pytest.mark.parametrize(
    "diary",
    [
        rising(1, 3, 3),
        rising(4, 2, 1),
        rising(1, 2, 4, practised=(0.0, 0.0, 5.0)),
        rising(1, 2, 4)[:2],
    ],
    ids=["not each time", "falls", "without practice", "twice only"],
)
def test_discomfort_that_does_not_rise_despite_practice_is_none(diary):
    assert names(diary=diary, today=day(7)) == []


def test_recordings_are_practice_too():
    diary = rising(1, 2, 4, practised=(0.0, 0.0, 0.0))

    assert names(sessions([30.0, 30.0], every=3.0), diary, today=day(7)) == [
        "rising_discomfort"
    ]


def test_a_rise_of_long_ago_is_no_reason_now():
    assert names(diary=rising(1, 2, 4), today=day(60)) == []


@pytest.mark.parametrize(("days_ago", "is_reason"), [(13, True), (14, False)])
def test_a_movement_that_stopped_early_with_pain_is_a_reason(days_ago, is_reason):
    diary = [noted(100 - days_ago, stopped_early=True)]

    assert names(diary=diary, today=day(100)) == ["stopped_early"] * is_reason


def test_an_answer_with_yes_is_a_reason_and_says_how_soon():
    today, before = (
        next(q for q in questions() if q.when == when)
        for when in ("today", "before starting")
    )

    first, second = asked(programme=Programme(red_flags=(before.name, today.name)))

    assert (first.name, second.name) == (today.name, before.name)
    assert "today" in first.whom
    assert "before you start" in second.whom
    assert today.question in first.seen
    assert first.source == today.source


def test_questions_not_yet_asked_are_no_reason():
    assert asked(programme=Programme(red_flags=None)) == ()


def test_what_lies_after_today_is_left_out():
    drop = sessions([36.0, 36.0, 26.0, 26.0])

    assert names(drop, [noted(30, 8)], today=day(20)) == []
    assert names(drop, [noted(30, 8)], today=day(30)) == ["strong_discomfort", "drop"]


def test_a_protocol_nobody_knows_is_passed_over():
    assert names(sessions([36.0] * 4 + [20.0] * 2, protocol="handstand")) == []


def test_no_reason_names_an_illness():
    reasons = asked(
        both([38.0] * 4 + [28.0] * 2, [36.0] * 4 + [10.0] * 2, every=1.0),
        [*rising(1, 2, 6), noted(7, stopped_early=True)],
        Programme(red_flags=tuple(question.name for question in questions())),
        day(8),
    )
    illness = r"arthritis|impingement|tear|fracture|diagnos|syndrome"

    assert len(reasons) == len(questions()) + 3 + 2 + 1
    for reason in reasons:
        assert not re.search(illness, reason.seen + reason.ask + reason.whom)
        assert reason.source
