"""Frames of a video and what was measured on them -> a film that any browser plays."""

from __future__ import annotations

import io
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from hiprom.core.measurement import Measurement
from hiprom.core.track import PoseTrack
from hiprom.errors import InputError
from hiprom.report.files import writing
from hiprom.report.painting import Painter
from hiprom.report.sprites import Pixels

if TYPE_CHECKING:
    from av.container import OutputContainer
    from av.video.stream import VideoStream

Frames = Iterable[tuple[int, float, Pixels]]


class _Encoder(NamedTuple):
    clock_hz: int
    options: dict[str, str]


# By preference. Without frames that refer forward the film keeps its own clock;
# MPEG-4 Part 2 counts no finer than 1/65535 s.
_ENCODERS = {
    "libx264": _Encoder(90_000, {"preset": "veryfast", "crf": "23", "bf": "0"}),
    "libopenh264": _Encoder(90_000, {"b": "4000000"}),
    "mpeg4": _Encoder(30_000, {"b": "4000000"}),
}
# The header comes first, for browsers; a start later than zero is kept exactly.
_MP4 = {"movflags": "+faststart", "movie_timescale": "90000"}
_MPEG4_NOTE = (
    "This machine has no H.264 encoder, so overlay.mp4 is MPEG-4 Part 2: "
    "most players show it, most browsers do not."
)
_STILL_LONGER_SIDE_PX = 1280
_STILL_QUALITY = 86


def write_overlay(
    path: Path,
    frames: Frames,
    measurement: Measurement,
    track: PoseTrack,
    *,
    fps: float,
) -> str | None:
    """Paint every frame and write the film, one frame in memory at a time.

    Parameters
    ----------
    path : Path
    frames : iterable of (index, time_s, rgb)
        Index into the track, the video's own time, uint8 of shape (h, w, 3). An odd
        last row or column is left out: H.264 cannot hold it.
    measurement : Measurement
    track : PoseTrack
    fps : float
        For the file's header. Each frame is shown at its own `time_s`.

    Returns
    -------
    str or None
        A sentence for the person, where the film is not what browsers play.

    Raises
    ------
    InputError
        If there is not a single frame.
    ResultsError
        If the file cannot be written.
    """
    import av
    import cv2

    with (
        writing(path),
        av.open(str(path), "w", format="mp4", options=_MP4) as file,
    ):
        stream: VideoStream | None = None
        for index, time_s, rgb in frames:
            if stream is None:
                height, width = rgb.shape[:2]
                painter = Painter(measurement, track, width_px=width, height_px=height)
                canvas = np.empty_like(rgb)
                even = canvas[: height // 2 * 2, : width // 2 * 2]
                stream = _stream(file, fps, even)
            canvas[:] = rgb
            painter.paint(canvas, index)
            # OpenCV converts in a quarter of the time that FFmpeg's scaler takes.
            planes = cv2.cvtColor(even, cv2.COLOR_RGB2YUV_I420)
            picture = av.VideoFrame.from_ndarray(planes, format="yuv420p")
            picture.time_base = clock = stream.codec_context.time_base
            picture.pts = round(time_s / clock)
            file.mux(stream.encode(picture))
        if stream is None:
            raise InputError("There is no frame to paint; the video has none.")
        file.mux(stream.encode())
    return _MPEG4_NOTE if stream.codec_context.name == "mpeg4" else None


def still(
    frame_rgb: Pixels, measurement: Measurement, track: PoseTrack, index: int
) -> bytes:
    """Return frame `index` with the angle drawn on it, as a JPEG for a page.

    Small videos are enlarged first, so that lines and letters are sharp.
    """
    from PIL import Image

    picture = Image.fromarray(frame_rgb)
    factor = _STILL_LONGER_SIDE_PX / max(picture.size)
    if factor > 1:
        size = (round(picture.width * factor), round(picture.height * factor))
        picture = picture.resize(size, Image.Resampling.BICUBIC)
    painter = Painter(
        measurement, track, width_px=picture.width, height_px=picture.height
    )
    canvas = np.array(picture)
    painter.paint_still(canvas, index)
    kept = io.BytesIO()
    Image.fromarray(canvas).save(kept, "JPEG", quality=_STILL_QUALITY, optimize=True)
    return kept.getvalue()


def _stream(file: OutputContainer, fps: float, picture: Pixels) -> VideoStream:
    """Add the best video stream that this machine can encode."""
    from av.video.reformatter import ColorRange, Colorspace

    name = next(name for name in _ENCODERS if _can_encode(name))
    encoder = _ENCODERS[name]
    rate = Fraction(fps).limit_denominator(1001) if 1 <= fps <= 1000 else Fraction(30)
    stream = cast(
        "VideoStream", file.add_stream(name, rate=rate, options=encoder.options)
    )
    stream.height, stream.width = picture.shape[:2]
    stream.pix_fmt = "yuv420p"
    codec = stream.codec_context
    codec.time_base = Fraction(1, encoder.clock_hz)
    codec.thread_count = 2
    # What OpenCV's conversion makes; players guess otherwise for large pictures.
    codec.colorspace, codec.color_range = Colorspace.SMPTE170M, ColorRange.MPEG
    return stream


def _can_encode(name: str) -> bool:
    from av.codec.codec import Codec, UnknownCodecError

    try:
        return Codec(name, "w").is_encoder
    except UnknownCodecError:
        return False
