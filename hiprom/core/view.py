"""How the camera stood -> what to change about it, or why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from hiprom.core.measurement import View
from hiprom.errors import ViewNotUsable

# Further off than the first is worth a word; beyond the second the shank's swing
# points too much along the line of sight to be read (errors grow as 1/cos).
_OBLIQUE_DEG, _SIDEWAYS_DEG = 20.0, 50.0
_CROOKED_DEG = 4.0
_FROM_ABOVE_DEG = 15.0
# On a shank of 110 pixels the outline's own noise is 0.3 degrees and grows as the
# shank shrinks; on one of 30 nothing can be told.
_SMALL_PX, _TINY_PX = 60.0, 30.0
# Nearer than this, perspective bends what a usual lens shows.
_NEAR_M = 1.3
# The model's knee is good to 10 degrees; three times that off is no error of it.
_BENT_DEG, _OFF_DEG = 90.0, 30.0
# A lit room gives 0.35 to 0.6; at 0.14 the outline was 4 degrees off for a while.
_DARK, _GLARING = 0.2, 0.9


def require_view(view: View) -> None:
    """Raise ViewNotUsable where no honest number can be had from this view."""
    if abs(view.yaw_deg) > _SIDEWAYS_DEG:
        raise ViewNotUsable(
            f"You face about {abs(view.yaw_deg):.0f}° past the camera; up to "
            f"{_SIDEWAYS_DEG:.0f}° can be allowed for. {_turn(view)}, so that your "
            "thighs point at the camera."
        )
    if view.shank_px < _TINY_PX:
        raise ViewNotUsable(
            f"The shank is only {view.shank_px:.0f} pixels long in the picture; at "
            f"least {_TINY_PX:.0f} are needed and 100 are good. Come closer, or record "
            "with a higher resolution."
        )


def advice(view: View) -> Iterator[str]:
    """Say what to change where it costs accuracy, what matters most first."""
    if abs(view.yaw_deg) > _OBLIQUE_DEG:
        yield (
            f"You face about {abs(view.yaw_deg):.0f}° past the camera. It is allowed "
            f"for, but straight is surer: {_turn(view).lower()}."
        )
    if view.light < _DARK:
        yield (
            f"It is dark around you ({view.light:.0%} of full brightness; 35 to 60 % "
            "is good): switch on a light that shines on you, not into the camera."
        )
    if view.light > _GLARING:
        yield (
            f"The picture is glaring ({view.light:.0%} of full brightness; 35 to 60 % "
            "is good): take the light or the window out from behind you."
        )
    if abs(view.roll_deg) > _CROOKED_DEG:
        yield (
            f"The camera seems to lean by {abs(view.roll_deg):.0f}° "
            f"(± {2 * view.roll_sd_deg:.0f}°). Set it level: a leaning camera and a "
            "leaning person are hard to tell apart."
        )
    if abs(view.pitch_deg) > _FROM_ABOVE_DEG:
        way, there = ("down", "Lower") if view.pitch_deg > 0 else ("up", "Raise")
        yield (
            f"The camera seems to look {way} at you by {abs(view.pitch_deg):.0f}° "
            f"(± {2 * view.pitch_sd_deg:.0f}°). {there} it to the height of your knees."
        )
    if view.shank_px < _SMALL_PX:
        yield (
            f"You are small in the picture (the shank is {view.shank_px:.0f} pixels "
            "long): come closer, so that you fill its height."
        )
    elif view.distance_m < _NEAR_M:
        yield (
            f"The camera is only about {view.distance_m:.1f} m away: 2 to 3 m show "
            "you with less distortion."
        )
    if abs(view.knee_flexion_deg - _BENT_DEG) > _OFF_DEG:
        seat = "lower" if view.knee_flexion_deg < _BENT_DEG else "higher"
        yield (
            f"Your knees seem bent by about {view.knee_flexion_deg:.0f}°; the test is "
            f"made at 90°. Try a {seat} seat, with the shanks hanging freely."
        )


def _turn(view: View) -> str:
    """Say how to face the camera; facing the picture's right is to one's own left."""
    way, round_to = ("right", "left") if view.yaw_deg > 0 else ("left", "right")
    return (
        f"Turn about {abs(view.yaw_deg):.0f}° to your {way}, or move the camera round "
        f"to your {round_to}"
    )
