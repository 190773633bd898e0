"""A standing person's track -> how deep they squat in every frame, and how surely.

The chain's lengths are known from standing, the feet stay on the floor, and the whole
does not fall over: so its height in the picture tells how far it has folded. What is
not seen, how far the hips are behind the feet, the knees' height and balance tell.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.lifting.standing.chain import STATES, STEP, Chain
from hiprom.core.lifting.standing.stance import Stance, take_stance
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical

_SETTLED, _LONGEST, _MOST_STEPS = 1e-3, 0.2, 25
# The landmarks' noise has grown to its full size when the hips have sunk by this share.
_SUNK = 0.3


@dataclass(frozen=True, eq=False)
class Squat:
    """The chain in every frame, angles in degrees, lengths in leg lengths.

    Attributes
    ----------
    knee_flexion_deg, knee_flexion_sd_deg : ndarray, shape (n,)
        With its standard deviation, bias included.
    thigh_rise_deg, thigh_rise_sd_deg : ndarray, shape (n,)
        The thigh above the horizontal: 90 standing, 0 level, negative below.
    trunk_forward_deg, trunk_forward_sd_deg : ndarray, shape (n,)
        The line from hips to shoulders, from the vertical.
    shank_forward_deg : ndarray, shape (n,)
    knee, hip : ndarray, shape (n, 3)
        The middles, camera axes.
    stance : Stance
    """

    knee_flexion_deg: Array
    knee_flexion_sd_deg: Array
    thigh_rise_deg: Array
    thigh_rise_sd_deg: Array
    trunk_forward_deg: Array
    trunk_forward_sd_deg: Array
    shank_forward_deg: Array
    knee: Array
    hip: Array
    stance: Stance


def lift_squat(track: PoseTrack, focal_px: float, assume: StandingAssumptions) -> Squat:
    """Fit the chain, and once more for everything that is assumed but not known.

    What is not known of camera and body is the same in all frames, so it makes a bias,
    not noise: each such constant is moved by its standard deviation, and what moves
    with it is added to the noise.

    Parameters
    ----------
    track : PoseTrack
        NaN where a landmark cannot be believed.
    focal_px : float
    assume : StandingAssumptions
    """
    stance = take_stance(track, focal_px, assume)
    chain = Chain.of(stance, assume)
    state, covariance = _fit(chain, _usual(stance, assume))
    angles = chain.angles_deg(state)
    variance = chain.variance(state, covariance)
    for other, focal in _moved(focal_px, assume):
        there = Chain.of(take_stance(track, focal, other), other)
        variance += (there.angles_deg(_fit(there, state)[0]) - angles) ** 2
    variance[:, 0] += assume.squat_sd**2
    flexion_sd, rise_sd, trunk_sd = np.sqrt(variance).T
    knee, hip, _ = chain.joints(state)
    return Squat(
        knee_flexion_deg=angles[:, 0],
        knee_flexion_sd_deg=flexion_sd,
        thigh_rise_deg=angles[:, 1],
        thigh_rise_sd_deg=rise_sd,
        trunk_forward_deg=angles[:, 2],
        trunk_forward_sd_deg=trunk_sd,
        shank_forward_deg=np.degrees(state[:, 0]),
        knee=knee,
        hip=hip,
        stance=stance,
    )


def _moved(
    focal_px: float, assume: StandingAssumptions
) -> list[tuple[StandingAssumptions, float]]:
    """Move each constant by its standard deviation, by itself."""
    lean = assume.rest_trunk + assume.rest_trunk_sd
    # Moved so that the pitch that comes of it and of the feet moves as it should.
    pitch = assume.pitch + assume.pitch_left_sd / max(1 - assume.floor_trust, 1e-3)
    return [
        (replace(assume, pitch=pitch), focal_px),
        (replace(assume, thigh=assume.thigh + assume.thigh_sd), focal_px),
        (replace(assume, yaw_bias=assume.yaw_bias + assume.yaw_sd), focal_px),
        (replace(assume, rest_trunk=lean), focal_px),
        (assume, focal_px * float(np.exp(assume.focal_sd))),
    ]


def _fit(chain: Chain, state: Array) -> tuple[Array, Array]:
    """Return the states (n, 4) and their covariance, by Gauss-Newton from `state`."""
    usual, noise = _usual(chain.stance, chain.assume), _noise(chain)
    share, last = np.ones(len(state)), np.zeros_like(state)
    for _ in range(_MOST_STEPS):
        residual = _misfit(chain, state, usual, noise)
        slopes = np.stack(
            [
                (_misfit(chain, state + STEP * one, usual, noise) - residual) / STEP
                for one in STATES
            ],
            axis=-1,
        )
        information = np.einsum("nmi,nmj->nij", slopes, slopes)
        pull = -np.einsum("nmi,nm->ni", slopes, residual)
        step = np.linalg.solve(information, pull[..., None])[..., 0]
        step = np.clip(step, -_LONGEST, _LONGEST)
        # A straight leg's height does not tell how little it bends: where the steps
        # swing to and fro they are shortened.
        share = np.where(np.sum(step * last, axis=1) < 0, share / 2, share)
        step, last = share[:, None] * step, step
        state = state + step
        if np.nanmax(np.abs(step)) < _SETTLED:
            break
    return state, np.asarray(np.linalg.inv(information))


def _misfit(chain: Chain, state: Array, usual: Array, noise: Array) -> Array:
    """Return what is seen and known against a state, in standard deviations."""
    stance, assume = chain.stance, chain.assume
    apart = (stance.middle_px[:, 1:] - chain.seen_px(state)) / noise[..., None]
    balance = (assume.balance - chain.ahead(state)) / assume.balance_sd
    shift = -state[:, 3] / assume.shift_sd
    freedom = assume.rest_sd + (assume.posture_sd - assume.rest_sd) * _sunk(stance)
    posture = (usual - state)[:, :3] / np.radians(freedom)[:, None]
    return np.concatenate(
        [apart.reshape(len(state), -1), balance[:, None], shift[:, None], posture], 1
    )


def _noise(chain: Chain) -> Array:
    """Pixels by which knees, hips and shoulders are off against the ankles, (n, 3).

    Hips are nearly exact against their own place at rest and grow worse as they sink;
    knees that do not fit at rest are off by as much later.
    """
    stance, assume = chain.stance, chain.assume
    scale = stance.focal_px / float(typical(stance.ankle[:, 2]))
    usual = chain.seen_px(_usual(stance, assume))
    off = typical((stance.middle_px[:, 1] - usual[:, 0])[stance.at_rest, 1]) / scale
    knees = np.full(len(usual), np.hypot(assume.knees_sd, off))
    hips = assume.hips_rest_sd + (assume.hips_sd - assume.hips_rest_sd) * _sunk(stance)
    shoulders = np.full(len(usual), assume.shoulders_sd)
    return np.asarray(scale * np.stack([knees, hips, shoulders], axis=1))


def _sunk(stance: Stance) -> Array:
    return np.asarray(np.clip((1 - stance.height) / _SUNK, 0.0, 1.0))


def _usual(stance: Stance, assume: StandingAssumptions) -> Array:
    """Return how people are who have sunk as far, (n, 4)."""
    fold = 2 * np.arccos(np.clip(stance.height, 0.1, 1.0))
    rest = np.radians([assume.rest_shank, assume.rest_thigh, assume.rest_trunk])
    share = np.array([assume.shank_share, 1 - assume.shank_share, assume.lean_share])
    leans = rest + fold[:, None] * share
    return np.concatenate([leans, np.zeros((len(leans), 1))], axis=1)
