"""Packets -> the whole pictures in order of time, and a count of the others."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import suppress
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.packet import Packet
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

_LEAD_S = 0.5


class Pictures:
    """Iterates over (time in seconds, picture) and counts what it leaves out.

    Times are those of the file and strictly increasing; none is ever invented. A bad
    packet costs no more than its own pictures.

    Attributes
    ----------
    corrupt : int
        Pictures that the decoder marked as damaged, and packets it could not decode.
    untimed : int
        Pictures without a time, or with one not later than the picture before.
    """

    def __init__(self, container: InputContainer, stream: VideoStream) -> None:
        self._container = container
        self._stream = stream
        self.corrupt = 0
        self.untimed = 0

    def __iter__(self) -> Iterator[tuple[float, VideoFrame]]:
        tick_s = self._stream.time_base or Fraction(1)
        last_time_s = -math.inf
        for picture in self._decoded():
            # An avi has no presentation times, but the decoder's own are in order.
            ticks = picture.dts if picture.pts is None else picture.pts
            time_s = math.nan if ticks is None else float(ticks * tick_s)
            if picture.is_corrupt:
                self.corrupt += 1
            elif not time_s > last_time_s:  # so that a missing time fails too
                self.untimed += 1
            else:
                last_time_s = time_s
                yield time_s, picture

    def jump_before(self, time_s: float) -> bool:
        """Go on from a key frame before a time; return whether the file allows that."""
        from av.error import FFmpegError

        tick_s = self._stream.time_base or Fraction(1)
        # Pictures soon after a key frame may need some from before it.
        ticks = max(0, int((time_s - _LEAD_S) / tick_s))
        try:
            self._container.seek(ticks, stream=self._stream)
        except FFmpegError:
            return False
        return True

    def _decoded(self) -> Iterator[VideoFrame]:
        from av.error import FFmpegError

        for packet in self._packets():
            try:
                pictures = self._stream.decode(packet)
            except FFmpegError:
                self.corrupt += 1
            else:
                yield from pictures

    def _packets(self) -> Iterator[Packet[VideoStream] | None]:
        """Yield the stream's packets, then None, which empties the decoder."""
        from av.error import FFmpegError

        # Where the file breaks off, what was read before still counts.
        with suppress(FFmpegError):
            for packet in self._container.demux(self._stream):
                if packet.size:  # an empty one would end the decoding
                    yield packet
        yield None
