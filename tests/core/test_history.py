"""Saved trials sorted into series: what may be compared, and what must not."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from histories import START, rep, series, trial
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.history import Measure, SavedRep, Session, series_of


def test_trials_of_one_session_are_put_together():
    morning = trial(3.0, (30.0, 32.0), trial_id=1, session_id=7)
    later = trial(3.1, (34.0,), trial_id=2, session_id=7)

    (only,) = series_of([later, morning])

    (session,) = only.sessions
    assert session.session_id == 7
    assert session.recorded_at == morning.recorded_at
    assert_allclose(session.end_ranges, [30.0, 32.0, 34.0])
    assert session.mean == pytest.approx(32.0)


def test_sessions_stand_in_order_of_time_whatever_their_numbers():
    trials = [
        trial(9.0, (33.0,), session_id=1, trial_id=1),
        trial(2.0, (31.0,), session_id=5, trial_id=5),
        trial(0.0, (30.0,), session_id=9, trial_id=9),
    ]

    (only,) = series_of(trials)

    assert_allclose(only.means, [30.0, 31.0, 33.0])
    assert_allclose(only.time_days, [0.0, 2.0, 9.0])


@pytest.mark.parametrize(
    "other",
    [{"side": "left"}, {"protocol": "seated_er"}, {"instrument": "goniometer"}],
)
def test_only_what_was_measured_alike_is_one_series(other):
    both = series_of([trial(0.0), trial(1.0, **other)])

    assert len(both) == 2
    assert [len(each.sessions) for each in both] == [1, 1]


def test_quantities_of_one_trial_are_series_of_their_own():
    first = trial(0.0, (30.0,))
    knee = SavedRep("right", "hip_adduction_deg", rep(1, 12.0))

    both = series_of([replace(first, reps=(*first.reps, knee))])

    assert {each.measure.quantity for each in both} == {
        "hip_rotation_deg",
        "hip_adduction_deg",
    }


@pytest.mark.parametrize(
    ("facts", "excluded"),
    [({"valid": False}, None), ({"end_range": np.nan}, None), ({}, "camera fell")],
)
def test_what_does_not_count_changes_nothing(facts, excluded):
    kept = trial(0.0, (30.0, 31.0))
    out = SavedRep("right", "hip_rotation_deg", rep(3, **facts), excluded)

    (only,) = series_of([replace(kept, reps=(*kept.reps, out))])

    assert out.counts is False
    assert_allclose(only.means, [30.5])


def test_a_session_without_a_rep_that_counts_is_no_session():
    assert series_of([trial(0.0, (30.0,), valid=False)]) == ()


def test_a_session_tells_its_scatter_and_its_error():
    (session,) = series([30.0]).sessions
    several = Session(1, START, tuple(rep(n, 30.0 + n) for n in range(4)))

    assert np.isnan(session.sd)
    assert np.isnan(session.sem)
    assert several.sd == pytest.approx(np.sqrt(5 / 3))
    assert several.sem == pytest.approx(np.sqrt(5 / 3) / 2)
    assert several.error_sd == pytest.approx(2.9 / 1.96)


def test_many_reps_do_not_make_a_session_surer_than_one():
    few = Session(1, START, (rep(1, half_width=4.0),))
    many = Session(1, START, tuple(rep(n, half_width=4.0) for n in range(10)))

    assert many.error_sd == pytest.approx(few.error_sd)


def test_a_rep_without_an_interval_says_nothing_of_the_error():
    without = rep(1, half_width=np.nan)

    assert np.isnan(Session(1, START, (without,)).error_sd)
    assert Session(1, START, (without, rep(2))).error_sd == pytest.approx(2.9 / 1.96)


@pytest.mark.parametrize(("direction", "best"), [(1, 33.0), (-1, -2.0)])
def test_the_best_rep_went_furthest_in_the_protocol_s_direction(direction, best):
    session = Session(1, START, tuple(rep(n, x) for n, x in enumerate([5, 33, -2])))

    assert session.best(direction).end_range == best


@given(order=st.permutations(range(6)))
def test_the_order_in_which_trials_come_does_not_matter(order):
    trials = [
        trial(n // 2, (30.0 + n,), trial_id=n, session_id=n // 2) for n in range(6)
    ]

    (shuffled,) = series_of([trials[n] for n in order])
    (sorted_,) = series_of(trials)

    assert (
        shuffled.measure
        == sorted_.measure
        == Measure("seated_ir", "hip_rotation_deg", "right")
    )
    for one, other in zip(shuffled.sessions, sorted_.sessions, strict=True):
        assert one.session_id == other.session_id
        assert [r.end_range for r in one.reps] == [r.end_range for r in other.reps]


@given(days=st.floats(-1000, 1000))
def test_moving_everything_in_time_moves_nothing_else(days):
    trials = [trial(d, (30.0 + d,)) for d in (0.0, 3.5, 8.0)]
    moved = [
        replace(each, recorded_at=each.recorded_at + timedelta(days=days))
        for each in trials
    ]

    (before,), (after,) = series_of(trials), series_of(moved)

    assert_allclose(after.time_days, before.time_days, atol=1e-9)
    assert_allclose(after.means, before.means)
