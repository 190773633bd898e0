"""A PoseTrack -> a Measurement: the one place where the steps are joined.

landmarks -> segments in 3D -> angles -> one even clock -> reps -> back to the frames.
"""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Literal

import numpy as np

from hiprom.core import angles, readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.compensation import changes, flags
from hiprom.core.frames import femur_frame, pelvis_frame, thorax_frame
from hiprom.core.landmarks import SIDES, Side
from hiprom.core.legs import Leg, moving_legs, why_no_reps
from hiprom.core.lifting import (
    MEDIAPIPE,
    Assumptions,
    Body,
    Trial,
    lift,
    see_trial,
    view_of,
)
from hiprom.core.measurement import (
    Measurement,
    Rep,
    SideMeasurement,
    Traces,
)
from hiprom.core.protocols import Protocol
from hiprom.core.reps import REST_S, Excursion, excursions
from hiprom.core.signals import even_clock, resample, smooth
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle
from hiprom.core.view import advice, require_view
from hiprom.errors import NoReps

SideChoice = Literal["left", "right", "both", "auto"]

# With less of the hold than this shown by the silhouette, the landmarks told it.
_OUTLINED_SHARE = 0.5
# Half-width of a 95 % interval, in standard deviations.
_Z95 = 1.96
# Jitter is alike for about this long, so a hold is worth one reading for each.
_JITTER_S = 0.5


def measure(
    track: PoseTrack,
    protocol: Protocol,
    *,
    side: SideChoice = "auto",
    assume: Assumptions = MEDIAPIPE,
    camera: Camera | None = None,
) -> Measurement:
    """Measure every rep of `protocol` in a recorded track.

    Parameters
    ----------
    track : PoseTrack
    protocol : Protocol
    side : {"left", "right", "both", "auto"}
        The subject's own side. "auto" measures the leg that moves, or both legs if
        each moves on its own.
    assume : Assumptions
        What is taken for granted of camera, body and pose model.
    camera : Camera, optional
        What is known of the camera; without one a usual lens is assumed, and how it
        stands is estimated. Its gravity holds only if it has not been moved since.

    Returns
    -------
    Measurement
        With at least one rep.

    Raises
    ------
    NobodyInView
        If a person is found in too few frames.
    LegsNotReadable
        If the leg is out of the picture or hidden, or the knee too straight.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    NoReps
        If nothing moves far enough, on that side or at all; says what did move.
    """
    readable.require_person(track)
    wanted: tuple[Side, ...] = (
        SIDES if side == "both" or side == "auto" else (side,)  # noqa: PLR1714
    )
    readable.require_legs(track, wanted)

    readable.require_bent_knee(track, wanted, protocol)
    camera = camera and camera.scaled_to(track.width_px, track.height_px)
    trial = see(readable.believed(track), camera, assume)
    view = view_of(trial)
    require_view(view)
    seen = [each for each in SIDES if readable.is_measurable(track, each)]
    bodies = lift(trial, seen)
    legs = {each: _leg(track, body, each, protocol) for each, body in bodies.items()}
    moving = moving_legs(legs, wanted, protocol)
    if not moving:
        raise NoReps(why_no_reps(legs, wanted, protocol))
    return Measurement(
        protocol=protocol,
        time_s=track.time_s,
        sides=tuple(_on_frames(track, leg, protocol, camera) for leg in moving),
        warnings=(
            *readable.warnings(track, [leg.side for leg in moving]),
            *advice(view),
        ),
        view=view,
        camera=camera,
    )


def see(track: PoseTrack, camera: Camera | None, assume: Assumptions) -> Trial:
    """Gather what was seen, through a camera that is known or through a usual one."""
    if camera is None:
        return see_trial(track, assume=assume)
    gravity = camera.gravity
    return see_trial(
        ideal_track(track, camera),
        focal_px=camera.ideal_focal_px,
        gravity_deg=None if gravity is None else astuple(gravity),
        assume=assume,
    )


def _leg(track: PoseTrack, body: Body, side: Side, protocol: Protocol) -> Leg:
    """Bring one leg from the video's frames to an even clock, and find its reps."""
    hidden = ~readable.leg_frames(track, side)
    clock_s = even_clock(track.time_s)
    rate_hz = 1 / float(clock_s[1] - clock_s[0])

    def on_clock(values: Array) -> Array:
        values = values.copy()
        values[hidden] = np.nan
        return smooth(resample(track.time_s, values, clock_s), rate_hz=rate_hz)

    angles_deg = body_angles_deg(body, protocol, side=side)
    angles_deg["pelvis_turn_deg"] = body.pelvis_turn_deg
    angles_deg["foot_turn_deg"] = body.foot_turn_deg
    together = on_clock(np.stack(list(angles_deg.values()), axis=-1))
    traces = dict(zip(angles_deg, np.moveaxis(together, -1, 0), strict=True))
    found = excursions(
        clock_s,
        traces[protocol.quantity],
        direction=protocol.direction,
        rules=protocol.rules,
    )
    return Leg(
        side=side,
        clock_s=clock_s,
        traces=traces,
        dial_px=on_clock(body.dial_px),
        knee_cm=on_clock(body.knee_cm),
        outlined=resample(track.time_s, body.is_outlined.astype(np.float64), clock_s),
        found=tuple(found),
    )


def body_angles_deg(body: Body, protocol: Protocol, *, side: Side) -> dict[str, Array]:
    """Return every angle of docs/conventions.md by its name, each of shape (n,).

    Hip rotation is NaN where the knee is straighter, or folded further, than the
    protocol can read.
    """
    at_knee = np.zeros_like(body.shank)
    pelvis = pelvis_frame(-body.rightward, body.rightward, body.up)
    thorax = thorax_frame(-body.shoulders, body.shoulders, body.trunk)
    femur = femur_frame(-body.thigh, at_knee, body.shank)
    hip = angles.hip_angles_deg(pelvis, femur, side=side)
    knee = angles.knee_flexion_deg(-body.thigh, at_knee, body.shank)
    least, most = (limit.value for limit in protocol.knee_flexion_deg)
    is_bent = (knee >= least) & (knee <= most)
    right, up = body.rightward, body.up
    # A pelvis that turns takes the thigh along: that is no adduction.
    turned = body.pelvis_turn_deg if side == "right" else -body.pelvis_turn_deg
    return {
        "hip_rotation_deg": np.where(is_bent, hip.rotation_deg, np.nan),
        "hip_rotation_sd_deg": np.where(is_bent, body.rotation_sd_deg, np.nan),
        "hip_flexion_deg": hip.flexion_deg,
        "hip_adduction_deg": hip.adduction_deg - turned,
        "knee_flexion_deg": knee,
        "shank_tilt_deg": angles.outward_tilt_deg(body.shank, -up, right, side=side),
        "pelvis_obliquity_deg": angles.obliquity_deg(right, up, side=side),
        "trunk_lean_deg": angles.outward_tilt_deg(body.trunk, up, right, side=side),
        "thorax_rotation_deg": angles.thorax_rotation_deg(pelvis, thorax),
    }


def _on_frames(
    track: PoseTrack, leg: Leg, protocol: Protocol, camera: Camera | None
) -> SideMeasurement:
    """Bring one leg from the even clock back to the video's own frames."""
    reason = readable.reasons(track, leg.side)
    seen = reason == ""

    def at_frames(values: Array) -> Array:
        there = resample(leg.clock_s, values, track.time_s)
        hidden = ~seen.reshape(-1, *[1] * (values.ndim - 1))
        return np.where(hidden, np.nan, there)

    names = [field.name for field in fields(Traces) if field.name in leg.traces]
    traces = {name: at_frames(leg.traces[name]) for name in names}
    valid = np.isfinite(traces[protocol.quantity])
    dial_px = at_frames(leg.dial_px)
    return SideMeasurement(
        side=leg.side,
        traces=Traces(
            **traces,
            valid=valid,
            reason=np.where(seen & ~valid, "knee too straight or too folded", reason),
        ),
        reps=tuple(
            _rep(number, rep, leg, protocol)
            for number, rep in enumerate(leg.found, start=1)
        ),
        dial_px=dial_px if camera is None else camera.seen_px(dial_px),
    )


def _rep(number: int, found: Excursion, leg: Leg, protocol: Protocol) -> Rep:
    clock_s, traces = leg.clock_s, leg.traces
    step_s = float(clock_s[1] - clock_s[0])
    held = found.held if len(found.held) else np.array([found.peak])
    hold_s = len(found.held) * step_s
    first, last = (float(clock_s[held[i]]) for i in (0, -1))
    rest = slice(max(0, found.start - round(REST_S / step_s)), found.start + 1)

    sd = middle(traces["hip_rotation_sd_deg"][held])
    half = _Z95 * np.hypot(sd, found.spread / np.sqrt(max(1.0, hold_s / _JITTER_S)))
    tilt = middle(traces["shank_tilt_deg"][held])
    besides = changes(
        {
            "trunk_lean": traces["trunk_lean_deg"],
            "pelvic_hike": traces["pelvis_obliquity_deg"],
            "pelvic_turn": traces["pelvis_turn_deg"],
            "thigh_drift": -traces["hip_adduction_deg"],
            "thigh_lift": traces["hip_flexion_deg"],
            "knee_travel": leg.knee_cm,
            "foot_turn": traces["foot_turn_deg"],
        },
        rest,
        held,
    )
    conditions = {
        "no_plateau": not len(found.held),
        "short_hold": 0 < hold_s < protocol.rules.min_plateau_s.value,
        "gap": found.has_gap,
        "no_outline": float(np.mean(leg.outlined[held])) < _OUTLINED_SHARE,
        "cut_off": found.is_cut_off,
    }
    return Rep(
        number=number,
        start_s=float(clock_s[found.start]),
        peak_s=float(clock_s[found.peak]),
        end_s=float(clock_s[found.end]),
        plateau_start_s=first if len(found.held) else np.nan,
        plateau_end_s=last if len(found.held) else np.nan,
        end_range=found.end_range,
        end_range_low=found.end_range - half,
        end_range_high=found.end_range + half,
        neutral=found.neutral,
        excursion=found.end_range - found.neutral,
        hold_s=hold_s,
        raise_s=first - float(clock_s[found.start]),
        lower_s=float(clock_s[found.end]) - last,
        peak_velocity=found.peak_velocity,
        shank_tilt_deg=tilt,
        compensation_deg=tilt - found.end_range,
        flags=(
            *(name for name, holds in conditions.items() if holds),
            *flags(besides, protocol.limits),
        ),
        valid=bool(np.isfinite(found.end_range)),
        changes=besides,
    )
