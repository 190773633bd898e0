"""A squat's chain and the single joints -> how each knee tracks, and what the feet do.

The chain says how far away knees and feet are; a joint's place in the picture then says
how far it is to the side.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.landmarks import ANKLES, FEET, HEELS, KNEES
from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.lifting.standing.squat import Squat
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical

# The subject's right is positive: outward is the other way for the left leg.
_OUTWARD = np.array([-1.0, 1.0])


@dataclass(frozen=True, eq=False)
class Feet:
    """What feet and knees do, in centimetres of a person of usual size.

    Attributes
    ----------
    knee_in_cm : ndarray, shape (n, 2)
        How far the left and the right knee are inside of the line of their own foot.
    heel_rise_cm : ndarray, shape (n,)
        How far the heel that rises further is above its place at rest.
    place_cm : ndarray, shape (n, 2)
        Where the middle between the feet is in the picture.
    hips_cm : ndarray, shape (n,)
        How far the middle of the hips is to the picture's right of that of the ankles.
    """

    knee_in_cm: Array
    heel_rise_cm: Array
    place_cm: Array
    hips_cm: Array


def see_feet(track: PoseTrack, squat: Squat, assume: StandingAssumptions) -> Feet:
    """Read feet and knees of a person whose chain has been lifted."""
    stance = squat.stance
    axes = stance.axes
    image = track.image_px.astype(np.float64)
    centred = image - np.array([track.width_px, track.height_px]) / 2
    toes = stance.ankle + assume.toes_ahead * axes.forward
    knees, ankles, tips = (
        _aside(centred[:, list(pair), 0], middle, stance.focal_px, axes.rightward)
        for pair, middle in ((KNEES, squat.knee), (ANKLES, stance.ankle), (FEET, toes))
    )
    ahead = (squat.knee - stance.ankle) @ axes.forward / assume.toes_ahead
    line = ankles + (tips - ankles) * np.clip(ahead, 0.0, 1.5)[:, None]

    cm = assume.leg_cm / stance.leg_px
    lifted = image[:, list(FEET), 1] - image[:, list(HEELS), 1]
    rise = (lifted - typical(lifted[stance.at_rest])) * cm
    ankle_px, hip_px = stance.middle_px[:, 0], stance.middle_px[:, 2]
    return Feet(
        knee_in_cm=-_OUTWARD * (knees - line) * assume.leg_cm,
        heel_rise_cm=rise.max(axis=1),
        place_cm=ankle_px * cm,
        hips_cm=(hip_px - ankle_px)[:, 0] * cm,
    )


def _aside(across_px: Array, middle: Array, focal_px: float, right: Array) -> Array:
    """How far joints (n, 2) are to the right of a middle (n, 3) that is known."""
    x, z = middle[:, :1], middle[:, 2:]
    aside: Array = across_px * z - focal_px * x
    aside /= focal_px * right[0] - across_px * right[2]
    return aside
