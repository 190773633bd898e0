"""An opened container -> what the file says of itself."""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from hiprom.capture.display_matrix import Turn

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_SHORT_NAMES = {"mov,mp4,m4a,3gp,3g2,mj2": "mp4", "matroska,webm": "matroska"}


@dataclass(frozen=True)
class VideoFacts:
    """What a video file says of itself.

    Attributes
    ----------
    name : str
        The file's name without its folder.
    bytes : int
        The file's size.
    sha256 : str
        Of the whole file, 64 hexadecimal digits.
    container, codec : str
        FFmpeg's short names: mp4 (also mov), matroska (also webm) or avi; h264, hevc
        and so on.
    width_px, height_px : int
        Of the frames as delivered: upright, square pixels, scaled down if large.
    source_width_px, source_height_px : int
        Of the pictures as stored.
    declared_fps, declared_duration_s : float
        As the file claims, which may be wrong; NaN if it does not.
    rotation_deg : int
        How far stored pictures are turned clockwise: 0, 90, 180 or 270.
    is_mirrored : bool
        Whether the file asks for its pictures to be flipped left-right, before they
        are turned.
    sample_aspect_ratio : float
        Width by height of a stored pixel.
    modified_at : str
        When the file was last written to, UTC: the next best guess.
    recorded_at : str or None
        When the camera says it was, UTC, as in ``2026-03-01T09:30:00+00:00``.
    """

    name: str
    bytes: int
    sha256: str
    container: str
    codec: str
    width_px: int
    height_px: int
    source_width_px: int
    source_height_px: int
    declared_fps: float
    declared_duration_s: float
    rotation_deg: int
    is_mirrored: bool
    sample_aspect_ratio: float
    modified_at: str
    recorded_at: str | None

    @property
    def expected_frames(self) -> int | None:
        """How many frames the file claims to hold, roughly; None if it does not."""
        expected = self.declared_duration_s * self.declared_fps
        return None if math.isnan(expected) else round(expected)


def facts_of(
    path: Path,
    container: InputContainer,
    stream: VideoStream,
    *,
    turn: Turn,
    source_px: tuple[int, int],
    delivered_px: tuple[int, int],
) -> VideoFacts:
    """Gather what the file says of itself; sizes are (width, height)."""
    status = path.stat()
    written = datetime.fromtimestamp(status.st_mtime, UTC)
    return VideoFacts(
        name=path.name,
        bytes=status.st_size,
        sha256=sha256_of(path),
        container=_SHORT_NAMES.get(container.format.name, container.format.name),
        codec=stream.codec_context.codec.canonical_name,
        width_px=delivered_px[0],
        height_px=delivered_px[1],
        source_width_px=source_px[0],
        source_height_px=source_px[1],
        declared_fps=declared_fps(stream),
        declared_duration_s=declared_duration_s(container, stream),
        rotation_deg=turn.clockwise_deg,
        is_mirrored=turn.is_mirrored,
        sample_aspect_ratio=float(stream.sample_aspect_ratio or 1),
        modified_at=written.isoformat(timespec="seconds"),
        recorded_at=recorded_at(container),
    )


def declared_fps(stream: VideoStream) -> float:
    """Return the frame rate that the file claims; NaN if it does not."""
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate else math.nan


def declared_duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Return how long the pictures last as the file claims; NaN if it does not."""
    if container.format.name == "avi" and stream.frames and stream.average_rate:
        # FFmpeg shortens the duration of a cut avi; its header still knows better.
        return float(stream.frames / stream.average_rate)
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Matroska declares where the pictures, or else the whole file, end.
    end_s = _seconds(stream.metadata.get("DURATION", ""))
    if math.isnan(end_s) and container.duration:
        end_s = container.duration / 1e6
    return end_s - float((stream.start_time or 0) * (stream.time_base or 0))


def recorded_at(container: InputContainer) -> str | None:
    """Return when the camera says that it recorded, as ISO 8601 in UTC, or None."""
    said = container.metadata.get("creation_time", "")
    try:
        at = datetime.fromisoformat(said)
        # The standards' clock is UTC where no zone is written.
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return at.isoformat(timespec="seconds")


def sha256_of(path: Path) -> str:
    """Return the checksum of a file, 64 hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seconds(clock: str) -> float:
    """Return seconds of ``hh:mm:ss.sss``; NaN if it is not written so."""
    parts = re.fullmatch(r"(\d+):(\d\d):(\d\d(?:\.\d*)?)", clock)
    if parts is None:
        return math.nan
    hours, minutes, seconds = parts.groups()
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
