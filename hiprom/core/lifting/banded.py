"""A trial's normal equations, banded in time -> their solution and its covariance."""

from __future__ import annotations

import numpy as np
from scipy.linalg import solveh_banded

from hiprom.core.vectors import Array


def smoothness(time_s: Array, acceleration_sd: Array) -> Array:
    """Return the information that motion is smooth, in upper banded form.

    Every state's second derivative is taken to be noise of a known size; unequal frame
    intervals are honoured.

    Parameters
    ----------
    time_s : ndarray, shape (n,), n >= 3
    acceleration_sd : ndarray, shape (k,)
        Typical second derivative of each of the k states, per second squared.

    Returns
    -------
    ndarray, shape (2 k + 1, n k)
        As `scipy.linalg.solveh_banded` takes it, states of one frame side by side.
    """
    states, frames = len(acceleration_sd), len(time_s)
    before, after = np.diff(time_s)[:-1], np.diff(time_s)[1:]
    weights = np.stack(
        [
            2 / (before * (before + after)),
            -2 / (before * after),
            2 / (after * (before + after)),
        ],
        axis=1,
    )
    band = np.zeros((2 * states + 1, frames * states))
    for state, sd in enumerate(acceleration_sd):
        for first in range(3):
            for second in range(first, 3):
                row = 2 * states - (second - first) * states
                column = (np.arange(frames - 2) + second) * states + state
                band[row, column] += weights[:, first] * weights[:, second] / sd**2
    return band


def add_blocks(band: Array, blocks: Array) -> Array:
    """Return `band` with a k x k block of each frame, (n, k, k), added."""
    frames, states, _ = blocks.shape
    total = band.copy()
    start = np.arange(frames) * states
    for row in range(states):
        for column in range(row, states):
            total[len(band) - 1 - (column - row), start + column] += blocks[
                :, row, column
            ]
    return total


def times(band: Array, vector: Array) -> Array:
    """Return the symmetric banded matrix times a vector."""
    half = len(band) - 1
    product: Array = band[half] * vector
    for step in range(1, half + 1):
        above = band[half - step, step:]
        product[:-step] += above * vector[step:]
        product[step:] += above * vector[:-step]
    return product


def solve(band: Array, right: Array) -> Array:
    """Solve the banded system for a right-hand side of shape (n, k)."""
    solution: Array = solveh_banded(band, right.ravel(), check_finite=False)
    return solution.reshape(right.shape)


def covariance(band: Array, states: int) -> Array:
    """Return every frame's own k x k block of the inverse, shape (n, k, k).

    Frames are taken in pairs, so that each pair touches only its neighbours. Cost
    grows linearly with the trial's length.
    """
    half = len(band) - 1
    frames = band.shape[1] // states
    size = 2 * states
    pairs = -(-frames // 2)
    diagonal = np.zeros((pairs, size, size))
    coupling = np.zeros((max(pairs - 1, 0), size, size))
    for step in range(half + 1):
        column = np.arange(step, frames * states)
        value = band[half - step, column]
        row = column - step
        here, there = row // size, column // size
        same = here == there
        diagonal[here[same], row[same] % size, column[same] % size] = value[same]
        diagonal[here[same], column[same] % size, row[same] % size] = value[same]
        coupling[here[~same], row[~same] % size, column[~same] % size] = value[~same]
    if frames % 2:
        diagonal[-1, states:, states:] = np.eye(states)
    inverse, _ = _chain_inverse(diagonal, coupling)
    blocks = np.stack(
        [inverse[:, :states, :states], inverse[:, states:, states:]], axis=1
    )
    return blocks.reshape(2 * pairs, states, states)[:frames]


def _chain_inverse(diagonal: Array, coupling: Array) -> tuple[Array, Array]:
    """Invert a chain of blocks, each coupled to the next: cyclic reduction.

    Every second link is taken out, which leaves a chain of half the length; what is
    known of the others then tells of those between.

    Parameters
    ----------
    diagonal : ndarray, shape (n, k, k)
        Symmetric; the whole matrix is positive definite.
    coupling : ndarray, shape (n - 1, k, k)
        Above the diagonal.

    Returns
    -------
    ndarray, shape (n, k, k) and (n - 1, k, k)
        The same blocks of the inverse.
    """
    if len(diagonal) == 1:
        return np.asarray(np.linalg.inv(diagonal), dtype=np.float64), coupling
    # Links with an odd index go; the last may have none to its right.
    own = np.linalg.inv(diagonal[1::2])
    left, right = coupling[::2], coupling[1::2]
    both = len(right)
    by_left, by_right = left @ own, own[:both] @ right
    kept = diagonal[::2].copy()
    kept[: len(left)] -= by_left @ _turned(left)
    kept[1:] -= _turned(right) @ by_right
    known, across = _chain_inverse(kept, -by_left[:both] @ right)

    # A link given its neighbours is -own @ (left' x + right y).
    inverse, beside = np.empty_like(diagonal), np.empty_like(coupling)
    inverse[::2] = known
    to_left = -known[: len(left)] @ by_left
    to_left[:both] -= across @ _turned(by_right)
    to_right = -by_right @ known[1:]
    to_right -= _turned(by_left[:both]) @ across
    beside[::2], beside[1::2] = to_left, to_right
    inverse[1::2] = own - _turned(by_left) @ to_left
    inverse[1::2][:both] -= by_right @ _turned(to_right)
    return inverse, beside


def _turned(blocks: Array) -> Array:
    return np.swapaxes(blocks, -1, -2)
