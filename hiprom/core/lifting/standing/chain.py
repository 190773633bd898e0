"""Leans of shank, thigh and trunk -> where the joints' middles are, and their angles.

Seen from in front, the middles of ankles, knees, hips and shoulders make a chain in the
plane that cuts the body into left and right. Shank and trunk lean forwards, the thigh
backwards; a state holds these leans in radians, and how far the hips are shifted to the
person's right.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.lifting.standing.stance import Stance
from hiprom.core.vectors import Array

STEP = 1e-4
STATES = np.eye(4)
# Shares of the body's mass, and where along each segment its centre lies: head, arms
# and trunk from the hips up, thighs from the hips down, shanks from the knees down
# (Winter 2009, table 4.1).
_UPPER_MASS, _THIGHS_MASS, _SHANKS_MASS = 0.678, 0.200, 0.093
_UPPER_CENTRE, _LEG_CENTRE = 0.626, 0.433


@dataclass(frozen=True, eq=False)
class Chain:
    """The chain of one person, lengths in leg lengths.

    Attributes
    ----------
    stance : Stance
    assume : StandingAssumptions
    shank_splay, thigh_splay : ndarray, shape (n,)
        How far each leg's segments slant out of the chain's plane: the knee further
        out than the ankle, and than the hip.
    """

    stance: Stance
    assume: StandingAssumptions
    shank_splay: Array
    thigh_splay: Array

    @classmethod
    def of(cls, stance: Stance, assume: StandingAssumptions) -> Chain:
        """Make the chain of a person, its legs splayed as they are seen."""
        ankles, knees, hips = stance.half[:, :3].T
        shank, thigh = 1 - assume.thigh, assume.thigh
        return cls(
            stance,
            assume,
            np.arcsin(np.clip((knees - ankles) / shank, -0.9, 0.9)),
            np.arcsin(np.clip((knees - hips) / thigh, -0.9, 0.9)),
        )

    def joints(self, state: Array) -> tuple[Array, Array, Array]:
        """Return the middles of knees, hips and shoulders, (n, 3) each."""
        stance, assume, axes = self.stance, self.assume, self.stance.axes
        shank, thigh, trunk, shift = state.T
        aside = shift[:, None] / 2 * axes.rightward
        shanks = (1 - assume.thigh) * np.cos(self.shank_splay)
        thighs = assume.thigh * np.cos(self.thigh_splay)
        knee = stance.ankle + aside + shanks[:, None] * axes.raised(shank)
        hip = knee + aside + thighs[:, None] * axes.raised(-thigh)
        return knee, hip, hip + stance.trunk * axes.raised(trunk)

    def seen_px(self, state: Array) -> Array:
        """Return where they are seen, (n, 3, 2), from the picture's centre."""
        return self.stance.seen_px(np.stack(self.joints(state), axis=1))

    def ahead(self, state: Array) -> Array:
        """Return how far the centre of mass is ahead of the ankles, (n,)."""
        knee, hip, shoulder = (
            (joint - self.stance.ankle) @ self.stance.axes.forward
            for joint in self.joints(state)
        )
        upper = hip + _UPPER_CENTRE * (shoulder - hip) + self.assume.arms
        thighs = hip + _LEG_CENTRE * (knee - hip)
        shanks = knee * (1 - _LEG_CENTRE)
        moment = _UPPER_MASS * upper + _THIGHS_MASS * thighs + _SHANKS_MASS * shanks
        return np.asarray(moment)

    def angles_deg(self, state: Array) -> Array:
        """Return knee flexion, the thigh's rise and the trunk's lean, (n, 3)."""
        shank, thigh, trunk, _ = state.T
        upright = np.cos(self.shank_splay) * np.cos(self.thigh_splay)
        across = np.sin(self.shank_splay) * np.sin(self.thigh_splay)
        bend = upright * np.cos(shank + thigh) - across
        flexion = np.arccos(np.clip(bend, -1.0, 1.0))
        rise = np.arcsin(np.cos(self.thigh_splay) * np.cos(thigh))
        return np.asarray(np.degrees(np.stack([flexion, rise, trunk], axis=1)))

    def variance(self, state: Array, covariance: Array) -> Array:
        """Return the variance of `angles_deg`, (n, 3), for a covariance (n, 4, 4)."""
        here = self.angles_deg(state)
        slopes = np.stack(
            [(self.angles_deg(state + STEP * one) - here) / STEP for one in STATES],
            axis=-1,
        )
        return np.asarray(np.einsum("nai,nij,naj->na", slopes, covariance, slopes))
