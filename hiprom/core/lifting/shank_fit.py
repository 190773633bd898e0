"""What was seen of one shank -> its swing and its thigh's drift in every frame.

Three angles a frame: the shank's swing about the thigh, and the thigh's drift sideways
and upwards since rest. The silhouette's mid-line shows the swing; where it passes the
resting knee, and how far along it the ankle lies, show the drift. All three move
smoothly, so each Gauss-Newton step is one banded solve.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import ANKLES
from hiprom.core.lifting import banded
from hiprom.core.lifting.assumptions import Assumptions
from hiprom.core.lifting.posture import OUTWARD, Posture, leg_at_rest
from hiprom.core.lifting.seated import (
    Leg,
    gravity,
    hip_line,
    hip_rotation_deg,
    level_axes,
    mid_line,
    seated_leg,
    seen_tilt_deg,
)
from hiprom.core.lifting.witnesses import Witnesses
from hiprom.core.vectors import Array, cross, dot, typical, unit

_STEP_DEG = 0.05
_STATES = np.eye(3)  # swing, drift sideways, drift upwards
# A witness this many standard deviations off is half believed.
_DOUBT = 2.0
# A Gauss-Newton step goes no further than the first, and ends below the second.
_LONGEST_DEG, _SHORTEST_DEG, _MOST_STEPS = 20.0, 0.01, 15


@dataclass(frozen=True, eq=False)
class ShankFit:
    """One leg's witnesses, in the form the fit asks for.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
    leg : int
        0 is the left, 1 the right.
    posture : Posture
    assume : Assumptions
    focal_px, shank_px : float
    centre_px : ndarray, shape (2,)
    resting : Leg
    knee : ndarray, shape (3,)
        The resting knee, camera axes, in shank lengths.
    ray : ndarray, shape (n, 3)
        Line of sight through the shank.
    line_px, along, ankle_px : ndarray, shape (n, 2)
        A point on the drawn shank, its direction, and the ankle landmark.
    target, sd : ndarray, shape (n, 4)
        Tilt of the mid-line and of the landmarks, degrees; the knee beside the line and
        the ankle along it, shank lengths (both aim at 0).
    spoke : ndarray of bool, shape (n, 4)
        Which witness spoke in which frame.
    """

    time_s: Array
    leg: int
    posture: Posture
    assume: Assumptions
    focal_px: float
    shank_px: float
    centre_px: Array
    resting: Leg
    knee: Array
    ray: Array
    line_px: Array
    along: Array
    ankle_px: Array
    target: Array
    sd: Array
    spoke: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        time_s: Array,
        seen: Witnesses,
        posture: Posture,
        leg: int,
        assume: Assumptions,
    ) -> ShankFit:
        """Arrange what was seen of the left (0) or right (1) leg."""
        mid, joints = seen.tilt_deg[:, leg], seen.joints_tilt_deg[:, leg]
        drawn = np.radians(np.where(np.isfinite(mid), mid, joints))
        along = np.stack([np.sin(drawn), np.cos(drawn)], axis=-1)
        ankle, line = seen.image_px[:, ANKLES[leg]], seen.point_px[:, leg]
        line = np.where(np.isfinite(line), line, ankle)
        # Where the ankle is along the mid-line; beside it the landmark is not believed.
        foot = line + along * dot(ankle - line, along)[:, None]

        resting = leg_at_rest(posture.values, leg)
        shank_px, focal_px = float(seen.shank_px[leg]), seen.focal_px
        toe = np.append((typical(foot[seen.at_rest]) - seen.centre_px) / focal_px, 1.0)
        # As far away as makes the shank as long as it is seen.
        depth = focal_px / shank_px
        for _ in range(5):
            knee = depth * toe - resting.shank
            length = np.linalg.norm(toe[:2] - knee[:2] / knee[2]) * focal_px
            depth *= float(length) / shank_px

        target = np.stack([mid, joints, 0 * drawn, 0 * drawn], axis=1)
        spoke: NDArray[np.bool_] = np.isfinite(target)
        spoke &= np.isfinite(foot).all(axis=1, keepdims=True)
        # The landmarks of the shank speak only where its silhouette is silent.
        spoke[:, 1] &= ~spoke[:, 0]
        sd = np.empty_like(target)
        sd[:, 0] = np.hypot(assume.mid_line_sd, seen.tilt_sd_deg[:, leg])
        sd[:, 1:] = assume.shank_sd, assume.knee_aside_sd, assume.knee_along_sd
        ray = seen.ray[:, leg]
        return cls(
            time_s=time_s,
            leg=leg,
            posture=posture,
            assume=assume,
            focal_px=focal_px,
            shank_px=shank_px,
            centre_px=seen.centre_px,
            resting=resting,
            knee=knee,
            ray=np.where(np.isfinite(ray), ray, typical(ray[seen.at_rest])),
            line_px=np.where(np.isfinite(line), line, seen.centre_px),
            along=np.where(np.isfinite(along), along, [0.0, 1.0]),
            ankle_px=np.where(np.isfinite(ankle), ankle, seen.centre_px),
            target=target,
            sd=np.where(np.isfinite(sd), sd, 1.0),
            spoke=spoke,
        )

    def solve(self) -> Array:
        """States (n, 3), degrees."""
        return self._settled()[0]

    def solve_with_spread(self) -> tuple[Array, Array]:
        """States (n, 3), degrees, and every frame's covariance (n, 3, 3)."""
        state, band = self._settled()
        return state, banded.covariance(band, len(_STATES))

    def _settled(self) -> tuple[Array, Array]:
        """States and the last step's banded matrix."""
        assume = self.assume
        smooth = banded.smoothness(
            self.time_s,
            np.array([assume.rotation_acceleration, *[assume.drift_acceleration] * 2]),
        )
        still = np.diag([0.0, *[assume.drift_sd**-2] * 2])
        steps = _STEP_DEG * np.concatenate([0 * _STATES[:1], _STATES])[:, None]
        state = self._start()
        for _ in range(_MOST_STEPS):
            seen, *moved = self._predict(state + steps)
            residual = self._apart(self.target, seen)
            slopes = self._apart(np.stack(moved), seen) / _STEP_DEG
            doubt = 1 + (residual / self.sd / _DOUBT) ** 2
            trust = self.spoke / (self.sd**2 * doubt)
            told = np.moveaxis(slopes * trust, 0, 1)
            blocks = told @ np.moveaxis(slopes, 0, -1) + still
            pull = (told @ residual[..., None])[..., 0] - state @ still
            pull -= banded.times(smooth, state.ravel()).reshape(state.shape)
            band = banded.add_blocks(smooth, blocks)
            step = banded.solve(band, pull)
            state = state + np.clip(step, -_LONGEST_DEG, _LONGEST_DEG)
            if np.abs(step).max() < _SHORTEST_DEG:
                break
        return state, band

    def directions(self, values: Array, state: Array) -> Leg:
        """Thigh and shank (..., n, 3) by constants (..., 10) and states (..., n, 3)."""
        is_own = values is self.posture.values
        return seated_leg(
            OUTWARD[self.leg] * values[..., 3, None] + state[..., 1],
            values[..., 4, None] + state[..., 2],
            values[..., 5, None],
            state[..., 0],
            self._axes if is_own else _axes(values),
        )

    @cached_property
    def _axes(self) -> Array:
        """The posture's own, asked for in every step."""
        return _axes(self.posture.values)

    def knee_from_rest(self, leg: Leg) -> Array:
        """How far the knee is from its place at rest, (n, 3), in shank lengths."""
        moved: Array = self.assume.thigh * (leg.thigh - self.resting.thigh)
        return moved

    def ankle_slide_px(self, state: Array) -> Array:
        """How far the ankle landmark lies beyond the shank's end, (n,); 0 if unseen."""
        short = -self._apart(self.target, self._predict(state))[:, 3]
        slide: Array = short * self.shank_px
        return slide

    def dial_px(self, state: Array, rightward: Array) -> Array:
        """Knee, shank end, and that end at zero rotation, (n, 3, 2) pixels."""
        leg = self.directions(self.posture.values, state)
        knee = self._knee(leg)
        hanging = unit(cross(leg.thigh, rightward))
        along = dot(leg.shank, leg.thigh)[:, None]
        bent = np.sqrt(np.clip(1 - along**2, 0, 1))
        zero = along * leg.thigh + bent * hanging
        ends = (knee, knee + leg.shank, knee + zero)
        return np.stack([self._pixel(end) for end in ends], axis=1)

    def rotation_variance(self, state: Array, spread: Array, oblique: Array) -> Array:
        """Variance (n,) of the hip rotation: the fit's, the constants', the knee's.

        A constant that is off changes the rotation that belongs to a swing, and the
        swing that is read from a tilt. The knee is taken to keep its bend; by how much
        it does not is a constant of its own in every frame.
        """
        values = self.posture.values
        v = values + _STEP_DEG * np.eye(len(values) + 1, len(values), -1)
        line = hip_line(v[:, None, 2], oblique, gravity(v[:, None, 0], v[:, None, 1]))
        legs = self.directions(v, state)
        rotated, *turned = hip_rotation_deg(legs, line)
        tilted, *leant = self._tilt(legs, v)

        legs = self.directions(values, state + _STEP_DEG * _STATES[:, None])
        by_state = (hip_rotation_deg(legs, line[0]) - rotated) / _STEP_DEG
        tilt_by_swing = (self._tilt(legs, values)[0] - tilted) / _STEP_DEG
        by_tilt = by_state[0] / tilt_by_swing
        by_value = np.stack(turned) - rotated - by_tilt * (np.stack(leant) - tilted)
        by_value /= _STEP_DEG
        variance: Array = np.einsum("in,nij,jn->n", by_state, spread, by_state)
        variance += np.einsum(
            "in,ij,jn->n", by_value, self.posture.covariance, by_value
        )
        variance += (self.assume.knee_wobble_sd * by_value[5]) ** 2
        variance += self.spoke[:, 1] * self.assume.shank_joints_bias_sd**2
        return variance

    def _start(self) -> Array:
        drawn = np.where(self.spoke[:, 0], self.target[:, 0], self.target[:, 1])
        fine = np.isfinite(drawn)
        state = np.zeros((len(drawn), len(_STATES)))
        bridged = np.interp(self.time_s, self.time_s[fine], drawn[fine])
        state[:, 0] = self.posture["roll"] - bridged
        return state

    def _tilt(self, leg: Leg, values: Array) -> Array:
        line = mid_line(leg, self.assume.calf)
        bias: Array = OUTWARD[self.leg] * values[..., 8 + self.leg, None]
        return seen_tilt_deg(line, self.ray) + bias

    def _predict(self, state: Array) -> Array:
        values = self.posture.values
        leg = self.directions(values, state)
        knee = self._knee(leg)
        across = np.stack([self.along[:, 1], -self.along[:, 0]], axis=-1)
        beside = dot(self._pixel(knee) - self.line_px, across)
        short = dot(self.ankle_px - self._pixel(knee + leg.shank), self.along)
        return np.stack(
            [
                self._tilt(leg, values),
                seen_tilt_deg(leg.shank, self.ray),
                beside / self.shank_px,
                short / self.shank_px,
            ],
            axis=-1,
        )

    def _knee(self, leg: Leg) -> Array:
        """Place of the knee, (n, 3), camera axes, in shank lengths."""
        place: Array = self.knee + self.knee_from_rest(leg)
        return place

    def _pixel(self, place: Array) -> Array:
        return self.centre_px + self.focal_px * place[..., :2] / place[..., 2:]

    def _apart(self, first: Array, second: Array) -> Array:
        gap = np.where(self.spoke, first - second, 0.0)
        gap[..., :2] -= 360.0 * np.round(gap[..., :2] / 360.0)
        return gap


def _axes(values: Array) -> Array:
    """Axes (..., 3, 3) of the level pelvis, by constants (..., 10)."""
    roll, pitch, yaw = values[..., 0], values[..., 1], values[..., 2]
    return level_axes(yaw, gravity(roll, pitch))
