"""A standing person's joints in 3D: how deep they squat, how far they turn."""

from hiprom.core.lifting.standing.assumptions import (
    EXACT_STANDING,
    STANDING,
    StandingAssumptions,
)
from hiprom.core.lifting.standing.feet import Feet, see_feet
from hiprom.core.lifting.standing.squat import Squat, lift_squat
from hiprom.core.lifting.standing.stance import (
    Stance,
    pairs_px,
    take_stance,
    tallest,
)
from hiprom.core.lifting.standing.torso import Torso, turn_of_torso

__all__ = [
    "EXACT_STANDING",
    "STANDING",
    "Feet",
    "Squat",
    "Stance",
    "StandingAssumptions",
    "Torso",
    "lift_squat",
    "pairs_px",
    "see_feet",
    "take_stance",
    "tallest",
    "turn_of_torso",
]
