"""Somebody standing still, as seen -> how far away they are, how tall, how crooked.

Standing, the legs are straight: their length in the picture is the full one, and all
that is shorter later has bent or leans. A standing person is also a plumb line.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hiprom.core.lifting.seated import facing, gravity, hip_line
from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.vectors import Array

_ROUNDS = 12
_ANKLES, _KNEES, _HIPS, _SHOULDERS = range(4)


class Axes(NamedTuple):
    """Against gravity, where the person faces, to their right; (3,), camera axes."""

    up: Array
    forward: Array
    rightward: Array

    @classmethod
    def of(cls, roll_deg: float, pitch_deg: float, yaw_deg: float) -> Axes:
        """Axes of a person facing `yaw_deg` before a camera that rolls and pitches."""
        down = gravity(roll_deg, pitch_deg)
        return cls(-down, facing(yaw_deg, down), hip_line(yaw_deg, 0.0, down))

    def raised(self, lean_rad: Array) -> Array:
        """Return unit vectors (..., 3) that lean forwards by `lean_rad` (...)."""
        upright, ahead = np.cos(lean_rad)[..., None], np.sin(lean_rad)[..., None]
        direction: Array = upright * self.up + ahead * self.forward
        return direction


class Upright(NamedTuple):
    """The ankles' depth and the trunk, in leg lengths; how far from plumb, degrees."""

    depth: float
    trunk: float
    crooked_deg: float


def stand(
    middle_px: Array,
    half: Array,
    axes: Axes,
    focal_px: float,
    assume: StandingAssumptions,
) -> Upright:
    """Place a standing person so that they look as large as they do.

    Parameters
    ----------
    middle_px : ndarray, shape (4, 2)
        Between both ankles, knees, hips and shoulders, from the picture's centre.
    half : ndarray, shape (4,)
        Half of how far they are apart, at a depth of 1.
    axes : Axes
    focal_px : float
    assume : StandingAssumptions
    """
    leans = np.radians([assume.rest_shank, -assume.rest_thigh, assume.rest_trunk])
    shank, thigh, back = axes.raised(leans)
    ray = np.append(middle_px[_ANKLES] / focal_px, 1.0)
    legs_px, trunk_px = (
        float(np.linalg.norm(middle_px[upper] - middle_px[lower]))
        for upper, lower in ((_HIPS, _ANKLES), (_SHOULDERS, _HIPS))
    )

    def seen(point: Array) -> Array:
        return np.asarray(focal_px * point[:2] / point[2])

    depth, trunk = focal_px / legs_px, 0.6
    for _ in range(_ROUNDS):
        # Feet and knees apart: a leg that slants is as long, but not as high.
        aside = depth * half
        lower, upper = 1 - assume.thigh, assume.thigh
        hips = depth * ray
        hips = hips + _upright(lower, aside[_KNEES] - aside[_ANKLES]) * shank
        hips = hips + _upright(upper, aside[_KNEES] - aside[_HIPS]) * thigh
        depth *= float(np.linalg.norm(seen(hips) - middle_px[_ANKLES])) / legs_px
    for _ in range(_ROUNDS):
        reach = float(np.linalg.norm(seen(hips + trunk * back) - seen(hips)))
        trunk *= trunk_px / reach
    posed, found = (
        line @ [1j, 1.0]
        for line in (
            seen(hips + trunk * back) - middle_px[_ANKLES],
            middle_px[_SHOULDERS] - middle_px[_ANKLES],
        )
    )
    return Upright(depth, trunk, float(np.degrees(np.angle(posed / found))))


def _upright(length: float, aside: float) -> float:
    """How high a segment reaches whose ends are `aside` of each other."""
    return float(np.sqrt(max(length**2 - aside**2, 0.0)))


def floor_pitch_deg(
    heel: Array, toes: Array, depth: float, length: float, roll_deg: float
) -> float:
    """Return how far a camera looks down that sees a level foot of known length so.

    Parameters
    ----------
    heel, toes : ndarray, shape (3,)
        Lines of sight, z = 1; the toes are nearer than the heel.
    depth, length : float
        Of the heel, and of the foot, in the same unit.
    roll_deg : float
    """
    # Where along their line of sight the toes are one foot's length from the heel; of
    # two places the nearer one, the nearest to it where the foot looks too long.
    far, near = float(depth * (heel @ toes)), float(toes @ toes)
    room = far**2 - near * float(depth**2 * (heel @ heel) - length**2)
    foot = (far - max(room, 0.0) ** 0.5) / near * toes - depth * heel
    roll = np.radians(roll_deg)
    sinks = foot[1] * np.cos(roll) - foot[0] * np.sin(roll)
    return float(np.degrees(np.arctan2(sinks, -foot[2])))
