"""A path -> an opened container and its pictures' stream, or the reason why not.

Everything that can be refused is refused here, before a picture is decoded: what is
no regular file is never opened, no file may name another one, and neither format,
codec, size nor duration is a surprise to the decoder.
"""

from __future__ import annotations

import difflib
import re
import stat
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hiprom.capture.file_kind import HEAD_BYTES, kind_of, lacks_index
from hiprom.capture.video_facts import declared_duration_s
from hiprom.errors import VideoNotReadable

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi"
_CODECS = {
    "h264": "H.264",
    "hevc": "HEVC",
    "vp8": "VP8",
    "vp9": "VP9",
    "av1": "AV1",
    "mpeg4": "MPEG-4",
    "mjpeg": "MJPEG",
    "prores": "ProRes",
}
_CONVERT = "Convert it, for example with: ffmpeg -i INPUT -c:v libx264 OUTPUT.mp4"
_OURS = {".csv", ".json", ".html", ".parquet"}


@dataclass(frozen=True)
class Limits:
    """How large a recording may be.

    Attributes
    ----------
    max_pixels : int
        Of one stored picture; the default takes 4K video.
    max_duration_s : float
        Of the recording, as declared and as found while it is read.
    """

    max_pixels: int = 4096 * 2304
    max_duration_s: float = 3600.0


DEFAULT_LIMITS = Limits()


def open_container(path: Path, limits: Limits) -> tuple[InputContainer, VideoStream]:
    """Open `path` for reading; the caller closes the container.

    Raises
    ------
    VideoNotReadable
        If it is no video that can be measured, saying what it is instead.
    """
    import av

    _require_video_file(path)
    options = {
        # Without these, a text file named .mp4 can have other files and addresses read.
        "protocol_whitelist": "file",
        "format_whitelist": _FORMATS,
        # Probing decodes: it must keep to the same limits.
        "codec_whitelist": ",".join((*_CODECS, "libdav1d")),
        "max_pixels": str(limits.max_pixels),
        # FFmpeg's guesses at missing times are wrong where pictures are reordered.
        "fflags": "-genpts",
    }
    with ExitStack() as stack:
        try:
            container = stack.enter_context(
                # An absolute path cannot be taken for a protocol, as in "concat:a|b".
                av.open(
                    str(path.absolute()),
                    options=options,
                    metadata_errors="replace",
                )
            )
        except av.error.FFmpegError as error:
            raise VideoNotReadable(
                path,
                "this is no video, a damaged one, or none of mp4, mov, mkv, webm and "
                "avi.",
                _CONVERT,
            ) from error
        stream = _pictures_of(container, path)
        stream.codec_context.options = {"max_pixels": str(limits.max_pixels)}
        # With threads, damaged H.264 decodes differently from run to run, or is not
        # marked as damaged. Beside the pose model they would gain nothing.
        stream.thread_type = "NONE"
        _require_within(limits, container, stream, path)
        stack.pop_all()
        return container, stream


def _require_video_file(path: Path) -> None:
    """Refuse what is no regular file before opening it: a pipe would wait for ever."""
    try:
        status = path.stat()
    except FileNotFoundError:
        raise _not_found(path) from None
    except (OSError, ValueError) as error:
        raise _no_access(path, error) from error
    if stat.S_ISDIR(status.st_mode):
        raise VideoNotReadable(
            path,
            "this is a folder.",
            "Name one video in it.",
        )
    if not stat.S_ISREG(status.st_mode):
        raise VideoNotReadable(
            path, "this is a pipe or a device, not a file.", "Save the video to a file."
        )
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise _no_access(path, error) from error
    if not head:
        raise VideoNotReadable(
            path, "the file is empty (0 bytes).", "Copy it from the camera again."
        )
    if kind := kind_of(head):
        raise VideoNotReadable(
            path, f"this is {kind}, not a video.", "Name the video file itself."
        )
    if lacks_index(path):
        raise VideoNotReadable(
            path,
            "this is an incomplete file: its index (moov) is missing or cut, so the "
            "recording or the copy was broken off.",
            "Copy it from the camera again, or record again.",
        )


def _not_found(path: Path) -> VideoNotReadable:
    if re.match(r"\w{2,}:/", str(path)):
        return VideoNotReadable(
            path, "this is an address, not a file.", "Save the video to this computer."
        )
    if not path.parent.is_dir():
        return VideoNotReadable(
            path, f"there is no folder {path.parent}.", "Check how it is spelled."
        )
    # Tables and reports lie beside a video under its name; none of them is meant.
    beside = [file.name for file in path.parent.iterdir() if file.suffix not in _OURS]
    near = difflib.get_close_matches(path.name, beside, n=3)
    return VideoNotReadable(
        path,
        "there is no such file.",
        f"Did you mean {' or '.join(near)}?" if near else "Check how it is spelled.",
    )


def _no_access(path: Path, error: OSError | ValueError) -> VideoNotReadable:
    if isinstance(error, PermissionError):
        return VideoNotReadable(
            path,
            "you are not permitted to read this file.",
            "Ask its owner, or copy it to a folder of your own.",
        )
    reason = getattr(error, "strerror", None) or str(error)
    return VideoNotReadable(
        path, f"it cannot be opened ({reason}).", "Copy it to this computer and retry."
    )


def _pictures_of(container: InputContainer, path: Path) -> VideoStream:
    from av.stream import Disposition

    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:  # as of an album
            break
    else:
        held = "sound but no picture" if container.streams.audio else "no picture"
        raise VideoNotReadable(
            path, f"it holds {held}.", "Choose the recording that shows the person."
        )
    codec = _codec_name(container, stream)
    if codec not in _CODECS:
        raise VideoNotReadable(
            path,
            f"its pictures are coded as {codec}; "
            f"hiprom reads {', '.join(_CODECS.values())}.",
            _CONVERT,
        )
    return stream


def _codec_name(container: InputContainer, stream: VideoStream) -> str:
    # PyAV gives no context, against its type, for a codec it cannot decode.
    if stream.codec_context is not None:
        return stream.codec_context.codec.canonical_name
    import av.logging as ffmpeg_log

    # Only FFmpeg's own description still has the codec's four letters.
    level = ffmpeg_log.get_level()
    ffmpeg_log.set_level(ffmpeg_log.INFO)
    try:
        described = container.dumps_format()
    finally:
        ffmpeg_log.set_level(level)
    named = re.search(r"Video: (?!none|unknown)([^\s,]+)", described) or re.search(
        r"Video: \w+ \(([^\s/)]+)", described
    )
    return named[1] if named else "something unknown"


def _require_within(
    limits: Limits, container: InputContainer, stream: VideoStream, path: Path
) -> None:
    width_px, height_px = stream.codec_context.width, stream.codec_context.height
    if width_px * height_px > limits.max_pixels:
        raise VideoNotReadable(
            path,
            f"its pictures have {width_px} x {height_px} pixels, more than the "
            f"{limits.max_pixels / 1e6:.1f} megapixels that are allowed.",
            "Export it with 1920 x 1080 pixels.",
        )
    duration_s = declared_duration_s(container, stream)
    if duration_s > limits.max_duration_s:
        raise too_long(path, limits, f"it lasts {duration_s / 60:.0f} minutes")


def too_long(path: Path, limits: Limits, found: str) -> VideoNotReadable:
    """Say that a recording, of which `found` tells, is longer than allowed."""
    return VideoNotReadable(
        path,
        f"{found}; at most {limits.max_duration_s / 60:.0f} minutes are read.",
        "Cut out the part with the test.",
    )
