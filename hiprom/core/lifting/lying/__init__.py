"""Landmarks of a person who lies on the side -> both legs in 3D.

Seen from the belly's side, a leg's segments point partly at the camera, where a pose
model is blind. But they keep their lengths, the lower leg lies still on a level mat,
the hips are stacked, and each exercise keeps something together. `fit_legs` puts this
into one body that is fitted to a whole trial, and says how sure it is.
"""

from hiprom.core.lifting.lying.assumptions import (
    HEELS_TOGETHER,
    KNEES_TOGETHER,
    SIDE_LYING,
    STRAIGHT,
    About,
    Lying,
    Placement,
)
from hiprom.core.lifting.lying.gaps import gaps
from hiprom.core.lifting.lying.legs import Legs, fit_legs
from hiprom.core.lifting.lying.sight import Seen, see_side_lying
from hiprom.core.lifting.lying.torso import (
    foot_turn_deg,
    knee_bend_deg,
    roll_back_deg,
    thigh_forward_deg,
)

__all__ = [
    "HEELS_TOGETHER",
    "KNEES_TOGETHER",
    "SIDE_LYING",
    "STRAIGHT",
    "About",
    "Legs",
    "Lying",
    "Placement",
    "Seen",
    "fit_legs",
    "foot_turn_deg",
    "gaps",
    "knee_bend_deg",
    "roll_back_deg",
    "see_side_lying",
    "thigh_forward_deg",
]
