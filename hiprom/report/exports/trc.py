"""A PoseTrack -> a .trc file: markers that OpenSim and its kin read.

Tab-separated text; metres; X forward, Y up, Z to the person's right, as
`hiprom.report.exports.markers` says. A marker that was not seen is three empty cells.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hiprom.core.track import PoseTrack
from hiprom.report.exports.markers import Markers, markers_of
from hiprom.report.whole_file import write_whole

_SETTINGS = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)


def write_trc(path: Path, track: PoseTrack) -> tuple[Path]:
    """Write the 33 landmarks of `track`, by their names.

    Raises
    ------
    InputError
        If the person is seen in fewer than two frames.
    ResultsError
        If the file cannot be written.
    """
    markers = markers_of(track)
    write_whole(path, "".join(line + "\n" for line in _lines(markers, path.name)))
    return (path,)


def _lines(markers: Markers, name: str) -> Iterator[str]:
    rate, count = f"{markers.rate_hz:.6f}", str(len(markers.time_s))
    kinds = str(len(markers.names))
    yield f"PathFileType\t4\t(X/Y/Z)\t{_one_word(name)}"
    yield "\t".join(_SETTINGS)
    yield f"{rate}\t{rate}\t{count}\t{kinds}\tm\t{rate}\t1\t{count}"
    # Every cell ends in a tab, the last one too: only so can OpenSim tell an empty
    # last cell from none.
    yield "Frame#\tTime\t" + "".join(f"{marker}\t\t\t" for marker in markers.names)
    yield "\t\t" + "".join(
        f"{axis}{number}\t"
        for number in range(1, len(markers.names) + 1)
        for axis in "XYZ"
    )
    yield ""
    for number, (time_s, points) in enumerate(
        zip(markers.time_s, markers.positions_m.tolist(), strict=True), start=1
    ):
        yield f"{number}\t{time_s:.6f}\t" + "".join(map(_cells, points))


def _cells(point: list[float]) -> str:
    if not np.isfinite(point).all():
        return "\t\t\t"
    return "".join(f"{value:.6f}\t" for value in point)


def _one_word(name: str) -> str:
    # The first line is split at blanks; a name must not add to its parts.
    return "_".join(name.encode(errors="backslashreplace").decode().split())
