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
    """Directions of the left (0) or right (1) leg at rest."""
    roll, pitch, yaw, splay, elevation, knee, *rotations = values[:8]
    return seated_leg(
        yaw + OUTWARD[leg] * splay,
        elevation,
        knee,
        -OUTWARD[leg] * rotations[leg],
        pelvis_yaw_deg=yaw,
        down=gravity(roll, pitch),
    )


def settle(
    seen: Witnesses,
    assume: Assumptions,
    gravity_deg: tuple[float, float, float, float] | None,
) -> Posture:
    """Estimate the constants from the resting frames.

    `gravity_deg` is the camera's roll and pitch and their standard deviations where a
    camera profile knows them.
    """
    rest = seen.at_rest
    tilt = np.where(np.isfinite(seen.tilt_deg), seen.tilt_deg, seen.joints_tilt_deg)
    tilt, ray = typical(tilt[rest]), typical(seen.ray[rest])
    calf = np.where(np.isfinite(typical(seen.tilt_deg[rest])), assume.calf, 0.0)
    lines = typical(seen.lines_deg[rest])
    rays = typical(seen.line_rays[rest])
    gap = (
        typical(
            np.linalg.norm(
                seen.image_px[rest][:, KNEES[0]] - seen.image_px[rest][:, KNEES[1]],
                axis=-1,
            )
        )
        / seen.shank_px.mean()
    )

    # Knees that wander tell their gap no better than the shanks' length.
    gap_sd = np.hypot(assume.gap_sd, seen.wander)
    thigh = seen.world_m[rest][:, KNEES] - seen.world_m[rest][:, HIPS]
    # The model's metric axes look along the line of sight, not the optical axis.
    aim = np.degrees(np.arctan(ray[:, 0].mean())) if assume.world_follows_sight else 0.0
    yaws = typical(np.degrees(np.arctan2(thigh[..., 0], -thigh[..., 2]))) - aim
    # Where only one leg was seen, it alone tells.
    told = np.isfinite(yaws) / max(1, np.isfinite(yaws).sum())
    yaw, spread = np.nan_to_num(yaws) @ told, (yaws[0] - yaws[1]) / 2
    drop = typical(
        np.degrees(np.arctan2(thigh[..., 1], np.hypot(thigh[..., 0], thigh[..., 2])))
    ).mean()
    bend = seen.knee_flexion_deg

    known = np.array([0.0, assume.pitch])
    known_sd = np.array([assume.roll_sd, assume.pitch_sd])
    if gravity_deg is not None:
        known, known_sd = np.array(gravity_deg[:2]), np.array(gravity_deg[2:])

    def misfit(v: Array) -> Array:
        roll, pitch, facing_yaw, splay, elevation, knee, left, right, *bias = v
        down = gravity(roll, pitch)
        legs = [leg_at_rest(v, leg) for leg in (0, 1)]
        shanks = [
            tilt[k]
            - OUTWARD[k] * bias[k]
            - seen_tilt_deg(mid_line(legs[k], calf[k]), ray[k])
            for k in (0, 1)
        ]
        level = -hip_line(facing_yaw, 0.0, down)
        # A line across the body, as an angle from the image's right downwards.
        across = [90.0 - seen_tilt_deg(level, r) for r in rays[:-1]]
        thighs = np.array([leg.thigh for leg in legs])
        toward = np.degrees(np.arctan2(thighs[:, 0], -thighs[:, 2]))
        facing_seen, splay_seen = toward @ told, (toward[0] - toward[1]) / 2
        thigh_drop = np.degrees(np.arcsin(thighs[:, 1])).mean()
        knees_apart = assume.hip_gap + 2 * assume.thigh * np.sin(np.radians(splay))
        # A witness that did not speak has no misfit.
        misfits: Array = np.nan_to_num(
            [
                *np.array(shanks) / 0.2,
                *(lines[:-1] - across)
                / [
                    assume.shoulders_sd,
                    assume.hips_sd,
                    assume.knees_sd,
                    assume.ankles_sd,
                ],
                (lines[-1] - seen_tilt_deg(down, rays[-1])) / assume.trunk_sd,
                (yaw - assume.yaw_bias - assume.yaw_gain * facing_seen) / assume.yaw_sd,
                (spread - assume.splay_bias - splay_seen) / assume.splay_seen_sd,
                (drop - assume.thigh_pitch_bias - thigh_drop) / assume.thigh_pitch_sd,
                (bend - assume.knee_bias - knee) / assume.knee_sd,
                (gap - knees_apart * np.cos(np.radians(facing_yaw))) / gap_sd,
                (splay - assume.splay) / assume.splay_sd,
                elevation / assume.elevation_sd,
                (knee - 90.0 - elevation) / assume.hang_sd,
                (left + right) / 2 / assume.rest_rotation_sd,
                (left - right) / 2 / assume.rest_asymmetry_sd,
                *np.array(bias) / assume.shank_bias_sd,
            ]
        )
        return misfits

    values = np.array(
        [*known, yaw - assume.yaw_bias, assume.splay, 0, 90, 0, 0, 0, 0.0]
    )
    for _ in range(10):
        residual = misfit(values)
        slopes = np.stack(
            [
                (misfit(values + _STEP * one) - residual) / _STEP
                for one in np.eye(len(values))
            ],
            axis=1,
        )
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
