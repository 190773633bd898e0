"""Measurement error: whose it is, how it is learnt, and what must not enter it."""

from dataclasses import replace

import numpy as np
import pytest
from histories import series, year
from numpy.testing import assert_allclose

from hiprom.core.protocols import protocol
from hiprom.core.statistics import measurement_error
from hiprom.core.statistics.reliability import LEAST_PAIRS

IR, ER = protocol("seated_ir"), protocol("seated_er")


def up_and_down(count, size=1.0):
    return 30.0 + size * (np.arange(count) % 2)


def test_before_there_are_enough_sessions_the_literature_speaks():
    error = measurement_error(series(up_and_down(LEAST_PAIRS)), IR)

    assert not error.is_own
    assert error.sessions == 0
    assert error.icc is None
    assert error.mdc95 == pytest.approx(5.4, abs=0.01)
    assert error.sem == 1.95
    assert "Krause et al. 2015" in error.source_sentence
    assert "not video" in error.source_sentence


def test_the_figure_for_external_rotation_is_called_borrowed():
    error = measurement_error(series([-40.0], protocol="seated_er"), ER)

    assert error.mdc95 == pytest.approx(5.4, abs=0.01)
    assert error.source_sentence.startswith("Borrowed from seated internal rotation")
    assert "Borrowed" not in measurement_error(series([40.0]), IR).source_sentence


def test_a_quantity_that_nobody_measured_has_no_error_yet():
    gap = replace(IR, name="butterfly", title="Butterfly", quantity="knee_gap_m")

    error = measurement_error(series([0.3]), gap)

    assert np.isnan(error.mdc95)
    assert error.source_sentence.startswith("Nobody has measured it for butterfly")


def test_half_the_mean_square_of_neighbours_differences_is_the_error():
    error = measurement_error(series(up_and_down(LEAST_PAIRS + 1, 2.0)), IR)

    assert error.is_own
    assert error.sessions == LEAST_PAIRS + 1
    assert error.sem == pytest.approx(2.0 / np.sqrt(2))
    assert f"{LEAST_PAIRS + 1} of this person's own" in error.source_sentence


def test_mdc95_is_student_s_quantile_times_root_two_sem():
    error = measurement_error(series(up_and_down(LEAST_PAIRS + 1)), IR)

    assert error.mdc95 == pytest.approx(error.two_sided() * np.sqrt(2) * error.sem)
    assert 1.96 < error.two_sided() < 2.4


def test_neighbours_far_apart_teach_nothing():
    assert not measurement_error(series(up_and_down(60), every=11.0), IR).is_own
    assert measurement_error(series(up_and_down(60), every=10.0), IR).is_own


def test_a_slow_trend_is_no_error():
    scatter = np.random.default_rng(2).normal(0, 1.0, 60)
    still = measurement_error(series(30 + scatter), IR)
    rising = measurement_error(series(30 + scatter + 0.2 * np.arange(60)), IR)

    assert rising.sem == pytest.approx(still.sem, rel=0.05)
    assert np.std(30 + scatter + 0.2 * np.arange(60)) > 3


@pytest.mark.parametrize("sem_deg", [1.0, 1.95, 3.0])
def test_a_year_teaches_the_error_that_was_put_in(sem_deg):
    learnt = [
        measurement_error(year(seed, "levels off", sem_deg=sem_deg).series, IR)
        for seed in range(12)
    ]

    assert all(error.is_own for error in learnt)
    assert np.mean([e.sem for e in learnt]) == pytest.approx(sem_deg, rel=0.08)


def test_the_degrees_of_freedom_say_how_much_the_learnt_error_scatters():
    rng = np.random.default_rng(11)
    errors = [measurement_error(series(rng.normal(30, 2, 30)), IR) for _ in range(200)]
    variances = np.array([error.sem**2 for error in errors])

    expected = np.sqrt(2 / errors[0].degrees_of_freedom)

    assert variances.std() / variances.mean() == pytest.approx(expected, rel=0.2)


def test_sessions_with_a_far_worse_view_teach_nothing():
    rng = np.random.default_rng(4)
    means = rng.normal(30, 1, 40)
    poor = np.arange(40) % 8 == 0
    means[poor] += rng.normal(0, 12, poor.sum())
    trials = series(means)
    spoilt = replace(
        trials,
        sessions=tuple(
            replace(
                each,
                reps=tuple(
                    replace(
                        r,
                        end_range_low=r.end_range - 9,
                        end_range_high=r.end_range + 9,
                    )
                    for r in each.reps
                ),
            )
            if is_poor
            else each
            for each, is_poor in zip(trials.sessions, poor, strict=True)
        ),
    )

    assert measurement_error(trials, IR).sem > 3
    assert measurement_error(spoilt, IR).sem == pytest.approx(1.0, rel=0.25)


def test_numbers_that_repeat_exactly_are_not_taken_for_perfect():
    error = measurement_error(series([30.0] * 30, half_width=np.nan), IR)

    assert error.sem == 0.5


def test_a_session_never_counts_as_surer_than_the_measurement_error():
    sure, usual, poor = (series([30.0], half_width=w) for w in (0.5, 2.9, 8.0))
    error = measurement_error(usual, IR)

    sds = [error.sd_of(each.sessions)[0] for each in (sure, usual, poor)]

    assert_allclose(sds, [1.95, 1.95, 8.0 / 1.96])


def test_a_session_without_an_interval_counts_as_an_ordinary_one():
    unknown = series([30.0], half_width=np.nan)

    assert measurement_error(unknown, IR).sd_of(unknown.sessions)[0] == 1.95


def test_with_the_own_error_only_a_view_worse_than_the_usual_widens():
    error = measurement_error(series(up_and_down(40), half_width=6.0), IR)

    usual = error.sd_of(series([30.0], half_width=6.0).sessions)[0]
    poor = error.sd_of(series([30.0], half_width=10.0).sessions)[0]

    assert usual == pytest.approx(error.sem)
    assert poor == pytest.approx(np.sqrt(error.sem**2 + (10.0**2 - 6.0**2) / 1.96**2))


def test_the_own_icc_counts_no_session_twice():
    icc = measurement_error(series(up_and_down(LEAST_PAIRS + 1)), IR).icc

    # Each first session reads 30 and each second 31: the pairs do not differ at all.
    assert icc.value == 0.0


def test_the_own_icc_is_high_when_the_hip_moved_far_and_low_when_it_did_not():
    scatter = np.random.default_rng(8).normal(0, 1.0, 60)

    moved = measurement_error(series(20 + scatter + 0.4 * np.arange(60)), IR).icc
    still = measurement_error(series(30 + scatter), IR).icc

    assert moved.value > 0.95
    assert still.value < 0.4
    assert still.low < still.value < still.high
