"""The seated hip rotation test: hip and knee at 90 degrees, the shank swings."""

from __future__ import annotations

from dataclasses import replace

from hiprom.core.protocols.moves import change_of
from hiprom.core.protocols.protocol import (
    Cues,
    Limit,
    Norm,
    Note,
    Protocol,
)
from hiprom.core.protocols.rules import BENT_KNEE, OURS, ROTATION

_LIMITS = {
    "trunk_lean": Limit(
        5.0, "deg", "the trunk leaned sideways", OURS, change_of("trunk_lean_deg")
    ),
    "pelvic_hike": Limit(
        4.0,
        "deg",
        "one side of the pelvis rose or sank",
        OURS,
        change_of("pelvis_obliquity_deg"),
    ),
    "pelvic_turn": Limit(
        4.0, "deg", "the pelvis turned", OURS, change_of("pelvis_turn_deg")
    ),
    "thigh_drift": Limit(
        5.0,
        "deg",
        "the thigh moved sideways",
        OURS,
        change_of("hip_adduction_deg", sign=-1),
    ),
    "thigh_lift": Limit(
        6.0, "deg", "the thigh rose or sank", OURS, change_of("hip_flexion_deg")
    ),
    "knee_travel": Limit(
        3.0, "cm", "the knee left its place", OURS, change_of("knee_cm")
    ),
    "foot_turn": Limit(
        15.0,
        "deg",
        "the foot turned about the shank",
        OURS,
        change_of("foot_turn_deg"),
    ),
}

# With less of the hold than this shown by the silhouette, the landmarks told it.
_OUTLINED_SHARE = 0.5
_NOTES = {
    "no_outline": Note(
        "the outline of the shank could not be read (loose clothes, crossing legs, "
        "poor light): the interval is wide for it",
        lambda moves: moves.mean_in_hold("outlined") < _OUTLINED_SHARE,
    ),
}

# By sex, of healthy adults, as tabulated by others: not supine, but the table does not
# say whether seated or prone. Averages, to place a number; not limits.
_TABLE = (
    "Fan et al. 2014, as tabulated in J Athl Train 2018, doi:10.4085/1062-6050-426-16"
)
_WOMEN, _MEN = "healthy women (n = 16)", "healthy men (n = 16)"

_CUES = Cues(
    start="Let both feet hang and keep still",
    out="Swing your {side} foot slowly outwards",
    hold="Hold it there",
    back="Lower it slowly",
    end="Done: let the foot hang",
)

SEATED_IR = Protocol(
    name="seated_ir",
    title="Seated hip internal rotation",
    posture="seated, hip and knee at 90 degrees",
    way="seated",
    sides="moving",
    quantity="hip_rotation_deg",
    movements={1: "internal rotation"},
    opposite="seated_er",
    camera=(
        "Straight in front of you at knee height, 2 to 3 m away, with your whole body "
        "in the picture."
    ),
    instructions=(
        "Sit on a high seat so that both shanks hang freely, thighs level and "
        "parallel.",
        "Let the shank hang still for a second.",
        "Keep the thigh and the pelvis still and swing the foot slowly outwards as "
        "far as it goes.",
        "Hold it there for one to two seconds and lower it slowly.",
        "Repeat three to five times, then change sides.",
    ),
    avoid=(
        "Leaning the trunk or lifting one side of the pelvis to come further.",
        "Letting the thigh slide sideways, or the foot turn about the shank.",
        "Forcing the end: a smooth stretch is enough.",
    ),
    cues=_CUES,
    rules=ROTATION,
    readable_deg=BENT_KNEE,
    norms=(
        Norm("female", 42.7, 10.3, _WOMEN, _TABLE),
        Norm("male", 35.1, 4.7, _MEN, _TABLE),
    ),
    limits=_LIMITS,
    notes=_NOTES,
    try_this=(
        "Swing the foot as far as it goes, hold it for a second, and bring it back."
    ),
)

SEATED_ER = replace(
    SEATED_IR,
    name="seated_er",
    title="Seated hip external rotation",
    movements={-1: "external rotation"},
    opposite="seated_ir",
    instructions=(
        *SEATED_IR.instructions[:2],
        "Keep the thigh and the pelvis still and swing the foot slowly inwards, past "
        "the other leg, as far as it goes; tuck the other foot back to make room.",
        *SEATED_IR.instructions[3:],
    ),
    cues=replace(_CUES, out="Swing your {side} foot slowly inwards"),
    norms=(
        Norm("female", -41.1, 6.4, _WOMEN, _TABLE),
        Norm("male", -41.9, 6.6, _MEN, _TABLE),
    ),
)

__all__ = ["SEATED_ER", "SEATED_IR"]
