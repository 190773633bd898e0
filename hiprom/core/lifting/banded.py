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

    Frames are taken in pairs, so that each pair touches only its neighbours; what is
    known from the left and from the right of a pair is then added to its own. Cost
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

    own = diagonal.copy()
    from_left, from_right = np.zeros_like(own), np.zeros_like(own)
    for pair in range(1, pairs):
        link = coupling[pair - 1]
        known = own[pair - 1] - from_left[pair - 1]
        from_left[pair] = link.T @ np.linalg.solve(known, link)
    for pair in range(pairs - 2, -1, -1):
        link = coupling[pair]
        known = own[pair + 1] - from_right[pair + 1]
        from_right[pair] = link @ np.linalg.solve(known, link.T)
    inverse = np.linalg.inv(own - from_left - from_right)
    blocks = np.stack(
        [inverse[:, :states, :states], inverse[:, states:, states:]], axis=1
    )
    return blocks.reshape(2 * pairs, states, states)[:frames]
