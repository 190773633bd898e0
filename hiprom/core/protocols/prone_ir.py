"""The prone hip rotation test: on the belly, the raised shank falls outwards."""

from __future__ import annotations

import numpy as np

from hiprom.core.protocols.moves import Moves, change_of
from hiprom.core.protocols.protocol import (
    Limit,
    Note,
    Protocol,
    Threshold,
)
from hiprom.core.protocols.rules import ROTATION

_VIEW = "ours: docs/decisions/0008-lying-people.md"

_KNEE = (
    Threshold(
        55.0,
        "deg",
        "a shank that is raised less points along the line of sight",
        _VIEW,
    ),
    Threshold(125.0, "deg", "above this the same holds for a folded knee", _VIEW),
)

_ROLL_DEG = 4.0
_LIMITS = {
    "pelvic_roll": Limit(
        _ROLL_DEG,
        "deg",
        "the pelvis rolled",
        _VIEW,
        change_of("pelvis_roll_deg"),
    ),
}

# The end of the range is reached, for this note, at this share of the way there.
_NEAR_END = 0.9


def _rolls_early(moves: Moves) -> bool:
    """Whether the pelvis has rolled by more than the limit before the end-range."""
    rotation = moves.way_out("hip_rotation_deg")
    roll = moves.way_out("pelvis_roll_deg") - moves.at_rest("pelvis_roll_deg")
    start, end = moves.at_rest("hip_rotation_deg"), moves.at_hold("hip_rotation_deg")
    before = rotation < start + _NEAR_END * (end - start)
    return bool(np.any(np.abs(roll[before]) > _ROLL_DEG))


# With less of the hold than this shown by the silhouette, the landmarks told it.
_OUTLINED_SHARE = 0.5
_NOTES = {
    "pelvis_rolls_early": Note(
        "the pelvis rolled before the end of the range: from there on it, and not the "
        "hip, carries the shank",
        _rolls_early,
    ),
    "no_outline": Note(
        "the outline of the shank could not be read (it lies before the back, loose "
        "clothes, poor light): the interval is wide for it",
        lambda moves: moves.mean_in_hold("outlined") < _OUTLINED_SHARE,
    ),
}

PRONE_IR = Protocol(
    name="prone_ir",
    title="Prone hip internal rotation",
    posture="on the belly, one knee bent at 90 degrees",
    way="prone",
    sides="moving",
    quantity="hip_rotation_deg",
    movements={1: "internal rotation"},
    opposite=None,
    camera=(
        "At the feet end, in line with the body, a little above the table and 2 to 3 m "
        "from the knees, with the head in the picture and the raised shank clear of "
        "the back. The pose model is weak on this view and what it cannot see is "
        "refused: the seated test is the surer one."
    ),
    instructions=(
        "Lie on your belly on a table or a mat, legs a little apart.",
        "Bend one knee until the shank points straight up, and keep it so bent.",
        "Let the shank rest upright for a second.",
        "Keep the pelvis flat and let the foot fall slowly outwards as far as it goes.",
        "Hold it there for one to two seconds and bring it back slowly.",
        "Repeat three to five times, then change sides.",
    ),
    avoid=(
        "Letting the pelvis roll: the test ends where it begins to move.",
        "Bending or straightening the knee on the way.",
        "Forcing the end: a smooth stretch is enough.",
    ),
    cues=None,
    rules=ROTATION,
    readable_deg=_KNEE,
    norms=(),
    limits=_LIMITS,
    notes=_NOTES,
    try_this=(
        "Let the foot fall outwards as far as it goes, hold it for a second, and bring "
        "it back."
    ),
)

__all__ = ["PRONE_IR"]
