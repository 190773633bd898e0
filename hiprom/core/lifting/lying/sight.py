"""A PoseTrack -> which side is up, where the head is, and the legs as they are seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.landmarks import HIPS, SHOULDERS, SIDES, Joint, Side, of_side, other
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical
from hiprom.errors import ViewNotUsable

_JOINTS: tuple[Joint, ...] = ("hip", "knee", "ankle")
# A trunk steeper than this in the picture is not lying.
_STEEP_DEG = 40.0
# The hip line stands upright on the trunk, and from in front shows about a third of its
# length, the shoulders two thirds. On the back or the belly both point at the camera.
_STACKED = 0.2


@dataclass(frozen=True, eq=False)
class Seen:
    """A side-lying person as the camera saw them.

    Attributes
    ----------
    upper : {"left", "right"}
        The subject's own side that is up.
    head_right : float
        1 where the head is to the right in the picture, else -1.
    legs_px : ndarray, shape (n, 6, 2)
        Hip, knee and ankle, each of the lower leg and then of the upper one.
    trunk_px, trunk_slope_deg : float
        From the middle of the hips to that of the shoulders: how long, and how far the
        right end of that line lies below the left.
    focal_px : float
    centre_px : ndarray, shape (2,)
    """

    upper: Side
    head_right: float
    legs_px: Array
    trunk_px: float
    trunk_slope_deg: float
    focal_px: float
    centre_px: Array


def see_side_lying(track: PoseTrack, focal_px: float) -> Seen:
    """Find out how the person lies.

    Raises
    ------
    ViewNotUsable
        If they do not lie on the side, or show the camera their back.
    """
    image = track.image_px.astype(np.float64)
    hips, shoulders = typical(image[:, list(HIPS)]), typical(image[:, list(SHOULDERS)])
    trunk = typical(
        image[:, list(SHOULDERS)].mean(axis=1) - image[:, list(HIPS)].mean(axis=1)
    )
    _require_lying(trunk)
    trunk_px = float(np.hypot(*trunk))
    # From the left to the right side; down is positive.
    drop = ((hips[1] - hips[0]) + (shoulders[1] - shoulders[0]))[1] / 2
    _require_stacked(abs(drop) / trunk_px)
    upper = SIDES[int(drop < 0)]
    head_right = float(np.sign(trunk[0]))
    _require_belly(upper, head_right)
    return Seen(
        upper=upper,
        head_right=head_right,
        legs_px=np.stack(
            [
                image[:, of_side(joint, side)]
                for joint in _JOINTS
                for side in (other(upper), upper)
            ],
            axis=1,
        ),
        trunk_px=trunk_px,
        trunk_slope_deg=float(np.degrees(np.arctan(trunk[1] / trunk[0]))),
        focal_px=focal_px,
        centre_px=np.array([track.width_px, track.height_px]) / 2,
    )


def _require_lying(trunk: Array) -> None:
    if not np.isfinite(trunk).all():
        raise ViewNotUsable(
            "Hips and shoulders could not be seen together. Film the whole body, from "
            "head to feet, from the belly's side."
        )
    steep = float(np.degrees(np.arctan2(abs(trunk[1]), abs(trunk[0]))))
    if steep > _STEEP_DEG:
        raise ViewNotUsable(
            f"The trunk stands {steep:.0f}° above level in the picture; a person who "
            f"lies shows at most {_STEEP_DEG:.0f}°. Lie on your side with your whole "
            "length across the picture, and hold the camera level."
        )


def _require_stacked(share: float) -> None:
    if share < _STACKED:
        raise ViewNotUsable(
            "Hips and shoulders lie one behind the other, not one above the other "
            f"({share:.0%} of the trunk's length apart in height; at least "
            f"{_STACKED:.0%} is needed). Lie on your side with the hips stacked, and "
            "put the camera in front of you at the height of the mat or a little above."
        )


def _require_belly(upper: Side, head_right: float) -> None:
    if (upper == "right") != (head_right > 0):
        raise ViewNotUsable(
            f"The {upper} side is up and the head is to the "
            f"{'right' if head_right > 0 else 'left'}: the camera seems to see your "
            "back. Put it in front of you, so that it sees your belly and both knees."
        )
