"""Sessions and active minutes a week, against the goal."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from histories import START, rep, trial

from hiprom.core.history import DiaryEntry, Programme, SavedRep
from hiprom.core.programme import active_s, adherence

MONDAY = START.date()
GOAL = Programme()


def noted(day, minutes=6.0, **told):
    return DiaryEntry(START + timedelta(days=day), practised_min=minutes, **told)


def weeks_of(trials=(), diary=(), today=MONDAY, programme=GOAL):
    return adherence(trials, diary, programme, today).weeks


def test_the_made_up_year_begins_on_a_monday():
    assert MONDAY.weekday() == 0


def test_a_week_goes_from_monday_to_sunday():
    first, second = weeks_of(
        diary=[noted(0), noted(6), noted(7)], today=MONDAY + timedelta(days=13)
    )

    assert (first.monday, second.monday) == (MONDAY, MONDAY + timedelta(days=7))
    assert (first.sessions, second.sessions) == (2, 1)
    assert first.is_over
    assert not second.is_over


def test_all_of_one_day_is_one_session():
    (week,) = weeks_of([trial(0), trial(0.1, trial_id=2)], [noted(0.2)])

    assert week.sessions == 1
    assert week.active_min == pytest.approx(6 + 2 * 16 / 60)


def test_the_day_is_the_one_on_the_recording_s_own_clock():
    sydney = timezone(timedelta(hours=11))
    late = datetime(2025, 1, 5, 20, tzinfo=UTC).astimezone(sydney)

    (week,) = weeks_of([replace(trial(0), recorded_at=late)])

    assert week.monday == MONDAY


def test_weeks_without_anything_are_shown_as_such():
    weeks = weeks_of(diary=[noted(0), noted(21)], today=MONDAY + timedelta(days=30))

    assert [week.sessions for week in weeks] == [1, 0, 0, 1, 0]


def test_a_week_is_held_against_the_least_of_the_goal():
    today = MONDAY + timedelta(days=6)
    (enough,) = weeks_of(diary=[noted(0, 4), noted(2, 6)], today=today)
    (short,) = weeks_of(diary=[noted(0, 4), noted(2, 5)], today=today)
    (once,) = weeks_of(diary=[noted(0, 30)], today=today)

    assert enough.has_enough_sessions
    assert enough.has_enough_minutes
    assert short.has_enough_sessions
    assert not short.has_enough_minutes
    assert not once.has_enough_sessions
    assert once.has_enough_minutes


def test_the_streak_counts_full_weeks_back_from_now():
    two_a_week = [noted(7 * week + day) for week in (0, 2, 3) for day in (0, 3)]

    streak = adherence([], two_a_week, GOAL, MONDAY + timedelta(days=28)).streak_weeks

    assert streak == 2


def test_the_present_week_adds_to_the_streak_but_does_not_break_it():
    diary = [noted(0), noted(3), noted(7)]
    tuesday, thursday = (MONDAY + timedelta(days=n) for n in (8, 10))

    assert adherence([], diary, GOAL, tuesday).streak_weeks == 1
    assert adherence([], [*diary, noted(9)], GOAL, thursday).streak_weeks == 2


def test_the_share_is_of_the_weeks_that_are_over():
    diary = [noted(0), noted(3), noted(7)]

    told = adherence([], diary, GOAL, MONDAY + timedelta(days=15))

    assert told.share == 0.5
    assert np.isnan(adherence([], diary[:1], GOAL, MONDAY).share)


def test_before_the_first_session_there_is_this_week_and_nothing_in_it():
    (week,) = weeks_of(today=date(2025, 3, 5))

    assert week.monday == date(2025, 3, 3)
    assert week.sessions == 0
    assert week.active_min == 0


def test_what_lies_after_today_is_left_out():
    (week,) = weeks_of([trial(3)], [noted(0), noted(2)], today=MONDAY)

    assert week.sessions == 1


def test_a_note_without_practice_is_no_session():
    (week,) = weeks_of(diary=[DiaryEntry(START, discomfort=3)])

    assert week.sessions == 0


def at(number, start_s, end_s, **told):
    return SavedRep(
        "right", "hip_rotation_deg", rep(number, start_s=start_s, end_s=end_s), **told
    )


@pytest.mark.parametrize(
    ("times", "expected_s"),
    [
        ([(10, 14), (16, 20)], 10),
        ([(16, 20), (10, 14)], 10),
        ([(10, 14), (75, 79)], 8),
        ([(10, 14), (12, 18)], 8),
        ([(10, 20), (12, 14)], 10),
        ([(10, 14)], 4),
    ],
)
def test_active_time_is_repetitions_and_the_rests_between(times, expected_s):
    reps = tuple(at(n, start, end) for n, (start, end) in enumerate(times))

    assert active_s(replace(trial(0), reps=reps)) == expected_s


def test_a_repetition_that_does_not_count_was_practised_all_the_same():
    reps = (at(1, 10, 14), at(2, 16, 20, excluded="camera fell"))

    assert active_s(replace(trial(0), reps=reps)) == 10


def test_an_import_without_times_counts_its_length_if_it_has_one():
    untimed = trial(0, (30.0,), start_s=np.nan, end_s=np.nan)

    assert active_s(untimed) == 30.0
    assert active_s(replace(untimed, duration_s=np.nan)) == 0.0
