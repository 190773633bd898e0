"""What a browser says during a live test -> values that can be trusted."""

from __future__ import annotations

import math
import struct
import time
from collections import deque
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from hiprom.errors import InputError

MOST_BYTES = 500_000
_HEAD = struct.Struct("<d")
_LONGEST_S = 24 * 3600.0
_MOST_A_SECOND = 60
_OVER_S = 2.0
_LEAST_PX, _MOST_PX = 64, 1280
_RELOAD = "Load the page anew."

_Px = Annotated[int, Field(ge=_LEAST_PX, le=_MOST_PX, multiple_of=2)]


class Asked(BaseModel):
    """The first message: which test, and how large the pictures will be."""

    model_config = ConfigDict(extra="forbid")

    protocol: Annotated[str, Field(max_length=64)]
    side: Annotated[str, Field(max_length=16)] = "auto"
    subject: Annotated[str, Field(max_length=200)] = ""
    camera: Annotated[str, Field(max_length=64)] = ""
    reps: Annotated[int, Field(ge=1, le=20)] = 5
    width: _Px
    height: _Px


class Picture(NamedTuple):
    """A picture, and when it was taken by the browser's clock."""

    time_s: float
    jpeg: bytes


def asked_from(text: str) -> Asked:
    """Read the first message.

    Raises
    ------
    InputError
        If it does not say what it should.
    """
    try:
        return Asked.model_validate_json(text)
    except ValidationError as error:
        where = ", ".join(str(each["loc"][0]) for each in error.errors() if each["loc"])
        raise InputError(
            f"The page asked for a live test in a way that cannot be read"
            f"{f' ({where})' if where else ''}. {_RELOAD}"
        ) from None


def picture_from(data: bytes) -> Picture:
    """Read a picture's message: its time in seconds, then the JPEG.

    Raises
    ------
    InputError
        If it is too large, or its time is none.
    """
    if not _HEAD.size < len(data) <= MOST_BYTES:
        raise InputError(
            f"A picture came with {len(data):,} bytes; at most {MOST_BYTES:,} are "
            f"taken. {_RELOAD}"
        )
    (time_s,) = _HEAD.unpack_from(data)
    if not (math.isfinite(time_s) and 0 <= time_s < _LONGEST_S):
        raise InputError(f"A picture came without its time. {_RELOAD}")
    return Picture(time_s, data[_HEAD.size :])


class Pace:
    """Counts what comes, and refuses what comes faster than any camera."""

    def __init__(self) -> None:
        self._came_s: deque[float] = deque()

    def count(self, now_s: float | None = None) -> None:
        """Count one more.

        Raises
        ------
        InputError
            If there were too many lately.
        """
        now_s = time.monotonic() if now_s is None else now_s
        self._came_s.append(now_s)
        while now_s - self._came_s[0] > _OVER_S:
            self._came_s.popleft()
        if len(self._came_s) > _MOST_A_SECOND * _OVER_S:
            raise InputError(
                f"More than {_MOST_A_SECOND} pictures a second came, which no camera "
                f"gives. {_RELOAD}"
            )
