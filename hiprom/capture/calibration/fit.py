"""Views of the board -> the camera's lens, with its uncertainty, or a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.calibration import guidance
from hiprom.capture.calibration.views import BoardView
from hiprom.core.camera import Camera, Spread
from hiprom.core.vectors import Array
from hiprom.errors import CaptureError

MAX_RMS_PX = 1.0
# A focal length less sure than this is no better than the default field of view's.
_MAX_FOCAL_SD = 0.02
# A view whose error is this many times the median's is left out, and one less than
# this is never: a good set would be pruned for ever.
_OUTLYING = 3.0
_NEVER_OUTLYING_PX = 0.3


@dataclass(frozen=True)
class Calibration:
    """A camera's profile, and the views it rests on.

    Attributes
    ----------
    camera : Camera
    views : tuple of BoardView
        Those used.
    errors_px : tuple of float
        Each one's own root mean square error.
    left_out : tuple of str
        Names of views whose error stood out.
    """

    camera: Camera
    views: tuple[BoardView, ...]
    errors_px: tuple[float, ...]
    left_out: tuple[str, ...]


class _Solved(NamedTuple):
    rms_px: float
    matrix: Array
    distortion: Array
    sd: Array
    errors_px: NDArray[np.float64]


def calibrate(views: Sequence[BoardView], *, name: str, date: str) -> Calibration:
    """Fit the lens to the views: focal lengths, centre, k1, k2, p1 and p2.

    k3 stays 0: a lens that needs it is wider than any a person should be filmed with,
    and where the board did not reach the corners it does harm.

    Parameters
    ----------
    views : sequence of BoardView
    name : str
        Of the camera.
    date : str
        ISO 8601.

    Raises
    ------
    CaptureError
        If the pictures are of several sizes, too few, too alike, or show no flat board
        of the right shape: what was found, what is needed, what to do.
    """
    _require_one_size(views)
    _require_enough(views, "")
    solved = _solve(views)
    left_out: list[str] = []
    while True:
        errors = solved.errors_px
        limit = max(_OUTLYING * float(np.median(errors)), _NEVER_OUTLYING_PX)
        worst = int(np.argmax(errors))
        if errors[worst] <= limit:
            break
        left_out.append(views[worst].name)
        views = [view for index, view in enumerate(views) if index != worst]
        _require_enough(views, f", after {_counted(left_out)} left out as outlying")
        solved = _solve(views)
    _require_good(solved, views)
    return Calibration(
        camera=_camera(solved, views[0].size_px, name, date),
        views=tuple(views),
        errors_px=tuple(float(error) for error in solved.errors_px),
        left_out=tuple(left_out),
    )


def _solve(views: Sequence[BoardView]) -> _Solved:
    import cv2

    try:
        rms, matrix, distortion, _, _, sd, _, errors = cv2.calibrateCameraExtended(
            [view.board_mm.astype(np.float32) for view in views],
            [view.image_px.astype(np.float32) for view in views],
            views[0].size_px,
            None,
            None,
            flags=cv2.CALIB_FIX_K3,
        )
    except cv2.error as error:
        raise CaptureError(
            "No lens explains these views of the board. It must be flat and whole; "
            "glue it to stiff card and take the pictures again."
        ) from error
    return _Solved(
        float(rms),
        np.asarray(matrix),
        np.ravel(distortion)[:5],
        np.ravel(sd)[:9],
        np.ravel(errors),
    )


def _camera(solved: _Solved, size_px: tuple[int, int], name: str, date: str) -> Camera:
    fx, fy = float(solved.matrix[0, 0]), float(solved.matrix[1, 1])
    # OpenCV counts from the middle of the first pixel, landmarks from its corner.
    cx, cy = float(solved.matrix[0, 2]) + 0.5, float(solved.matrix[1, 2]) + 0.5
    k1, k2, p1, p2, k3 = (float(number) for number in solved.distortion)
    sd = [float(number) for number in solved.sd]
    return Camera(
        name=name,
        width_px=size_px[0],
        height_px=size_px[1],
        focal_px=(fx, fy),
        centre_px=(cx, cy),
        distortion=(k1, k2, p1, p2, k3),
        rms_px=solved.rms_px,
        date=date,
        sd=Spread((sd[0], sd[1]), (sd[2], sd[3]), (sd[4], sd[5], sd[6], sd[7], sd[8])),
    )


def _require_one_size(views: Sequence[BoardView]) -> None:
    sizes = Counter(view.size_px for view in views)
    if len(sizes) > 1:
        (usual, _), *others = sizes.most_common()
        other = next(view for view in views if view.size_px == others[0][0])
        raise CaptureError(
            f"The pictures are of different sizes: most of {usual[0]} x {usual[1]} "
            f"pixels, but {other.name} of {other.size_px[0]} x {other.size_px[1]}. "
            "All must come from one camera, held one way, at one setting; take the "
            "others out."
        )


def _require_enough(views: Sequence[BoardView], after: str) -> None:
    if lacking := guidance.wanted(views):
        plural = "" if len(views) == 1 else "s"
        raise CaptureError(
            f"{len(views)} usable view{plural} of the board{after}: not enough to know "
            f"the camera. Still wanted: {'; '.join(lacking)}."
        )


def _require_good(solved: _Solved, views: Sequence[BoardView]) -> None:
    if solved.rms_px > MAX_RMS_PX:
        raise CaptureError(
            f"The lens found misses the board's corners by {solved.rms_px:.2f} pixels "
            f"on average; {MAX_RMS_PX:.0f} is allowed. The board is bent, printed "
            "askew, or was moving: glue it to stiff card, check it with its rulers, "
            "and hold still for each picture."
        )
    unsure = float(np.max(solved.sd[:2] / np.diag(solved.matrix)[:2]))
    if unsure > _MAX_FOCAL_SD:
        raise CaptureError(
            f"The focal length is known to {unsure:.1%} only, from {len(views)} views; "
            f"{_MAX_FOCAL_SD:.0%} is needed. Take more views with the board tilted by "
            "20 to 40 degrees, from near to far."
        )


def _counted(names: Sequence[str]) -> str:
    return f"{len(names)} {'was' if len(names) == 1 else 'were'}"
