"""A Measurement -> a .mot file: joint angles that OpenSim plays on a model.

Degrees, with OpenSim's names. Flexion, adduction and internal rotation are positive
on both sides, as in hiprom. Knee flexion is positive, as in the models of Rajagopal
2016 and later; older ones (gait2392, gait2354) count it negative.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from hiprom.core.measurement import Measurement
from hiprom.core.vectors import Array
from hiprom.errors import InputError
from hiprom.report.exports.markers import on_even_clock
from hiprom.report.whole_file import write_whole

# hiprom's trace, and OpenSim's coordinate before its _r or _l.
COORDINATES = {
    "hip_flexion_deg": "hip_flexion",
    "hip_adduction_deg": "hip_adduction",
    "hip_rotation_deg": "hip_rotation",
    "knee_flexion_deg": "knee_angle",
}


def write_mot(path: Path, measurement: Measurement) -> tuple[Path]:
    """Write hip and knee angles of the measured sides, the right one first.

    A movement of the whole body gives none: its angles are of no one leg.

    The video's clock is made even as for markers; an angle that could not be read is
    ``nan``, which OpenSim takes for a missing value. Times at either end at which no
    angle was read are left out.

    Raises
    ------
    InputError
        If no angle was read in at least two frames.
    ResultsError
        If the file cannot be written.
    """
    names, angles_deg = _angles(measurement)
    readable = np.isfinite(angles_deg).any(axis=1)
    if np.count_nonzero(readable) < 2:
        raise InputError(
            f"Angles were read in {np.count_nonzero(readable)} frame(s); a motion "
            "needs at least two. Export another trial."
        )
    clock_s, (even_deg,) = on_even_clock(measurement.time_s, angles_deg)
    lines = _lines(names, clock_s, even_deg)
    write_whole(path, "".join(line + "\n" for line in lines))
    return (path,)


def _angles(measurement: Measurement) -> tuple[list[str], Array]:
    """Return the names of the columns, and their values of shape (n, columns)."""
    columns = {
        f"{coordinate}_{side.side[0]}": side.traces[trace]
        for side in sorted(measurement.sides, key=lambda each: each.side, reverse=True)
        if side.side != "both"
        for trace, coordinate in COORDINATES.items()
    }
    frames = len(measurement.time_s)
    return list(columns), np.array(list(columns.values())).reshape(-1, frames).T


def _lines(names: list[str], clock_s: Array, angles_deg: Array) -> Iterator[str]:
    yield "Coordinates"
    yield "version=1"
    yield f"nRows={len(clock_s)}"
    yield f"nColumns={1 + len(names)}"
    yield "inDegrees=yes"
    yield ""
    yield "Flexion, adduction and internal rotation are positive on both sides."
    yield "Knee flexion is positive; turn its sign for gait2392 and gait2354."
    yield ""
    yield "endheader"
    yield "\t".join(("time", *names))
    for time_s, row in zip(clock_s, angles_deg.tolist(), strict=True):
        yield "\t".join((f"{time_s:.6f}", *(f"{angle:.6f}" for angle in row)))
