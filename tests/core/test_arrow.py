"""The arrow-shaped fit against the same least-squares problem, solved whole."""

import numpy as np
from scipy.optimize import least_squares

from hiprom.core.lifting.arrow import Arrow, solve

_USUAL, _USUAL_SD = np.array([1.0, -0.5]), np.array([0.5, 1.0])


def _misfit(constants, states, seen):
    """Four witnesses of two states, bent by two constants."""
    first, second = states.T
    a, b = constants
    told = [a * first, first + second, np.sin(second) + b, 0.3 * second**2 + first]
    return (np.stack(told, axis=-1) - seen) / 0.1


def _trial(frames=12):
    random = np.random.default_rng(3)
    states = random.normal(0, 0.5, (frames, 2))
    exact = 0.1 * _misfit(np.array([1.2, 0.3]), states, np.zeros((frames, 4)))
    return exact + random.normal(0, 0.1, (frames, 4)), states


def _whole(seen, start):
    def residual(values):
        constants, states = values[:2], values[2:].reshape(-1, 2)
        prior = (constants - _USUAL) / _USUAL_SD
        return np.concatenate([prior, _misfit(constants, states, seen).ravel()])

    found = least_squares(residual, np.concatenate([_USUAL, start.ravel()]))
    return found.x, np.linalg.inv(found.jac.T @ found.jac)


def test_solution_and_covariance_are_those_of_the_whole_problem():
    seen, start = _trial()
    arrow = Arrow(_misfit, seen, _USUAL, _USUAL_SD, landmarks=0, readings=len(seen))
    fit = solve(arrow, start, most_frames=len(seen))
    values, covariance = _whole(seen, start)
    assert np.allclose(fit.constants, values[:2], atol=2e-3)
    assert np.allclose(fit.states.ravel(), values[2:], atol=2e-3)
    assert np.allclose(fit.covariance, covariance[:2, :2], rtol=0.02, atol=1e-5)
    own = np.sqrt(np.diag(covariance)[2:].reshape(-1, 2))
    for state in (0, 1):
        sd = fit.sd(lambda _, states, column=state: states[:, column])
        assert np.allclose(sd, own[:, state], rtol=0.02)


def test_a_function_of_both_has_the_deviation_of_both():
    seen, start = _trial()
    arrow = Arrow(_misfit, seen, _USUAL, _USUAL_SD, landmarks=0, readings=len(seen))
    fit = solve(arrow, start, most_frames=len(seen))
    values, covariance = _whole(seen, start)
    sd = fit.sd(lambda constants, states: constants[0] * states[:, 0])
    slope = np.zeros(len(values))
    slope[[0, 2]] = values[2], values[0]
    assert np.isclose(sd[0], np.sqrt(slope @ covariance @ slope), rtol=0.02)


def test_fewer_readings_leave_the_constants_less_sure():
    seen, start = _trial()
    sds = [
        np.sqrt(
            np.diag(
                solve(
                    Arrow(_misfit, seen, _USUAL, _USUAL_SD, 0, readings),
                    start,
                    most_frames=99,
                ).covariance
            )
        )
        for readings in (12.0, 2.0)
    ]
    assert (sds[1] > 1.5 * sds[0]).all()
    assert (sds[1] < _USUAL_SD).all()


def test_what_was_not_seen_says_nothing():
    seen, start = _trial()
    seen[4] = np.nan
    seen[4, 1:3] = [0.1, 0.2]
    arrow = Arrow(_misfit, seen, _USUAL, _USUAL_SD, landmarks=0, readings=12.0)
    fit = solve(arrow, start, most_frames=99)
    assert np.isfinite(fit.states).all()
    assert np.allclose(_misfit(fit.constants, fit.states, seen)[4, 1:3], 0, atol=1e-2)


def test_a_landmark_that_is_plainly_wrong_hardly_pulls():
    """Of six looks at one state a wrong one takes a sixth, but not if it is doubted."""

    def misfit(constants, states, seen):
        return (states + constants - seen) / 0.1

    seen = np.zeros((5, 6))
    seen[0, 0] = 2.0
    known = np.zeros(1), np.full(1, 1e-3)
    pulled, doubted = (
        solve(
            Arrow(misfit, seen, *known, landmarks, readings=5.0),
            np.zeros((5, 1)),
            most_frames=5,
        ).states[0, 0]
        for landmarks in (0, 3)
    )
    assert np.isclose(pulled, 2.0 / 6, atol=1e-3)
    assert abs(doubted) < 0.1 * pulled


def test_a_constant_far_from_what_is_usual_is_not_argued_away():
    """Ten deviations off and clearly seen: it is believed, and not drawn halfway."""

    def misfit(constants, states, seen):
        return (np.column_stack([states + constants, states]) - seen) / 0.3

    seen = np.tile([10.0, 0.0], (5, 1))
    arrow = Arrow(misfit, seen, np.zeros(1), np.ones(1), landmarks=0, readings=5.0)
    fit = solve(arrow, np.zeros((5, 1)), most_frames=5)
    assert 9.9 < fit.constants[0] < 10.0
