"""Saved trials -> one JSON document with everything that the history knows.

Nothing is rounded and nothing left out; what is missing is null.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from hiprom.core.history import DiaryEntry, Programme, SavedTrial, Subject
from hiprom.report.exports.rows import in_order
from hiprom.report.json_text import json_text
from hiprom.report.tables import printable
from hiprom.report.whole_file import write_whole

SCHEMA = "hiprom.history/1"


def history_document(
    subject: Subject,
    trials: Iterable[SavedTrial],
    *,
    diary: Iterable[DiaryEntry] = (),
    programme: Programme | None = None,
    exported_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the document: only dicts, lists, text, numbers, truth and None.

    Parameters
    ----------
    subject : Subject
    trials : iterable of SavedTrial
        They stand in the document in order of time.
    diary : iterable of DiaryEntry
    programme : Programme, optional
    exported_at : datetime, optional
        With its offset from UTC.
    """
    document: dict[str, Any] = _plain(
        {
            "schema": SCHEMA,
            "exported_at": exported_at,
            "subject": subject,
            "programme": programme,
            "diary": list(diary),
            "trials": in_order(trials),
        }
    )
    return document


def write_history_json(
    path: Path,
    subject: Subject,
    trials: tuple[SavedTrial, ...],
    *,
    diary: Iterable[DiaryEntry] = (),
    programme: Programme | None = None,
    exported_at: datetime | None = None,
) -> tuple[Path]:
    """Write `history_document`, indented; raise ResultsError if it cannot be."""
    document = history_document(
        subject, trials, diary=diary, programme=programme, exported_at=exported_at
    )
    write_whole(path, json_text(document))
    return (path,)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        # A further quantity has a rep of its own in the history.
        value = {k: v for k, v in named.items() if k != "further"}
    match value:
        case Mapping():
            return {printable(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case datetime():
            return value.isoformat()
        case str():
            return printable(value)
        case float() if not math.isfinite(value):
            return None
        case _:
            return value
