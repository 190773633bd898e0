"""The squat: how deep it goes, and whether the trunk stays upright on the way."""

from __future__ import annotations

import numpy as np

from hiprom.core.protocols.moves import Moves, at_hold, at_rest, change_of
from hiprom.core.protocols.protocol import (
    Further,
    Limit,
    Protocol,
    RepRules,
    Tempo,
    Threshold,
)
from hiprom.core.protocols.rules import OURS

_UPRIGHT_DEG = 45.0


def _leans_at(moves: Moves) -> int | None:
    """Index on the way down from which the trunk leans too far; None if it never does.

    What sinks back below the limit before the hold was jitter.
    """
    upright = np.flatnonzero(~(moves.way_out("trunk_forward_deg") > _UPRIGHT_DEG))
    first = moves.start + (int(upright[-1]) + 1 if len(upright) else 0)
    return first if first <= moves.held[0] else None


def _upright_depth_deg(moves: Moves) -> float:
    """Return the knee flexion that is reached before the trunk leans too far."""
    first = _leans_at(moves)
    if first is None:
        return moves.at_hold("knee_flexion_deg")
    return float(moves.traces["knee_flexion_deg"][first])


def _upright_depth_sd_deg(moves: Moves) -> float:
    """Return its deviation: an error of the trunk's lean is one of the moment, too."""
    sd, lean_sd = (
        moves.at_hold(f"{name}_sd_deg") for name in ("knee_flexion", "trunk_forward")
    )
    if _leans_at(moves) is None:
        return sd
    knee, lean = (
        abs(moves.change(name)) for name in ("knee_flexion_deg", "trunk_forward_deg")
    )
    return float(np.hypot(sd, lean_sd * knee / max(lean, 1.0)))


def _knees_in_cm(moves: Moves) -> float:
    """Return how far the knee that is further inside is inside its foot's line."""
    return max(moves.at_hold(f"{side}_knee_in_cm") for side in ("left", "right"))


SQUAT = Protocol(
    name="squat",
    title="Squat",
    posture="standing",
    way="standing",
    sides="whole",
    quantity="knee_flexion_deg",
    movements={1: "squatting"},
    opposite=None,
    camera=(
        "In front of you or up to 45° aside, level, at the height of your hips, about "
        "3 m away, with your whole body in the picture also when you stand."
    ),
    instructions=(
        "Stand with your feet as wide as your hips or a little wider, toes turned "
        "out a little, and raise your arms forwards.",
        "Stand still and straight for a second.",
        "Sit down slowly, hips back, knees over the toes, heels on the floor, with "
        "your chest up, as deep as you can without losing that.",
        "Stay there for a moment and stand up slowly until you are straight.",
        "Repeat three to five times.",
    ),
    avoid=(
        "Letting the trunk fall forwards to come deeper.",
        "Letting the heels rise or the knees fall inwards.",
        "Bouncing out of the lowest point.",
    ),
    cues=None,
    rules=RepRules(
        min_excursion=Threshold(
            30.0, "deg", "smaller bends of the knees are not counted as squats", OURS
        ),
        min_duration_s=Threshold(
            0.8, "s", "shorter excursions are jitter or a jump", OURS
        ),
        plateau_band=Threshold(
            4.0, "deg", "how close to the deepest point the hold stays", OURS
        ),
        plateau_speed=Threshold(
            8.0, "deg/s", "slower than this the hold has begun", OURS
        ),
        min_plateau_s=Threshold(0.3, "s", "a shorter hold is flagged", OURS),
    ),
    readable_deg=None,
    norms=(),
    limits={
        "trunk_collapses": Limit(
            _UPRIGHT_DEG,
            "deg",
            "lean of the trunk from the vertical",
            OURS,
            at_hold("trunk_forward_deg"),
            kind="above",
        ),
        "knees_in": Limit(
            5.0,
            "cm",
            "distance of a knee inside the line of its foot",
            OURS,
            _knees_in_cm,
            kind="above",
        ),
        "heels_lift": Limit(
            3.0,
            "cm",
            "rise of a heel",
            OURS,
            change_of("heel_rise_cm"),
            kind="above",
        ),
    },
    notes={},
    try_this=(
        "Stand straight for a second, sit down as deep as you can, and stand up again."
    ),
    tempo=Tempo(
        raise_s=Threshold(0.7, "s", "going down was fast", OURS),
        lower_s=Threshold(0.7, "s", "standing up was fast", OURS),
    ),
    further=(
        Further(
            "thigh_rise_deg",
            "the thighs above the horizontal: 0 is level, negative is below",
            at_hold("thigh_rise_deg"),
            at_hold("thigh_rise_sd_deg"),
            at_rest("thigh_rise_deg"),
        ),
        Further(
            "trunk_forward_deg",
            "how far the trunk leans forwards at the deepest point",
            at_hold("trunk_forward_deg"),
            at_hold("trunk_forward_sd_deg"),
            at_rest("trunk_forward_deg"),
        ),
        Further(
            "upright_depth_deg",
            "knee flexion reached before the trunk leaned forwards by more than "
            f"{_UPRIGHT_DEG:.0f}°",
            _upright_depth_deg,
            _upright_depth_sd_deg,
        ),
        Further(
            "left_knee_in_cm",
            "how far the left knee is inside the line of its foot",
            at_hold("left_knee_in_cm"),
        ),
        Further(
            "right_knee_in_cm",
            "how far the right knee is inside the line of its foot",
            at_hold("right_knee_in_cm"),
        ),
    ),
)

__all__ = ["SQUAT"]
