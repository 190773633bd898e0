"""What the exercises on the side have in common: rep rules, tempo, posture."""

from __future__ import annotations

from dataclasses import replace

from hiprom.core.protocols.protocol import RepRules, Tempo, Threshold

OURS = "ours: docs/accuracy.md"

RULES = RepRules(
    min_excursion=Threshold(
        8.0,
        "deg",
        "smaller movements are not counted as repetitions",
        "above the MDC95 of 5.4 deg of a digital inclinometer (Krause et al. 2015)",
    ),
    min_duration_s=Threshold(0.7, "s", "shorter excursions are jitter or a jerk", OURS),
    plateau_band=Threshold(4.0, "deg", "how close to the extreme the hold stays", OURS),
    plateau_speed=Threshold(8.0, "deg/s", "slower than this the leg is held", OURS),
    min_plateau_s=Threshold(
        0.3, "s", "a shorter hold is flagged: one instant is biased upward", OURS
    ),
)

BENT_KNEE = (
    Threshold(
        30.0,
        "deg",
        "below this the shank cannot show femoral rotation",
        "error grows as 1/sin(knee flexion); docs/conventions.md",
    ),
    Threshold(150.0, "deg", "above this the same holds for a folded knee", OURS),
)

CAMERA = (
    "In front of you, so that it sees your belly, at the height of the mat or a little "
    "above, 2 to 3 m away, level, with your whole length across the picture."
)


def rules(rests_at_deg: float) -> RepRules:
    """Return the rep rules of a leg that rests at about this angle."""
    return replace(
        RULES,
        usual_rest=Threshold(
            rests_at_deg,
            "deg",
            "about where the upper leg rests on the lower one",
            "breadths of hips, knees and ankles: hiprom.core.lifting.lying",
        ),
    )


def slow(*, hold_s: Threshold | None = None) -> Tempo:
    """Return the slow tempo of the programme, with a pause where one is asked for."""
    return Tempo(
        raise_s=Threshold(0.6, "s", "the leg was raised too fast", OURS),
        hold_s=hold_s,
        lower_s=Threshold(0.8, "s", "the leg was lowered too fast", OURS),
    )
