"""What the exercises on the side have in common: rep rules, tempo, posture."""

from __future__ import annotations

from dataclasses import replace

from hiprom.core.protocols.protocol import RepRules, Tempo, Threshold
from hiprom.core.protocols.rules import OURS, ROTATION

RULES = replace(
    ROTATION,
    min_duration_s=Threshold(0.7, "s", "shorter excursions are jitter or a jerk", OURS),
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
