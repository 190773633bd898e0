"""The seated butterfly: soles together, the knees sink apart."""

from __future__ import annotations

from hiprom.core.protocols.moves import at_hold, at_rest, change_of
from hiprom.core.protocols.protocol import (
    Further,
    Limit,
    Protocol,
    RepRules,
    Tempo,
    Threshold,
)
from hiprom.core.protocols.rules import OURS

_RULES = RepRules(
    min_excursion=Threshold(
        0.05, "m", "smaller movements are not counted as repetitions", OURS
    ),
    min_duration_s=Threshold(
        1.0, "s", "shorter excursions are a bounce of the knees", OURS
    ),
    plateau_band=Threshold(0.02, "m", "how close to the widest the hold stays", OURS),
    plateau_speed=Threshold(0.04, "m/s", "slower than this the knees are held", OURS),
    min_plateau_s=Threshold(
        0.3, "s", "a shorter hold is flagged: one instant is biased upward", OURS
    ),
)

_LIMITS = {
    "trunk_round": Limit(
        -0.04,
        "m",
        "the trunk rounded or leaned forward: the shoulders sank",
        OURS,
        change_of("shoulder_height_m"),
        kind="below",
    ),
    "pelvis_tilt": Limit(
        5.0,
        "deg",
        "one side of the pelvis rose",
        OURS,
        change_of("pelvis_obliquity_deg"),
    ),
    "trunk_lean": Limit(
        6.0, "deg", "the trunk leaned sideways", OURS, change_of("trunk_lean_deg")
    ),
}

BUTTERFLY = Protocol(
    name="butterfly",
    title="Seated butterfly",
    posture="seated on the floor, soles together, knees falling apart",
    way="floor",
    sides="whole",
    quantity="knee_gap_m",
    movements={1: "knees sinking apart"},
    opposite=None,
    camera=(
        "Straight in front of you, at the height of your knees or a little above, 2 to "
        "2.5 m away, with your whole body in the picture."
    ),
    instructions=(
        "Sit on a mat facing the camera, the soles of your feet together and the heels "
        "a comfortable distance from you, the same every time.",
        "Sit tall, the hands on the shins or beside you, and let the knees come up a "
        "little; keep still for a second.",
        "Let both knees sink apart slowly, as far as they go on their own.",
        "Breathe and hold it there for one to two seconds, then bring the knees up "
        "slowly.",
        "Repeat three to five times.",
    ),
    avoid=(
        "Pressing the knees down with the hands or bouncing them.",
        "Rounding the back or letting the pelvis roll backwards.",
        "Moving the feet between repetitions.",
    ),
    cues=None,
    rules=_RULES,
    readable_deg=None,
    norms=(),
    limits=_LIMITS,
    notes={},
    try_this=(
        "Let the knees sink as far as they go, hold it for a second, and bring them up."
    ),
    tempo=Tempo(
        raise_s=Threshold(1.0, "s", "the knees sank too fast", OURS),
        lower_s=Threshold(0.8, "s", "the knees came up too fast", OURS),
    ),
    further=(
        Further(
            "knee_gap_ratio",
            "the gap between the knees as a share of the thigh's length",
            at_hold("knee_gap_ratio"),
            sd=at_hold("knee_gap_sd_ratio"),
            rest=at_rest("knee_gap_ratio"),
        ),
        *(
            Further(
                f"{side}_knee_height_m",
                f"how far the {side} knee is above the hips",
                at_hold(f"{side}_knee_height_m"),
                sd=at_hold(f"{side}_knee_height_sd_m"),
                rest=at_rest(f"{side}_knee_height_m"),
            )
            for side in ("left", "right")
        ),
    ),
)

__all__ = ["BUTTERFLY"]
