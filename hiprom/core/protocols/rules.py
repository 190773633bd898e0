"""What the tests of a leg that rotates have in common: rep rules, the knee's bend."""

from __future__ import annotations

from hiprom.core.protocols.protocol import RepRules, Threshold

OURS = "ours: docs/accuracy.md"

ROTATION = RepRules(
    min_excursion=Threshold(
        8.0,
        "deg",
        "smaller movements are not counted as repetitions",
        "above the MDC95 of 5.4 deg of a digital inclinometer (Krause et al. 2015)",
    ),
    min_duration_s=Threshold(0.5, "s", "shorter excursions are jitter or a kick", OURS),
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
