"""A measured recording, as the history is asked to keep it, and what makes it one."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hiprom.core.history import VIDEO, SavedRep
from hiprom.errors import InputError


@dataclass(frozen=True)
class Video:
    """The file that a trial was measured from.

    `sha256` is empty where only the name is known, as in an import. `facts` is what
    else is known of it: frame rate, size, duration; JSON.
    """

    name: str
    sha256: str = ""
    bytes: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class NewTrial:
    """One recording to keep.

    Attributes
    ----------
    recorded_at : datetime
        With its offset from UTC; the day it falls on there makes the session.
    protocol : str
    reps : tuple of SavedRep
    instrument : str
        What measured; only alike is ever compared.
    side : str
        The side that was asked for: "left", "right", "both" or "auto".
    video : Video or None
    duration_s : float
        NaN where unknown.
    parameters : mapping
        All other settings that the numbers hang on, a camera profile's name among
        them; JSON, as all mappings here. NaN in them becomes null.
    model_sha256 : str
        Of the pose model; "" where there was none.
    software : mapping
        Versions by name. They tell how a trial came about, but are no settings.
    camera : mapping
        What was known or estimated of the camera.
    summary : mapping
        What summary.json holds.
    analysed_at : datetime or None
        With its offset from UTC.
    """

    recorded_at: datetime
    protocol: str
    reps: tuple[SavedRep, ...]
    instrument: str = VIDEO
    side: str = "auto"
    video: Video | None = None
    duration_s: float = math.nan
    parameters: Mapping[str, Any] = field(default_factory=dict, hash=False)
    model_sha256: str = ""
    software: Mapping[str, Any] = field(default_factory=dict, hash=False)
    camera: Mapping[str, Any] = field(default_factory=dict, hash=False)
    summary: Mapping[str, Any] = field(default_factory=dict, hash=False)
    analysed_at: datetime | None = None

    @property
    def video_name(self) -> str:
        """The file's name, "" where there was none."""
        return self.video.name if self.video else ""

    @property
    def source_sha256(self) -> str:
        """What was measured: the video's contents, or else its name and time."""
        if self.video and self.video.sha256:
            return self.video.sha256
        return _sum_of(self.video_name, self.recorded_at.astimezone(UTC).isoformat())

    @property
    def settings_sha256(self) -> str:
        """How it was measured."""
        return settings_sha256(
            self.protocol,
            self.side,
            self.instrument,
            self.parameters,
            self.model_sha256,
        )


def settings_sha256(
    protocol: str,
    side: str,
    instrument: str,
    parameters: Mapping[str, Any],
    model_sha256: str,
) -> str:
    """Return one checksum for all settings that the numbers hang on."""
    return _sum_of(protocol, side, instrument, plain(parameters), model_sha256)


def require_whole(new: NewTrial) -> None:
    """Raise InputError if a trial cannot be kept as it is."""
    for name in ("recorded_at", "analysed_at"):
        moment = getattr(new, name)
        if moment is not None and moment.utcoffset() is None:
            raise InputError(
                f"{name} is {moment.isoformat()}, which says no offset from UTC. Add "
                "one: the day of the session hangs on it."
            )
    seen: set[tuple[str, str, int]] = set()
    for each in new.reps:
        which = (each.side, each.quantity, each.rep.number)
        if which in seen:
            raise InputError(
                f"Rep {each.rep.number} of {each.quantity} on the {each.side} side is "
                "there twice. Give each rep of a trial a number of its own."
            )
        seen.add(which)


def plain(value: Any) -> Any:
    """Return a value as JSON has it, NaN as None."""
    if isinstance(value, Mapping):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def _sum_of(*parts: Any) -> str:
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
