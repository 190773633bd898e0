"""Video frames -> one person's landmarks: the pose estimator and its replaying twin."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.isolation import Isolation
from hiprom.capture.messages import Block, Picture
from hiprom.capture.pose_process import PoseProcess
from hiprom.capture.video import Frame
from hiprom.core.landmarks import Landmark
from hiprom.core.silhouette import RADII
from hiprom.core.track import PoseTrack
from hiprom.errors import InputError

Points = NDArray[np.float32]

_MARKS = len(Landmark)
_IN_FLIGHT = 3  # pictures given away before the first answer is waited for
_SAME_TIME_S = 5e-4
_NO_CHORDS = np.full((2, len(RADII), 3), np.nan, np.float32)


class Pose(NamedTuple):
    """The tested person in one frame; NaN throughout when nobody is found.

    Attributes
    ----------
    time_s : float
        The frame's own time, seconds.
    image_px : ndarray of float32, shape (33, 2)
        Pixels of the frame: x right, y down.
    world_m : ndarray of float32, shape (33, 3)
        The model's metric landmarks: origin between the hips, x right, y down, z away.
    visibility : ndarray of float32, shape (33,)
        The model's own belief in [0, 1].
    chords_px : ndarray of float32, shape (2, 20, 3)
        Chords across both shanks, from the silhouette; NaN without masks.
    light : float
        Mean brightness around the person, 0 black to 1 white; NaN without one.
    people : int
        How many people were in view when last counted, once a second and each time
        the tested person is found anew; 0 when nobody is found.
    """

    time_s: float
    image_px: Points
    world_m: Points
    visibility: Points
    chords_px: Points
    light: float
    people: int


class PoseEstimator(Protocol):
    """Anything that turns frames into poses."""

    def poses(self, frames: Iterable[Frame]) -> Iterator[Pose]:
        """Yield one pose per frame, in order; each call is a new video."""
        ...


class MediaPipePose:
    """MediaPipe's pose landmarker in a process of its own, without network.

    Making one starts that process and returns at once, so that it loads while the
    caller does something else. It serves any number of videos, one at a time, and is a
    context manager. Should the process die, its video fails with `PoseFailed` and the
    next one starts a new process.

    Parameters
    ----------
    model_path : path
        A pose landmarker bundle, see `hiprom.capture.model.ready`.
    with_masks : bool
        Whether the model computes the person's silhouette too (about 2 ms a frame).
    """

    def __init__(self, model_path: str | Path, *, with_masks: bool = True) -> None:
        self._arguments = (str(model_path), "masks" if with_masks else "no-masks")
        self._process = PoseProcess(*self._arguments)
        self._video = 0

    @property
    def isolation(self) -> Isolation:
        """Whether the process is cut off from the network, and how. Waits for it."""
        return self._process.isolation

    @property
    def pid(self) -> int:
        """The system's number for its process."""
        return self._process.pid

    def poses(
        self, frames: Iterable[Frame], *, ahead: int = _IN_FLIGHT
    ) -> Iterator[Pose]:
        """Yield one pose per frame, in order, with fresh tracking state.

        Up to `ahead` further frames are under way meanwhile, so that the caller's own
        work on one overlaps the model's on the next; with none, a frame is asked for
        only when the one before is done. Stopping early is harmless.

        Raises
        ------
        PoseFailed
            If the process could not start, died, or does not answer.
        InputError
            If another video was begun in the meantime.
        """
        self._video = video = self._video + 1
        if not self._process.catch_up():
            self._process.close()
            self._process = PoseProcess(*self._arguments)
        waiting_s: deque[float] = deque()
        for number, frame in enumerate(frames):
            self._check_is_current(video)
            self._process.send(Picture(number == 0, frame.time_s, frame.rgb))
            waiting_s.append(frame.time_s)
            if len(waiting_s) > ahead:
                yield _pose(waiting_s.popleft(), self._process.receive())
        while waiting_s:
            self._check_is_current(video)
            yield _pose(waiting_s.popleft(), self._process.receive())

    def close(self) -> None:
        """End the process, at once: it keeps nothing that could be lost."""
        self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _check_is_current(self, video: int) -> None:
        if video != self._video:
            raise InputError(
                "Another video was begun before this one was finished. "
                "Finish one, or use one MediaPipePose for each."
            )


class ReplayedPose:
    """The poses of a recorded track again: no model, and no video unless it is given.

    Parameters
    ----------
    track : PoseTrack
        What `collect` returned once.
    """

    def __init__(self, track: PoseTrack) -> None:
        self._track = track

    def poses(self, frames: Iterable[Frame] | None = None) -> Iterator[Pose]:
        """Yield the recorded poses: all of them, or those of `frames` by their time.

        Raises
        ------
        InputError
            If a frame's time is not in the track: it is of another video.
        """
        if frames is None:
            yield from map(self._pose, range(len(self._track)))
            return
        for frame in frames:
            times_s = self._track.time_s
            row = int(np.searchsorted(times_s, frame.time_s - _SAME_TIME_S))
            if row == len(times_s) or times_s[row] > frame.time_s + _SAME_TIME_S:
                raise InputError(
                    f"The landmarks have no frame at {frame.time_s:.3f} s: they were "
                    "recorded from another video. Give the video they belong to."
                )
            yield self._pose(row)

    def _pose(self, row: int) -> Pose:
        track = self._track
        return Pose(
            float(track.time_s[row]),
            track.image_px[row],
            track.world_m[row],
            track.visibility[row],
            _NO_CHORDS if track.chords_px is None else track.chords_px[row],
            light=float("nan" if track.light is None else track.light[row]),
            people=int(track.is_seen[row]),
        )


def _pose(time_s: float, blocks: dict[str, Block]) -> Pose:
    people = int(blocks["people"][0, 0])
    if "image_px" not in blocks:
        nobody = np.full((_MARKS, 6), np.nan, np.float32)
        return Pose(
            time_s,
            nobody[:, :2],
            nobody[:, 2:5],
            nobody[:, 5],
            _NO_CHORDS,
            light=float("nan"),
            people=people,
        )
    chords = blocks.get("chords_px", _NO_CHORDS).reshape(_NO_CHORDS.shape)
    return Pose(
        time_s,
        blocks["image_px"],
        blocks["world_m"],
        blocks["visibility"][:, 0],
        chords,
        light=float(blocks["light"][0, 0]),
        people=people,
    )
