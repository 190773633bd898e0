"""A still body and a trial's witnesses -> both legs in every frame, with deviations.

Four angles a frame, smooth in time: each Gauss-Newton step is one banded solve.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from hiprom.core.lifting import banded
from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.misfit import of_frames, trust_of
from hiprom.core.lifting.floor.pose import MOVING, Joints, joints
from hiprom.core.lifting.floor.settle import BARELY, Settled
from hiprom.core.lifting.floor.slopes import Function, by_moving, by_still
from hiprom.core.lifting.floor.swivels import best_swivels
from hiprom.core.lifting.floor.witnesses import FloorWitnesses
from hiprom.core.signals import sliding_median
from hiprom.core.vectors import Array

_STEPS, _LONGEST_DEG, _SETTLED_DEG = 15, 20.0, 0.02
# A leg that jumps to another part of its circle and back within this was misread.
_JUMP_S = 0.3


@dataclass(frozen=True, eq=False)
class Followed:
    """Both legs through a trial.

    Attributes
    ----------
    settled : Settled
        What holds still.
    moving : ndarray, shape (n, 4)
        What moves (`MOVING`).
    covariance : ndarray, shape (n, 4, 4)
        Of what moves, were the rest known.
    response : ndarray, shape (n, 4, 18)
        How what moves would follow a change of what holds still.
    assume : FloorAssumptions
    focal_px : float
    """

    settled: Settled
    moving: Array
    covariance: Array
    response: Array
    assume: FloorAssumptions
    focal_px: float

    @property
    def body(self) -> Joints:
        """The joints in every frame."""
        return joints(self.settled.still, self.moving, self.assume)

    @property
    def swing_deg(self) -> Array:
        """How far both knees are to the picture's right, (n,)."""
        swing: Array = self.moving[:, :2].mean(axis=1)
        return swing

    def spread(self, function: Function) -> Array:
        """Return the standard deviation (n,) of a function of the pose."""
        still, moving = self.settled.still, self.moving
        own = by_moving(function, still, moving)
        whole = by_still(function, still, moving)
        whole = whole + np.einsum("ni,nij->nj", own, self.response)
        variance = np.einsum("ni,nij,nj->n", own, self.covariance, own)
        variance += np.einsum("ni,ij,nj->n", whole, self.settled.covariance, whole)
        deviation: Array = np.sqrt(variance)
        return deviation


def follow(
    seen: FloorWitnesses, settled: Settled, assume: FloorAssumptions
) -> Followed:
    """Fit what moves in every frame."""
    still, time_s = settled.still, seen.time_s
    misfit = partial(of_frames, seen=seen, assume=assume)
    smooth = banded.smoothness(
        time_s,
        np.repeat([assume.swivel_acceleration, assume.pelvis_acceleration], 2),
    )
    barely = BARELY * np.eye(len(MOVING))
    step_s = float(np.median(np.diff(time_s)))
    moving = best_swivels(still, seen, assume)
    for leg in range(2):
        moving[:, leg] = sliding_median(time_s, moving[:, leg], half_window_s=_JUMP_S)
    for _ in range(_STEPS):
        rows = misfit(still, moving)
        trust = trust_of(rows)
        slopes = by_moving(misfit, still, moving)
        pull = -np.einsum("nmi,nm->ni", slopes, trust * np.nan_to_num(rows))
        pull -= banded.times(smooth, moving.ravel()).reshape(moving.shape)
        blocks = np.einsum("nmi,nm,nmj->nij", slopes, trust, slopes) + barely
        step = banded.solve(banded.add_blocks(smooth, blocks), pull)
        moving = moving + np.clip(step, -_LONGEST_DEG, _LONGEST_DEG)
        if np.abs(step).max() < _SETTLED_DEG:
            break
    rows = misfit(still, moving)
    trust = trust_of(rows)
    slopes = by_moving(misfit, still, moving)
    to_still = by_still(misfit, still, moving)
    own = np.einsum("nmi,nm,nmj->nij", slopes, trust, slopes) + barely
    link = np.einsum("nmi,nm,nmj->nij", slopes, trust, to_still)
    # Errors of neighbouring frames are alike: together they tell no more than one does.
    # Where that one tells little, smooth motion and the frames about it tell more.
    alone = np.linalg.inv(own)
    share = min(1.0, step_s / assume.memory_s)
    among = banded.covariance(banded.add_blocks(smooth, share * own), len(MOVING))
    is_lost = np.trace(alone, axis1=1, axis2=2) > np.trace(among, axis1=1, axis2=2)
    spread = np.where(is_lost[:, None, None], among, alone)
    return Followed(
        settled=settled,
        moving=moving,
        covariance=spread,
        response=-np.linalg.solve(own, link),
        assume=assume,
        focal_px=seen.focal_px,
    )
