"""A whole seated trial -> each leg's segments in 3D, with their uncertainty.

The camera and the resting posture are settled once (posture); the shank's swing is
fitted over the whole trial (shank_fit); last, the pelvis's own tilt (pelvis) turns the
swing in the room into rotation at the hip.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import HIPS, SHOULDERS, SIDES, Side, other
from hiprom.core.lifting.assumptions import MEDIAPIPE, Assumptions
from hiprom.core.lifting.foot import foot_turn_deg
from hiprom.core.lifting.pelvis import obliquity_change_deg
from hiprom.core.lifting.posture import NAMES, Posture, settle
from hiprom.core.lifting.seated import hip_line
from hiprom.core.lifting.shank_fit import ShankFit
from hiprom.core.lifting.witnesses import LINES, Witnesses, drawn_anew, gather
from hiprom.core.measurement import View
from hiprom.core.signals import sliding_median
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical


@dataclass(frozen=True, eq=False)
class Trial:
    """What both legs of a trial share: the clock, what was seen, what holds still."""

    time_s: Array
    seen: Witnesses
    posture: Posture
    assume: Assumptions


@dataclass(frozen=True, eq=False)
class Body:
    """One leg and the trunk through a trial, camera axes (docs/conventions.md).

    Attributes
    ----------
    rightward : ndarray, shape (n, 3)
        Along the hip line, left hip to right hip, with its obliquity but not its turn.
    thigh, shank : ndarray, shape (n, 3)
        From upper to lower joint, unit length.
    shoulders, trunk : ndarray, shape (n, 3)
        Left to right shoulder; mid-hip to mid-shoulder.
    up : ndarray, shape (3,)
        Against gravity.
    rotation_sd_deg : ndarray, shape (n,)
        Standard deviation of the hip rotation that follows, bias included.
    pelvis_turn_deg : ndarray, shape (n,)
        How far the pelvis has turned since rest, to the subject's left.
    knee_cm : ndarray, shape (n, 3)
        How far the knee is from its place at rest.
    foot_turn_deg : ndarray, shape (n,)
        How far the toes have turned outwards about the shank since rest.
    dial_px : ndarray, shape (n, 3, 2)
        Knee, end of the shank, and where that end would be at zero rotation.
    is_outlined : ndarray of bool, shape (n,)
        Whether the silhouette showed the shank; elsewhere the landmarks spoke.
    """

    rightward: Array
    thigh: Array
    shank: Array
    shoulders: Array
    trunk: Array
    up: Array
    rotation_sd_deg: Array
    pelvis_turn_deg: Array
    knee_cm: Array
    foot_turn_deg: Array
    dial_px: Array
    is_outlined: NDArray[np.bool_]


def view_of(trial: Trial) -> View:
    """Return how the camera looked at the person, with standard deviations."""
    posture, seen, assume = trial.posture, trial.seen, trial.assume
    shank_px = float(seen.shank_px.max())
    sd = dict(zip(NAMES, np.sqrt(np.diag(posture.covariance)), strict=True))
    return View(
        yaw_deg=posture["yaw"],
        yaw_sd_deg=float(sd["yaw"]),
        pitch_deg=posture["pitch"],
        pitch_sd_deg=float(sd["pitch"]),
        roll_deg=posture["roll"],
        roll_sd_deg=float(sd["roll"]),
        focal_px=seen.focal_px,
        shank_px=shank_px,
        distance_m=seen.focal_px / shank_px * assume.shank_cm / 100,
        knee_flexion_deg=seen.knee_flexion_deg - assume.knee_bias,
        light=seen.light,
    )


def see_trial(
    track: PoseTrack,
    *,
    focal_px: float | None = None,
    gravity_deg: tuple[float, float, float, float] | None = None,
    assume: Assumptions = MEDIAPIPE,
) -> Trial:
    """Gather what was seen and settle what holds still.

    Parameters
    ----------
    track : PoseTrack
        NaN where a landmark cannot be believed.
    focal_px : float, optional
        From the camera's profile. Without one, the longer side of the frame: a field of
        view of 53 degrees, as phones and webcams have. Being 30 % off moves the mean
        error of an end-range by less than 0.1 degrees (docs/accuracy.md).
    gravity_deg : tuple of float, optional
        The camera's roll and pitch and their standard deviations, where known.
    assume : Assumptions
    """
    focal = focal_px or float(max(track.width_px, track.height_px))
    seen = gather(track, focal, assume)
    return Trial(track.time_s, seen, settle(seen, assume, gravity_deg), assume)


def lift(trial: Trial, sides: Iterable[Side] = SIDES) -> dict[Side, Body]:
    """Lift the legs of a seated trial.

    It is done twice: the first fit tells where the ankles are, and from there the arcs
    across the shank are numbered. Frames in which a leg was not seen are bridged, with
    a deviation that grows. A pelvis that turns carries both thighs with it, so the
    other thigh's drift is taken for the pelvis's turn.
    """
    sides = tuple(sides)
    slide_px = np.zeros((len(trial.time_s), len(SIDES)))
    for side in sides:
        fit = _shank_fit(trial, side)
        slide_px[:, fit.leg] = sliding_median(
            trial.time_s, fit.ankle_slide_px(fit.solve())
        )
    trial = replace(trial, seen=drawn_anew(trial.seen, slide_px))
    shanks = {side: _shank_fit(trial, side) for side in sides}
    fits = {side: (fit, *fit.solve_with_spread()) for side, fit in shanks.items()}
    rest = trial.seen.at_rest
    drifts = {
        side: state[:, 1] - typical(state[rest, 1])
        for side, (_, state, _) in fits.items()
    }
    nobody = np.zeros(len(trial.time_s))
    return {
        side: _body(trial, *fits[side], turn_deg=drifts.get(other(side), nobody))
        for side in fits
    }


def _shank_fit(trial: Trial, side: Side) -> ShankFit:
    leg = SIDES.index(side)
    return ShankFit.of(trial.time_s, trial.seen, trial.posture, leg, trial.assume)


def _body(
    trial: Trial, fit: ShankFit, state: Array, spread: Array, *, turn_deg: Array
) -> Body:
    seen, posture, assume = trial.seen, trial.posture, trial.assume
    swing = state[:, 0] - typical(state[seen.at_rest, 0])
    # A line turned away from the camera is foreshortened, its rise is not.
    foreshortened = np.cos(np.radians(posture["yaw"]))
    shoulders, hips = (
        foreshortened
        * _since_rest(trial.time_s, seen.lines_deg[:, LINES.index(line)], seen.at_rest)
        for line in ("shoulders", "hips")
    )
    oblique, oblique_sd = obliquity_change_deg(shoulders, hips, swing, assume)
    variance = fit.rotation_variance(state, spread, oblique)
    variance += oblique_sd**2 + assume.model_sd**2

    directions = fit.directions(posture.values, state)
    # The turn is left out here: it changes the rotation only through the thigh's rise,
    # which one camera sees too poorly to gain from it (docs/decisions/0003).
    rightward = hip_line(posture["yaw"], oblique, posture.down)
    return Body(
        rightward=rightward,
        thigh=directions.thigh,
        shank=directions.shank,
        shoulders=seen.world_m[:, SHOULDERS[1]] - seen.world_m[:, SHOULDERS[0]],
        trunk=_trunk(seen),
        up=-posture.down,
        rotation_sd_deg=np.sqrt(variance),
        pelvis_turn_deg=turn_deg,
        knee_cm=assume.shank_cm * fit.knee_from_rest(directions),
        foot_turn_deg=foot_turn_deg(seen, fit.leg, assume.foot),
        dial_px=fit.dial_px(state, rightward),
        is_outlined=fit.spoke[:, 0],
    )


def _trunk(seen: Witnesses) -> Array:
    """Mid-hip to mid-shoulder: its lean from the image, its depth from the model."""
    middle_hip, middle_shoulder = (
        seen.world_m[:, list(pair)].mean(axis=1) for pair in (HIPS, SHOULDERS)
    )
    trunk = middle_shoulder - middle_hip
    length = np.hypot(trunk[:, 0], trunk[:, 1])
    lean = np.radians(seen.lines_deg[:, LINES.index("trunk")])
    up_image = -np.stack([np.sin(lean), np.cos(lean), 0 * lean], axis=-1)
    toward = seen.line_rays[:, LINES.index("trunk")]
    return np.asarray(length[:, None] * up_image + trunk[:, 2:] * toward)


def _since_rest(time_s: Array, values: Array, at_rest: NDArray[np.bool_]) -> Array:
    """Change from rest, as a median over a sliding 0.3 s; gaps are bridged."""
    fine = np.isfinite(values)
    if not fine.any():
        return np.zeros_like(values)
    bridged = np.interp(time_s, time_s[fine], values[fine])
    return sliding_median(time_s, bridged - np.nan_to_num(typical(values[at_rest])))
