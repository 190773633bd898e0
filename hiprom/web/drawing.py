"""What a drawing of the guide needs to be reckoned: arrows along an arc."""

from __future__ import annotations

from math import cos, radians, sin

_HEAD_PX, _HEAD_DEG = 9.0, 32.0


def arrow(x: float, y: float, radius: float, start_deg: float, end_deg: float) -> str:
    """Return the path of an arrow along an arc about (x, y), as SVG writes it.

    0 degrees points down, 90 to the right, as a hanging leg swings.
    """

    def at(angle_deg: float) -> tuple[float, float]:
        angle = radians(angle_deg)
        return x + radius * sin(angle), y + radius * cos(angle)

    turn = 1.0 if end_deg > start_deg else -1.0
    (from_x, from_y), (to_x, to_y) = at(start_deg), at(end_deg)
    sweep = 0 if turn > 0 else 1
    heads = ""
    for side in (-1.0, 1.0):
        # Backwards along the arc, opened to both sides.
        way = radians(end_deg + turn * (90 + 180) + side * _HEAD_DEG)
        tip_x, tip_y = to_x + _HEAD_PX * sin(way), to_y + _HEAD_PX * cos(way)
        heads += f"M{to_x:.1f} {to_y:.1f}L{tip_x:.1f} {tip_y:.1f}"
    return (
        f"M{from_x:.1f} {from_y:.1f}"
        f"A{radius:g} {radius:g} 0 0 {sweep} {to_x:.1f} {to_y:.1f}{heads}"
    )


def swing(angle_deg: float) -> tuple[float, float]:
    """Return where a leg of length one ends that swung so far, right and down."""
    return sin(radians(angle_deg)), cos(radians(angle_deg))
