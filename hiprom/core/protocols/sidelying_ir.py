"""Side-lying internal rotation: knees stay together, the upper foot rises and sinks."""

from __future__ import annotations

from hiprom.core.protocols.lying_rules import CAMERA, rules, slow
from hiprom.core.protocols.moves import Moves, at_hold, at_rest, change_of
from hiprom.core.protocols.protocol import Cues, Further, Limit, Protocol
from hiprom.core.protocols.rules import BENT_KNEE, OURS

_CM = 100.0


def _knees_cm(moves: Moves) -> float:
    return _CM * moves.change("knee_gap_m")


SIDELYING_IR = Protocol(
    name="sidelying_ir",
    title="Side-lying hip internal rotation",
    posture="lying on the side, hips and knees bent, knees together",
    way="side_lying",
    sides="moving",
    quantity="hip_rotation_deg",
    movements={1: "internal rotation"},
    opposite=None,
    camera=CAMERA,
    instructions=(
        "Lie on your side, hips and shoulders stacked, your head on the lower arm.",
        "Bend the hips by about 50 and the knees by about 90 degrees, one leg on top "
        "of the other; the lower leg carries.",
        "Keep the knees together and raise the upper foot slowly as far as it goes.",
        "Stay there for one to two seconds.",
        "Lower the foot slowly, under control.",
        "Repeat five times, then change sides.",
    ),
    avoid=(
        "Rolling the trunk or the pelvis.",
        "Letting the knees come apart.",
        "Forcing the end: a smooth stretch is enough.",
    ),
    cues=Cues(
        start="Knees together, keep still",
        out="Raise your {side} foot slowly",
        hold="Hold it there",
        back="Lower it slowly",
        end="Done: rest the foot",
    ),
    rules=rules(rests_at_deg=-6.0),
    readable_deg=BENT_KNEE,
    norms=(),
    limits={
        "trunk_rolls": Limit(
            12.0, "deg", "the trunk rolled", OURS, change_of("trunk_roll_deg")
        ),
        "knees_part": Limit(4.0, "cm", "the knees came apart", OURS, _knees_cm),
    },
    notes={},
    try_this=(
        "Raise the upper foot with the knees together, hold it for a second, and lower "
        "it slowly."
    ),
    tempo=slow(),
    further=(
        Further(
            "knee_gap_m",
            "between the knees' centres",
            at_hold("knee_gap_m"),
            sd=at_hold("knee_gap_sd_m"),
            rest=at_rest("knee_gap_m"),
        ),
        Further(
            "knee_gap_ratio",
            "between the knees' centres, in thigh lengths",
            at_hold("knee_gap_ratio"),
            sd=at_hold("knee_gap_sd_ratio"),
            rest=at_rest("knee_gap_ratio"),
        ),
    ),
)

__all__ = ["SIDELYING_IR"]
