"""A time with its offset from UTC <-> text that no database changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[datetime]):
    """A time with its offset from UTC, as ISO 8601 text.

    Both databases would turn a time into their own zone or drop its offset; the day on
    the subject's calendar hangs on it.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> str | None:
        """Write a time; only one with an offset has a place in the history."""
        del dialect
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"{value!r} has no offset from UTC.")
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Any) -> datetime | None:
        """Read it back."""
        del dialect
        return None if value is None else datetime.fromisoformat(value)
