"""How the camera stood -> what to change about it, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from hiprom.core.measurement import View
from hiprom.errors import ViewNotUsable

# Further off than the first is worth a word; beyond the second the shank's swing
# points too much along the line of sight to be read (errors grow as 1/cos).
_OBLIQUE_DEG, _SIDEWAYS_DEG = 20.0, 50.0
_CROOKED_DEG = 4.0
# On a shank of 110 pixels the outline's own noise is 0.3 degrees and grows as the
# shank shrinks; on one of 30 nothing can be told.
_SMALL_PX, _TINY_PX = 60.0, 30.0


def require_view(view: View) -> None:
    """Raise ViewNotUsable where no honest number can be had from this view."""
    if abs(view.yaw_deg) > _SIDEWAYS_DEG:
        raise ViewNotUsable(
            f"You face about {abs(view.yaw_deg):.0f}° past the camera; up to "
            f"{_SIDEWAYS_DEG:.0f}° can be allowed for. Place the camera straight in "
            "front, so that your thighs point at it."
        )
    if view.shank_px < _TINY_PX:
        raise ViewNotUsable(
            f"The shank is only {view.shank_px:.0f} pixels long in the picture; at "
            f"least {_TINY_PX:.0f} are needed and 100 are good. Come closer, or record "
            "with a higher resolution."
        )


def advice(view: View) -> Iterator[str]:
    """Say what to change next time, where it costs accuracy now."""
    if abs(view.yaw_deg) > _OBLIQUE_DEG:
        there, back = ("right", "left") if view.yaw_deg > 0 else ("left", "right")
        yield (
            f"You face about {abs(view.yaw_deg):.0f}° past the camera, towards the "
            f"picture's {there}. It is allowed for, but straight is surer: next time "
            f"turn that much towards the picture's {back}, or move the camera."
        )
    if abs(view.roll_deg) > _CROOKED_DEG:
        yield (
            f"The camera seems to lean by {abs(view.roll_deg):.0f}° "
            f"(± {2 * view.roll_sd_deg:.0f}°). Set it level next time: a leaning "
            "camera and a leaning person are hard to tell apart."
        )
    if view.shank_px < _SMALL_PX:
        yield (
            f"You are small in the picture (the shank is {view.shank_px:.0f} pixels "
            "long): come closer next time, so that you fill its height."
        )
