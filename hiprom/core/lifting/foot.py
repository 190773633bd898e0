"""Heel and toe of a leg -> how far the foot has turned about the shank since rest."""

from __future__ import annotations

import numpy as np

from hiprom.core.landmarks import FEET, HEELS
from hiprom.core.lifting.posture import OUTWARD
from hiprom.core.lifting.witnesses import Witnesses
from hiprom.core.vectors import Array, typical


def foot_turn_deg(seen: Witnesses, leg: int, foot: float) -> Array:
    """Turn of the toes outwards since rest, of the left (0) or right (1) leg.

    Seen from in front a foot points at the camera, and a turn about the shank carries
    its tip sideways. The landmarks of heel and tip are rough: on feet that do not move
    the turn wanders by 5 degrees, by 15 at worst (docs/accuracy.md).

    Parameters
    ----------
    seen : Witnesses
    leg : {0, 1}
    foot : float
        Length of a foot from heel to tip, in shank lengths.

    Returns
    -------
    ndarray, shape (n,)
        Degrees; NaN where the shank or the foot is not seen.
    """
    outlined = np.isfinite(seen.tilt_deg[:, leg])
    tilt = np.where(outlined, seen.tilt_deg[:, leg], seen.joints_tilt_deg[:, leg])
    tilt = np.radians(tilt)
    along = seen.image_px[:, FEET[leg]] - seen.image_px[:, HEELS[leg]]
    aside = along[:, 0] * np.cos(tilt) - along[:, 1] * np.sin(tilt)
    share = OUTWARD[leg] * aside / (foot * seen.shank_px[leg])
    turn: Array = np.degrees(np.arcsin(np.clip(share, -1.0, 1.0)))
    return turn - typical(turn[seen.at_rest])
