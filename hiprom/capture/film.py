"""Pictures as they come -> a film that plays up to its last second, come what may.

While it grows, the file is a chain of fragments of about a second, each complete in
itself: a process that is killed leaves all of them. An orderly end adds one index over
everything, and it is an ordinary MP4.
"""

from __future__ import annotations

from collections import deque
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from hiprom.capture.film_file import FilmFile, in_words
from hiprom.errors import ResultsError

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.packet import Packet
    from av.video.stream import VideoStream

Planes = NDArray[np.uint8]


class _Encoder(NamedTuple):
    codec_hz: int
    options: dict[str, str]


_CLOCK_HZ = 90_000
_X264 = {"preset": "ultrafast", "tune": "zerolatency", "crf": "17", "bf": "0"}
# By preference; all of them quick, near to lossless to the eye, and without pictures
# that refer forward. MPEG-4 Part 2 counts no finer than 1/65535 s.
_ENCODERS = {
    "libx264": _Encoder(_CLOCK_HZ, _X264),
    "libopenh264": _Encoder(_CLOCK_HZ, {"b": "8000000"}),
    "mpeg4": _Encoder(30_000, {"flags": "+qscale", "global_quality": "236"}),  # q = 2
}
_MP4 = {
    "movflags": "+frag_keyframe+empty_moov+default_base_moof+hybrid_fragmented",
    "flush_packets": "1",
}
_FRAGMENT_S = 1.0


def on_file_clock(time_s: float) -> float:
    """Return the time of a picture as it will be read from the film: whole ticks."""
    return round(time_s * _CLOCK_HZ) / _CLOCK_HZ


class _Whole(NamedTuple):
    """How far the file is whole: frames, the last one's tick, and bytes."""

    frames: int = 0
    ticks: int = 0
    size: int = 0


class Film:
    """A film that is being written, by one thread at a time.

    Nothing is raised when the system refuses to write: the film ends there, `failure`
    says so, and what follows is passed over.

    Parameters
    ----------
    path : Path
        Where no file is yet.
    size_px : tuple of int
        Width and height, both even.

    Attributes
    ----------
    frames : int
        In the film so far; after a failure, those that the file really holds.
    failure : ResultsError or None
        Why it ended by itself, and until when it is good.

    Raises
    ------
    ResultsError
        If there is a file already, or none can be made.
    """

    def __init__(self, path: Path, size_px: tuple[int, int]) -> None:
        self._size_px = size_px
        self._file = FilmFile(path)
        self._opened: tuple[OutputContainer, VideoStream] | None = None
        self._ticks: deque[int] = deque()  # of pictures within the encoder
        self._last_ticks = -1
        self._next_key_s = 0.0
        self._written = self._whole = _Whole()
        self.frames = 0
        self.failure: ResultsError | None = None

    @property
    def duration_s(self) -> float:
        """From the first frame to the last."""
        return max(self._last_ticks, 0) / _CLOCK_HZ

    def add(self, time_s: float, planes: Planes) -> None:
        """Append a picture, unless its time is not later than the last one's.

        Parameters
        ----------
        time_s : float
            On the film's own clock, on which the first picture has 0.
        planes : ndarray of uint8, shape (height * 3 / 2, width)
            Y, U and V with half the resolution of colour (I420, BT.601).
        """
        import av
        from av.video.frame import PictureType

        ticks = round(time_s * _CLOCK_HZ)
        if self.failure is not None or ticks <= self._last_ticks:
            return
        _, stream = self._opened = self._opened or self._open()
        codec_s = stream.codec_context.time_base
        picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        picture.time_base, picture.pts = codec_s, round(ticks / (codec_s * _CLOCK_HZ))
        if time_s >= self._next_key_s:
            # A new fragment begins with it, and the one before is written.
            picture.pict_type = PictureType.I
            self._next_key_s = time_s + _FRAGMENT_S
        self._ticks.append(ticks)
        self._last_ticks = ticks
        self.frames += 1
        try:
            self._mux(stream.encode(picture))
        except av.error.FFmpegError as error:
            self._give_up(f"the encoder failed ({error}). Record again.")

    def end(self) -> None:
        """Complete the file; without a single frame, leave none."""
        if self._opened is not None:
            container, stream = self._opened
            if self.failure is None:
                self._mux(stream.encode())
            container.close()
            self._give_up_if_refused()
        if self.frames:
            self._file.close()
        else:
            self._file.remove()

    def discard(self) -> None:
        """Delete the file."""
        if self._opened is not None:
            self._opened[0].close()
        self._file.remove()

    def _open(self) -> tuple[OutputContainer, VideoStream]:
        import av
        from av.video.reformatter import ColorRange, Colorspace

        container = av.open(self._file, "w", format="mp4", options=_MP4)
        name = next(name for name in _ENCODERS if _can_encode(name))
        encoder = _ENCODERS[name]
        stream = cast(
            "VideoStream", container.add_stream(name, rate=30, options=encoder.options)
        )
        stream.width, stream.height = self._size_px
        stream.pix_fmt = "yuv420p"
        stream.time_base = Fraction(1, _CLOCK_HZ)
        codec = stream.codec_context
        codec.time_base = Fraction(1, encoder.codec_hz)
        codec.gop_size = 10_000  # key pictures come by the clock
        codec.thread_count = 1  # the pose model needs the other processors
        codec.colorspace, codec.color_range = Colorspace.SMPTE170M, ColorRange.MPEG
        return container, stream

    def _mux(self, packets: list[Packet[VideoStream]]) -> None:
        assert self._opened is not None
        container, _ = self._opened
        for packet in packets:
            ticks = self._ticks.popleft()
            packet.time_base = Fraction(1, _CLOCK_HZ)
            packet.pts = packet.dts = ticks
            # Whichever is the last is shown for as long as the others on average.
            shown = self._written.frames
            packet.duration = round(ticks / shown) if shown else _CLOCK_HZ // 30
            size = self._file.tell()
            container.mux(packet)
            if self._give_up_if_refused():
                return
            if self._file.tell() > size:
                # All frames before this one are now in fragments that are complete.
                self._whole = self._written._replace(size=self._file.tell())
            self._written = _Whole(self._written.frames + 1, ticks)

    def _give_up_if_refused(self) -> bool:
        refusal = self._file.refusal
        if refusal is not None and self.failure is None:
            self._give_up(in_words(refusal))
        return refusal is not None

    def _give_up(self, reason: str) -> None:
        self.frames, self._last_ticks, size = self._whole
        self._file.cut_to(size)
        kept = f"What was filmed until {self.duration_s:.1f} s is good and kept."
        self.failure = ResultsError(
            f"The recording ended: {self._file.path} could not be written any further. "
            f"{kept if self.frames else 'Nothing was kept.'} The reason: {reason}"
        )


def _can_encode(name: str) -> bool:
    from av.codec.codec import Codec, UnknownCodecError

    try:
        return Codec(name, "w").is_encoder
    except UnknownCodecError:
        return False
