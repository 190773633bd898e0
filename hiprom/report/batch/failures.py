"""The videos that failed -> groups of one reason each, the largest first.

A reason names its own video and its own numbers; those of a group differ in nothing
else, and where they differ, its words have a gap.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePath

from hiprom.core.jobs import JobState
from hiprom.report.batch.results import SideResult

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GAP = "\N{HORIZONTAL ELLIPSIS}"
_UNSAID = "The reason was not kept. Run the batch again with --resume."


@dataclass(frozen=True)
class FailureGroup:
    """Videos that failed for one reason.

    Attributes
    ----------
    reason : str
        What was found, what was needed, what to do.
    results : tuple of SideResult
        In the order in which they came.
    """

    reason: str
    results: tuple[SideResult, ...]


def failure_groups(results: Iterable[SideResult]) -> list[FailureGroup]:
    """Return the failures among `results` by reason, the most frequent first."""
    alike: dict[str, list[tuple[str, SideResult]]] = defaultdict(list)
    for result in results:
        if result.state == JobState.FAILED:
            said = _without_video(result)
            alike[_NUMBER.sub(_GAP, said)].append((said, result))
    groups = [
        FailureGroup(
            _common([said for said, _ in group]),
            tuple(result for _, result in group),
        )
        for group in alike.values()
    ]
    return sorted(groups, key=lambda group: (-len(group.results), group.reason))


def _without_video(result: SideResult) -> str:
    """Return the reason without the video's own name, and that of its folder."""
    said = result.reason or _UNSAID
    file = PurePath(result.video).name
    for name in (result.video, file):
        said = said.removeprefix(f"{name}: ")
        said = re.sub(rf"(?<![\w/]){re.escape(name)}(?!\w)", "the video", said)
    said = re.sub(rf"(?<=[/\\]){re.escape(result.name)}(?![\w-])", _GAP, said)
    return said[:1].upper() + said[1:]


def _common(reasons: list[str]) -> str:
    """Return the first reason, with a gap for each number that is not in all."""
    numbers = zip(*(_NUMBER.findall(reason) for reason in reasons), strict=True)
    shown = iter(
        [each[0] if len(set(each)) == 1 else _GAP for each in numbers],
    )
    return _NUMBER.sub(lambda _: next(shown), reasons[0])
