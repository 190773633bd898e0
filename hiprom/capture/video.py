"""A video file -> upright, unmirrored, square-pixel RGB frames with true timestamps."""

from __future__ import annotations

import math
from collections.abc import Container, Iterator
from itertools import chain
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.container import DEFAULT_LIMITS, Limits, open_container, too_long
from hiprom.capture.display_matrix import Turn, turn_of
from hiprom.capture.pictures import Pictures
from hiprom.capture.reading import Reading, reading_of
from hiprom.capture.upright import Layout, Upright
from hiprom.capture.video_facts import VideoFacts, facts_of
from hiprom.errors import InputError, VideoNotReadable

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_SAME_TIME_S = 5e-4

__all__ = ["Frame", "Limits", "Reading", "Video", "VideoFacts", "open_video"]


class Frame(NamedTuple):
    """One picture as a player would show it, and when.

    Attributes
    ----------
    index : int
        From 0, among the delivered frames.
    time_s : float
        The container's own timestamp, strictly increasing; the first need not be 0.
    rgb : ndarray of uint8, shape (height, width, 3)
        C-contiguous, upright, with square pixels; height and width are even.
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody needs
    time_s: float
    rgb: NDArray[np.uint8]


class Video:
    """An open video, to be read once, forward, in a ``with`` block; see `open_video`.

    Attributes
    ----------
    facts : VideoFacts
        What the file says of itself.
    """

    def __init__(
        self,
        path: Path,
        container: InputContainer,
        stream: VideoStream,
        *,
        limits: Limits,
        max_side_px: int,
    ) -> None:
        self._path = path
        self._container = container
        self._limits = limits
        self._pictures = Pictures(container, stream)
        self._ahead = iter(self._pictures)
        self._in_use = Lock()
        self._is_spent = self._is_over = self._is_closed = False
        self._frames = 0
        self._first_time_s = self._last_time_s = math.nan

        # Only a decoded picture tells how it is to be turned.
        first = next(self._ahead, None)
        if first is None:
            raise self._without_picture(stream)
        self._first = first
        self._layout = Layout.of(first[1])
        turn = self._turn_asked_for()
        aspect = float(stream.sample_aspect_ratio or 1)
        self._upright = Upright(
            self._layout, turn, aspect=aspect, max_side_px=max_side_px
        )
        self.facts = facts_of(
            path,
            container,
            stream,
            turn=turn,
            source_px=self._layout[:2],
            delivered_px=self._upright.size_px,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; `facts` and `reading` remain."""
        with self._in_use:
            self._is_spent = self._is_closed = True
            self._container.close()

    def frames(self, only: Container[int] | None = None) -> Iterator[Frame]:
        """Decode forward, one frame at a time; memory does not grow with length.

        Damaged frames, and frames whose time is missing or not later than the one
        before, are left out and counted in `reading`. No time is ever invented.

        Parameters
        ----------
        only : container of int, optional
            Indices to deliver. The others are decoded but not made into pixels, which
            is half the work.

        Raises
        ------
        VideoNotReadable
            While reading: if the picture's size or orientation changes, or the video
            goes on for longer than its limit.
        InputError
            If the frames were asked for before, or the video is closed.
        """
        if self._is_spent:
            raise self._used_up()
        self._is_spent = True
        return self._upright_frames(only)

    def picture_at(self, time_s: float) -> NDArray[np.uint8] | None:
        """Return one picture, by its time; the video is then used up.

        It is read from a key frame before it, not from the beginning.

        Returns
        -------
        ndarray of uint8, shape (height, width, 3), or None
            As in `Frame`; None where no jump leads to exactly that time.
        """
        if self._is_spent:
            raise self._used_up()
        self._is_spent = True
        if not self._pictures.jump_before(time_s):
            return None
        for at_s, picture in self._pictures:
            if at_s >= time_s - _SAME_TIME_S:
                is_it = at_s <= time_s + _SAME_TIME_S
                is_it = is_it and self._layout.is_that_of(picture)
                return self._upright.rgb(picture) if is_it else None
        return None

    @property
    def reading(self) -> Reading:
        """What became of the video, as far as it was read."""
        return reading_of(
            self.facts,
            frames=self._frames,
            corrupt_frames=self._pictures.corrupt,
            untimed_frames=self._pictures.untimed,
            first_time_s=self._first_time_s,
            last_time_s=self._last_time_s,
            is_over=self._is_over,
        )

    def _upright_frames(self, only: Container[int] | None) -> Iterator[Frame]:
        self._first_time_s, _ = self._first
        pictures = chain([self._first], self._ahead)
        while (taken := self._next_picture(pictures)) is not None:
            index, time_s, picture = taken
            if only is None or index in only:
                yield Frame(index, time_s, self._upright.rgb(picture))
        self._is_over = True

    def _next_picture(
        self, pictures: Iterator[tuple[float, VideoFrame]]
    ) -> tuple[int, float, VideoFrame] | None:
        # To read on in a container that was closed meanwhile ends the whole process.
        with self._in_use:
            if self._is_closed:
                raise self._used_up()
            if (timed := next(pictures, None)) is None:
                return None
            time_s, picture = timed
            if not self._layout.is_that_of(picture):
                raise self._changed(Layout.of(picture), time_s)
            if time_s - self._first_time_s > self._limits.max_duration_s:
                raise too_long(self._path, self._limits, "it goes on for longer")
            self._frames, self._last_time_s = self._frames + 1, time_s
            return self._frames - 1, time_s, picture

    def _used_up(self) -> InputError:
        return InputError(
            f"{self._path.name} is closed or was read before; "
            "open it again to read it again."
        )

    def _turn_asked_for(self) -> Turn:
        turn = turn_of(self._layout.matrix)
        if turn is None:
            raise VideoNotReadable(
                self._path,
                "it asks to be shown askew, by other than quarter turns.",
                "Export it upright.",
            )
        return turn

    def _without_picture(self, stream: VideoStream) -> VideoNotReadable:
        codec = stream.codec_context.codec.canonical_name
        return VideoNotReadable(
            self._path,
            "its pictures carry no times."
            if self._pictures.untimed
            else f"none of its {codec} pictures can be decoded.",
            "Copy it from the camera again; if its pictures have more than "
            f"{self._limits.max_pixels / 1e6:.1f} megapixels, export it smaller.",
        )

    def _changed(self, layout: Layout, time_s: float) -> VideoNotReadable:
        before, after = self._layout.size, layout.size
        return VideoNotReadable(
            self._path,
            f"at {time_s:.2f} s the picture changes from {before} to {after} pixels."
            if before != after
            else f"from {time_s:.2f} s the picture is turned another way.",
            "Cut the video there, and measure the part with the test.",
        )


def open_video(
    path: str | Path, *, limits: Limits = DEFAULT_LIMITS, max_side_px: int = 960
) -> Video:
    """Open a video file, read its facts and decode its first picture.

    Parameters
    ----------
    path : str or Path
        A regular file: mp4, mov, mkv, webm or avi, with H.264, HEVC, VP8, VP9, AV1,
        MPEG-4, MJPEG or ProRes. It is never taken for an address or a list of files.
    limits : Limits
        What is too large to be read.
    max_side_px : int
        Frames with a longer side are delivered scaled down to it.

    Returns
    -------
    Video
        To be closed, best by a ``with`` block.

    Raises
    ------
    VideoNotReadable
        If the file cannot be measured; the message says why, and what to do.

    Examples
    --------
    >>> with open_video("seated.mp4") as video:  # doctest: +SKIP
    ...     times_s = [frame.time_s for frame in video.frames()]
    ...     video.reading.warnings
    ()
    """
    path = Path(path)
    container, stream = open_container(path, limits)
    try:
        return Video(path, container, stream, limits=limits, max_side_px=max_side_px)
    except BaseException:
        container.close()
        raise
