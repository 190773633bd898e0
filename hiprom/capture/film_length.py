"""A film without a length in its head, perhaps cut short -> how long it lasts."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path

from hiprom.capture.container import DEFAULT_LIMITS, open_container
from hiprom.errors import VideoNotReadable


def film_length_s(path: Path) -> float:
    """Return the time from a film's first picture to its last; 0 if it has none.

    Nothing is decoded, so that a minute takes milliseconds.
    """
    from av.error import FFmpegError

    first_s, last_s = math.inf, -math.inf
    try:
        container, stream = open_container(path, DEFAULT_LIMITS)
    except VideoNotReadable:
        return 0.0
    with (
        container,
        suppress(FFmpegError),
    ):  # where it breaks off, what was before counts
        for packet in container.demux(stream):
            if packet.size and packet.pts is not None and packet.time_base:
                time_s = float(packet.pts * packet.time_base)
                first_s, last_s = min(first_s, time_s), max(last_s, time_s)
    return max(last_s - first_s, 0.0)
