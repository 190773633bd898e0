"""A PoseTrack -> which landmarks can be believed, and what to change if too few can."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.angles import knee_flexion_deg
from hiprom.core.landmarks import Joint, Landmark, Side, of_side
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import middle
from hiprom.errors import LegsNotReadable, NobodyInView

# Below this the model itself says that it guesses.
_LEAST_VISIBILITY = 0.5
# A joint may touch the edge of the picture, not lie beyond it.
_MARGIN = 0.01
# A test needs this share of its frames; below half the leg was mostly elsewhere.
_LEAST_SHARE = 0.5
_LEAST_PERSON_SHARE = 0.1
_WORTH_SAYING = 0.05

_JOINTS: tuple[Joint, ...] = ("hip", "knee", "ankle")
Mask = NDArray[np.bool_]
Marks = slice | list[Landmark]
_ALL = slice(None)


def is_readable(track: PoseTrack, marks: Marks = _ALL) -> Mask:
    """Whether landmarks lie in the picture and are no guess; (n, 33) or (n, marks)."""
    sure = track.visibility[:, marks] >= _LEAST_VISIBILITY
    return np.asarray(is_inside(track, marks) & sure)


def is_inside(track: PoseTrack, marks: Marks = _ALL) -> Mask:
    """Whether landmarks lie inside the picture, false for NaN; shape as above."""
    x, y = np.moveaxis(track.image_px[:, marks], -1, 0)
    wide, high = track.width_px, track.height_px
    return np.asarray(
        (x >= -_MARGIN * wide)
        & (x <= (1 + _MARGIN) * wide)
        & (y >= -_MARGIN * high)
        & (y <= (1 + _MARGIN) * high)
    )


def leg_frames(track: PoseTrack, side: Side) -> Mask:
    """Whether hip, knee and ankle of `side` are all readable; shape (n,)."""
    return np.asarray(is_readable(track, _joints(side)).all(axis=1))


def believed(track: PoseTrack) -> PoseTrack:
    """Return the track with every unreadable landmark as NaN."""
    hidden = ~is_readable(track)[..., None]
    return replace(
        track,
        image_px=np.where(hidden, np.float32(np.nan), track.image_px),
        world_m=np.where(hidden, np.float32(np.nan), track.world_m),
    )


def require_person(track: PoseTrack) -> None:
    """Raise NobodyInView unless a person was found often enough to measure."""
    share = float(track.is_seen.mean()) if len(track) else 0.0
    if share >= _LEAST_PERSON_SHARE and track.is_seen.sum() >= 3:
        return
    if len(track) < 3:
        raise NobodyInView(
            f"The video holds {len(track)} frame(s); a movement needs at least a "
            "second of video. Record the whole test in one take."
        )
    raise NobodyInView(
        f"A person was found in {share:.0%} of the {len(track)} frames. Film one "
        "person, head to feet in the picture, in good light, 2 to 3 m away."
    )


def require_legs(track: PoseTrack, sides: Iterable[Side]) -> None:
    """Raise LegsNotReadable unless one of the legs is readable half of the time."""
    shares = {side: _share(track, leg_frames(track, side)) for side in sides}
    best = max(shares, key=lambda side: shares[side])
    if shares[best] >= _LEAST_SHARE:
        return
    raise LegsNotReadable(
        f"The {best} leg could be read in only {shares[best]:.0%} of the frames: "
        f"{_worst_joint(track, best)}. Step back or tilt the camera so that both feet "
        "and both knees stay in the picture for the whole test."
    )


def is_measurable(track: PoseTrack, side: Side) -> bool:
    """Whether a leg is readable often enough to look at it at all."""
    return _share(track, leg_frames(track, side)) >= _LEAST_PERSON_SHARE


def require_bent_knee(
    track: PoseTrack, sides: Iterable[Side], protocol: Protocol
) -> None:
    """Raise LegsNotReadable if no knee is typically bent enough to be read.

    The model's metric knee angle is off by up to 30 degrees; to tell a person who
    stands or lies from one who sits it is good enough.
    """
    assert protocol.readable_deg is not None
    least, most = (limit.value for limit in protocol.readable_deg)
    world = believed(track).world_m.astype(np.float64)
    typical = {}
    for side in sides:
        hip, knee, ankle = (world[:, of_side(joint, side)] for joint in _JOINTS)
        typical[side] = middle(knee_flexion_deg(hip, knee, ankle))
    if any(least <= bend <= most for bend in typical.values()):
        return
    found = " and ".join(f"the {side} by {bend:.0f}°" for side, bend in typical.items())
    raise LegsNotReadable(
        f"The knee is not bent as the test needs it: {found}, and rotation of the "
        f"thigh shows only between {least:.0f}° and {most:.0f}°. Record the test "
        f"{protocol.posture}."
    )


def warnings(track: PoseTrack, sides: Iterable[Side]) -> list[str]:
    """Return sentences on what could not be seen, worth knowing but not fatal."""
    said = []
    missing = 1 - float(track.is_seen.mean())
    if missing > _WORTH_SAYING:
        said.append(f"Nobody was found in {missing:.0%} of the frames.")
    for side in sides:
        hidden = 1 - _share(track, leg_frames(track, side))
        if hidden > _WORTH_SAYING:
            said.append(
                f"The {side} leg could not be read in {hidden:.0%} of the frames: "
                f"{_worst_joint(track, side)}."
            )
    return said


def reasons(track: PoseTrack, side: Side) -> NDArray[np.str_]:
    """Return why a leg cannot be read, frame by frame; shape (n,), "" where it can."""
    inside = is_inside(track, _joints(side)).all(axis=1)
    return np.select(
        [~track.is_seen, ~inside, ~leg_frames(track, side)],
        ["nobody in view", "leg out of the picture", "leg hidden"],
        default="",
    )


def _joints(side: Side) -> list[Landmark]:
    return [of_side(joint, side) for joint in _JOINTS]


def _share(track: PoseTrack, frames: Mask) -> float:
    return float(frames[track.is_seen].mean()) if track.is_seen.any() else 0.0


def _worst_joint(track: PoseTrack, side: Side) -> str:
    """Say which joint is missing most, and how."""
    here = track.is_seen
    outside = 1 - is_inside(track, _joints(side))[here].mean(axis=0)
    guessed = 1 - is_readable(track, _joints(side))[here].mean(axis=0)
    worst = int(np.argmax(guessed))
    if outside[worst] >= guessed[worst] / 2:
        return f"the {_JOINTS[worst]} is outside the picture in {outside[worst]:.0%}"
    return f"the {_JOINTS[worst]} is hidden in {guessed[worst]:.0%}"
