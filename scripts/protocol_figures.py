"""A figure of a protocol -> SVG: start and end of the movement, and the camera.

Seen from the front, a little from the right and from above. The card has a ground of
its own, so that it holds on light pages and on dark ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from protocol_poses import Figure, Joints, Point

from hiprom.report import palette

_WIDE, _HIGH, _PAD = 360, 300, 26
_AZIMUTH_DEG, _ELEVATION_DEG = 32.0, 20.0
_BONES = (
    ("pelvis", "neck", 13.0),
    ("left_shoulder", "right_shoulder", 9.0),
    ("left_hip", "right_hip", 11.0),
    *(
        (f"{side}_{one}", f"{side}_{other}", wide)
        for side in ("left", "right")
        for one, other, wide in (
            ("shoulder", "elbow", 7.0),
            ("elbow", "wrist", 6.0),
            ("hip", "knee", 10.0),
            ("knee", "ankle", 8.0),
            ("ankle", "toe", 6.0),
        )
    ),
)
_HEAD_M = 0.1
_SEAT_M = (0.34, 0.3)
_LIMB, _FAR = "#7d8b96", "#aab5bd"


def svg(figure: Figure, title: str) -> str:
    """Return the figure as SVG text, two panels side by side."""
    poses = {"start": figure.start, "end": figure.end}
    seen = np.array([_project(each) for each in _extent(figure)])
    low, high = seen.min(axis=0)[:2], seen.max(axis=0)[:2]
    room = np.array([_WIDE - 2 * _PAD, _HIGH - 2 * _PAD - 20])
    scale = float((room / (high - low)).min())
    middle = (low + high) / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * _WIDE} {_HIGH}" '
        f'width="{2 * _WIDE}" height="{_HIGH}" role="img" '
        'font-family="system-ui, sans-serif">',
        f"<title>{title}: start and end, and where the camera stands</title>",
        f'<rect width="{2 * _WIDE}" height="{_HIGH}" rx="14" fill="{palette.WASH}"/>',
    ]
    for index, (name, joints) in enumerate(poses.items()):
        place = _Place(middle, scale, np.array([(index + 0.5) * _WIDE, _HIGH / 2 + 6]))
        parts += _surroundings(place, figure)
        parts += _person(place, joints, figure.moving)
        parts += _camera(place, figure)
        parts.append(
            f'<text x="{index * _WIDE + 18}" y="28" font-size="15" '
            f'font-weight="600" fill="{palette.QUIET}">{name}</text>'
        )
    return "\n".join([*parts, "</svg>", ""])


class _Place:
    """Where a panel is, and how large a metre is in it."""

    def __init__(
        self,
        middle: NDArray[np.float64],
        scale: float,
        at: NDArray[np.float64],
    ) -> None:
        self._middle, self.scale, self._at = middle, scale, at

    def xy(self, point: Point | tuple[float, ...]) -> str:
        seen = _project(np.asarray(point, float))[:2]
        x, y = self._at + self.scale * (seen - self._middle) * [1, -1]
        return f"{x:.1f},{y:.1f}"

    def polygon(self, corners: list[tuple[float, ...]], style: str) -> str:
        return f'<polygon points="{" ".join(map(self.xy, corners))}" {style}/>'

    def line(self, one: Point, other: Point, style: str) -> str:
        return f'<polyline points="{self.xy(one)} {self.xy(other)}" {style}/>'

    def disc(self, point: Point, radius_px: float, style: str) -> str:
        x, y = self.xy(point).split(",")
        return f'<circle cx="{x}" cy="{y}" r="{radius_px:.1f}" {style}/>'


def _project(point: Point) -> NDArray[np.float64]:
    """Return right, up and towards who looks."""
    a, e = np.radians([_AZIMUTH_DEG, _ELEVATION_DEG])
    x, y, z = point
    right, towards = x * np.cos(a) - z * np.sin(a), x * np.sin(a) + z * np.cos(a)
    up = y * np.cos(e) - towards * np.sin(e)
    return np.array([right, up, y * np.sin(e) + towards * np.cos(e)])


def _extent(figure: Figure) -> list[Point]:
    head = np.array([0.0, _HEAD_M, 0.0])
    ends = [*figure.start.values(), *figure.end.values(), np.array(figure.camera)]
    heads = [figure.start["head"] + head, figure.end["head"] + head]
    return [*ends, *heads, *(np.array(corner) for corner in _mat(figure))]


def _mat(figure: Figure) -> list[tuple[float, ...]]:
    around = np.array([*figure.start.values(), *figure.end.values()])
    (x0, _, z0), (x1, _, z1) = around.min(axis=0) - 0.1, around.max(axis=0) + 0.1
    return [(x0, 0, z0), (x1, 0, z0), (x1, 0, z1), (x0, 0, z1)]


def _surroundings(place: _Place, figure: Figure) -> list[str]:
    """Draw the mat below the person, and the seat."""
    drawn = [place.polygon(_mat(figure), f'fill="{palette.LINE}" fill-opacity="0.55"')]
    if figure.seat is not None:
        x, y, z = figure.seat
        wide, deep = _SEAT_M[0] / 2, _SEAT_M[1] / 2
        top = [(x - wide, y, z - deep), (x + wide, y, z - deep)]
        top += [(x + wide, y, z + deep), (x - wide, y, z + deep)]
        front = [(x - wide, y, z + deep), (x + wide, y, z + deep)]
        front += [(x + wide, 0, z + deep), (x - wide, 0, z + deep)]
        side = [(x + wide, y, z + deep), (x + wide, y, z - deep)]
        side += [(x + wide, 0, z - deep), (x + wide, 0, z + deep)]
        for corners, shade in ((top, "#e3e8ec"), (front, "#d3dae0"), (side, "#c6cfd6")):
            drawn.append(place.polygon(corners, f'fill="{shade}"'))
    return drawn


def _person(place: _Place, joints: Joints, moving: tuple[str, ...]) -> list[str]:
    """Draw the limbs, the farthest first; those that move in colour."""
    depth = {name: _project(joint)[2] for name, joint in joints.items()}
    middle = depth["pelvis"]
    bones = sorted(_BONES, key=lambda bone: depth[bone[0]] + depth[bone[1]])
    drawn = []
    for one, other, wide in bones:
        is_far = (depth[one] + depth[other]) / 2 < middle - 0.08
        colour = _FAR if is_far else _LIMB
        if other in moving:
            colour = palette.TEAL
        thick = wide * place.scale / 190
        drawn.append(
            place.line(
                joints[one],
                joints[other],
                f'fill="none" stroke="{colour}" stroke-width="{thick:.1f}" '
                'stroke-linecap="round"',
            )
        )
    head = place.disc(joints["head"], _HEAD_M * place.scale, f'fill="{_LIMB}"')
    return [*drawn, head]


def _camera(place: _Place, figure: Figure) -> list[str]:
    """Draw the camera with the line of its sight."""
    at, to = np.array(figure.camera), np.array(figure.looks_at)
    sight = f'stroke="{palette.QUIET}" stroke-width="1.4" stroke-dasharray="4 4"'
    x, y = (float(each) for each in place.xy(at).split(","))
    return [
        place.line(at, to, f'fill="none" {sight}'),
        f'<rect x="{x - 13:.1f}" y="{y - 9:.1f}" width="26" height="18" rx="4" '
        f'fill="{palette.INK}"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.2" fill="{palette.PAPER}"/>',
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.8" fill="{palette.INK}"/>',
    ]
