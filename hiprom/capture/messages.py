"""Frames and landmarks -> bytes on a pipe, and back: what parent and child say.

Parent to child: a header and the pixels of one frame. Child to parent: one answer a
frame, a row of named float32 blocks, so that a later version can add a block without
a change here. The first answer is a greeting in JSON.
"""

from __future__ import annotations

import json
import struct
from typing import IO, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

Block = NDArray[np.float32]

_FRAME = struct.Struct("<?IId")  # first of its video, width, height, time in seconds
_LENGTH = struct.Struct("<I")
_BLOCK = struct.Struct("<16sII")  # name, rows, columns


class Source(Protocol):
    """The reading end of a pipe, buffered or not."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Read up to a buffer's length into it; return how much came."""
        ...


class Picture(NamedTuple):
    """One frame as the child receives it; `is_first` begins a new video."""

    is_first: bool
    time_s: float
    rgb: NDArray[np.uint8]


def send_picture(pipe: IO[bytes], picture: Picture) -> None:
    """Write one picture, shape (height, width, 3)."""
    height, width, _ = picture.rgb.shape
    pipe.write(_FRAME.pack(picture.is_first, width, height, picture.time_s))
    pipe.write(np.ascontiguousarray(picture.rgb).data)
    pipe.flush()


def receive_picture(pipe: Source) -> Picture | None:
    """Read one picture, or None when the other end is closed."""
    header = _read(pipe, _FRAME.size)
    if header is None:
        return None
    is_first, width, height, time_s = _FRAME.unpack(header)
    rgb = np.empty((height, width, 3), np.uint8)
    is_whole = _fill(pipe, rgb.data.cast("B"))
    return Picture(is_first, time_s, rgb) if is_whole else None


def send_greeting(pipe: IO[bytes], greeting: dict[str, str | bool]) -> None:
    """Write the first answer."""
    _send(pipe, json.dumps(greeting).encode())


def receive_greeting(pipe: Source) -> dict[str, str | bool] | None:
    """Read the first answer, or None when the other end is closed."""
    answer = _receive(pipe)
    if answer is None:
        return None
    greeting: dict[str, str | bool] = json.loads(answer)
    return greeting


def send_blocks(pipe: IO[bytes], blocks: dict[str, Block]) -> None:
    """Write the answer to one picture: named float32 arrays of two axes."""
    parts = []
    for name, block in blocks.items():
        rows, columns = block.shape
        parts.append(_BLOCK.pack(name.encode(), rows, columns))
        parts.append(np.ascontiguousarray(block, np.float32).tobytes())
    _send(pipe, b"".join(parts))


def receive_blocks(pipe: Source) -> dict[str, Block] | None:
    """Read the answer to one picture, or None when the other end is closed."""
    answer = _receive(pipe)
    if answer is None:
        return None
    blocks, start = {}, 0
    while start < len(answer):
        name, rows, columns = _BLOCK.unpack_from(answer, start)
        start += _BLOCK.size
        block = np.frombuffer(answer, np.float32, rows * columns, start)
        blocks[name.rstrip(b"\0").decode()] = block.reshape(rows, columns)
        start += block.nbytes
    return blocks


def _send(pipe: IO[bytes], answer: bytes) -> None:
    pipe.write(_LENGTH.pack(len(answer)) + answer)
    pipe.flush()


def _receive(pipe: Source) -> bytearray | None:
    header = _read(pipe, _LENGTH.size)
    return None if header is None else _read(pipe, *_LENGTH.unpack(header))


def _read(pipe: Source, length: int) -> bytearray | None:
    """Read exactly so many bytes, or None when the other end closes before."""
    content = bytearray(length)
    return content if _fill(pipe, memoryview(content)) else None


def _fill(pipe: Source, content: memoryview) -> bool:
    """Fill a buffer; return whether the other end did not close before."""
    got = 0
    while got < len(content):
        more = pipe.readinto(content[got:])
        if not more:
            return False
        got += more
    return True
