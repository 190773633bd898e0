"""The seated hip rotation test: hip and knee at 90 degrees, the shank swings."""

from __future__ import annotations

from dataclasses import replace

from hiprom.core.protocols.protocol import Cues, Norm, Protocol, RepRules, Threshold

_OURS = "ours: docs/accuracy.md"

_RULES = RepRules(
    min_excursion_deg=Threshold(
        8.0,
        "deg",
        "smaller movements are not counted as repetitions",
        "above the MDC95 of 5.4 deg of a digital inclinometer (Krause et al. 2015)",
    ),
    min_duration_s=Threshold(
        0.5, "s", "shorter excursions are jitter or a kick", _OURS
    ),
    plateau_band_deg=Threshold(
        4.0, "deg", "how close to the extreme the hold stays", _OURS
    ),
    plateau_speed_deg_s=Threshold(
        8.0, "deg/s", "slower than this the leg is held", _OURS
    ),
    min_plateau_s=Threshold(
        0.3, "s", "a shorter hold is flagged: one instant is biased upward", _OURS
    ),
)

_KNEE = (
    Threshold(
        30.0,
        "deg",
        "below this the shank cannot show femoral rotation",
        "error grows as 1/sin(knee flexion); docs/conventions.md",
    ),
    Threshold(150.0, "deg", "above this the same holds for a folded knee", _OURS),
)

_LIMITS = {
    "trunk_lean": Threshold(5.0, "deg", "the trunk leaned sideways", _OURS),
    "pelvic_hike": Threshold(4.0, "deg", "one side of the pelvis rose or sank", _OURS),
    "pelvic_turn": Threshold(4.0, "deg", "the pelvis turned", _OURS),
    "thigh_drift": Threshold(5.0, "deg", "the thigh moved sideways", _OURS),
    "thigh_lift": Threshold(6.0, "deg", "the thigh rose or sank", _OURS),
    "knee_travel": Threshold(3.0, "cm", "the knee left its place", _OURS),
    "foot_turn": Threshold(15.0, "deg", "the foot turned about the shank", _OURS),
}

_FLAGS = {
    "no_plateau": "the end of the range was not held; the extreme stands in for it",
    "short_hold": "the end of the range was held for less than 0.3 s",
    "gap": "the leg could not be seen for part of the repetition",
    "no_outline": (
        "the outline of the shank could not be read (loose clothes, crossing legs, "
        "poor light): the interval is wide for it"
    ),
    "cut_off": "the recording begins or ends inside the repetition",
} | {
    name: f"{limit.meaning} by more than {limit.value:g} {limit.unit}".replace(
        " deg", "°"
    )
    for name, limit in _LIMITS.items()
}

# By sex, of healthy adults, as tabulated by others: not supine, but the table does not
# say whether seated or prone. Averages, to place a number; not limits.
_TABLE = (
    "Fan et al. 2014, as tabulated in J Athl Train 2018, doi:10.4085/1062-6050-426-16"
)
_WOMEN, _MEN = "healthy women (n = 16)", "healthy men (n = 16)"

SEATED_IR = Protocol(
    name="seated_ir",
    title="Seated hip internal rotation",
    posture="seated, hip and knee at 90 degrees",
    quantity="hip_rotation_deg",
    direction=1,
    movement="internal rotation",
    opposite="seated_er",
    instructions=(
        "Sit on a high seat so that both shanks hang freely, thighs level and "
        "parallel.",
        "Place the camera straight in front of you at knee height, 2 to 3 m away, "
        "with your whole body in the picture.",
        "Let the shank hang still for a second.",
        "Keep the thigh and the pelvis still and swing the foot slowly outwards as "
        "far as it goes.",
        "Hold it there for one to two seconds and lower it slowly.",
        "Repeat three to five times, then change sides.",
    ),
    cues=Cues(
        start="Let both feet hang and keep still",
        out="Swing your {side} foot slowly outwards",
        hold="Hold it there",
        back="Lower it slowly",
        end="Done: let the foot hang",
    ),
    rules=_RULES,
    knee_flexion_deg=_KNEE,
    norms=(
        Norm("female", 42.7, 10.3, _WOMEN, _TABLE),
        Norm("male", 35.1, 4.7, _MEN, _TABLE),
    ),
    limits=_LIMITS,
    flags=_FLAGS,
)

SEATED_ER = replace(
    SEATED_IR,
    name="seated_er",
    title="Seated hip external rotation",
    direction=-1,
    movement="external rotation",
    opposite="seated_ir",
    instructions=(
        *SEATED_IR.instructions[:3],
        "Keep the thigh and the pelvis still and swing the foot slowly inwards, past "
        "the other leg, as far as it goes; tuck the other foot back to make room.",
        *SEATED_IR.instructions[4:],
    ),
    cues=replace(SEATED_IR.cues, out="Swing your {side} foot slowly inwards"),
    norms=(
        Norm("female", -41.1, 6.4, _WOMEN, _TABLE),
        Norm("male", -41.9, 6.6, _MEN, _TABLE),
    ),
)

__all__ = ["SEATED_ER", "SEATED_IR"]
