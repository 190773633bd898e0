"""What was done on which day of the last weeks."""

from datetime import timedelta

from histories import START, trial

from hiprom.core.history import DiaryEntry
from hiprom.core.programme import calendar

TODAY = START.date() + timedelta(days=8)  # a Tuesday


def noted(days_ago, **said):
    return DiaryEntry(START + timedelta(days=8 - days_ago), **said)


def test_weeks_run_from_monday_and_end_with_this_one():
    weeks = calendar([], [], TODAY, weeks=3)

    assert [week[0].day.weekday() for week in weeks] == [0, 0, 0]
    assert [len(week) for week in weeks] == [7, 7, 7]
    assert [day.is_to_come for day in weeks[-1]] == [False] * 2 + [True] * 5
    assert all(day.is_empty for week in weeks for day in week)


def test_a_day_holds_what_was_recorded_and_noted():
    diary = [
        noted(0, practised_min=7.5, drill="clamshell", discomfort=2),
        noted(0, practised_min=5.0, drill="clamshell"),
        noted(0, discomfort=4, place="groin"),
        noted(1, note="only words"),
    ]
    (*_, week) = calendar([trial(8.0)], diary, TODAY)
    monday, tuesday = week[:2]

    assert tuesday.tested == ("seated_ir",)
    assert tuesday.practised == ("clamshell",)
    assert tuesday.active_min > 12.5
    assert tuesday.discomfort == 4
    assert len(tuesday.entries) == 3
    assert monday.practised == ()
    assert monday.active_min == 0
    assert not monday.is_empty


def test_what_lies_before_the_first_week_is_left_out():
    (week,) = calendar([trial(-30)], [noted(20, discomfort=9)], TODAY, weeks=1)

    assert all(day.is_empty for day in week)
