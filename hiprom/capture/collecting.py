"""Pose after pose -> the track so far; nothing but the numbers is kept."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from hiprom.capture.pose import Pose
from hiprom.core.landmarks import Landmark
from hiprom.core.silhouette import RADII
from hiprom.core.track import PoseTrack

_MARKS = len(Landmark)
_FIRST_ROOM = 256


class TrackSoFar:
    """A track that grows by a pose at a time. A minute at 30 fps takes 1.4 MB.

    Parameters
    ----------
    width_px, height_px : int
        Size of the upright frame.
    """

    def __init__(self, width_px: int, height_px: int) -> None:
        self._size = (width_px, height_px)
        self._rows = 0
        self._time_s = np.empty(_FIRST_ROOM, np.float64)
        # Landmarks in pixels and metres with their visibility, chords, light.
        self._values = {
            "marks": np.empty((_FIRST_ROOM, _MARKS, 6), np.float32),
            "chords": np.empty((_FIRST_ROOM, 2, len(RADII), 3), np.float32),
            "light": np.empty(_FIRST_ROOM, np.float32),
        }

    def __len__(self) -> int:
        return self._rows

    def add(self, pose: Pose) -> None:
        """Add one pose, later than all before."""
        row = self._rows
        if row == len(self._time_s):
            room = max(2 * row, _FIRST_ROOM)
            self._time_s = np.resize(self._time_s, room)
            for name, values in self._values.items():
                self._values[name] = np.resize(values, (room, *values.shape[1:]))
        self._time_s[row] = pose.time_s
        marks = self._values["marks"]
        marks[row, :, :2] = pose.image_px
        marks[row, :, 2:5] = pose.world_m
        marks[row, :, 5] = pose.visibility
        self._values["chords"][row] = pose.chords_px
        self._values["light"][row] = pose.light
        self._rows += 1

    def forget(self, before_s: float) -> None:
        """Let go of the poses before a time: nobody will ask for them."""
        first = int(np.searchsorted(self._time_s[: self._rows], before_s))
        self._time_s = self._time_s[first:].copy()
        for name, values in self._values.items():
            self._values[name] = values[first:].copy()
        self._rows -= first

    def track(self, since_s: float = -np.inf, until_s: float = np.inf) -> PoseTrack:
        """Return the poses from one time to another, as they are now."""
        time_s = self._time_s[: self._rows]
        rows = slice(*np.searchsorted(time_s, [since_s, until_s]))
        marks = self._values["marks"][rows]
        return PoseTrack(
            time_s=self._time_s[rows].copy(),
            image_px=marks[:, :, :2].copy(),
            world_m=marks[:, :, 2:5].copy(),
            visibility=marks[:, :, 5].copy(),
            chords_px=self._values["chords"][rows].copy(),
            light=self._values["light"][rows].copy(),
            width_px=self._size[0],
            height_px=self._size[1],
        )


def collect(poses: Iterable[Pose], width_px: int, height_px: int) -> PoseTrack:
    """Return all poses of a video, in order of time, as one track."""
    so_far = TrackSoFar(width_px, height_px)
    for pose in poses:
        so_far.add(pose)
    return so_far.track()
