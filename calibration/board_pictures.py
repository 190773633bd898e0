"""A camera of known lens, and where the board is -> the picture it would take.

Also where that camera sees a plumb line: pictures of things whose place is exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from hiprom.capture.calibration import board
from hiprom.core.camera import Gravity

Array = NDArray[np.float64]
Grey = NDArray[np.uint8]
# Tilt about x, y and z, degrees; the board's middle to the right, down and away, mm.
Place = tuple[float, float, float, float, float, float]

SIZE_PX = (640, 480)
_TEXELS_PER_MM = 4
_MARGIN_MM = 12.0
_SUPERSAMPLED = 2
_BLUR_PX, _NOISE = 0.7, 2.0

# The board from all sides, as a careful person takes it with a usual webcam.
ROUND: tuple[Place, ...] = (
    (0, 0, 0, 0, 0, 330),
    (28, 0, 0, -60, -20, 380),
    (-28, 0, 5, 60, 20, 380),
    (0, 30, 0, -80, 10, 380),
    (0, -30, -8, 80, -10, 380),
    (24, 24, 90, 10, 60, 360),
    (-24, -24, 90, -10, -60, 360),
    (20, -30, 45, 120, 60, 420),
    (-20, 30, -45, -120, -60, 420),
    (0, 25, 90, 110, -90, 400),
    (25, 0, 90, -110, 90, 400),
    (-30, 10, 10, 90, 60, 340),
    (30, -10, -10, -90, -50, 340),
    (10, 35, 0, 100, 40, 450),
    (10, -35, 0, -100, -40, 450),
    (-35, 0, 90, 0, 40, 370),
)


@dataclass(frozen=True)
class TrueCamera:
    """What a calibration should find; the centre counts from the pixel's corner."""

    focal_px: tuple[float, float] = (602.0, 604.5)
    centre_px: tuple[float, float] = (327.0, 233.0)
    distortion: tuple[float, ...] = (-0.21, 0.06, 0.0011, -0.0007, 0.0)
    size_px: tuple[int, int] = SIZE_PX

    @property
    def matrix(self) -> Array:
        """OpenCV's, which counts from the middle of the first pixel."""
        (fx, fy), (cx, cy) = self.focal_px, self.centre_px
        return np.array([[fx, 0, cx - 0.5], [0, fy, cy - 0.5], [0, 0, 1]])


def turned(
    about_x_deg: float = 0.0, about_y_deg: float = 0.0, about_z_deg: float = 0.0
) -> Array:
    """Return a turn of the board, whose own axes are x right, y down, z away."""
    turn = np.eye(3)
    for axis, angle in zip(
        np.eye(3), (about_x_deg, about_y_deg, about_z_deg), strict=True
    ):
        turn = turn @ cv2.Rodrigues(axis * np.radians(angle))[0]
    return turn


def upright(gravity: Gravity, turn_deg: float) -> Array:
    """Return the turn of a board that hangs plumb before a camera that leans.

    `turn_deg` is how far it is turned about its long edge from facing the camera.
    """
    down = gravity.down
    level = np.cross(down, [0.0, 0.0, 1.0])
    level /= np.linalg.norm(level)
    turn = np.radians(turn_deg)
    across = np.cos(turn) * level - np.sin(turn) * np.cross(level, down)
    return np.column_stack([across, down, np.cross(across, down)])


def plumb_line_px(
    camera: TrueCamera,
    gravity: Gravity,
    x_mm: float,
    *,
    length_mm: float = 1600,
    depth_mm: float = 2600,
) -> list[float]:
    """Return x and y of the upper end of a plumb line, then of its lower end.

    Its middle is `x_mm` to the right of the camera's axis, at the axis's height.
    """
    middle = np.array([x_mm, 0.0, depth_mm])
    half = gravity.down * length_mm / 2
    ends = np.array([middle - half, middle + half])
    seen, _ = cv2.projectPoints(
        ends, np.zeros(3), np.zeros(3), camera.matrix, np.array(camera.distortion)
    )
    ends_px: list[float] = (seen.ravel() + 0.5).tolist()
    return ends_px


def photographed(
    camera: TrueCamera,
    turn: Array,
    middle_mm: Sequence[float],
    *,
    texture: Grey | None = None,
    blur_px: float = _BLUR_PX,
    noise: float = _NOISE,
    seed: int = 0,
) -> Grey:
    """Return a grey picture of the board, its middle at `middle_mm` from the camera.

    `texture` is another sheet than the board's own; `blur_px` and `noise` are standard
    deviations, of the latter in levels of 255.
    """
    half = np.array([board.COLUMNS, board.ROWS, 0]) * board.SQUARE_MM / 2
    origin = np.asarray(middle_mm, dtype=float) - turn @ half
    onto_board = np.linalg.inv(np.column_stack([turn[:, :2], origin]))
    on_board = cv2.perspectiveTransform(_sight(camera), onto_board)
    paper = painted() if texture is None else texture
    texels = (on_board + _MARGIN_MM) * _TEXELS_PER_MM - 0.5
    wide, tall = (side * _SUPERSAMPLED for side in camera.size_px)
    map_xy = texels.reshape(tall, wide, 2).astype(np.float32)
    seen: Any = cv2.remap(paper, map_xy, None, cv2.INTER_AREA, borderValue=120)
    seen = cv2.resize(seen, camera.size_px, interpolation=cv2.INTER_AREA)
    if blur_px:
        seen = cv2.GaussianBlur(seen, (0, 0), blur_px)
    grain = np.random.default_rng(seed).normal(0, noise, seen.shape)
    return np.clip(30 + 0.78 * seen + grain, 0, 255).astype(np.uint8)


@lru_cache(maxsize=2)
def _sight(camera: TrueCamera) -> Any:
    """Where every part of a pixel looks, (n, 1, 2), on the plane at distance 1."""
    wide, tall = (side * _SUPERSAMPLED for side in camera.size_px)
    x, y = np.meshgrid(np.arange(wide), np.arange(tall))
    grid = (np.stack([x, y], axis=-1) + 0.5) / _SUPERSAMPLED - 0.5
    return cv2.undistortPoints(
        grid.reshape(-1, 1, 2), camera.matrix, np.array(camera.distortion)
    )


@lru_cache
def painted(charuco: Any = None) -> Grey:
    """Return a board's printed sheet, `_TEXELS_PER_MM` to the millimetre."""
    charuco = charuco or board.charuco()
    columns, rows = charuco.getChessboardSize()
    texels = round(charuco.getSquareLength() * _TEXELS_PER_MM)
    margin = round(_MARGIN_MM * _TEXELS_PER_MM)
    sheet: Grey = charuco.generateImage(
        (columns * texels + 2 * margin, rows * texels + 2 * margin), marginSize=margin
    )
    return sheet


def round_of_pictures(
    camera: TrueCamera | None = None, places: Sequence[Place] = ROUND, **paper: Any
) -> list[Grey]:
    """Return pictures of the board at these places; `paper` as for `photographed`."""
    camera = camera or TrueCamera()
    return [
        photographed(camera, turned(*place[:3]), place[3:], seed=number, **paper)
        for number, place in enumerate(places)
    ]
