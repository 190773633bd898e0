"""All of a series in one place; what must not change any of it."""

from dataclasses import replace

import numpy as np
import pytest
from histories import rep, series, year
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.history import SavedRep, series_of
from hiprom.core.protocols import protocol
from hiprom.core.statistics import progress
from hiprom.errors import InputError

IR, ER = protocol("seated_ir"), protocol("seated_er")


def told_by(trials):
    (only,) = series_of(trials)
    found = progress(only, IR, sex="female")
    return np.concatenate(
        [
            [row.mean for row in found.sessions],
            [row.best for row in found.sessions],
            [row.error_sd for row in found.sessions],
            [found.error.sem, found.error.mdc95],
            [number for c in found.changes for number in (c.low, c.high)],
            found.trend.sessions.mean,
            found.trend.sessions.sd,
            [found.slope.per_30_days, found.slope.high],
            [place.z for place in found.places],
        ]
    )


def test_a_row_tells_of_its_session():
    found = progress(year(1).series, IR)

    session, row = year(1).series.sessions[3], found.sessions[3]
    assert row.session_id == session.session_id
    assert row.recorded_at == session.recorded_at
    assert row.mean == session.mean
    assert row.best == session.end_ranges.max()
    assert row.reps == len(session.reps)
    assert row.error_sd >= found.error.sem


def test_one_session_is_enough_to_begin_with():
    found = progress(series([30.0]), IR)

    assert found.changes == ()
    assert found.slope is None
    assert not found.error.is_own
    assert_allclose(found.trend.sessions.mean, [30.0])
    assert len(found.places) == 2


def test_the_best_external_rotation_is_the_most_negative():
    (trial_,) = year(1, direction=-1).trials[:1]
    (only,) = series_of([trial_])

    row = progress(only, ER).sessions[0]

    assert row.best == only.sessions[0].end_ranges.min()


def test_a_series_of_another_protocol_is_refused():
    with pytest.raises(InputError, match="mean nothing in another"):
        progress(series([30.0]), ER)


@given(seed=st.integers(0, 1000), shuffle=st.randoms(use_true_random=False))
@settings(max_examples=5, deadline=None)
def test_the_order_of_the_trials_changes_nothing(seed, shuffle):
    trials = list(year(seed).trials)
    expected = told_by(trials)

    shuffle.shuffle(trials)

    assert_allclose(told_by(trials), expected)


@given(seed=st.integers(0, 1000), days=st.floats(-3000, 300))
@settings(max_examples=5, deadline=None)
def test_another_beginning_of_time_changes_nothing(seed, days):
    from datetime import timedelta

    trials = year(seed).trials
    moved = [
        replace(each, recorded_at=each.recorded_at + timedelta(days=days))
        for each in trials
    ]

    assert_allclose(told_by(moved), told_by(trials), rtol=1e-6, atol=1e-6)


@given(seed=st.integers(0, 1000), where=st.integers(0, 40), wild=st.floats(-90, 90))
@settings(max_examples=5, deadline=None)
def test_an_excluded_rep_changes_nothing(seed, where, wild):
    trials = list(year(seed).trials)
    expected = told_by(trials)
    out = SavedRep("right", "hip_rotation_deg", rep(9, wild), "slipped off the chair")

    trials[where] = replace(trials[where], reps=(*trials[where].reps, out))

    assert_allclose(told_by(trials), expected)


@given(seed=st.integers(0, 1000))
@settings(max_examples=5, deadline=None)
def test_another_protocol_side_or_instrument_changes_nothing(seed):
    trials = list(year(seed).trials)
    others = [
        replace(each, **other, trial_id=each.trial_id + 1000)
        for each in trials[::3]
        for other in ({"protocol": "seated_er"}, {"instrument": "goniometer"})
    ]

    mine = next(
        each
        for each in series_of([*others, *trials])
        if len(each.sessions) == len(trials)
    )

    assert_allclose(
        progress(mine, IR).trend.sessions.mean,
        progress(year(seed).series, IR).trend.sessions.mean,
    )
