"""Sessions at uneven times -> the level behind them: Kalman filter and smoother.

The level is where the sessions would lie without error, and it rises or falls by a
slope. Both may wander: the level as a random walk, the slope as another. Everything is
in closed form, and done for many ways of wandering at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.vectors import Array


@dataclass(frozen=True, eq=False)
class Wandering:
    """Ways in which a level may wander, each attribute of shape (k,), at least 0.

    Attributes
    ----------
    level : ndarray
        Variance that the level gains in a day of itself, deg^2 / day. With the others
        zero: the local-level model.
    slope : ndarray
        Variance that the slope gains in a day, deg^2 / day^3. With `level` zero: a
        smooth curve, the cubic smoothing spline.
    first_slope : ndarray
        Variance of the slope at the first session, deg^2 / day^2, about zero.
    """

    level: Array
    slope: Array
    first_slope: Array


@dataclass(frozen=True, eq=False)
class Smoothed:
    """The level and its slope on some days, for each of k ways of wandering.

    Attributes
    ----------
    mean : ndarray, shape (k, days, 2)
        Of the level, and of its slope a day.
    covariance : ndarray, shape (k, days, 2, 2)
    log_likelihood : ndarray, shape (k,)
        Of the sessions after the first, which says only where the level began.
    """

    mean: Array
    covariance: Array
    log_likelihood: Array


def smoothed(
    days: Array, values: Array, variances: Array, wandering: Wandering
) -> Smoothed:
    """Smooth unevenly spaced sessions, exactly.

    Parameters
    ----------
    days : ndarray, shape (n,)
        Never falling; at least one.
    values : ndarray, shape (n,)
        What the session on each day measured; NaN on a day without one. The first day
        has one.
    variances : ndarray, shape (n,)
        Of each session's error, above 0; not looked at where there is none.
    wandering : Wandering

    Notes
    -----
    Nothing is assumed of the level before the first session (a diffuse beginning).
    Forwards runs Kalman's filter; backwards the fixed-interval smoother of de Jong,
    which divides by no covariance and therefore allows a level that stands still.
    Unevenly spaced days need no filling in, because a random walk gains variance with
    time, not with sessions: in d days the level gains level d + slope d^3 / 3, the
    slope gains slope d, and both together slope d^2 / 2.

    References
    ----------
    Harvey A, Koopman SJ, Penzer J (1998). Messy time series: a unified approach.
    Advances in Econometrics 13:103-143.
    de Jong P (1989). Smoothing and interpolation with the state-space model. Journal of
    the American Statistical Association.
    """
    k, n = len(wandering.level), len(days)
    step, gained = _steps(np.diff(days, prepend=days[0]), wandering)
    mean, covariance = np.zeros((k, n, 2)), np.zeros((k, n, 2, 2))
    surprise, spread = np.zeros((k, n)), np.full((k, n), np.inf)
    after_mean = np.zeros((k, 2))
    after_mean[:, 0] = values[0]
    after = np.zeros((k, 2, 2))
    after[:, 0, 0], after[:, 1, 1] = variances[0], wandering.first_slope
    mean[:, 0], covariance[:, 0] = after_mean, after
    for day in range(1, n):
        mean[:, day] = after_mean @ step[day].T
        covariance[:, day] = step[day] @ after @ step[day].T + gained[:, day]
        after_mean, after = mean[:, day], covariance[:, day]
        if np.isfinite(values[day]):
            surprise[:, day] = values[day] - mean[:, day, 0]
            spread[:, day] = covariance[:, day, 0, 0] + variances[day]
            gain = after[:, :, 0] / spread[:, day, None]
            after_mean = after_mean + gain * surprise[:, day, None]
            after = after - gain[:, :, None] * after[:, None, 0, :]
    shown = np.isfinite(spread)
    log_likelihood = -0.5 * np.sum(
        np.log(2 * np.pi * spread, where=shown, out=np.zeros_like(spread))
        + surprise**2 / spread,
        axis=1,
    )
    _smooth(mean, covariance, surprise, spread, step)
    return Smoothed(mean, covariance, log_likelihood)


def _steps(gaps: Array, wandering: Wandering) -> tuple[Array, Array]:
    """Return what carries level and slope to each day, and the variance they gain."""
    step = np.zeros((len(gaps), 2, 2))
    step[:, 0, 0] = step[:, 1, 1] = 1.0
    step[:, 0, 1] = gaps
    gained = np.empty((len(wandering.level), len(gaps), 2, 2))
    turning = wandering.slope[:, None]
    gained[..., 0, 0] = wandering.level[:, None] * gaps + turning * gaps**3 / 3
    gained[..., 0, 1] = gained[..., 1, 0] = turning * gaps**2 / 2
    gained[..., 1, 1] = turning * gaps
    return step, gained


def _smooth(
    mean: Array, covariance: Array, surprise: Array, spread: Array, step: Array
) -> None:
    """Let every day know of the days after it, backwards and in place."""
    pull = np.zeros_like(mean[:, 0])
    grip = np.zeros_like(covariance[:, 0])
    for day in range(mean.shape[1] - 1, -1, -1):
        before = covariance[:, day]
        if day < mean.shape[1] - 1:
            pull = pull @ step[day + 1]
            grip = step[day + 1].T @ grip @ step[day + 1]
        gain = before[:, :, 0] / spread[:, day, None]
        kept = np.eye(2) - gain[:, :, None] * np.array([1.0, 0.0])
        pull = (pull[:, None, :] @ kept)[:, 0]
        pull[:, 0] += surprise[:, day] / spread[:, day]
        grip = np.swapaxes(kept, 1, 2) @ grip @ kept
        grip[:, 0, 0] += 1 / spread[:, day]
        mean[:, day] += (before @ pull[:, :, None])[..., 0]
        covariance[:, day] = before - before @ grip @ before
