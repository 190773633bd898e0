"""The tests of a batch -> a name for each one's folder, fit for every file system.

A name is the video's own. Where two would share one, what tells them apart comes in
front or behind: a folder above the video, its kind, the protocol, the side. So a name
depends on which tests there are, never on their order.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from pathlib import PurePath, PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from hiprom.report.addresses import is_url

# Letters of any alphabet, digits, "_" and "-" stay. Without a dot a folder is never
# hidden, and never takes the name of one of the batch's own files.
_UNSAFE = re.compile(r"[^\w-]+")
_NAMELESS = "video"
# File systems allow 255 bytes; unfinished folders have a longer name for a while.
_LONGEST_BYTES = 120
_MARK_LENGTH = 8
# Names that Windows keeps for its devices.
_DEVICES = {
    *("con", "prn", "aux", "nul"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
}


# A folder above the video by its distance, 0 the nearest; or another kind of feature.
Feature = int | str


class NamedTest(NamedTuple):
    """One test: its video as seen from the batch's folder, or a URL; and what it is."""

    video: str
    protocol: str
    side: str


def job_names(tests: Iterable[NamedTest]) -> list[str]:
    """Return a name for each test, in their order.

    Parameters
    ----------
    tests : iterable of NamedTest
        Each different from all others.

    Returns
    -------
    list of str
        No two alike, not even where capitals count for nothing.

    Examples
    --------
    >>> job_names([NamedTest("p1/knee.mp4", "", ""), NamedTest("p2/knee.mp4", "", "")])
    ['p1_knee', 'p2_knee']
    """
    candidates = [_Candidate(test) for test in tests]
    while clashes := _sharing_a_name(candidates):
        for group in clashes:
            feature = _telling_apart(group)
            for candidate in group:
                candidate.tell(feature)
    return [candidate.name for candidate in candidates]


class _Candidate:
    """A test on its way to a name, and which of its features the name tells so far."""

    def __init__(self, test: NamedTest) -> None:
        self.test = test
        self._place = _place(test.video)
        self._stem = _safe(self._place.stem) or _NAMELESS
        self._told: set[Feature] = set()
        self.name = self._spelt()

    @cached_property
    def features(self) -> dict[Feature, str]:
        """What may tell it from others, the first choice first."""
        above = [_safe(part) for part in reversed(self._place.parts[:-1])]
        return {
            **dict(enumerate(above)),
            "suffix": _safe(self._place.suffix),
            "protocol": _safe(self.test.protocol),
            "side": _safe(self.test.side),
            "mark": self._mark[:_MARK_LENGTH],
            "whole mark": self._mark,
        }

    @property
    def _mark(self) -> str:
        facts = "\0".join(self.test).encode(errors="surrogatepass")
        return hashlib.sha256(facts).hexdigest()

    def tells(self, feature: Feature) -> bool:
        """Return whether the name tells it; nothing is told where it has none."""
        return feature in self._told

    def tell(self, feature: Feature) -> None:
        """Put a feature into the name."""
        self._told.add(feature)
        self.name = self._spelt()

    def _spelt(self) -> str:
        levels = sorted(kind for kind in self._told if isinstance(kind, int))
        before = [self.features.get(level, "") for level in reversed(levels)]
        behind = [
            text
            for kind, text in (self.features.items() if self._told else ())
            if kind in self._told and not isinstance(kind, int)
        ]
        name = "_".join(filter(None, [*before, self._stem, *behind]))
        if len(name.encode()) > _LONGEST_BYTES:
            short = name.encode()[:_LONGEST_BYTES].decode(errors="ignore")
            name = f"{short}_{self._mark}"
        return f"{_NAMELESS}_{name}" if name.casefold() in _DEVICES else name


def _sharing_a_name(candidates: Iterable[_Candidate]) -> list[list[_Candidate]]:
    groups = defaultdict(list)
    for candidate in candidates:
        groups[_folded(candidate.name)].append(candidate)
    return [group for group in groups.values() if len(group) > 1]


def _telling_apart(group: list[_Candidate]) -> Feature:
    """Return the first feature in which they differ and that not all tell yet."""
    deepest = max(group, key=lambda each: len(each.features))
    for feature in deepest.features:
        kinds = {_folded(each.features.get(feature, "")) for each in group}
        if len(kinds) > 1 and not all(each.tells(feature) for each in group):
            return feature
    raise AssertionError(f"{group[0].test} is there twice")


def _place(video: str) -> PurePath:
    if not is_url(video):
        return PurePath(video)
    address = urlsplit(video)
    host = address.netloc.rpartition("@")[2]
    return PurePosixPath(host, unquote(address.path).lstrip("/"))


def _safe(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    return _UNSAFE.sub("_", composed).strip("_-")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.casefold())
