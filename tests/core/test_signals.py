"""Clock, gaps and smoothing: what must stay, what must go, and where NaN may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from hiprom.core.signals import even_clock, resample, runs, smooth
from hiprom.errors import InputError


def test_a_constant_frame_rate_keeps_its_own_frames():
    time_s = 1.5 + np.arange(100) / 29.97

    assert_allclose(even_clock(time_s), time_s, atol=1e-9)


def test_one_frame_makes_no_clock():
    with pytest.raises(InputError, match=r"^1 frame"):
        even_clock(np.array([0.0]))


def test_a_variable_frame_rate_is_read_at_its_true_times():
    rng = np.random.default_rng(1)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 200))
    clock_s = even_clock(time_s)

    read = resample(time_s, np.sin(time_s), clock_s)

    assert_allclose(read, np.sin(clock_s), atol=5e-4)


def test_a_short_gap_is_bridged_and_a_long_one_stays():
    time_s = np.arange(90) / 30
    values = time_s.copy()
    values[10:15] = np.nan
    values[40:55] = np.nan

    read = resample(time_s, values, time_s)

    assert_allclose(read[:40], time_s[:40])
    assert_array_equal(np.isnan(read), (np.arange(90) >= 40) & (np.arange(90) < 55))


def test_nothing_is_invented_before_the_first_or_after_the_last_sample():
    time_s = np.arange(30) / 30
    values = np.full(30, np.nan)
    values[10:20] = 1.0

    read = resample(time_s, values, time_s)

    assert_array_equal(np.isfinite(read), np.isfinite(values))


def test_each_channel_has_its_own_gaps():
    time_s = np.arange(60) / 30
    values = np.ones((60, 2, 3))
    values[20:40, 1, 2] = np.nan

    read = resample(time_s, values, time_s)

    assert read.shape == (60, 2, 3)
    assert np.isnan(read).sum() == 20
    assert np.isnan(read[20:40, 1, 2]).all()


def test_smoothing_takes_jitter_and_leaves_a_slow_swing_in_its_place():
    time_s = np.arange(300) / 30
    swing = 30 * np.sin(2 * np.pi * 0.4 * time_s)
    jitter = np.random.default_rng(2).normal(0, 1, 300)

    smoothed = smooth(swing + jitter, rate_hz=30.0)

    inner = slice(15, -15)
    assert np.std((smoothed - swing)[inner]) < 0.75
    lags = [np.std(np.roll(smoothed, lag)[inner] - swing[inner]) for lag in (-1, 0, 1)]
    assert np.argmin(lags) == 1


def test_the_cut_off_is_where_it_says():
    time_s = np.arange(6000) / 100
    wave = np.sin(2 * np.pi * 6 * time_s)

    smoothed = smooth(wave, rate_hz=100.0, cutoff_hz=6.0)

    middle = slice(500, -500)
    assert_allclose(np.std(smoothed[middle]) / np.std(wave[middle]), 2**-0.5, atol=0.01)


@given(
    holes=st.lists(st.integers(0, 119), max_size=20),
    rate_hz=st.sampled_from([15.0, 30.0, 60.0]),
)
def test_a_nan_never_spreads_and_never_vanishes(holes, rate_hz):
    values = np.sin(np.arange(120) / 10.0)
    values[holes] = np.nan

    smoothed = smooth(values, rate_hz=rate_hz)

    assert_array_equal(np.isnan(smoothed), np.isnan(values))


@pytest.mark.parametrize("length", [1, 2, 5, 9])
def test_a_signal_shorter_than_the_filter_stays_as_it_is(length):
    values = np.arange(length, dtype=float)

    assert_array_equal(smooth(values, rate_hz=30.0), values)


def test_a_rate_too_low_for_the_cut_off_leaves_the_signal():
    values = np.random.default_rng(0).normal(size=50)

    assert_array_equal(smooth(values, rate_hz=8.0), values)


def test_runs_are_half_open():
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.zeros(3, dtype=bool)) == []
