"""90/90 transitions: on the floor, both legs swing from one side to the other."""

from __future__ import annotations

from hiprom.core.protocols.moves import Moves, at_hold, at_rest, change_of
from hiprom.core.protocols.protocol import (
    Further,
    Limit,
    Note,
    Protocol,
    RepRules,
    Tempo,
    Threshold,
)
from hiprom.core.protocols.rules import BENT_KNEE, OURS

_RULES = RepRules(
    min_excursion=Threshold(
        15.0, "deg", "smaller movements are not counted as a switch", OURS
    ),
    min_duration_s=Threshold(0.8, "s", "shorter excursions are jitter", OURS),
    plateau_band=Threshold(6.0, "deg", "how close to the extreme the hold stays", OURS),
    plateau_speed=Threshold(10.0, "deg/s", "slower than this the leg is held", OURS),
    min_plateau_s=Threshold(
        0.3, "s", "a shorter hold is flagged: one instant is biased upward", OURS
    ),
)

_HANDS_M = 0.05


def _hands_down(moves: Moves) -> bool:
    return moves.at_hold("hands_height_m") < _HANDS_M


_LIMITS = {
    "trunk_lean": Limit(
        10.0, "deg", "the trunk leaned sideways", OURS, change_of("trunk_lean_deg")
    ),
    "knee_lift": Limit(
        0.25,
        "m",
        "the knee stayed off the floor: its height above the hip was",
        OURS,
        at_hold("knee_height_m"),
        kind="above",
    ),
    "foot_slide": Limit(
        12.0, "cm", "the foot left its place", OURS, change_of("foot_cm")
    ),
}

_NOTES = {
    "hands_used": Note(
        f"a hand was at the floor: less than {100 * _HANDS_M:.0f} cm above the hips",
        _hands_down,
    ),
}

NINETY_NINETY = Protocol(
    name="ninety_ninety",
    title="90/90 transitions",
    posture="seated on the floor, feet wide, both knees swinging to one side",
    way="floor",
    sides="each",
    quantity="hip_rotation_deg",
    movements={1: "internal rotation", -1: "external rotation"},
    opposite=None,
    camera=(
        "Straight in front of you, at the height of your knees or a little above, 2 to "
        "2.5 m away, with your whole body in the picture, feet included."
    ),
    instructions=(
        "Sit on a mat facing the camera, knees up and bent at about a right angle, "
        "feet wider than the hips.",
        "Sit tall, the ribs over the hips; keep the hands off the floor if you can.",
        "Let both knees sink slowly to one side, until the front leg and the back leg "
        "lie on the floor; the feet stay where they are.",
        "Hold it there for one to two seconds, bring the knees up slowly, wait a "
        "moment, and go to the other side.",
        "Repeat two to four times to each side.",
    ),
    avoid=(
        "Leaning or twisting the trunk to bring the knees down.",
        "Letting the feet slide, or the back knee float.",
        "Hurrying through the middle.",
    ),
    cues=None,
    rules=_RULES,
    readable_deg=BENT_KNEE,
    norms=(),
    limits=_LIMITS,
    notes=_NOTES,
    try_this=(
        "Let both knees sink to one side, hold it for a second, bring them up, and go "
        "to the other side."
    ),
    tempo=Tempo(
        raise_s=Threshold(1.0, "s", "the switch was too fast", OURS),
        hold_s=Threshold(0.5, "s", "the pause at the end was too short", OURS),
    ),
    further=(
        Further(
            "knee_height_m",
            "how far the knee is above the hips at the end",
            at_hold("knee_height_m"),
            rest=at_rest("knee_height_m"),
        ),
    ),
)

__all__ = ["NINETY_NINETY"]
