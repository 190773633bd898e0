"""The smoothed trend: its shape, its band, its slope, and what leaves it alone."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from histories import START, series, year
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.history import Series
from hiprom.core.protocols import protocol
from hiprom.core.statistics import measurement_error, trend
from hiprom.core.statistics.trend import _averaged

IR, ER = protocol("seated_ir"), protocol("seated_er")


def trend_of(told, way=IR):
    return trend(told, measurement_error(told, way), way)


def in_metres(told):
    """The same sessions, each degree a centimetre of a knee gap."""
    names = ("end_range", "end_range_low", "end_range_high")
    sessions = (
        replace(
            session,
            reps=tuple(
                replace(rep, **{name: getattr(rep, name) / 100 for name in names})
                for rep in session.reps
            ),
        )
        for session in told.sessions
    )
    return replace(
        told,
        measure=replace(told.measure, quantity="knee_gap_m"),
        sessions=tuple(sessions),
    )


def test_one_session_is_its_own_trend_as_sure_as_a_session_is():
    band = trend_of(series([30.0])).sessions

    assert_allclose(band.mean, [30.0])
    assert_allclose(band.sd, [1.95])
    assert_allclose([band.low, band.high], [[30 - 3.822], [30 + 3.822]], atol=0.001)


def test_sessions_on_one_level_settle_on_it_and_grow_surer():
    few, many = (trend_of(series([30.0, 31.0] * n)).sessions for n in (2, 20))

    assert_allclose(many.mean, 30.5, atol=0.2)
    assert many.sd.max() < few.sd.min() < 1.95


def test_the_trend_scatters_less_about_the_truth_than_the_sessions():
    for seed in range(5):
        told = year(seed, "levels off")
        band = trend_of(told.series).sessions

        of_trend = np.std(band.mean - told.truth_deg)
        of_sessions = np.std(told.series.means - told.truth_deg)
        assert of_trend < 0.6 * of_sessions


def test_answers_that_differ_make_the_average_less_sure():
    alike = _averaged(np.array([0.5, 0.5]), np.array([3.0, 3.0]), np.array([1.0, 1.0]))
    apart = _averaged(np.array([0.5, 0.5]), np.array([2.0, 4.0]), np.array([1.0, 1.0]))

    assert_allclose(alike, (3.0, 1.0))
    assert_allclose(apart, (3.0, np.sqrt(2.0)))


def test_a_lasting_step_is_followed():
    band = trend_of(series([30.0, 31.0] * 10 + [22.0, 23.0] * 10)).sessions

    assert_allclose(band.mean[:15], 30.5, atol=1.0)
    assert_allclose(band.mean[-15:], 22.5, atol=1.0)


def test_one_odd_session_does_not_bend_the_trend_far():
    ranges = np.full(21, 30.0) + np.tile([0.5, -0.5, 0.0], 7)
    ranges[10] += 8.0

    assert trend_of(series(ranges)).sessions.mean.max() < 32.5


def test_a_session_with_a_poor_view_pulls_less():
    pulled = {}
    for half_width in (2.9, 12.0):
        odd = series([30.0] * 5 + [42.0] + [30.0] * 5)
        wide = series([42.0], half_width=half_width).sessions[0]
        sessions = list(odd.sessions)
        sessions[5] = replace(sessions[5], reps=wide.reps)
        pulled[half_width] = trend_of(replace(odd, sessions=tuple(sessions)))

    assert pulled[12.0].sessions.mean[5] < pulled[2.9].sessions.mean[5] - 0.3


def test_day_by_day_the_trend_passes_through_its_sessions():
    told = trend_of(year(3, "levels off").series)

    daily = told.daily()

    at = np.searchsorted(daily.days, told.sessions.days[[0, -1]])
    assert daily.days[0] == 0
    assert daily.days[-1] == told.sessions.days[-1]
    assert_allclose(np.diff(daily.days)[:-1], 1.0)
    assert_allclose(daily.mean[at], told.sessions.mean[[0, -1]], atol=1e-8)
    assert_allclose(daily.sd[at], told.sessions.sd[[0, -1]], atol=1e-8)


def test_the_band_swells_in_a_pause():
    days = [0.0, 7, 14, 21, 28, 100, 107, 114, 121, 128]
    told = series([30.0, 31, 29, 30, 31, 24, 25, 23, 24, 25])
    moved = tuple(
        replace(each, recorded_at=START + timedelta(days=day))
        for each, day in zip(told.sessions, days, strict=True)
    )

    daily = trend_of(Series(told.measure, moved)).daily()

    assert daily.sd[64] > 1.2 * max(daily.sd[14], daily.sd[114])


@pytest.mark.parametrize(("count", "has_slope"), [(4, False), (5, True)])
def test_a_slope_needs_five_sessions(count, has_slope):
    assert (trend_of(series([30.0] * count)).slope is not None) is has_slope


def test_a_steady_gain_has_its_slope_and_its_direction():
    rng = np.random.default_rng(1)
    told = series(20 + np.arange(30) * 7 * 3 / 30 + rng.normal(0, 1.5, 30))

    slope = trend_of(told).slope

    assert slope.low < 3.0 < slope.high
    assert slope.per_30_days == pytest.approx(3.0, abs=0.6)
    assert slope.is_real
    assert slope.direction == "more range"


def test_the_slope_is_the_one_at_the_newest_session():
    rng = np.random.default_rng(1)
    rise, rest = np.arange(20) * 0.7, np.full(25, 14.0)
    told = series(20 + np.concatenate([rise, rest]) + rng.normal(0, 1.0, 45))

    slope = trend_of(told).slope

    assert abs(slope.per_30_days) < 0.7
    assert not slope.is_real


def test_a_hip_that_stays_as_it_is_seldom_shows_a_slope():
    slopes = [trend_of(year(seed).series).slope for seed in range(25)]

    assert np.mean([slope.is_real for slope in slopes]) <= 0.05


def test_more_external_rotation_is_a_slope_towards_the_negative():
    told = series([-30.0 - n for n in range(20)], protocol="seated_er")

    slope = trend_of(told, ER).slope

    assert slope.per_30_days < -3
    assert slope.direction == "more range"


def test_a_distance_in_metres_has_the_trend_that_it_has_in_centimetres():
    centimetres = year(3, "levels off").series
    gap = replace(IR, quantity="knee_gap_m", way="floor")

    one, other = trend_of(centimetres), trend_of(in_metres(centimetres), gap)

    assert_allclose(other.sessions.mean, one.sessions.mean / 100, rtol=1e-9)
    assert_allclose(other.sessions.high, one.sessions.high / 100, rtol=1e-9)
    assert_allclose(other.daily().sd, one.daily().sd / 100, rtol=1e-9)
    assert other.slope.per_30_days == pytest.approx(one.slope.per_30_days / 100)


def test_without_a_measurement_error_there_is_no_trend():
    gap = replace(IR, quantity="knee_gap_m", title="Butterfly", name="butterfly")

    assert trend_of(series([0.3] * 6), gap) is None


def test_sessions_on_one_day_are_averaged():
    told = series([30.0, 32.0, 31.0], every=0.0)

    told_daily = trend_of(told).daily()

    assert_allclose(trend_of(told).sessions.mean, 31.0)
    assert_allclose(told_daily.mean, 31.0)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=6, deadline=None)
def test_mirrored_sessions_have_a_mirrored_trend(seed):
    inner = trend_of(year(seed, "levels off").series)
    outer = trend_of(year(seed, "levels off", direction=-1).series, ER)

    assert_allclose(outer.sessions.mean, -inner.sessions.mean, atol=1e-8)
    assert_allclose(outer.sessions.low, -inner.sessions.high, atol=1e-8)
    assert outer.slope.direction == inner.slope.direction
    assert outer.slope.per_30_days == pytest.approx(-inner.slope.per_30_days)


@given(ranges=st.lists(st.floats(-60, 90), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_whatever_was_measured_the_band_is_finite_and_holds_its_mean(ranges):
    told = trend_of(series(ranges))

    for band in (told.sessions, told.daily()):
        assert np.isfinite(band.mean).all()
        assert (band.sd > 0).all()
        assert ((band.low < band.mean) & (band.mean < band.high)).all()
