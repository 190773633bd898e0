"""A video's path -> which test it seems to show, and of which leg."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from types import MappingProxyType

from hiprom.core.landmarks import SIDES
from hiprom.core.protocols import PROTOCOLS

DEFAULT_PROTOCOL = "seated_ir"
DEFAULT_SIDE = "auto"

# What people write for short; the seated test is the one that is usually meant.
_OBVIOUS = MappingProxyType(
    {
        "internal": "seated_ir",
        "ir": "seated_ir",
        "external": "seated_er",
        "er": "seated_er",
    }
)
# "kneeLeft2" and "SeatedIR_LEFT" are several words as well.
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def guessed_protocol(place: PurePath) -> str:
    """Return the protocol that the file's name tells, or else a folder's above it.

    >>> guessed_protocol(PurePath("P-01/external left.mp4"))
    'seated_er'
    """
    for words in _words(place):
        for name in sorted(PROTOCOLS, key=len, reverse=True):
            if set(name.split("_")) <= words or name.replace("_", "") in words:
                return name
        told = {_OBVIOUS[word] for word in words & _OBVIOUS.keys()}
        if len(told) == 1:
            return told.pop()
    return DEFAULT_PROTOCOL


def guessed_side(place: PurePath) -> str:
    """Return the side that the file's name tells, or else a folder's above it.

    >>> guessed_side(PurePath("left/IMG_0001.mov")), guessed_side(PurePath("a.mov"))
    ('left', 'auto')
    """
    for words in _words(place):
        named = [side for side in SIDES if side in words]
        if "both" in words or len(named) > 1:
            return "both"
        if named:
            return named[0]
    return DEFAULT_SIDE


def _words(place: PurePath) -> Iterator[set[str]]:
    """Yield the words of the file's name, then of each folder above, lower case."""
    for part in (place.stem, *reversed(place.parts[:-1])):
        yield {word.lower() for word in _WORD.findall(part)}
