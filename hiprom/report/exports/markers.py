"""A PoseTrack -> named markers on an even clock, in the axes that OpenSim uses.

OpenSim's ground has X forward, Y up and Z to the right of the person. The landmarks
come in the camera's axes (x to the right of the picture, y down, z away), and the
person faces the camera, so X = -z, Y = -y and Z = -x: a plain turn, nothing mirrored.

The model's metric landmarks are metric in name: segments change by 5 to 10 % over a
clip, and X, the distance from the camera, is the weakest axis. Their origin lies
between the hips in every frame, so the pelvis stays where it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.landmarks import LANDMARK_NAMES
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array
from hiprom.errors import InputError

# From the camera's axes to OpenSim's: the rows are X, Y and Z.
TO_OPENSIM = np.array([[0.0, 0.0, -1.0], [0.0, -1.0, 0.0], [-1.0, 0.0, 0.0]])


@dataclass(frozen=True, eq=False)
class Markers:
    """Points through time.

    Attributes
    ----------
    names : tuple of str
    rate_hz : float
        Of the even clock.
    time_s : ndarray, shape (n,)
        In seconds of the video, evenly spaced.
    positions_m : ndarray, shape (n, markers, 3)
        OpenSim's axes; NaN where nobody was seen.
    """

    names: tuple[str, ...]
    rate_hz: float
    time_s: Array
    positions_m: Array


def markers_of(track: PoseTrack) -> Markers:
    """Return the landmarks of `track` as markers.

    A video's clock is often uneven; these formats know but one rate. Between frames
    the markers move in a straight line; where a frame is missing they are missing.
    What comes before the person is first seen, and after the last time, is left out.

    Raises
    ------
    InputError
        If the person is seen in fewer than two frames.
    """
    if np.count_nonzero(track.is_seen) < 2:
        raise InputError(
            f"The person is seen in {np.count_nonzero(track.is_seen)} frame(s); "
            "markers need at least two. Export another trial."
        )
    clock_s, (positions_m,) = on_even_clock(track.time_s, track.world_m @ TO_OPENSIM.T)
    return Markers(LANDMARK_NAMES, rate_hz(clock_s), clock_s, positions_m)


def on_even_clock(time_s: Array, *blocks: Array) -> tuple[Array, list[Array]]:
    """Read each of `blocks`, shape (n, ...), at evenly spaced times.

    No gap is bridged. Times at either end at which no block has a value are left
    out; at least one block must have one somewhere.
    """
    from hiprom.core.signals import even_clock, resample

    clock_s = even_clock(time_s)
    read = [resample(time_s, block, clock_s, max_gap_s=0.0) for block in blocks]
    known = np.any(
        [np.isfinite(each.reshape(len(clock_s), -1)).any(axis=1) for each in read],
        axis=0,
    )
    first, last = np.flatnonzero(known)[[0, -1]]
    within = slice(first, last + 1)
    return clock_s[within], [each[within] for each in read]


def rate_hz(clock_s: Array) -> float:
    """Return the rate of an even clock of at least two times."""
    return float((len(clock_s) - 1) / (clock_s[-1] - clock_s[0]))
