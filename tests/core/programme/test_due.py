"""Which drill is due, and whether it can wait."""

from datetime import timedelta

import pytest
from histories import START, trial

from hiprom.core.history import DiaryEntry, Programme
from hiprom.core.programme import due

DRILLS = Programme(drills=("sidelying_ir", "clamshell", "seated_ir"))
TODAY = START.date() + timedelta(days=8)  # a Tuesday


def did(drill, days_ago, minutes=5.0):
    noted_at = START + timedelta(days=8 - days_ago)
    return DiaryEntry(noted_at, practised_min=minutes, drill=drill)


def test_without_drills_nothing_is_due():
    assert due([trial(0)], [], Programme(), TODAY) is None


def test_what_was_never_done_comes_first_in_the_order_of_the_programme():
    found = due([trial(0)], [], DRILLS, TODAY)

    assert found.drill == "sidelying_ir"
    assert found.last_done is None
    assert found.reason == "It has not been done yet."
    assert not found.may_rest


def test_what_was_left_the_longest_comes_next():
    found = due(
        [trial(3.0)], [did("sidelying_ir", 4), did("clamshell", 6)], DRILLS, TODAY
    )

    assert found.drill == "clamshell"
    assert found.last_done == TODAY - timedelta(days=6)
    assert found.reason == "Of all the drills it was left the longest: 6 days ago."


def test_a_recording_is_doing_the_drill():
    diary = [did("sidelying_ir", 4), did("clamshell", 3)]

    assert due([], diary, DRILLS, TODAY).drill == "seated_ir"
    assert due([trial(5.0)], diary, DRILLS, TODAY).drill == "sidelying_ir"


def test_a_note_without_minutes_is_not_doing_it():
    diary = [did("sidelying_ir", 4, minutes=0.0)]

    assert due([], diary, DRILLS, TODAY).last_done is None


def test_after_today_s_practice_the_next_can_wait():
    found = due([], [did("clamshell", 0)], DRILLS, TODAY)

    assert found.drill == "sidelying_ir"
    assert found.may_rest
    assert found.reason.endswith("it can wait for the next time.")


def test_when_the_week_has_its_sessions_it_can_wait_until_monday():
    friday = TODAY + timedelta(days=3)
    diary = [did("clamshell", days_ago) for days_ago in (1, 0, -2)]

    found = due([], diary, DRILLS, friday)

    assert found.may_rest
    assert found.reason.endswith("has its 3 sessions, so it can wait until Monday.")
    assert not due([], diary[1:], DRILLS, friday).may_rest


@pytest.mark.parametrize(
    ("days_ago", "said"), [(0, "today"), (1, "yesterday"), (9, "9 days ago")]
)
def test_one_drill_alone_is_not_compared_with_others(days_ago, said):
    one = Programme(drills=("clamshell",))

    found = due([], [did("clamshell", days_ago)], one, TODAY)

    assert found.reason.startswith(f"It was last done {said}.")


def test_what_lies_after_today_is_left_out():
    assert due([], [did("sidelying_ir", -1)], DRILLS, TODAY).last_done is None
