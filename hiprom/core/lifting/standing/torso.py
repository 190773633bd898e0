"""A standing person's metric landmarks -> how far thorax and pelvis have turned.

In the picture a turn of 30 degrees narrows the shoulders by an eighth, little more than
the landmarks err, and does not say which way. The model's metric shoulders do better:
what they miss is a share, and that share is the same for a person who turns and for one
who stands before a camera that is off to one side. Where they err the width mostly errs
along with them: both together are no better, tried on 40 held turns. The metric hips
follow the shoulders by half, whether the pelvis turns or not; only what they do beyond
that tells of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import HIPS, SHOULDERS
from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.lifting.standing.stance import line_yaw_deg
from hiprom.core.signals import sliding_median
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle

_NEAR_DEG = 4.0


@dataclass(frozen=True, eq=False)
class Torso:
    """Turns to the subject's left since rest, degrees, (n,), with deviations.

    The thorax's is relative to the pelvis, the pelvis's is in the room.
    """

    thorax_deg: Array
    thorax_sd_deg: Array
    pelvis_deg: Array
    pelvis_sd_deg: Array


def turn_of_torso(track: PoseTrack, assume: StandingAssumptions) -> Torso:
    """Read both turns; at rest both are taken to be nought."""
    world = track.world_m.astype(np.float64)
    shoulders, hips = (line_yaw_deg(world, pair) for pair in (SHOULDERS, HIPS))
    at_rest = _at_rest(shoulders, assume)
    # To one's own left is to the picture's right, where yaw is positive.
    shoulders = shoulders - middle(shoulders[at_rest])
    hips = hips - middle(hips[at_rest])
    turned = shoulders / assume.shoulders_gain

    beyond = _calm(track, hips - assume.hips_follow * shoulders)
    pelvis, pelvis_sd = _pelvis(beyond, assume)
    thorax_sd = np.hypot(assume.shoulders_turn_sd, assume.shoulders_gain_sd * turned)
    return Torso(
        thorax_deg=turned - pelvis,
        thorax_sd_deg=np.hypot(thorax_sd, pelvis_sd),
        pelvis_deg=pelvis,
        pelvis_sd_deg=pelvis_sd,
    )


def _calm(track: PoseTrack, values: Array) -> Array:
    """Return a median over a sliding moment, NaN where `values` (n,) is."""
    known = np.isfinite(values)
    if not known.any():
        return values
    bridged = np.interp(track.time_s, track.time_s[known], values[known])
    return np.where(known, sliding_median(track.time_s, bridged), np.nan)


def _pelvis(beyond_deg: Array, assume: StandingAssumptions) -> tuple[Array, Array]:
    """Return the pelvis's turn and its deviation, from what hips do beyond following.

    Mostly a pelvis keeps still; one that turns does so by much more. In either case the
    answer is linear; the cases are averaged by how well they explain what is seen.
    """
    shown = assume.hips_gain - assume.hips_follow * assume.shoulders_gain
    noise = assume.hips_follow_sd**2
    belief = mean = square = np.zeros_like(beyond_deg)
    for odds, sd in (
        (1 - assume.pelvis_moving_share, assume.pelvis_still_sd),
        (assume.pelvis_moving_share, assume.pelvis_moving_sd),
    ):
        expected = shown**2 * sd**2 + noise
        fits = odds / np.sqrt(expected) * np.exp(-0.5 * beyond_deg**2 / expected)
        trust = sd**2 * shown / expected
        turn, left = trust * beyond_deg, sd**2 * (1 - trust * shown)
        belief, mean = belief + fits, mean + fits * turn
        square = square + fits * (left + turn**2)
    mean = mean / belief
    return mean, np.sqrt(np.maximum(square / belief - mean**2, 0.0))


def _at_rest(yaw_deg: Array, assume: StandingAssumptions) -> NDArray[np.bool_]:
    """When a line faces where it does for longest, near the camera first."""
    known = np.sort(yaw_deg[np.isfinite(yaw_deg)])
    if not len(known):
        return np.zeros(len(yaw_deg), dtype=np.bool_)
    first, last = (np.searchsorted(known, known + way * _NEAR_DEG) for way in (-1, 1))
    toward = np.exp(-0.5 * ((known - assume.yaw_bias) / assume.facing_sd) ** 2)
    usual = known[np.argmax((last - first) * toward)]
    return np.asarray(np.abs(yaw_deg - usual) <= _NEAR_DEG)
