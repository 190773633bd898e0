"""The calibration board as a camera of known lens and place would photograph it."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from hiprom.capture.calibration import board

SIZE_PX = (640, 480)
_TEXELS_PER_MM = 4
_MARGIN_MM = 12.0
_SUPERSAMPLED = 2


@dataclass(frozen=True)
class TrueCamera:
    """What a calibration should find; the centre counts from the pixel's corner."""

    focal_px: tuple[float, float] = (602.0, 604.5)
    centre_px: tuple[float, float] = (327.0, 233.0)
    distortion: tuple[float, ...] = (-0.21, 0.06, 0.0011, -0.0007, 0.0)
    size_px: tuple[int, int] = SIZE_PX

    @property
    def matrix(self):
        """OpenCV's, which counts from the middle of the first pixel."""
        (fx, fy), (cx, cy) = self.focal_px, self.centre_px
        return np.array([[fx, 0, cx - 0.5], [0, fy, cy - 0.5], [0, 0, 1]])


def turned(about_x_deg=0.0, about_y_deg=0.0, about_z_deg=0.0):
    """A rotation of the board, whose own axes are x right, y down, z away."""
    turn = np.eye(3)
    for axis, angle in zip(
        np.eye(3), (about_x_deg, about_y_deg, about_z_deg), strict=True
    ):
        turn = turn @ cv2.Rodrigues(axis * np.radians(angle))[0]
    return turn


def photographed(
    camera, rotation, middle_mm, *, texture=None, blur_px=0.7, noise=2.0, seed=0
):
    """A grey picture of the board, its middle at `middle_mm` from the camera."""
    half = np.array([board.COLUMNS, board.ROWS, 0]) * board.SQUARE_MM / 2
    origin = np.asarray(middle_mm, dtype=float) - rotation @ half
    onto_board = np.linalg.inv(np.column_stack([rotation[:, :2], origin]))
    on_board = cv2.perspectiveTransform(_sight(camera), onto_board)
    paper = painted() if texture is None else texture
    texels = (on_board + _MARGIN_MM) * _TEXELS_PER_MM - 0.5
    wide, tall = (side * _SUPERSAMPLED for side in camera.size_px)
    map_xy = texels.reshape(tall, wide, 2).astype(np.float32)
    seen = cv2.remap(paper, map_xy, None, cv2.INTER_AREA, borderValue=120)
    seen = cv2.resize(seen, camera.size_px, interpolation=cv2.INTER_AREA)
    if blur_px:
        seen = cv2.GaussianBlur(seen, (0, 0), blur_px)
    grain = np.random.default_rng(seed).normal(0, noise, seen.shape)
    return np.clip(30 + 0.78 * seen + grain, 0, 255).astype(np.uint8)


@lru_cache
def _sight(camera):
    """Where every part of a pixel looks, (n, 1, 2), on the plane at distance 1."""
    wide, tall = (side * _SUPERSAMPLED for side in camera.size_px)
    x, y = np.meshgrid(np.arange(wide), np.arange(tall))
    grid = (np.stack([x, y], axis=-1) + 0.5) / _SUPERSAMPLED - 0.5
    return cv2.undistortPoints(
        grid.reshape(-1, 1, 2), camera.matrix, np.array(camera.distortion)
    )


@lru_cache
def painted(charuco=None):
    """The printed sheet around the board, `_TEXELS_PER_MM` to the millimetre."""
    charuco = charuco or board.charuco()
    columns, rows = charuco.getChessboardSize()
    texels = round(charuco.getSquareLength() * _TEXELS_PER_MM)
    return charuco.generateImage(
        (
            columns * texels + 2 * round(_MARGIN_MM * _TEXELS_PER_MM),
            rows * texels + 2 * round(_MARGIN_MM * _TEXELS_PER_MM),
        ),
        marginSize=round(_MARGIN_MM * _TEXELS_PER_MM),
    )


# Tilt about x, y and z, and the middle of the board: mm to the right, down and away.
ROUND = [
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
]


def round_of_pictures(camera=None, places=ROUND, **paper):
    """Pictures of the board from all sides, as a careful person takes them."""
    camera = camera or TrueCamera()
    return [
        photographed(camera, turned(*place[:3]), place[3:], seed=number, **paper)
        for number, place in enumerate(places)
    ]


@lru_cache
def careful_round():
    """The round of the camera that `TrueCamera` is by default."""
    return tuple(round_of_pictures())
