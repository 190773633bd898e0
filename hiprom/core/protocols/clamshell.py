"""The clamshell: on the side with heels together, the upper knee opens and pauses."""

from __future__ import annotations

import numpy as np

from hiprom.core.protocols.lying_rules import CAMERA, RULES, slow
from hiprom.core.protocols.moves import Moves, at_hold, change_of
from hiprom.core.protocols.protocol import Cues, Further, Limit, Protocol, Threshold
from hiprom.core.protocols.rules import BENT_KNEE, OURS
from hiprom.core.vectors import typical, unit

_CM = 100.0


def _opening_cm(moves: Moves) -> float:
    return _CM * moves.change("knee_gap_m")


def _opening_sd_cm(moves: Moves) -> float:
    return _CM * moves.at_hold("knee_gap_sd_m")


def _opening_deg(moves: Moves) -> float:
    """Angle between where the thigh points at the hold and at rest."""
    thigh = moves.traces["thigh"]
    held, rest = (unit(typical(thigh[part])) for part in (moves.held, moves.rest))
    return float(np.degrees(np.arccos(np.clip(held @ rest, -1.0, 1.0))))


def _heels_cm(moves: Moves) -> float:
    return _CM * moves.change("heel_gap_m")


CLAMSHELL = Protocol(
    name="clamshell",
    title="Clamshell",
    posture="lying on the side, hips and knees bent, heels together",
    way="side_lying",
    sides="moving",
    quantity="hip_rotation_deg",
    movements={-1: "external rotation"},
    opposite=None,
    camera=CAMERA,
    instructions=(
        "Lie on your side, hips and shoulders stacked, your head on the lower arm.",
        "Bend the hips by about 45 and the knees by about 90 degrees, one leg on top "
        "of the other.",
        "Keep the heels together and the pelvis still, and open the upper knee slowly "
        "as far as it goes.",
        "Pause at the end for one to two seconds.",
        "Close it slowly.",
        "Repeat five times or more, then change sides.",
    ),
    avoid=(
        "Rolling the pelvis back to open further.",
        "Letting the heels come apart.",
        "Hurrying over the pause: the end of the range is where the strength is made.",
    ),
    cues=Cues(
        start="Knees together, heels together, keep still",
        out="Open your {side} knee slowly",
        hold="Pause there",
        back="Close it slowly",
        end="Done: rest",
    ),
    rules=RULES,
    readable_deg=BENT_KNEE,
    norms=(),
    limits={
        "pelvis_rolls_back": Limit(
            22.0,
            "deg",
            "the pelvis rolled back (the pose model sees up to 16° of it where there "
            "is none)",
            OURS,
            change_of("pelvis_roll_deg"),
            kind="above",
        ),
        "heels_part": Limit(6.0, "cm", "the heels came apart", OURS, _heels_cm),
    },
    notes={},
    try_this="Open the upper knee, hold it for a second, and close it slowly.",
    tempo=slow(
        # The slow end of the opening counts as held: a pause of 0.5 s reads as 0.9, one
        # of 1.2 s as 1.6 on the development clips.
        hold_s=Threshold(
            1.2, "s", "the pause at the end of the range was too short", OURS
        )
    ),
    further=(
        Further(
            "knee_opening_cm",
            "how far the knees came apart",
            _opening_cm,
            sd=_opening_sd_cm,
        ),
        Further(
            "knee_opening_deg",
            "how far the thigh opened",
            _opening_deg,
            sd=at_hold("hip_adduction_sd_deg"),
        ),
    ),
)

__all__ = ["CLAMSHELL"]
