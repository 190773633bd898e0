"""A prone person's track, filmed from the feet -> hip rotation of the raised shank.

The pose model is weak on this view: the head is hidden, the trunk short, the raised
shank lies before the back. So nothing is believed that does not hang together: sides,
lengths, the straight leg, the knee that stays where it lies, the outline where there is
one. What does not is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hiprom.core import readable
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS, SIDES, Side
from hiprom.core.lifting import Assumptions
from hiprom.core.lifting.mid_lines import MidLines, mid_lines
from hiprom.core.lifting.prone_camera import (
    Lens,
    ProneView,
    Rest,
    settle_prone,
    table_of,
)
from hiprom.core.lifting.prone_shank import SeenShank, ShankAngles, shank_angles
from hiprom.core.lifting.witnesses import chords_of
from hiprom.core.protocols import Protocol
from hiprom.core.signals import sliding_median
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical
from hiprom.core.ways.reading import SideReading, TrialReading
from hiprom.errors import LegsNotReadable, ViewNotUsable

Mask = NDArray[np.bool_]

_CAMERA = (
    "Put the camera at the feet end, in line with the body, a little above the table "
    "and 2 to 3 m from the knees, so that the raised shank stands clear of the back"
)
_INSTEAD = (
    "Where that does not help, take the seated test: it measures the same rotation, "
    "and the pose model sees it well (its numbers are kept apart)."
)
# A leg points upwards, or lies, if its ankle is this far above or below its knee, in
# lengths of the longer shank as it is seen.
_RAISED, _LYING = 0.4, 0.1
# The sides are told apart if they are the right way round in this share of the frames,
# and a leg is read if so many of its frames hang together.
_LEAST_SIDED, _LEAST_COHERENT = 0.8, 0.85
# A landmark of a lying person is off by some 6 % of a shank (docs/decisions/0008).
_LANDMARK_SHARE = 0.06
_MOST_MISFIT = 1.5
# What may vary while one body keeps its lengths and its knee on the table, in lengths
# of the shank, and how far outline and landmarks may disagree.
_KNEE_WANDER, _LENGTHS, _STRAIGHT = 0.25, (0.75, 1.3), 0.2
_DISAGREE_DEG = 12.0
# The shank rests in at least this many of a hundred frames.
_RESTING = 25.0
_MOST_ASIDE_DEG, _STEEPEST_DEG, _STEEP_DEG = 30.0, 55.0, 40.0


class _Seen(NamedTuple):
    """Pixels of the raised leg and the other, (n, 2); shoulders and hips (n, 2, 2)."""

    leg: int
    shoulders: Array
    hips: Array
    knee: Array
    ankle: Array
    other_hip: Array
    other_knee: Array
    other_ankle: Array
    shank_px: float


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],
    camera: Camera | None,
    assume: Assumptions,
) -> TrialReading:
    """Read the raised leg of a prone person; see `hiprom.core.ways.Reader`.

    Raises
    ------
    LegsNotReadable
        If no shank points upwards, or the landmarks do not hang together.
    ViewNotUsable
        If the camera stands too far to one side, or looks down too steeply.
    """
    readable.require_legs(track, wanted)
    believed = readable.believed(track)
    focal_px, gravity = float(max(track.width_px, track.height_px)), None
    if camera is not None:
        believed, focal_px = ideal_track(believed, camera), camera.ideal_focal_px
        gravity = None if camera.gravity is None else astuple(camera.gravity)
    lens = Lens(focal_px, np.array([track.width_px, track.height_px]) / 2)
    seen = _seen(believed)
    _require_sides(seen)
    side = SIDES[seen.leg]
    view = settle_prone(
        _at_rest(seen),
        sign=1.0 if side == "right" else -1.0,
        lens=lens,
        sd_px=_LANDMARK_SHARE * seen.shank_px,
        gravity_deg=gravity,
    )
    _require_view(view)
    lines = mid_lines(
        chords_of(believed), np.stack([seen.ankle] * 2, axis=1), seen.shank_px
    )
    slope, slope_sd, outlined = _slope_deg(seen, lines, assume)
    length_px = np.linalg.norm(seen.ankle - seen.knee, axis=-1)
    shank = shank_angles(view, SeenShank(slope, slope_sd, length_px, seen.knee), lens)
    coherent = _coherent(seen, lines, shank, protocol)
    _require_coherent(coherent[track.is_seen], side)
    roll = _roll_deg(track.time_s, seen, view, shank.tilt_deg, coherent)
    pulled = assume.hip_pull_sd if assume.hip_pull else 0.0
    roll_sd = np.hypot(assume.hip_change_sd, pulled)
    reason = readable.reasons(track, side)
    return TrialReading(
        sides=(
            SideReading(
                side=side,
                traces={
                    "hip_rotation_deg": shank.tilt_deg - roll,
                    "hip_rotation_sd_deg": np.hypot(shank.tilt_sd_deg, roll_sd),
                    "shank_tilt_deg": shank.tilt_deg,
                    "knee_flexion_deg": shank.knee_deg,
                    "pelvis_roll_deg": roll,
                    "outlined": outlined.astype(np.float64),
                },
                dial_px=_dial_px(seen, view),
                reason=np.where(
                    (reason == "") & ~coherent, "the leg's landmarks disagree", reason
                ),
            ),
        ),
        warnings=tuple(_advice(view)),
    )


def _seen(track: PoseTrack) -> _Seen:
    image = track.image_px.astype(np.float64)
    knees, ankles = image[:, list(KNEES)], image[:, list(ANKLES)]
    shanks = typical(ankles - knees)
    longest = float(np.nanmax(np.linalg.norm(shanks, axis=-1)))
    drops = shanks[:, 1] / longest
    leg = int(np.nanargmin(drops))
    if not (drops[leg] < -_RAISED and drops[1 - leg] > _LYING):
        found = " and ".join(
            f"the {side} ankle lies {abs(drop):.1f} shanks "
            f"{'above' if drop < 0 else 'below'} its knee"
            for side, drop in zip(SIDES, drops, strict=True)
        )
        raise LegsNotReadable(
            "No raised shank was found beside a straight leg, as the camera sees a "
            f"person who lies on the belly from the feet: {found}. Lie on the belly, "
            f"one knee bent so that the shank points straight up. {_CAMERA}. {_INSTEAD}"
        )
    hips = image[:, list(HIPS)]
    return _Seen(
        leg=leg,
        shoulders=image[:, list(SHOULDERS)],
        hips=hips,
        knee=knees[:, leg],
        ankle=ankles[:, leg],
        other_hip=hips[:, 1 - leg],
        other_knee=knees[:, 1 - leg],
        other_ankle=ankles[:, 1 - leg],
        shank_px=float(np.linalg.norm(shanks[leg])),
    )


def _require_sides(seen: _Seen) -> None:
    """Refuse a track in which the subject's left is not on the picture's left."""
    gaps = np.concatenate([seen.shoulders, seen.hips], axis=1)[..., 0]
    known = np.isfinite(gaps).all(axis=1)
    ways = (gaps[known, 1] > gaps[known, 0]) & (gaps[known, 3] > gaps[known, 2])
    share = float(ways.mean()) if len(ways) else 0.0
    if share < _LEAST_SIDED:
        raise LegsNotReadable(
            "The pose model takes left for right: seen from the feet your left is on "
            f"the picture's left, and shoulders and hips are so in {share:.0%} of the "
            f"frames only. {_CAMERA}, the head in the picture too. {_INSTEAD}"
        )


def _at_rest(seen: _Seen) -> Rest:
    return Rest(
        shoulders=typical(seen.shoulders),
        hips=typical(seen.hips),
        knee=typical(seen.other_knee),
        ankle=typical(seen.other_ankle),
        raised_knee=typical(seen.knee),
    )


def _require_view(view: ProneView) -> None:
    if not view.misfit <= _MOST_MISFIT:
        raise LegsNotReadable(
            "Shoulders, hips and the straight leg are not where those of a person who "
            f"lies before the camera can be (off by {view.misfit:.1f} times what the "
            f"pose model errs). {_CAMERA}. {_INSTEAD}"
        )
    if abs(view["yaw"]) > _MOST_ASIDE_DEG:
        raise ViewNotUsable(
            f"The camera stands about {abs(view['yaw']):.0f}° to one side of the "
            f"body's line; up to {_MOST_ASIDE_DEG:.0f}° can be allowed for. {_CAMERA}."
        )
    if view["pitch"] > _STEEPEST_DEG:
        raise ViewNotUsable(
            f"The camera looks down on you by about {view['pitch']:.0f}°; up to "
            f"{_STEEPEST_DEG:.0f}° can be allowed for. {_CAMERA}."
        )


def _advice(view: ProneView) -> Iterator[str]:
    if view["pitch"] > _STEEP_DEG:
        yield (
            f"The camera looks down on you by about {view['pitch']:.0f}°: from lower "
            "down the shank's tilt is surer."
        )


def _slope_deg(
    seen: _Seen, lines: MidLines, assume: Assumptions
) -> tuple[Array, Array, Mask]:
    """Direction of the shank from upwards to the picture's right, its SD, its source.

    By the outline where there is one (true in the last), by the landmarks elsewhere.
    """
    shank = seen.ankle - seen.knee
    by_joints = np.degrees(np.arctan2(shank[:, 0], -shank[:, 1]))
    by_line = _line_deg(seen, lines)
    outlined = np.isfinite(by_line)
    line_sd = np.hypot(lines.sd_deg[:, seen.leg], assume.shank_bias_sd)
    joints_sd = np.hypot(assume.shank_sd, assume.shank_joints_bias_sd)
    return (
        np.where(outlined, by_line, by_joints),
        np.where(outlined, line_sd, joints_sd),
        outlined,
    )


def _line_deg(seen: _Seen, lines: MidLines) -> Array:
    """Direction of the outline's mid-line as `_slope_deg` counts, (n,)."""
    shank = seen.ankle - seen.knee
    tilt = np.radians(lines.tilt_deg[:, seen.leg])
    along = np.stack([np.sin(tilt), np.cos(tilt)], axis=-1)
    # A line has no end: it points where the ankle is.
    along = along * np.where((along * shank).sum(axis=-1) < 0, -1.0, 1.0)[:, None]
    return np.asarray(np.degrees(np.arctan2(along[:, 0], -along[:, 1])))


def _coherent(
    seen: _Seen, lines: MidLines, shank: ShankAngles, protocol: Protocol
) -> Mask:
    """Say in which frames all that is seen of both legs hangs together, (n,)."""
    axis = seen.ankle - seen.knee
    length = np.linalg.norm(axis, axis=-1) / seen.shank_px
    wander = np.linalg.norm(seen.knee - typical(seen.knee), axis=-1) / seen.shank_px
    leg = seen.other_ankle - seen.other_hip
    knee = seen.other_knee - seen.other_hip
    leg_px = np.linalg.norm(leg, axis=-1)
    aside = np.abs(leg[:, 0] * knee[:, 1] - leg[:, 1] * knee[:, 0]) / leg_px**2
    by_joints = np.degrees(np.arctan2(axis[:, 0], -axis[:, 1]))
    apart = np.abs((_line_deg(seen, lines) - by_joints + 180) % 360 - 180)
    return np.asarray(
        np.isfinite(shank.tilt_deg)
        & (wander < _KNEE_WANDER)
        & (length > _LENGTHS[0])
        & (length < _LENGTHS[1])
        & (aside < _STRAIGHT)
        & protocol.is_readable(shank.knee_deg)
        & ~(apart > _DISAGREE_DEG)
    )


def _require_coherent(coherent: Mask, side: Side) -> None:
    share = float(coherent.mean()) if len(coherent) else 0.0
    if share < _LEAST_COHERENT:
        raise LegsNotReadable(
            f"The landmarks of the {side} leg hang together in only {share:.0%} of the "
            f"frames (needed: {_LEAST_COHERENT:.0%}): the knee leaves its place, the "
            "shank changes its length, or the outline runs elsewhere. The pose model "
            f"does not see the legs well enough. {_CAMERA}, in good light, and keep "
            f"the knee at a right angle. {_INSTEAD}"
        )


def _roll_deg(
    time_s: Array, seen: _Seen, view: ProneView, tilt_deg: Array, good: Mask
) -> Array:
    """How far the pelvis rolled to the raised leg's side since rest, (n,)."""
    line = seen.hips[:, 1] - seen.hips[:, 0]
    slope = np.degrees(np.arctan2(line[:, 1], line[:, 0]))
    fine = good & np.isfinite(slope)
    calm = sliding_median(time_s, np.interp(time_s, time_s[fine], slope[fine]))
    at_rest = fine & (tilt_deg <= np.percentile(tilt_deg[fine], _RESTING))
    turned = np.tan(np.radians(calm - np.median(calm[at_rest])))
    level = np.cos(np.radians(view["pitch"]))
    return np.asarray(view.sign * np.degrees(np.arctan(turned / level)))


def _dial_px(seen: _Seen, view: ProneView) -> Array:
    up = table_of(view).up[:2]
    length = np.linalg.norm(seen.ankle - seen.knee, axis=-1, keepdims=True)
    zero = seen.knee + length * up / np.linalg.norm(up)
    return np.stack([seen.knee, seen.ankle, zero], axis=1)
