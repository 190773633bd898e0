"""A resting second, then frame after frame -> the tested hip's rotation just now.

For the eyes only: a gauge that follows the leg. What is reported comes from the whole
trial (`hiprom.core.measure`), which knows what came after as well.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hiprom.core import readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.landmarks import ANKLES, SIDES, Side
from hiprom.core.lifting import MEDIAPIPE, Assumptions
from hiprom.core.lifting.mid_lines import mid_lines
from hiprom.core.lifting.pelvis import obliquity_change_deg
from hiprom.core.lifting.posture import OUTWARD
from hiprom.core.lifting.seated import (
    hip_line,
    hip_rotation_deg,
    mid_line,
    seen_tilt_deg,
)
from hiprom.core.lifting.shank_fit import ShankFit
from hiprom.core.lifting.witnesses import (
    LINES,
    body_lines_deg,
    chords_of,
    joints_tilt_deg,
    on_shank,
    sight,
)
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, dot, typical, unit
from hiprom.core.ways.seated import see

# Swings that a hip can make, to either side of hanging.
_SWINGS_DEG = np.arange(-80.0, 80.5, 2.0)
# The rest is looked at again beside each new frame; so many of its frames stand for it.
_REST_FRAMES = 8
# Lines across shoulders and hips are medians over this long.
RECENT_S = 0.3


class Now(NamedTuple):
    """One hip at one moment.

    Attributes
    ----------
    rotation_deg : float
        As in `Traces`; NaN while the shank cannot be seen.
    dial_px : ndarray, shape (3, 2)
        Knee, end of the shank, and where that end would be at zero rotation.
    """

    rotation_deg: float
    dial_px: Array


class LiveHip:
    """One hip, read frame by frame; camera and posture are those of the rest.

    Parameters
    ----------
    rest : PoseTrack
        About a second, in which both shanks hang.
    side : {"left", "right"}
    camera : Camera, optional
    assume : Assumptions

    Attributes
    ----------
    neutral_deg : float
        The rotation at rest.

    Raises
    ------
    MeasurementError
        If the rest does not show a person whose leg can be read.
    """

    def __init__(
        self,
        rest: PoseTrack,
        side: Side,
        *,
        camera: Camera | None = None,
        assume: Assumptions = MEDIAPIPE,
    ) -> None:
        readable.require_person(rest)
        readable.require_legs(rest, (side,))
        self._camera = camera and camera.scaled_to(rest.width_px, rest.height_px)
        self._assume, self._calf = assume, assume.calf
        self._leg = leg = SIDES.index(side)
        trial = see(readable.believed(rest), self._camera, assume)
        seen, self._posture = trial.seen, trial.posture
        self._longest_px = seen.longest_px
        self._fit = ShankFit.of(trial.time_s, seen, trial.posture, leg, assume)
        states = np.stack([_SWINGS_DEG, 0 * _SWINGS_DEG, 0 * _SWINGS_DEG], axis=1)
        self._swung = self._fit.directions(self._posture.values, states)
        self._rest_lines_deg = typical(seen.lines_deg[seen.at_rest])
        self._rest_swing_deg = self._swing_deg(
            typical(seen.tilt_deg[seen.at_rest]),
            typical(seen.joints_tilt_deg[seen.at_rest]),
            typical(seen.ray[seen.at_rest, leg]),
        )
        self.neutral_deg = self._hip(
            self._rest_swing_deg, 0.0, self._fit.centre_px
        ).rotation_deg
        chosen = np.linspace(0, len(rest) - 1, _REST_FRAMES).astype(int)
        self._rest = rest.part(np.isin(np.arange(len(rest)), chosen))

    def at(self, recent: PoseTrack) -> Now:
        """Return the hip in the last frame of the last `RECENT_S`, after the rest."""
        track = readable.believed(self._rest.then(recent))
        if self._camera is not None:
            track = ideal_track(track, self._camera)
        image_px = track.image_px.astype(np.float64)
        ankles_px = image_px[:, list(ANKLES)]
        lines = mid_lines(chords_of(track), ankles_px, self._longest_px)
        place_px = on_shank(lines, image_px)[-1, self._leg]
        ray = sight(place_px, self._fit.centre_px, self._fit.focal_px)
        tilts = (lines.tilt_deg[-1], joints_tilt_deg(image_px)[-1])
        swing = self._swing_deg(*tilts, ray)
        if not np.isfinite(swing):
            return Now(float("nan"), np.full((3, 2), np.nan))
        oblique = self._oblique_deg(body_lines_deg(image_px[len(self._rest) :]), swing)
        return self._hip(swing, oblique, place_px)

    def _hip(self, swing_deg: float, oblique_deg: float, place_px: Array) -> Now:
        state = np.array([[swing_deg, 0.0, 0.0]])
        leg = self._fit.directions(self._posture.values, state)
        line = hip_line(self._posture["yaw"], oblique_deg, self._posture.down)
        knee, end, _ = dial_px = self._fit.dial_px(state, line)[0]
        # A thigh that drifts takes the shank along: draw it where it is seen.
        across = unit((end - knee) @ [[0.0, 1.0], [-1.0, 0.0]])
        dial_px = dial_px + dot(place_px - knee, across) * across
        if self._camera is not None:
            dial_px = self._camera.seen_px(dial_px)
        outward = -OUTWARD[self._leg]
        return Now(float(outward * hip_rotation_deg(leg, line)[0]), dial_px)

    def _swing_deg(self, mid_deg: Array, joints_deg: Array, ray: Array) -> float:
        """Return the swing at which the shank would look as its tilts (2,) say."""
        if np.isfinite(mid_deg[self._leg]):
            bias = OUTWARD[self._leg] * self._posture.values[8 + self._leg]
            drawn, line = mid_deg[self._leg] - bias, mid_line(self._swung, self._calf)
        else:
            drawn, line = joints_deg[self._leg], self._swung.shank
        tilts = seen_tilt_deg(line, ray)
        order = np.argsort(tilts)
        return float(np.interp(drawn, tilts[order], _SWINGS_DEG[order]))

    def _oblique_deg(self, lines_deg: Array, swing_deg: float) -> float:
        """Return how far the pelvis has tilted since rest, from recent lines (n, 5)."""
        turned = np.cos(np.radians(self._posture["yaw"]))
        since = np.nan_to_num(turned * (typical(lines_deg) - self._rest_lines_deg))
        change, _ = obliquity_change_deg(
            since[[LINES.index("shoulders")]],
            since[[LINES.index("hips")]],
            np.array([swing_deg - self._rest_swing_deg]),
            self._assume,
        )
        return float(change[0])
