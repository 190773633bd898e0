"""A standing person's track -> how deep they squat and how far the torso turns."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core import readable
from hiprom.core.angles import knee_flexion_deg
from hiprom.core.camera import Camera, ideal_track
from hiprom.core.landmarks import (
    ANKLES,
    HIPS,
    KNEES,
    SHOULDERS,
    SIDES,
    Landmark,
    Side,
    of_side,
)
from hiprom.core.lifting import Assumptions
from hiprom.core.lifting.standing import (
    STANDING,
    Squat,
    Stance,
    StandingAssumptions,
    Torso,
    lift_squat,
    pairs_px,
    see_feet,
    tallest,
    turn_of_torso,
)
from hiprom.core.measurement import View
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle, typical
from hiprom.core.view import advice
from hiprom.core.ways.reading import SideReading, TrialReading
from hiprom.errors import LegsNotReadable, ViewNotUsable

_TURN = "thorax_rotation_deg"
# What must be seen in a frame. A turn needs no feet: the one behind is often hidden.
_SEEN = {True: (*SHOULDERS, *HIPS), False: (*SHOULDERS, *HIPS, *KNEES, *ANKLES)}
# Standing, shoulders are above hips, and the model's metric knees show 12 to 27 degrees
# of flexion; seated 53 and more (the 30 development clips).
_MOST_LEANING_DEG, _MOST_BENT_DEG = 30.0, 40.0
# Beyond these the landmarks of the far side are guesses. A squat may be seen obliquely;
# of a turn the model sees the less, the further it is from the camera to begin with.
_SIDEWAYS_DEG = {True: 35.0, False: 60.0}
_TINY_PX = 60.0
# Of a torso that sinks with the knees nobody can tell whether it turns.
_UPRIGHT, _MOST_SUNK_SHARE = 0.85, 0.1


def read(
    track: PoseTrack,
    protocol: Protocol,
    *,
    wanted: tuple[Side, ...],
    camera: Camera | None,
    assume: Assumptions,  # noqa: ARG001 -- those of a seated leg
) -> TrialReading:
    """Read the whole body of a standing person; see `hiprom.core.ways.Reader`.

    Raises
    ------
    LegsNotReadable
        If hips and shoulders, or the legs, are hidden, or the person does not stand.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    """
    is_turn = protocol.quantity == _TURN
    if not is_turn:
        readable.require_legs(track, wanted)
    hidden = _reasons(track, is_turn=is_turn)
    _require_seen(hidden, is_turn=is_turn)
    # The model says of a foot behind the other that it guesses: good enough for a turn.
    seen = readable.believed(track) if not is_turn else track
    seen, focal_px, known = _through(seen, camera)
    _require_standing(seen)
    squat = lift_squat(seen, focal_px, known)
    stance = squat.stance
    if is_turn:
        _require_straight_legs(stance)
    view = _view(track, stance, known)
    _require_view(view, stance, is_turn=is_turn)
    torso = turn_of_torso(seen, known)
    return TrialReading(
        sides=(
            SideReading(
                side="both",
                traces=_traces(seen, squat, torso, known),
                dial_px=_turn_dial(seen, torso) if is_turn else _knee_dial(seen),
                reason=hidden,
                rest=0.0 if is_turn else np.nan,
            ),
        ),
        view=view,
        # A squat is seen better from a little aside.
        warnings=tuple(advice(view if is_turn else replace(view, yaw_deg=0.0))),
    )


def _through(
    track: PoseTrack, camera: Camera | None
) -> tuple[PoseTrack, float, StandingAssumptions]:
    """Return the track of an ideal camera, its focal length, and what to assume."""
    if camera is None:
        return track, float(max(track.width_px, track.height_px)), STANDING
    known = replace(STANDING, focal_sd=0.01)
    if camera.gravity is not None:
        known = replace(
            known,
            roll=camera.gravity.roll_deg,
            pitch=camera.gravity.pitch_deg,
            pitch_sd=camera.gravity.pitch_sd_deg,
        )
    return ideal_track(track, camera), camera.ideal_focal_px, known


def _traces(
    track: PoseTrack, squat: Squat, torso: Torso, known: StandingAssumptions
) -> dict[str, Array]:
    feet = see_feet(track, squat, known)
    return {
        "knee_flexion_deg": squat.knee_flexion_deg,
        "knee_flexion_sd_deg": squat.knee_flexion_sd_deg,
        "thigh_rise_deg": squat.thigh_rise_deg,
        "thigh_rise_sd_deg": squat.thigh_rise_sd_deg,
        "trunk_forward_deg": squat.trunk_forward_deg,
        "trunk_forward_sd_deg": squat.trunk_forward_sd_deg,
        "thorax_rotation_deg": torso.thorax_deg,
        "thorax_rotation_sd_deg": torso.thorax_sd_deg,
        "pelvis_rotation_deg": torso.pelvis_deg,
        "pelvis_rotation_sd_deg": torso.pelvis_sd_deg,
        "left_knee_in_cm": feet.knee_in_cm[:, 0],
        "right_knee_in_cm": feet.knee_in_cm[:, 1],
        "heel_rise_cm": feet.heel_rise_cm,
        "feet_cm": feet.place_cm,
        "hips_cm": feet.hips_cm,
    }


def _reasons(track: PoseTrack, *, is_turn: bool) -> NDArray[np.str_]:
    """Why a frame cannot be read; shape (n,), "" where it can."""
    marks: list[Landmark] = list(_SEEN[is_turn])
    inside = readable.is_inside(track, marks).all(axis=1)
    clear = readable.is_readable(track, marks).all(axis=1)
    return np.select(
        [~track.is_seen, ~inside, ~clear],
        ["nobody in view", "body out of the picture", "body hidden"],
        default="",
    )


def _require_seen(hidden: NDArray[np.str_], *, is_turn: bool) -> None:
    share = float((hidden == "").mean())
    if share >= 0.5:
        return
    what = "Shoulders and hips" if is_turn else "Shoulders, hips, knees and ankles"
    raise LegsNotReadable(
        f"{what} could be seen together in only {share:.0%} of the frames. Step back, "
        "so that your whole body stays in the picture, and let nothing stand before it."
    )


def _require_standing(track: PoseTrack) -> None:
    middle_px = pairs_px(track).mean(axis=2)
    at_rest = tallest(middle_px)[1]
    _, _, hip, shoulder = typical(middle_px[at_rest])
    lean = abs(float(np.degrees(np.arctan2(*(hip - shoulder)))))
    world = track.world_m[at_rest].astype(np.float64)
    joints = (world[:, list(pair)] for pair in (HIPS, KNEES, ANKLES))
    bend = float(typical(knee_flexion_deg(*joints)).mean())
    if lean <= _MOST_LEANING_DEG and bend <= _MOST_BENT_DEG:
        return
    raise LegsNotReadable(
        "You do not seem to stand upright in this recording: where you are tallest "
        f"your trunk leans by {lean:.0f}° and your knees are bent by about "
        f"{bend:.0f}°; at most {_MOST_LEANING_DEG:.0f}° and {_MOST_BENT_DEG:.0f}° are "
        "expected. Begin by standing still for a second, with your whole body in the "
        "picture."
    )


def _require_straight_legs(stance: Stance) -> None:
    sunk = float((stance.height < _UPRIGHT).mean())
    if sunk > _MOST_SUNK_SHARE:
        raise LegsNotReadable(
            f"Your hips sank far down in {sunk:.0%} of the frames; a turn of the torso "
            "is measured over straight legs. If it is a squat, use --protocol squat."
        )


def _require_view(view: View, stance: Stance, *, is_turn: bool) -> None:
    most = _SIDEWAYS_DEG[is_turn]
    if abs(view.yaw_deg) > most:
        raise ViewNotUsable(
            f"You face about {abs(view.yaw_deg):.0f}° past the camera; up to "
            f"{most:.0f}° can be allowed for. Turn towards the camera."
        )
    if stance.leg_px < _TINY_PX:
        raise ViewNotUsable(
            f"Your legs are only {stance.leg_px:.0f} pixels long in the picture; at "
            f"least {_TINY_PX:.0f} are needed and 200 are good. Come closer, or record "
            "with a higher resolution."
        )


def _view(track: PoseTrack, stance: Stance, known: StandingAssumptions) -> View:
    depth = float(typical(stance.ankle[:, 2]))
    return View(
        yaw_deg=stance.yaw_deg,
        yaw_sd_deg=known.yaw_sd,
        pitch_deg=stance.pitch_deg,
        pitch_sd_deg=known.pitch_left_sd,
        roll_deg=stance.roll_deg,
        roll_sd_deg=1.5,
        focal_px=stance.focal_px,
        shank_px=(1 - known.thigh) * stance.leg_px,
        distance_m=depth * known.leg_cm / 100,
        knee_flexion_deg=np.nan,
        light=np.nan if track.light is None else middle(track.light.astype(float)),
    )


def _knee_dial(track: PoseTrack) -> Array:
    """Return the left knee, its hip, and where that is when the knee is straight."""
    ankle, knee, hip = (
        track.image_px[:, of_side(joint, SIDES[0])].astype(np.float64)
        for joint in ("ankle", "knee", "hip")
    )
    straight = (
        knee
        + (knee - ankle)
        * (np.linalg.norm(hip - knee, axis=1) / np.linalg.norm(knee - ankle, axis=1))[
            :, None
        ]
    )
    return np.stack([knee, hip, straight], axis=1)


def _turn_dial(track: PoseTrack, torso: Torso) -> Array:
    """Between the shoulders, the left one, and where that one is at rest."""
    shoulders = track.image_px[:, list(SHOULDERS)].astype(np.float64)
    centre = shoulders.mean(axis=1)
    hand = shoulders[:, 0] - centre
    rest = typical(hand[np.abs(torso.thorax_deg) < 5.0])
    return np.stack([centre, shoulders[:, 0], centre + rest], axis=1)
