"""A trial's witnesses -> what holds still in it: body, place and feet, with covariance.

Robust Gauss-Newton over frames spread over the trial. A frame's own angles touch only
that frame, so they are eliminated frame by frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.misfit import LASTING, of_body, of_frames, trust_of
from hiprom.core.lifting.floor.pose import MOVING, STILL
from hiprom.core.lifting.floor.slopes import by_moving, by_still
from hiprom.core.lifting.floor.swivels import best_swivels
from hiprom.core.lifting.floor.witnesses import FloorWitnesses
from hiprom.core.vectors import Array, middle, typical

# Frames are looked at this often, but no more than so many.
_RATE_HZ = 3.0
_MOST_FRAMES = 150
_STEPS, _SEARCH_EVERY = 40, 8
# No step is longer than this: metres and logs, degrees.
_LONGEST, _LONGEST_DEG = 0.15, 20.0
_ANGLES = [STILL.index(name) for name in ("yaw", "tilt", "pitch")]
_SETTLED = 1e-4
# Information per square degree on an angle of which nothing is seen.
BARELY = 1e-6
# How far ahead of the hips, and below them in the picture, feet are to begin with.
_AHEAD_M, _BELOW_M = 0.4, 0.1


@dataclass(frozen=True, eq=False)
class Settled:
    """What holds still (`STILL`), shape (18,), and its covariance."""

    still: Array
    covariance: Array

    def __getitem__(self, name: str) -> float:
        return float(self.still[STILL.index(name)])

    def sd(self, name: str) -> float:
        """Return the standard deviation of one of `STILL`."""
        index = STILL.index(name)
        return float(np.sqrt(self.covariance[index, index]))


def settle(seen: FloorWitnesses, assume: FloorAssumptions) -> Settled:
    """Fit what holds still through a trial.

    Parameters
    ----------
    seen : FloorWitnesses
        With shoulders, hips and ankles in some of the frames.
    assume : FloorAssumptions
    """
    keys = seen.part(_keys(seen.time_s))
    share = _share(keys.time_s, assume)
    misfit = partial(of_frames, seen=keys, assume=assume)
    yaw_seen = middle(seen.turn_deg)

    def known(still: Array, _: Array) -> Array:
        return of_body(still, keys, yaw_seen, assume)

    still = _first_guess(seen, assume)
    moving = best_swivels(still, keys, assume)
    information = np.eye(len(STILL))
    for step in range(_STEPS):
        rows, body = misfit(still, moving), known(still, moving)
        weight = share * trust_of(rows)
        rows = np.nan_to_num(rows)
        to_still = by_still(misfit, still, moving)
        to_moving = by_moving(misfit, still, moving)
        to_body = by_still(known, still, moving)

        own = np.einsum("kmi,km,kmj->kij", to_moving, weight, to_moving)
        back = np.linalg.inv(own + BARELY * np.eye(len(MOVING)))
        link = np.einsum("kmi,km,kmj->kij", to_still, weight, to_moving)
        gain = link @ back
        information = np.einsum("kmi,km,kmj->ij", to_still, weight, to_still)
        information += to_body.T @ to_body - np.einsum("kij,klj->il", gain, link)
        own_pull = -np.einsum("kmi,km->ki", to_moving, weight * rows)
        pull = -np.einsum("kmi,km->i", to_still, weight * rows) - to_body.T @ body
        pull -= np.einsum("kij,kj->i", gain, own_pull)

        move = np.linalg.solve(information, pull)
        move *= min(1.0, _LONGEST / np.abs(np.delete(move, _ANGLES)).max())
        left = own_pull - np.einsum("kij,i->kj", link, move)
        shift = np.einsum("kij,kj->ki", back, left)
        still = still + move
        moving = moving + np.clip(shift, -_LONGEST_DEG, _LONGEST_DEG)
        if step % _SEARCH_EVERY == _SEARCH_EVERY - 1:
            moving = best_swivels(still, keys, assume, moving)
        elif np.abs(np.delete(move, _ANGLES)).max() < _SETTLED and step > _SEARCH_EVERY:
            break
    return Settled(still, np.linalg.inv(information).astype(np.float64))


def _keys(time_s: Array) -> NDArray[np.intp]:
    """Return indices of frames that are spread evenly over the trial."""
    whole_s = float(time_s[-1] - time_s[0])
    count = int(np.clip(whole_s * _RATE_HZ, 12, _MOST_FRAMES))
    spread = np.searchsorted(time_s, np.linspace(time_s[0], time_s[-1], count))
    return np.unique(spread.clip(0, len(time_s) - 1))


def _share(time_s: Array, assume: FloorAssumptions) -> Array:
    """Return how much of a new reading each misfit of the next frame is, (16,)."""
    whole_s = float(time_s[-1] - time_s[0])
    readings = np.clip(whole_s / assume.memory_s, 1.0, assume.poses)
    share = np.minimum(1.0, np.where(LASTING, 1.0, readings) / len(time_s))
    # What is expected of the pelvis holds for each of these frames.
    return np.concatenate([share, [1.0, 1.0]])


def _first_guess(seen: FloorWitnesses, assume: FloorAssumptions) -> Array:
    """Where everything would be if feet and hips stood as they usually do."""
    depth = seen.focal_px / seen.metre_px
    hip = typical(seen.hips).mean(axis=0) * depth / seen.focal_px
    hip[1] += assume.hip_above_m
    feet = typical(seen.ankles) * (depth - _AHEAD_M) / seen.focal_px
    unseen = hip + np.array([0.0, _BELOW_M])
    feet = np.where(np.isfinite(feet), feet, unseen)
    guess = dict.fromkeys(STILL, 0.0) | {
        "aside_m": hip[0],
        "below_m": hip[1],
        "log_depth": np.log(depth),
        "yaw": middle(seen.turn_deg),
        "pitch": assume.pitch,
        "hip_above_m": assume.hip_above_m,
    }
    for side, foot in zip(("left", "right"), feet, strict=True):
        guess[f"{side}_ankle_x_m"] = foot[0] - hip[0]
        guess[f"{side}_ankle_y_m"] = foot[1] - hip[1]
        guess[f"{side}_ankle_z_m"] = -_AHEAD_M
    return np.array([float(guess[name]) for name in STILL])
