"""Change against the last session, the baseline and the best, and its verdict."""

from dataclasses import replace

import numpy as np
import pytest
from histories import series, year
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.protocols import protocol
from hiprom.core.statistics import change_between, changes, measurement_error

IR, ER = protocol("seated_ir"), protocol("seated_er")
RANGES = st.lists(st.floats(5, 60), min_size=2, max_size=8)


def changes_of(told, way=IR):
    return changes(told, measurement_error(told, way), way)


def test_the_newest_is_held_against_the_last_the_first_and_the_best():
    last, baseline, best = changes_of(series([25.0, 41.0, 30.0, 34.0]))

    assert (last.against, baseline.against, best.against) == (
        "last",
        "baseline",
        "best",
    )
    assert (last.session_id, baseline.session_id, best.session_id) == (2, 0, 1)
    assert [each.change for each in (last, baseline, best)] == [4.0, 9.0, -7.0]


def test_a_single_session_has_nothing_to_be_held_against():
    assert changes_of(series([30.0])) == ()


@pytest.mark.parametrize(
    ("gain", "is_real"), [(5.3, False), (5.5, True), (-5.3, False), (-5.5, True)]
)
def test_a_change_is_real_beyond_the_mdc95_and_not_before(gain, is_real):
    change = changes_of(series([30.0, 30.0 + gain]))[0]

    assert change.is_real is is_real
    assert (change.low > 0 or change.high < 0) is is_real
    assert change.verdict == (
        "larger than measurement error" if is_real else "within measurement error"
    )
    assert change.high - change.change == pytest.approx(5.405, abs=0.001)


def test_more_external_rotation_is_a_change_towards_the_negative():
    change = changes_of(series([-35.0, -43.0], protocol="seated_er"), ER)[0]

    assert change.change == -8.0
    assert change.direction == "more range"
    assert change.is_real


def test_the_best_external_rotation_is_the_most_negative():
    best = changes_of(series([-35.0, -43.0, -40.0], protocol="seated_er"), ER)[2]

    assert best.session_id == 1
    assert best.direction == "less range"


def test_no_change_at_all_is_the_same_range():
    change = changes_of(series([30.0, 30.0]))[0]

    assert change.direction == "the same range"
    assert not change.is_real


def test_a_bad_view_makes_the_interval_wider():
    clear = series([30.0, 37.0])
    poor = series([30.0, 37.0], half_width=9.0)

    assert changes_of(clear)[0].is_real
    assert not changes_of(poor)[0].is_real


def test_where_the_error_is_unknown_nothing_is_called_real():
    told = series([0.2, 0.9])
    gap = replace(IR, quantity="knee_gap_m", title="Butterfly", name="butterfly")

    change = changes_of(told, gap)[0]

    assert change.change == pytest.approx(0.7)
    assert not change.is_real
    assert change.verdict.startswith("of unknown meaning")


def test_the_best_of_many_must_be_missed_by_more_than_the_last():
    low_after_high = series([36.0, *[30.0] * 8, 30.0])

    last, baseline, best = changes_of(low_after_high)

    assert baseline.is_real
    assert best.session_id == baseline.session_id
    assert not best.is_real
    assert last.change == 0


def test_an_unchanged_hip_seldom_falls_short_of_its_best():
    called = [changes_of(year(seed).series)[2].is_real for seed in range(40)]

    assert np.mean(called) <= 0.06


def test_a_session_with_a_poor_view_is_not_the_best_by_its_error():
    sessions = list(series([30.0, 34.0, 33.0, 31.0]).sessions)
    sessions[1] = replace(
        sessions[1], reps=series([34.0], half_width=12.0).sessions[0].reps
    )
    told = series([1.0])

    best = changes_of(replace(told, sessions=tuple(sessions)))[2]

    assert best.session_id == 2


@given(ranges=RANGES)
def test_mirrored_numbers_give_mirrored_changes(ranges):
    inner = changes_of(series(ranges))
    outer = changes_of(series([-x for x in ranges], protocol="seated_er"), ER)

    for one, other in zip(inner, outer, strict=True):
        assert other.change == pytest.approx(-one.change)
        assert_allclose([other.low, other.high], [-one.high, -one.low])
        assert other.is_real == one.is_real
        assert other.direction == one.direction


@given(ranges=RANGES)
def test_back_and_forth_are_opposite(ranges):
    told = series(ranges)
    error = measurement_error(told, IR)
    first, last = told.sessions[0], told.sessions[-1]

    there = change_between(first, last, error, IR)
    back = change_between(last, first, error, IR)

    assert there.change == pytest.approx(-back.change)
    assert there.is_real == back.is_real
