"""Discomfort day by day."""

from datetime import timedelta

from histories import START

from hiprom.core.history import DiaryEntry
from hiprom.core.programme import discomfort


def test_the_worst_of_a_day_stands_for_it_with_all_its_places():
    diary = [
        DiaryEntry(START + timedelta(hours=2), discomfort=4, place="low back"),
        DiaryEntry(START, discomfort=2, place="groin"),
        DiaryEntry(START + timedelta(hours=3), discomfort=0, place="groin"),
    ]

    (day,) = discomfort(diary)

    assert (day.day, day.worst) == (START.date(), 4)
    assert day.places == ("groin", "low back")


def test_days_are_in_order_and_days_without_a_number_are_left_out():
    diary = [
        DiaryEntry(START + timedelta(days=2), discomfort=0),
        DiaryEntry(START + timedelta(days=1), note="fine"),
        DiaryEntry(START, discomfort=3),
    ]

    assert [day.worst for day in discomfort(diary)] == [3, 0]
