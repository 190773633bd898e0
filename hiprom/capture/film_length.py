"""A film without a length in its head, perhaps cut short -> how long it lasts."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hiprom.capture.container import DEFAULT_LIMITS, open_container
from hiprom.errors import VideoNotReadable


def film_length_s(path: Path) -> float:
    """Return the time from a film's first picture to its last; 0 if it has none.

    Nothing is decoded, so that a minute takes milliseconds.
    """
    from av.error import FFmpegError

    times_s: list[float] = []
    try:
        container, stream = open_container(path, DEFAULT_LIMITS)
    except VideoNotReadable:
        return 0.0
    with container, suppress(FFmpegError):  # where it breaks off, what was before counts
        for packet in container.demux(stream):
            if packet.size and packet.pts is not None and packet.time_base:
                times_s.append(float(packet.pts * packet.time_base))
    return max(times_s) - min(times_s) if times_s else 0.0
