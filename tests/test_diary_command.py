"""`hiprom diary`, typed as a person types it."""

import pytest
from test_history_commands import (
    done,
    failed,
    hiprom,
    home,  # noqa: F401 - a fixture
)


def test_discomfort_and_practice_are_noted_and_a_strong_one_is_worth_asking_about():
    done("diary", "P01", "--discomfort", 6, "--place", "groin", "--minutes", 12)

    shown = done("history", "P01")

    assert "6 of 10 (groin)" in shown
    assert "1 of 2 to 3 sessions, 12 active minutes" in shown
    assert "It may be worth asking" in shown


def test_a_diary_is_listed_and_an_entry_of_it_removed():
    done("diary", "P01", "--minutes", 5, "--drill", "clamshell", "--at", "2026-05-04")
    done("diary", "P01", "--note", "a [bold] one", "--at", "2026-05-01")

    first, second = hiprom("diary", "P01").stdout.splitlines()
    assert first == "  1  2026-05-01  “a [bold] one”"
    assert second == "  2  2026-05-04  5 min of Clamshell"
    assert "has no entry 3; it holds 2" in failed("diary", "P01", "--remove", 3)
    failed("diary", "P01", "--remove", 1, "--minutes", 3, code=2)
    assert "Removed: 2026-05-01 “a [bold] one”" in done("diary", "P01", "--remove", 1)
    assert hiprom("diary", "P01").stdout == "  1  2026-05-04  5 min of Clamshell\n"
    done("diary", "P01", "--remove", 1)
    assert "Nothing is noted for P01 yet" in done("diary", "P01")


@pytest.mark.parametrize("given", [("--minutes", "inf"), ("--drill", "star jumps")])
def test_what_cannot_be_counted_is_not_noted(given):
    failed("diary", "P01", *given)

    assert "P01" in failed("diary", "P01")  # nobody of whom anything is kept


def test_a_discomfort_beyond_ten_is_refused():
    failed("diary", "P01", "--discomfort", 11, code=2)
