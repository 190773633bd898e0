"""Small video clips, made with PyAV: pictures whose pixels say what they are.

Each picture is grey with a coloured corner: red top left, green top right, blue
bottom left, white bottom right, so that a turned or mirrored one betrays itself. Its
number is written across the middle in eight dark or bright blocks, so that each
delivered picture can be matched with the time that it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.bitstream import BitStreamFilterContext
from av.stream import Disposition
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

CORNERS = {
    "top left": (220, 30, 30),
    "top right": (30, 200, 30),
    "bottom left": (30, 30, 220),
    "bottom right": (235, 235, 235),
}
_GREY = 110
_BLOCKS = 8


def picture(number: int, width_px: int = 160, height_px: int = 96) -> Picture:
    """Draw the upright picture of that number, shape (height, width, 3)."""
    image = np.full((height_px, width_px, 3), _GREY, np.uint8)
    tall, wide = height_px // 4, width_px // 4
    image[:tall, :wide] = CORNERS["top left"]
    image[:tall, -wide:] = CORNERS["top right"]
    image[-tall:, :wide] = CORNERS["bottom left"]
    image[-tall:, -wide:] = CORNERS["bottom right"]
    edges = np.linspace(0, width_px, _BLOCKS + 1).astype(int)
    middle = slice(height_px * 2 // 5, height_px * 3 // 5)
    for bit in range(_BLOCKS):
        bright = number >> (_BLOCKS - 1 - bit) & 1
        image[middle, edges[bit] : edges[bit + 1]] = 230 if bright else 20
    return image


def number_of(rgb: Picture) -> int:
    """Read the number back from an upright picture of any size."""
    height_px, width_px, _ = rgb.shape
    at = ((np.arange(_BLOCKS) + 0.5) * width_px / _BLOCKS).astype(int)
    bright = rgb[height_px // 2, at].mean(axis=-1) > _GREY
    return int(bright @ (1 << np.arange(_BLOCKS)[::-1]))


def corners_of(rgb: Picture) -> dict[str, str]:
    """Name the corner whose colour stands in each corner of the picture."""
    names = list(CORNERS)
    colours = np.array([CORNERS[name] for name in names], float)
    height_px, width_px, _ = rgb.shape
    found = {}
    for name in names:
        row = height_px // 8 if "top" in name else -height_px // 8
        column = width_px // 8 if "left" in name else -width_px // 8
        distance = np.linalg.norm(colours - rgb[row, column], axis=-1)
        found[name] = names[int(distance.argmin())]
    return found


UPRIGHT = {name: name for name in CORNERS}


def display_matrix(a: int, b: int, c: int, d: int) -> tuple[int, ...]:
    """Return the matrix that shows the stored point (x, y) at (ax + cy, bx + dy)."""
    one = 1 << 16
    return (a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30)


# By clockwise turn in degrees, and whether the stored picture is flipped left-right
# before it is turned: the matrix, and how an upright picture is stored under it.
TURNS: dict[tuple[int, bool], tuple[tuple[int, ...], Callable[[Picture], Picture]]] = {
    (0, False): (display_matrix(1, 0, 0, 1), lambda up: up),
    (90, False): (display_matrix(0, 1, -1, 0), lambda up: np.rot90(up, 1)),
    (180, False): (display_matrix(-1, 0, 0, -1), lambda up: np.rot90(up, 2)),
    (270, False): (display_matrix(0, -1, 1, 0), lambda up: np.rot90(up, 3)),
    (0, True): (display_matrix(-1, 0, 0, 1), np.fliplr),
    (90, True): (display_matrix(0, -1, -1, 0), lambda up: np.fliplr(np.rot90(up, 1))),
    (180, True): (display_matrix(1, 0, 0, -1), np.flipud),
    (270, True): (display_matrix(0, 1, 1, 0), lambda up: np.fliplr(np.rot90(up, 3))),
}


def make_clip(
    path: Path,
    pictures: Iterable[Picture] | None = None,
    *,
    frames: int = 12,
    fps: int = 30,
    times_s: Sequence[float] | None = None,
    codec: str = "libx264",
    pix_fmt: str = "yuv420p",
    matrix: Sequence[int] | None = None,
    sample_aspect_ratio: Fraction | None = None,
    keyframe_every: int = 12,
    clock_hz: int = 90_000,
    tags: dict[str, str] | None = None,
    muxer: dict[str, str] | None = None,
    encoder: dict[str, str] | None = None,
    sound_s: float = 0.0,
    container: str | None = None,
) -> Path:
    """Write a clip and return its path.

    Parameters
    ----------
    path : Path
        Where to; its suffix chooses the container, unless `container` does.
    pictures : iterable of ndarray of uint8, shape (height, width, 3), optional
        As they are stored; `frames` numbered ones of 160 x 96 without.
    times_s : sequence of float, optional
        When each picture is shown; evenly at `fps` without.
    matrix : sequence of int, shape (9,), optional
        The display matrix; only mp4 and mov can keep it.
    clock_hz : int
        Ticks a second of the timestamps; avi and MPEG-4 need it to be `fps`.
    muxer, encoder : dict, optional
        FFmpeg's options, as in ``{"movflags": "faststart"}``.
    sound_s : float
        Seconds of silence to write beside the pictures.
    """
    shown = list(pictures or (picture(number) for number in range(frames)))
    times_s = times_s or [number / fps for number in range(len(shown))]
    with av.open(str(path), "w", format=container, options=muxer or {}) as output:
        output.metadata.update(tags or {})
        stream = output.add_stream(codec, rate=fps)
        stream.height, stream.width = shown[0].shape[:2]
        stream.pix_fmt = pix_fmt
        stream.gop_size = keyframe_every
        stream.options = {**_QUICK.get(codec, {}), **(encoder or {})}
        stream.time_base = stream.codec_context.time_base = Fraction(1, clock_hz)
        if sample_aspect_ratio is not None:
            stream.codec_context.sample_aspect_ratio = sample_aspect_ratio
        if matrix is not None:
            stream.set_display_matrix(matrix)
        sound = (
            output.add_stream("aac", rate=16_000, layout="mono") if sound_s else None
        )
        for image, time_s in zip(shown, times_s, strict=True):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image))
            frame.pts = round(time_s * clock_hz)
            frame.time_base = Fraction(1, clock_hz)
            output.mux(stream.encode(frame))
        output.mux(stream.encode())
        if sound is not None:
            _write_silence(output, sound, sound_s)
    return path


def make_sound(path: Path, *, seconds: float = 1.0, has_cover: bool = False) -> Path:
    """Write a file that holds sound and no picture, but perhaps that of an album."""
    with av.open(str(path), "w") as output:
        sound = output.add_stream("aac", rate=16_000, layout="mono")
        if has_cover:
            image = picture(0)
            cover = output.add_stream("mjpeg", rate=1)
            cover.height, cover.width = image.shape[:2]
            cover.pix_fmt = "yuvj420p"
            cover.disposition = Disposition.attached_pic
            output.mux(cover.encode(av.VideoFrame.from_ndarray(image)))
            output.mux(cover.encode())
        _write_silence(output, sound, seconds)
    return path


def retimed(path: Path, source: Path, times_s: Sequence[float]) -> Path:
    """Copy a clip with other times, which need not even rise; best mjpeg in mkv."""
    with av.open(str(source)) as original, av.open(str(path), "w") as output:
        stream = output.add_stream_from_template(original.streams.video[0])
        packets = [packet for packet in original.demux(video=0) if packet.size]
        for order, (packet, time_s) in enumerate(zip(packets, times_s, strict=True)):
            packet.time_base = Fraction(1, 1000)
            packet.pts, packet.dts = round(time_s * 1000), order - len(packets)
            packet.stream = stream
            output.mux(packet)
    return path


def joined(path: Path, first: Path, second: Path, *, at_s: float) -> Path:
    """Copy one clip after another into one stream, as if the camera had changed."""
    with av.open(str(path), "w") as output:
        stream = None
        for source, start_s in ((first, 0.0), (second, at_s)):
            with av.open(str(source)) as original:
                pictures = original.streams.video[0]
                stream = stream or output.add_stream_from_template(pictures)
                for packet in original.demux(pictures):
                    if packet.size:
                        shift = round(start_s / packet.time_base)
                        packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                        packet.stream = stream
                        output.mux(packet)
    return path


def with_inner_turn(path: Path, source: Path) -> Path:
    """Copy an H.264 clip, with a quarter turn written into its first picture itself."""
    with av.open(str(source)) as original, av.open(str(path), "w") as output:
        pictures = original.streams.video[0]
        stream = output.add_stream_from_template(pictures)
        turn = BitStreamFilterContext(
            "h264_metadata=display_orientation=insert:rotate=270", pictures
        )
        for packet in original.demux(pictures):
            for turned in turn.filter(packet) if packet.size else []:
                turned.stream = stream
                output.mux(turned)
    return path


def cut(path: Path, source: Path, share: float) -> Path:
    """Copy the first `share` of a file's bytes."""
    whole = source.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    return path


# The quickest that each encoder can do; what it looks like does not matter here.
_QUICK = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


def shortened(
    path: Path,
    source: Path,
    *,
    begin_s: float = 0.2,
    seconds: float = 5.2,
    every: int = 2,
) -> Path:
    """Write every second picture of a part of a clip: all that one repetition needs."""
    with av.open(str(source)) as reading, av.open(str(path), "w") as writing:
        seen = reading.streams.video[0]
        assert seen.average_rate is not None
        rate = seen.average_rate / every
        stream = writing.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = seen.width, seen.height, "yuv420p"
        stream.options = {"crf": "18", "preset": "veryfast", "threads": "1"}
        number = 0
        for index, frame in enumerate(reading.decode(seen)):
            if index % every or not begin_s <= frame.time < begin_s + seconds:
                continue
            fresh = frame.reformat(format="yuv420p")
            fresh.pts, fresh.time_base = number, 1 / rate
            number += 1
            writing.mux(stream.encode(fresh))
        writing.mux(stream.encode())
    return path


def _write_silence(output, stream, seconds):
    rate = stream.rate
    for start in range(0, int(seconds * rate), 1024):
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = rate, start, Fraction(1, rate)
        output.mux(stream.encode(frame))
    output.mux(stream.encode())
