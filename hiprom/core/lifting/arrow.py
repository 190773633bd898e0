"""Frames that share constants -> constants and every frame's states, with covariance.

The normal equations of such a fit have the shape of an arrow: each frame's states meet
the constants and themselves, never another frame's. So frames are eliminated one by
one, and the cost grows linearly with their number (Schur's complement, as in bundle
adjustment).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from hiprom.core.vectors import Array

# (constants (k,), states (n, s)) -> (n,) or (n, m).
Function = Callable[[Array, Array], Array]

_STEPS = 30
# Constants are settled when none moves by this share of its own prior deviation,
# states when none moves by as much in its own unit.
_SETTLED = 1e-3
_NUDGE = 1e-3
# No state goes further in one step: a turn is only straight for so long.
_LONGEST = 15.0
# A landmark this many standard deviations off is half believed.
_DOUBT = 3.0
# ... and so is what was known of a constant beforehand.
_UNUSUAL = 3.0
_FLOOR = 1e-9


@dataclass(frozen=True, eq=False)
class Arrow:
    """A least-squares problem of constants and states.

    Attributes
    ----------
    misfit : callable
        Constants (k,), states (n, s) and what was seen (n, ...) to residuals (n, m) in
        standard deviations; NaN where nothing was seen.
    seen : ndarray, shape (n, ...)
    usual, usual_sd : ndarray, shape (k,)
        What is known of the constants beforehand. A constant that is seen to be several
        deviations off is not argued away.
    landmarks : int
        The first residuals are that many pairs of a landmark's coordinates, and a
        landmark may be plainly wrong.
    readings : float
        How many independent readings all frames together are worth: a landmark's error
        lasts, so a longer recording does not make the constants surer.
    """

    misfit: Callable[[Array, Array, Array], Array]
    seen: Array
    usual: Array
    usual_sd: Array
    landmarks: int
    readings: float


@dataclass(frozen=True, eq=False)
class Fit:
    """The solution, and how far it may be off.

    Attributes
    ----------
    constants, covariance : ndarray, shape (k,) and (k, k)
    states : ndarray, shape (n, s)
    own : ndarray, shape (n, s, s)
        Covariance of a frame's states if the constants were known.
    link : ndarray, shape (n, s, k)
        How the states follow the constants.
    """

    constants: Array
    covariance: Array
    states: Array
    own: Array
    link: Array

    def sd(self, function: Function) -> Array:
        """Return the standard deviation (n,) of a function of constants and states."""
        by_state, by_constant = _slopes(
            lambda c, s: function(c, s)[:, None],
            self.constants,
            self.states,
            _NUDGE * np.sqrt(np.diag(self.covariance)),
        )
        state = by_state[:, 0]
        constant = by_constant[:, 0] + np.einsum("ns,nsk->nk", state, self.link)
        variance: Array = np.einsum("ns,nst,nt->n", state, self.own, state) + np.einsum(
            "nk,kl,nl->n", constant, self.covariance, constant
        )
        return np.sqrt(variance)


class _Equations(NamedTuple):
    """Of each frame: information of the states, their link to the constants, pulls."""

    own: Array
    link: Array
    constant: Array
    state_pull: Array
    constant_pull: Array


def solve(
    arrow: Arrow, states: Array, constants: Array | None = None, *, most_frames: int
) -> Fit:
    """Solve by Gauss-Newton.

    Parameters
    ----------
    arrow : Arrow
    states : ndarray, shape (n, s)
        A first guess.
    constants : ndarray, shape (k,), optional
        Another; without one what is usual.
    most_frames : int
        The constants are settled on so many frames, evenly chosen; the states of all
        frames then follow from them.
    """
    count = min(most_frames, len(states))
    chosen = np.unique(np.linspace(0, len(states) - 1, count).round().astype(int))
    constants, covariance = _settle(
        arrow,
        arrow.usual if constants is None else constants,
        states[chosen],
        arrow.seen[chosen],
    )
    states = _follow(arrow, constants, states)
    final = _equations(arrow, constants, states, arrow.seen)
    own: Array = np.asarray(np.linalg.inv(final.own), dtype=np.float64)
    return Fit(constants, covariance, states, own, -own @ final.link)


def _settle(
    arrow: Arrow, constants: Array, states: Array, seen: Array
) -> tuple[Array, Array]:
    """Return the constants and their covariance."""
    sd = arrow.usual_sd
    share = arrow.readings / len(states)
    for _ in range(_STEPS):
        each = _equations(arrow, constants, states, seen)
        both = np.concatenate([each.link, each.state_pull[..., None]], axis=-1)
        gain = np.linalg.solve(each.own, both)
        taken = np.swapaxes(each.link, 1, 2) @ gain
        off = (constants - arrow.usual) / sd
        trust = 1 / (1 + (off / _UNUSUAL) ** 2)
        information = np.diag(trust / sd**2) + share * (
            each.constant - taken[..., :-1]
        ).sum(axis=0)
        pull = trust * off / sd + share * (each.constant_pull - taken[..., -1]).sum(
            axis=0
        )
        step = -np.linalg.solve(information, pull)
        state_step = -gain[..., -1] - gain[..., :-1] @ step
        damping = min(1.0, _LONGEST / max(np.abs(state_step).max(), _FLOOR))
        constants = constants + damping * step
        states = states + damping * state_step
        if damping == 1.0 and np.abs(step / sd).max() < _SETTLED:
            break
    return constants, np.asarray(np.linalg.inv(information), dtype=np.float64)


def _follow(arrow: Arrow, constants: Array, states: Array) -> Array:
    """Return the states that go with the constants."""
    for _ in range(_STEPS):
        each = _equations(arrow, constants, states, arrow.seen, states_only=True)
        step = -np.linalg.solve(each.own, each.state_pull[..., None])[..., 0]
        states = states + np.clip(step, -_LONGEST, _LONGEST)
        if np.abs(step).max() < _SETTLED:
            break
    return states


def _equations(
    arrow: Arrow,
    constants: Array,
    states: Array,
    seen: Array,
    *,
    states_only: bool = False,
) -> _Equations:
    def misfit(c: Array, s: Array) -> Array:
        return arrow.misfit(c, s, seen)

    residual = misfit(constants, states)
    unseen = np.isnan(residual)
    residual = np.where(unseen, 0.0, residual)
    trust = np.where(unseen, 0.0, 1.0)
    pairs = 2 * arrow.landmarks
    off = np.hypot(residual[:, 0:pairs:2], residual[:, 1:pairs:2])
    trust[:, :pairs] *= np.repeat(1 / np.sqrt(1 + (off / _DOUBT) ** 2), 2, axis=1)

    nudges = np.zeros(0) if states_only else _NUDGE * arrow.usual_sd
    by_state, by_constant = _slopes(misfit, constants, states, nudges)
    by_state = trust[..., None] * np.nan_to_num(by_state)
    by_constant = trust[..., None] * np.nan_to_num(by_constant)
    residual = trust * residual
    turned, flipped = np.swapaxes(by_state, 1, 2), np.swapaxes(by_constant, 1, 2)
    return _Equations(
        own=turned @ by_state + _FLOOR * np.eye(states.shape[1]),
        link=turned @ by_constant,
        constant=flipped @ by_constant,
        state_pull=(turned @ residual[..., None])[..., 0],
        constant_pull=(flipped @ residual[..., None])[..., 0],
    )


def _slopes(
    function: Function, constants: Array, states: Array, nudges: Array
) -> tuple[Array, Array]:
    """Slopes by states (n, m, s) and by as many constants as there are nudges."""
    base = function(constants, states)
    by_state = [
        (function(constants, states + _NUDGE * one) - base) / _NUDGE
        for one in np.eye(states.shape[1])
    ]
    by_constant = [
        (function(constants + nudge * one, states) - base) / nudge
        for nudge, one in zip(nudges, np.eye(len(constants)), strict=False)
    ]
    empty = np.empty((*base.shape, 0))
    return (
        np.stack(by_state, axis=-1),
        np.stack(by_constant, axis=-1) if by_constant else empty,
    )
