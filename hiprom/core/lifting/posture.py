"""A seated trial's resting phase -> the camera's pose and the person's posture.

What stays the same through a trial is estimated once, with its covariance: how the
camera is rolled and pitched, where the thighs point, how far knee and hips are turned
at rest. Many weak witnesses (lines between landmarks, the hanging shanks, the model's
metric thighs) meet the assumptions in one small least-squares problem.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.landmarks import HIPS, KNEES
from hiprom.core.lifting.assumptions import Assumptions
from hiprom.core.lifting.seated import (
    Leg,
    gravity,
    hip_line,
    level_axes,
    mid_line,
    seated_leg,
    seen_tilt_deg,
)
from hiprom.core.lifting.witnesses import Witnesses
from hiprom.core.vectors import Array, typical

# Outward is the image's right for the left leg, its left for the right leg.
OUTWARD = np.array([1.0, -1.0])
NAMES = (
    "roll",
    "pitch",
    "yaw",
    "splay",
    "elevation",
    "knee",
    "left_rotation",
    "right_rotation",
    "left_bias",
    "right_bias",
)
_STEP = 0.05
_SETTLED_DEG = 1e-4


@dataclass(frozen=True, eq=False)
class Posture:
    """The trial's constants, degrees, in the order of `NAMES`, and their covariance."""

    values: Array
    covariance: Array

    def __getitem__(self, name: str) -> float:
        return float(self.values[NAMES.index(name)])

    @property
    def down(self) -> Array:
        """Gravity, camera axes."""
        return gravity(self["roll"], self["pitch"])


def leg_at_rest(values: Array, leg: int) -> Leg:
    """Directions (..., 3) of the left (0) or right (1) leg at rest."""
    roll, pitch, yaw, splay, elevation, knee, *rotations = np.moveaxis(values, -1, 0)
    outward = OUTWARD[leg]
    still = seated_leg(
        (outward * splay)[..., None],
        elevation[..., None],
        knee[..., None],
        -outward * rotations[leg][..., None],
        level_axes(yaw, gravity(roll, pitch)),
    )
    return Leg(still.thigh[..., 0, :], still.shank[..., 0, :])


@dataclass(frozen=True, eq=False)
class _Rest:
    """What the resting frames say, and how far constants are from it.

    Attributes
    ----------
    tilt_deg, calf_deg : ndarray, shape (2,)
        Of the shanks, left first; the calf draws only a silhouette's mid-line back.
    ray : ndarray, shape (2, 3)
    lines_deg, line_rays : ndarray, shape (5,) and (5, 3)
        As `Witnesses` has them.
    gap, gap_sd : float
        From knee to knee, shank lengths.
    told : ndarray, shape (2,)
        How much each of the model's thighs counts.
    yaw_deg, spread_deg, drop_deg, bend_deg : float
        What these thighs say: mean and half difference of their yaw, how far the knee
        is below the hip, the knee's flexion.
    """

    assume: Assumptions
    tilt_deg: Array
    calf_deg: Array
    ray: Array
    lines_deg: Array
    line_rays: Array
    gap: float
    gap_sd: float
    told: Array
    yaw_deg: float
    spread_deg: float
    drop_deg: float
    bend_deg: float

    @classmethod
    def of(cls, seen: Witnesses, assume: Assumptions) -> _Rest:
        """Take the median over the resting frames of everything that was seen."""
        rest = seen.at_rest
        outlined = np.isfinite(seen.tilt_deg)
        tilt = np.where(outlined, seen.tilt_deg, seen.joints_tilt_deg)
        outlined = np.isfinite(typical(seen.tilt_deg[rest]))
        ray = typical(seen.ray[rest])
        knees = seen.image_px[rest][:, KNEES]
        gap_px = typical(np.linalg.norm(knees[:, 0] - knees[:, 1], axis=-1))
        thigh = seen.world_m[rest][:, KNEES] - seen.world_m[rest][:, HIPS]
        # The model's metric axes look along the line of sight, not the optical axis.
        aim = (
            np.degrees(np.arctan(ray[:, 0].mean()))
            if assume.world_follows_sight
            else 0.0
        )
        yaws = typical(np.degrees(np.arctan2(thigh[..., 0], -thigh[..., 2]))) - aim
        # Where only one leg was seen, it alone tells.
        told = np.isfinite(yaws) / max(1, np.isfinite(yaws).sum())
        level = np.hypot(thigh[..., 0], thigh[..., 2])
        drops = typical(np.degrees(np.arctan2(thigh[..., 1], level)))
        return cls(
            assume=assume,
            tilt_deg=typical(tilt[rest]),
            calf_deg=np.where(outlined, assume.calf, 0.0),
            ray=ray,
            lines_deg=typical(seen.lines_deg[rest]),
            line_rays=typical(seen.line_rays[rest]),
            gap=float(gap_px / seen.shank_px.mean()),
            # Knees that wander tell their gap no better than the shanks' length.
            gap_sd=float(np.hypot(assume.gap_sd, seen.wander)),
            told=told,
            yaw_deg=float(np.nan_to_num(yaws) @ told),
            spread_deg=float(yaws[0] - yaws[1]) / 2,
            drop_deg=float(drops.mean()),
            bend_deg=seen.knee_flexion_deg,
        )

    def misfit(self, values: Array) -> Array:
        """How far constants (..., 10) are from every witness, (..., 24), in its SDs."""
        assume, told = self.assume, self.told
        roll, pitch, yaw, splay, elevation, knee, left, right = np.moveaxis(
            values[..., :8], -1, 0
        )
        bias, down = values[..., 8:], gravity(roll, pitch)
        legs = [leg_at_rest(values, leg) for leg in (0, 1)]
        drawn = [
            seen_tilt_deg(mid_line(leg, calf), ray)
            for leg, calf, ray in zip(legs, self.calf_deg, self.ray, strict=True)
        ]
        shanks = self.tilt_deg - OUTWARD * bias - np.stack(drawn, axis=-1)
        # A line across the body, as an angle from the image's right downwards; the
        # trunk from straight down.
        level = -hip_line(yaw, 0.0, down)[..., None, :]
        across = 90.0 - seen_tilt_deg(level, self.line_rays[:-1])
        trunk = seen_tilt_deg(down, self.line_rays[-1])[..., None]
        lines = self.lines_deg - np.concatenate([across, trunk], axis=-1)

        thighs = np.stack([leg.thigh for leg in legs], axis=-2)
        toward = np.degrees(np.arctan2(thighs[..., 0], -thighs[..., 2]))
        splay_seen = (toward[..., 0] - toward[..., 1]) / 2
        drop = np.degrees(np.arcsin(thighs[..., 1])).mean(axis=-1)
        knees_apart = assume.hip_gap + 2 * assume.thigh * np.sin(np.radians(splay))
        yaw_left = self.yaw_deg - assume.yaw_bias - assume.yaw_gain * (toward @ told)
        single = (
            yaw_left / assume.yaw_sd,
            (self.spread_deg - assume.splay_bias - splay_seen) / assume.splay_seen_sd,
            (self.drop_deg - assume.thigh_pitch_bias - drop) / assume.thigh_pitch_sd,
            (self.bend_deg - assume.knee_bias - knee) / assume.knee_sd,
            (self.gap - knees_apart * np.cos(np.radians(yaw))) / self.gap_sd,
            (splay - assume.splay) / assume.splay_sd,
            elevation / assume.elevation_sd,
            (knee - 90.0 - elevation) / assume.hang_sd,
            (left + right) / 2 / assume.rest_rotation_sd,
            (left - right) / 2 / assume.rest_asymmetry_sd,
        )
        together = (
            shanks / 0.2,
            lines / assume.line_sds,
            np.stack(single, axis=-1),
            bias / assume.shank_bias_sd,
        )
        # A witness that did not speak has no misfit.
        return np.asarray(np.nan_to_num(np.concatenate(together, axis=-1)))


def settle(
    seen: Witnesses,
    assume: Assumptions,
    gravity_deg: tuple[float, float, float, float] | None,
) -> Posture:
    """Estimate the constants from the resting frames.

    `gravity_deg` is the camera's roll and pitch and their standard deviations where a
    camera profile knows them.
    """
    rest = _Rest.of(seen, assume)
    known = np.array([0.0, assume.pitch])
    known_sd = np.array([assume.roll_sd, assume.pitch_sd])
    if gravity_deg is not None:
        known, known_sd = np.array(gravity_deg[:2]), np.array(gravity_deg[2:])

    yaw = rest.yaw_deg - assume.yaw_bias
    values = np.array([*known, yaw, assume.splay, 0, 90, 0, 0, 0, 0.0])
    steps = _STEP * np.eye(len(values) + 1, len(values), -1)
    for _ in range(10):
        residual, *moved = rest.misfit(values + steps)
        slopes = np.stack([(each - residual) / _STEP for each in moved], axis=1)
        trust = 1 / known_sd**2
        if gravity_deg is None:
            # Heavy-tailed: a roll of many standard deviations is not argued away.
            trust[0] *= 1.5 / (1 + 0.5 * (values[0] / known_sd[0]) ** 2)
        information = slopes.T @ slopes
        information[[0, 1], [0, 1]] += trust
        pull = -slopes.T @ residual
        pull[:2] += trust * (known - values[:2])
        step = np.linalg.solve(information, pull)
        values = values + step
        if np.abs(step).max() < _SETTLED_DEG:
            break
    covariance = np.linalg.inv(information).astype(np.float64)
    return Posture(values, covariance)
