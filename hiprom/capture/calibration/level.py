"""A picture of something upright -> how the camera stands against gravity.

Either the board, hung or stood so that its long edges are plumb, or straight upright
lines: a plumb line, the edges of a door frame.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from hiprom.capture.calibration.views import BoardView
from hiprom.core.camera import Camera, Gravity
from hiprom.core.vectors import Array, unit
from hiprom.errors import CaptureError, InputError

# A board hung by hand, a door frame as builders leave it.
HUNG_SD_DEG = 0.5
# Where nothing shows the pitch: a camera on a table or tripod, looking slightly down.
UNKNOWN_PITCH_DEG, UNKNOWN_PITCH_SD_DEG = 5.0, 5.0
# The end of a line is marked to this.
_MARKED_PX = 1.0
_STEP_DEG = 0.01
# A board so far away, or so square to the camera, that it could as well lean the other
# way: the second reading fits nearly as well.
_AS_GOOD, _NOT_SAME_DEG = 1.5, 2.0
# Two lines that tell less than this are worse than one and the usual pitch.
_MAX_SD_DEG = 3.0


def gravity_of_board(view: BoardView, camera: Camera) -> Gravity:
    """Return how the camera stands, by a board whose long edges are plumb.

    The board may face the camera at any angle; turned by 20 to 40 degrees about its
    long edge it tells most.

    Raises
    ------
    InputError
        If the picture is not of the shape the profile is for.
    CaptureError
        If the board is too small in the picture to tell which way it leans, or lies on
        its side.
    """
    import cv2

    camera = camera.scaled_to(*view.size_px)
    size = np.array(view.size_px) / 2
    sight = (camera.ideal_px(view.image_px + 0.5) - size) / camera.ideal_focal_px
    eye = np.eye(3)
    found, turns, moves, _ = cv2.solvePnPGeneric(
        view.board_mm, sight, eye, None, flags=cv2.SOLVEPNP_IPPE
    )
    if not found:
        raise _not_told(view, "its place cannot be found")
    poses = []
    for guess in zip(turns, moves, strict=True):
        turn, move = cv2.solvePnPRefineLM(view.board_mm, sight, eye, None, *guess)
        again, slopes = cv2.projectPoints(view.board_mm, turn, move, eye, None)
        misfit = (again.reshape(-1, 2) - sight).ravel()
        rms = float(np.sqrt(np.mean(misfit**2)))
        poses.append((rms, np.asarray(turn), np.asarray(slopes)[:, :6]))
    poses.sort(key=lambda pose: pose[0])
    rms, turn, slopes = poses[0]
    down = _down(turn)
    for other_rms, other, _ in poses[1:]:
        apart = np.degrees(np.arccos(np.clip(down @ _down(other), -1, 1)))
        if other_rms < _AS_GOOD * rms and apart > _NOT_SAME_DEG:
            raise _not_told(view, "it could as well lean the other way")
    gravity = Gravity.along(down, roll_sd_deg=0.0, pitch_sd_deg=0.0)
    if abs(gravity.roll_deg) > 45 or abs(gravity.pitch_deg) > 60:
        raise CaptureError(
            f"By the board in {view.name} the camera would be rolled by "
            f"{gravity.roll_deg:.0f} degrees and look down by {gravity.pitch_deg:.0f}. "
            "The board must stand upright, its long edges plumb and its printed "
            "heading at the top."
        )
    # How far roll and pitch move as the board's turn does, within its own uncertainty.
    spread = 2 * len(view.corner) / max(1, 2 * len(view.corner) - 6) * rms**2
    covariance = (spread * np.linalg.inv(slopes.T @ slopes))[:3, :3]
    step = np.radians(_STEP_DEG)
    changes = np.array(
        [
            (_angles(_down(turn + step * one[:, None])) - _angles(down)) / step
            for one in np.eye(3)
        ]
    ).T
    sd = np.sqrt(np.diag(changes @ covariance @ changes.T) + HUNG_SD_DEG**2)
    return Gravity.along(down, roll_sd_deg=float(sd[0]), pitch_sd_deg=float(sd[1]))


def gravity_of_lines(
    lines_px: Sequence[Sequence[float]], size_px: tuple[int, int], camera: Camera
) -> Gravity:
    """Return how the camera stands, by upright lines in its picture.

    Parameters
    ----------
    lines_px : sequence of four floats each
        x and y of a line's one end, then of the other, pixels. Two lines far apart
        tell roll and pitch; one alone the roll, and the pitch is then taken to be
        5 +- 5 degrees, as it is without any camera profile.
    size_px : tuple of int
        Width and height of the picture.
    camera : Camera

    Raises
    ------
    InputError
        If there is no line, or one is too short, or lies outside the picture.
    CaptureError
        If the lines cannot all be upright, or are too close together to tell the pitch.
    """
    camera = camera.scaled_to(*size_px)
    ends = np.asarray(lines_px, dtype=np.float64)
    if ends.ndim != 2 or ends.shape[1] != 4 or not len(ends):
        raise InputError(
            "An upright line is four numbers: x and y of one end, then of the other. "
            "Name at least one."
        )
    ends = ends.reshape(-1, 2, 2)
    if (ends < 0).any() or (ends > size_px).any():
        raise InputError(
            f"A line ends outside the picture of {size_px[0]} x {size_px[1]} pixels. "
            "Count from the upper left corner: x to the right, y down."
        )
    lengths = np.linalg.norm(ends[:, 1] - ends[:, 0], axis=-1)
    if lengths.min() < size_px[1] / 5:
        raise InputError(
            f"A line of {lengths.min():.0f} pixels is too short to be told from a "
            f"leaning one; a fifth of the picture's height ({size_px[1] / 5:.0f} "
            "pixels) is needed. Mark its ends farther apart."
        )
    ends = np.take_along_axis(ends, np.argsort(ends[..., 1])[..., None], axis=1)
    found = _angles_of(ends, camera)
    steps = [
        _angles_of(ends + _MARKED_PX * one.reshape(ends.shape), camera) - found
        for one in np.eye(ends.size)
    ]
    marked = np.square(steps).sum(axis=0)
    # Each line is off plumb by its own, as if its lower end were marked wrongly.
    across = lengths * np.tan(np.radians(HUNG_SD_DEG))
    for line, off_px in enumerate(across):
        leaning = ends.copy()
        leaning[line, 1, 0] += off_px
        marked += (_angles_of(leaning, camera) - found) ** 2
    roll, pitch = (float(angle) for angle in found)
    roll_sd, pitch_sd = (float(sd) for sd in np.sqrt(marked))
    if len(ends) == 1:
        # What the pitch might be instead, the roll would have to follow.
        other = _roll_deg(_normals(ends, camera)[0], pitch + UNKNOWN_PITCH_SD_DEG)
        roll_sd, pitch_sd = float(np.hypot(roll_sd, other - roll)), UNKNOWN_PITCH_SD_DEG
    elif max(roll_sd, pitch_sd) > _MAX_SD_DEG:
        raise CaptureError(
            f"These lines tell the pitch to {pitch_sd:.0f} degrees only: they stand "
            "too close together or are too short. Mark lines at both sides of the "
            "picture from top to bottom, or one line alone for the roll, or hold up "
            "the board."
        )
    return Gravity(roll, pitch, roll_sd, pitch_sd)


def _angles_of(ends: Array, camera: Camera) -> Array:
    """Roll and pitch at which all lines, from top to bottom, would be upright."""
    normals = _normals(ends, camera)
    if len(normals) == 1:
        return np.array([_roll_deg(normals[0], UNKNOWN_PITCH_DEG), UNKNOWN_PITCH_DEG])
    down = np.linalg.svd(normals)[2][-1]
    return _angles(down if down[1] > 0 else -down)


def _normals(ends: Array, camera: Camera) -> Array:
    """Return the normals of the planes through the camera and each line, (n, 3)."""
    half = np.array([camera.width_px, camera.height_px]) / 2
    plane = (camera.ideal_px(ends) - half) / camera.ideal_focal_px
    sight = np.concatenate([plane, np.ones((*plane.shape[:2], 1))], axis=-1)
    return unit(np.cross(sight[:, 0], sight[:, 1]))


def _roll_deg(normal: Array, pitch_deg: float) -> float:
    """Roll nearest to none at which gravity lies in the plane of one line."""
    pitch = np.radians(pitch_deg)
    x, y, z = normal
    level = np.hypot(x, y) * np.cos(pitch)
    turn = np.arcsin(np.clip(z * np.sin(pitch) / level, -1, 1))
    start = np.arctan2(y, x)
    rolls = [start + turn, start + np.pi - turn]
    rolls = [np.degrees(np.arctan2(np.sin(roll), np.cos(roll))) for roll in rolls]
    return float(min(rolls, key=abs))


def _down(turn: Array) -> Array:
    """Downward edge of the board, camera axes, for a rotation vector (3, 1)."""
    import cv2

    return np.asarray(cv2.Rodrigues(turn)[0][:, 1], dtype=np.float64)


def _angles(down: Array) -> Array:
    found = Gravity.along(down, roll_sd_deg=0.0, pitch_sd_deg=0.0)
    return np.array([found.roll_deg, found.pitch_deg])


def _not_told(view: BoardView, found: str) -> CaptureError:
    return CaptureError(
        f"The board in {view.name} does not tell how the camera stands: {found}. Hold "
        "it nearer, so that it fills a third of the picture, upright, and turned by "
        "about 30 degrees about its long edge."
    )
