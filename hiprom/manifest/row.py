"""One row of a manifest -> the job it names, or what is wrong with it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from hiprom.core.jobs import JobSpec
from hiprom.core.protocols import PROTOCOLS
from hiprom.manifest.guesses import DEFAULT_PROTOCOL, DEFAULT_SIDE
from hiprom.report.addresses import is_url, why_unusable

COLUMNS = ("video", "subject", "protocol", "side", "recorded_at", "camera")
AUTO = "auto"

_CHOICES = (AUTO, "left", "right", "both")
# As German and other spreadsheets save a day again.
_DOTTED_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(.*)", re.DOTALL)
# Outside these a century was mistyped.
_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class Row:
    """A row's cells by column, and the folder its paths begin in."""

    cells: Mapping[str, str]
    base: Path

    def problems(self) -> Iterator[str]:
        """Yield what was found and what is needed, for each cell that is of no use."""
        if not self._text("video"):
            yield "video is empty; needed is a path or a URL"
        elif is_url(self._text("video")) and (why := why_unusable(self._text("video"))):
            yield f"video is a URL that cannot be used: {why}"
        known = (AUTO, *PROTOCOLS)
        if self._protocol not in known:
            yield f"protocol is {self._protocol!r}; needed is one of {', '.join(known)}"
        if self._side not in _CHOICES:
            yield f"side is {self._side!r}; needed is one of {', '.join(_CHOICES)}"
        try:
            self._recorded_at()
        except (ValueError, OverflowError):
            yield (
                f"recorded_at is {self._text('recorded_at')!r}; needed is a day such "
                "as 2026-05-04, or a time such as 2026-05-04T09:30 or "
                "2026-05-04T09:30:00+02:00"
            )

    def spec(self) -> JobSpec:
        """Return the job, its name still empty; only of a row without problems."""
        video = self._text("video")
        camera = self._text("camera")
        return JobSpec(
            video=video if is_url(video) else self._path(video),
            name="",
            protocol=self._protocol,
            side=self._side,
            subject=self._text("subject") or None,
            recorded_at=self._recorded_at(),
            camera=(self._path(camera) if camera.endswith(".toml") else camera) or None,
        )

    @property
    def _protocol(self) -> str:
        return self._text("protocol").lower() or DEFAULT_PROTOCOL

    @property
    def _side(self) -> str:
        return self._text("side").lower() or DEFAULT_SIDE

    def _text(self, name: str) -> str:
        return self.cells.get(name, "")

    def _path(self, name: str) -> str:
        return os.path.normpath(self.base / name)

    def _recorded_at(self) -> datetime | None:
        text = self._text("recorded_at")
        return _moment(text) if text else None


def _moment(text: str) -> datetime:
    """Return the time that `text` tells; raise ValueError if it tells none."""
    dotted = _DOTTED_DAY.fullmatch(text)
    if dotted:
        day, month, year, rest = dotted.groups()
        text = f"{year}-{month:0>2}-{day:0>2}{rest}"
    try:
        # Noon, for then no time zone moves it to another day.
        moment = datetime.combine(date.fromisoformat(text), time(12))
    except ValueError:
        moment = datetime.fromisoformat(text)
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(text)
    return moment if moment.tzinfo is not None else moment.astimezone()
