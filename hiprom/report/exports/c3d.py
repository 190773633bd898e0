"""A PoseTrack -> a .c3d file: markers for motion capture software.

Millimetres, as most such programs expect; the axes of
`hiprom.report.exports.markers`. A marker that was not seen has the residual -1. The
file has no clock of its own: its first frame is the first in which the person is seen.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np

from hiprom.core.track import PoseTrack
from hiprom.errors import ResultsError
from hiprom.report.exports.markers import Markers, markers_of
from hiprom.report.whole_file import whole_file

_MM_PER_M = 1000.0
_BLOCK_BYTES = 512
_POINT_BYTES = 4 * 4  # x, y, z and residual, four bytes each
_DESCRIPTION = "estimated from video"


def write_c3d(path: Path, track: PoseTrack) -> tuple[Path]:
    """Write the 33 landmarks of `track`, by their names.

    Raises
    ------
    InputError
        If the person is seen in fewer than two frames.
    ResultsError
        If ezc3d is not installed, or the file cannot be written.
    """
    try:
        import ezc3d
    except ImportError as error:
        raise ResultsError(
            "C3D needs ezc3d, which is not installed. Install it with "
            'pip install "hiprom[c3d]".'
        ) from error

    markers = markers_of(track)
    file = ezc3d.c3d()
    _fill(file, markers)
    with whole_file(path, suffix=".c3d") as unfinished:
        unfinished.touch()  # the system's refusal is in words, ezc3d's would be silent
        file.write(str(unfinished))
        _require_whole(unfinished, markers.positions_m.shape[:2])
    return (path,)


def _fill(file: Any, markers: Markers) -> None:
    """Put points, residuals and their parameters into an empty ezc3d.c3d."""
    points_mm = np.transpose(markers.positions_m, (2, 1, 0)) * _MM_PER_M
    _, kinds, frames = points_mm.shape
    seen = np.isfinite(points_mm).all(axis=0)
    data, point = file["data"], file["parameters"]["POINT"]
    data["points"] = np.concatenate([points_mm, np.ones((1, kinds, frames))])
    data["meta_points"]["residuals"] = np.where(seen, 0.0, -1.0)[None]
    data["meta_points"]["camera_masks"] = np.zeros((7, kinds, frames), dtype=bool)
    point["RATE"]["value"] = [markers.rate_hz]
    point["UNITS"]["value"] = ["mm"]
    point["LABELS"]["value"] = list(markers.names)
    point["DESCRIPTIONS"]["value"] = [_DESCRIPTION] * kinds
    # As the camera saw the person: Y is up and the person's right is on the left.
    file.add_parameter("POINT", "X_SCREEN", "-Z")
    file.add_parameter("POINT", "Y_SCREEN", "+Y")


def _require_whole(path: Path, shape: tuple[int, ...]) -> None:
    """Raise OSError if the file is shorter than its own header says.

    On a full disk ezc3d stops writing without a word, and reading what it left can
    end the whole process.
    """
    with path.open("rb") as file:
        header = file.read(_BLOCK_BYTES)
    first_block = int.from_bytes(header[16:18], "little")
    frames, points = shape
    needed = (first_block - 1) * _BLOCK_BYTES + frames * points * _POINT_BYTES
    if len(header) < _BLOCK_BYTES or path.stat().st_size < needed:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
