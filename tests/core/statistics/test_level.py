"""The smoother: against statsmodels, against plain matrices, and its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.statistics.level import Wandering, smoothed

RNG = np.random.default_rng(17)
DAYS = np.concatenate([[0.0], np.cumsum(RNG.choice([1.0, 2, 3, 7, 30], 40))])
VALUES = 30 + RNG.normal(0, 2, len(DAYS)) + 0.03 * DAYS
VARIANCES = RNG.uniform(1, 9, len(DAYS))
STILL = (0.0, 0.0, 0.0)
WAYS = [STILL, (0.13, 0.0, 0.0), (0.0, 2e-4, 0.01), (0.05, 1e-5, 0.01)]


def wandering(*ways):
    return Wandering(*(np.array(each) for each in zip(*ways, strict=True)))


def in_statsmodels(days, values, variances, way):
    """The same model, state by state, in the general machinery of statsmodels."""
    from statsmodels.tsa.statespace.initialization import Initialization
    from statsmodels.tsa.statespace.mlemodel import MLEModel

    level, slope, first_slope = way
    n = len(days)
    gaps = np.append(np.diff(days), 0.0)
    model = MLEModel(values, k_states=2, k_posdef=2)
    transition = np.tile(np.eye(2)[..., None], n)
    transition[0, 1] = gaps
    gained = np.empty((2, 2, n))
    gained[0, 0] = level * gaps + slope * gaps**3 / 3
    gained[0, 1] = gained[1, 0] = slope * gaps**2 / 2
    gained[1, 1] = slope * gaps
    model["design"] = np.array([[1.0, 0.0]])
    model["selection"] = np.eye(2)
    model["transition"] = transition
    model["state_cov"] = gained
    model["obs_cov"] = variances[None, None, :]
    start = Initialization(2)
    start.set(0, "diffuse")
    start.set(1, "known", constant=[0.0], stationary_cov=[[first_slope]])
    model.ssm.initialization = start
    return model.ssm.smooth()


@pytest.mark.parametrize("way", WAYS)
def test_level_and_slope_are_those_of_statsmodels(way):
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering(way))
    theirs = in_statsmodels(DAYS, VALUES, VARIANCES, way)

    assert_allclose(answer.mean[0], theirs.smoothed_state.T, atol=1e-8)
    assert_allclose(
        answer.covariance[0], np.moveaxis(theirs.smoothed_state_cov, 2, 0), atol=1e-8
    )


def test_likelihoods_are_those_of_statsmodels():
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering(*WAYS))
    theirs = [in_statsmodels(DAYS, VALUES, VARIANCES, way).llf for way in WAYS]

    # They also count the first session, whose diffuse level has a density of its own.
    first = -0.5 * np.log(2 * np.pi)
    assert_allclose(answer.log_likelihood + first, theirs, atol=1e-8)


def test_the_local_level_model_is_that_of_unobserved_components():
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    days = DAYS[:20].astype(int)
    daily = np.full(days[-1] + 1, np.nan)
    daily[days] = VALUES[:20]
    model = UnobservedComponents(daily, "llevel", use_exact_diffuse=True)
    theirs = model.smooth([3.8, 0.13])

    answer = smoothed(
        days.astype(float), VALUES[:20], np.full(20, 3.8), wandering((0.13, 0.0, 0.0))
    )

    assert_allclose(answer.mean[0, :, 0], theirs.smoothed_state[0, days], atol=1e-8)
    assert_allclose(
        answer.covariance[0, :, 0, 0], theirs.smoothed_state_cov[0, 0, days], atol=1e-8
    )


def test_days_without_a_session_are_those_of_statsmodels():
    gaps = np.where(RNG.random(len(DAYS)) < 0.5, np.nan, VALUES)
    gaps[0] = VALUES[0]
    for way in WAYS:
        answer = smoothed(DAYS, gaps, VARIANCES, wandering(way))
        theirs = in_statsmodels(DAYS, gaps, VARIANCES, way)

        assert_allclose(answer.mean[0], theirs.smoothed_state.T, atol=1e-8)
        assert_allclose(
            answer.covariance[0],
            np.moveaxis(theirs.smoothed_state_cov, 2, 0),
            atol=1e-8,
        )


def test_a_level_that_stands_still_is_the_weighted_mean():
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering(STILL))

    weights = 1 / VARIANCES
    assert_allclose(answer.mean[0, :, 0], np.average(VALUES, weights=weights))
    assert_allclose(answer.covariance[0, :, 0, 0], 1 / weights.sum())


def test_a_level_free_to_jump_goes_through_every_session():
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering((1e9, 0.0, 0.0)))

    assert_allclose(answer.mean[0, :, 0], VALUES, atol=1e-3)
    assert_allclose(answer.covariance[0, :, 0, 0], VARIANCES, rtol=1e-3)


def test_a_straight_line_is_found_with_its_slope():
    line = 20 + 0.1 * DAYS

    answer = smoothed(DAYS, line, np.full(len(DAYS), 1e-4), wandering((0.0, 0.0, 1.0)))

    assert_allclose(answer.mean[0, :, 0], line, atol=1e-3)
    assert_allclose(answer.mean[0, :, 1], 0.1, atol=1e-4)


def test_a_single_session_is_its_own_level():
    answer = smoothed(DAYS[:1], VALUES[:1], VARIANCES[:1], wandering(*WAYS))

    assert_allclose(answer.mean[:, 0, 0], VALUES[0])
    assert_allclose(answer.covariance[:, 0, 0, 0], VARIANCES[0])
    assert_allclose(answer.log_likelihood, 0.0)


def test_every_way_is_answered_as_if_it_were_alone():
    together = smoothed(DAYS, VALUES, VARIANCES, wandering(*WAYS))

    for number, way in enumerate(WAYS):
        alone = smoothed(DAYS, VALUES, VARIANCES, wandering(way))
        assert_allclose(together.mean[number], alone.mean[0])
        assert_allclose(together.log_likelihood[number], alone.log_likelihood[0])


@given(shift=st.floats(-90, 90), sign=st.sampled_from([-1.0, 1.0]))
@settings(max_examples=20)
def test_the_answer_moves_and_turns_with_the_values(shift, sign):
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering(*WAYS))
    other = smoothed(DAYS, shift + sign * VALUES, VARIANCES, wandering(*WAYS))

    assert_allclose(other.mean[..., 0], shift + sign * answer.mean[..., 0], atol=1e-8)
    assert_allclose(other.mean[..., 1], sign * answer.mean[..., 1], atol=1e-8)
    assert_allclose(other.covariance, answer.covariance, atol=1e-10)


@given(at=st.floats(0.0, 400.0))
@settings(max_examples=20)
def test_asking_for_one_more_day_changes_no_other(at):
    place = int(np.searchsorted(DAYS, at, side="right"))
    asked = smoothed(
        np.insert(DAYS, place, at),
        np.insert(VALUES, place, np.nan),
        np.insert(VARIANCES, place, np.nan),
        wandering(*WAYS),
    )
    answer = smoothed(DAYS, VALUES, VARIANCES, wandering(*WAYS))

    assert_allclose(np.delete(asked.mean, place, axis=1), answer.mean, atol=1e-8)
    assert_allclose(asked.log_likelihood, answer.log_likelihood)
    assert (asked.covariance[:, place, 0, 0] >= 0).all()
