"""The side-lying leg lift: the straight upper leg rises, and sinks under control."""

from __future__ import annotations

import numpy as np

from hiprom.core.protocols.lying_rules import CAMERA, rules, slow
from hiprom.core.protocols.moves import Moves, change_of
from hiprom.core.protocols.protocol import Cues, Further, Limit, Protocol
from hiprom.core.protocols.rules import OURS
from hiprom.core.smoothness import spectral_arc_length


def _descent_ratio(moves: Moves) -> float:
    """Time to lower by time to raise: 2 is lowered half as fast."""
    return moves.lower_s / moves.raise_s if moves.raise_s > 0 else np.nan


def _descent_sparc(moves: Moves) -> float:
    """Smoothness of the descent, by its speed's spectral arc length."""
    step_s = float(moves.clock_s[1] - moves.clock_s[0])
    way = moves.way_back("hip_adduction_deg")
    speed = np.abs(np.gradient(way, step_s)) if len(way) > 1 else way
    return spectral_arc_length(speed, 1 / step_s)


LEG_LIFT = Protocol(
    name="leg_lift",
    title="Side-lying leg lift",
    posture="lying on the side, the upper leg straight",
    way="side_lying",
    sides="moving",
    quantity="hip_adduction_deg",
    movements={-1: "abduction"},
    opposite=None,
    camera=CAMERA,
    instructions=(
        "Lie on your side, hips and shoulders stacked, your head on the lower arm.",
        "Bend the lower leg a little for a steady base, and stretch the upper one in "
        "line with your trunk, the toes pointing forwards.",
        "Raise the upper leg slowly towards the ceiling, as far as the pelvis stays "
        "still.",
        "Hold it there for one second.",
        "Lower it twice as slowly as you raised it: the way down is the exercise.",
        "Repeat five times or more, then change sides.",
    ),
    avoid=(
        "Dropping the leg on the way down.",
        "Letting the leg come forwards, or the toes turn up to the ceiling.",
        "Bending the knee, or rolling the pelvis back to come higher.",
    ),
    cues=Cues(
        start="Stretch your {side} leg and keep still",
        out="Raise it slowly",
        hold="Hold it there",
        back="Lower it slowly, slower than you raised it",
        end="Done: rest the leg",
    ),
    rules=rules(rests_at_deg=10.0),
    readable_deg=None,
    norms=(),
    limits={
        "drops": Limit(
            0.9,
            "ratio",
            "the time to lower, as a share of that to raise, was",
            OURS,
            _descent_ratio,
            kind="below",
        ),
        "hip_flexes": Limit(
            10.0,
            "deg",
            "the leg came forwards or went back, as the pose model sees depth,",
            OURS,
            change_of("thigh_forward_deg"),
        ),
        "leg_turns_out": Limit(
            25.0,
            "deg",
            "the leg turned, the toes going up or down",
            OURS,
            change_of("foot_turn_deg"),
        ),
        "knee_bends": Limit(
            12.0,
            "deg",
            "the knee bent or stretched, as the pose model sees depth,",
            OURS,
            change_of("knee_bend_deg"),
        ),
        "pelvis_rolls": Limit(
            15.0,
            "deg",
            "the pelvis rolled",
            OURS,
            change_of("pelvis_roll_deg"),
        ),
    },
    notes={},
    try_this=(
        "Raise the straight upper leg, hold it for a second, and lower it slowly."
    ),
    tempo=slow(),
    further=(
        Further(
            "descent_ratio",
            "time to lower as a share of the time to raise",
            _descent_ratio,
        ),
        Further(
            "descent_sparc",
            "smoothness of the descent by spectral arc length, nearer 0 is smoother",
            _descent_sparc,
        ),
    ),
)

__all__ = ["LEG_LIFT"]
