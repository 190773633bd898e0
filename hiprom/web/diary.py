"""A form about practice and discomfort -> a diary entry, or what to put right in it."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from hiprom.core.history import DiaryEntry, Programme
from hiprom.core.programme import questions
from hiprom.core.protocols import PROTOCOLS

FELT = ("easy", "as usual", "hard")
MOST_MINUTES, MOST_TIMES, WORST = 600, 500, 10
_LONGEST_NOTE, _LONGEST_PLACE = 1000, 80
_MOST_SESSIONS = 21


@dataclass(frozen=True)
class Wrong(Exception):
    """What has to be put right, by the field's name."""

    errors: Mapping[str, str]


class _Reading:
    """The fields of a form, read one by one; what is wrong is gathered."""

    def __init__(self, said: Mapping[str, str]) -> None:
        self._said = said
        self.errors: dict[str, str] = {}

    def text(self, name: str, longest: int) -> str:
        given = " ".join(self._said.get(name, "").split())
        if len(given) > longest:
            self.errors[name] = (
                f"This has {len(given)} characters; at most {longest} are kept."
            )
        return given

    def number(self, name: str, least: float, most: float, unit: str = "") -> float:
        """Return a number, with a point or a comma; NaN where nothing is given."""
        given = self._said.get(name, "").strip()
        if not given:
            return math.nan
        try:
            value = float(given.replace(",", "."))
        except ValueError:
            value = math.nan
        if not least <= value <= most:
            self.errors[name] = (
                f"{given[:20]!r} is not a number from {least:g} to {most:g}{unit}."
            )
        return value

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self.number(name, least, most)
        if math.isnan(value) or name in self.errors:
            return None
        if value != int(value):
            self.errors[name] = f"{value:g} is not a whole number."
        return int(value)

    def one_of(self, name: str, known: tuple[str, ...]) -> str:
        given = self._said.get(name, "").strip()
        if given and given not in known:
            self.errors[name] = "Choose one of the list."
        return given

    def is_ticked(self, name: str) -> bool:
        return self._said.get(name) == "yes"


def entry_of(said: Mapping[str, str], now: datetime) -> DiaryEntry:
    """Read the form of the diary.

    Sets, repetitions and how it felt stand before the note, as a person would write
    them: the diary keeps words for them, no numbers.

    Parameters
    ----------
    said : mapping
        The form's fields.
    now : datetime
        With the offset of this machine; an entry of an earlier day is put at its noon.

    Raises
    ------
    Wrong
        If a field cannot be understood, or nothing was filled in.
    """
    form = _Reading(said)
    noted_at = _moment(form, said.get("day", "").strip(), now)
    minutes = form.number("minutes", 0, MOST_MINUTES, " minutes")
    sets = form.whole("sets", 1, MOST_TIMES)
    reps = form.whole("reps", 1, MOST_TIMES)
    discomfort = form.whole("discomfort", 0, WORST)
    note = form.text("note", _LONGEST_NOTE)
    felt = form.one_of("felt", FELT)
    entry = DiaryEntry(
        noted_at=noted_at,
        discomfort=discomfort,
        place=form.text("place", _LONGEST_PLACE),
        stopped_early=form.is_ticked("stopped_early"),
        practised_min=0.0 if math.isnan(minutes) else minutes,
        drill=form.one_of("drill", tuple(PROTOCOLS)),
        note=". ".join(filter(None, [_done(sets, reps, felt), note])),
    )
    is_practice = bool(entry.drill or sets or reps or felt)
    if is_practice and not entry.practised_min and "minutes" not in form.errors:
        form.errors["minutes"] = "Say for how many minutes, so that it counts."
    if entry == DiaryEntry(noted_at) and not form.errors:
        form.errors["minutes"] = (
            "Nothing is filled in. Give the minutes practised, or a discomfort, or "
            "write a note."
        )
    if form.errors:
        raise Wrong(form.errors)
    return entry


def key_of(entry: DiaryEntry) -> str:
    """Return what an entry is known by in a form; entries that are alike share it."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:32]


def programme_of(said: Mapping[str, str], before: Programme) -> Programme:
    """Read the form of the programme.

    Raises
    ------
    Wrong
        If a field cannot be understood.
    """
    form = _Reading(said)
    least, most = _rising(
        form, "sessions", _MOST_SESSIONS, tuple(map(float, before.sessions_per_week))
    )
    shortest, longest = _rising(form, "minutes", MOST_MINUTES, before.minutes)
    if least != int(least) or most != int(most):
        form.errors["sessions_from"] = "Give whole numbers of sessions."
    if form.errors:
        raise Wrong(form.errors)
    flags = tuple(
        each.name for each in questions() if form.is_ticked(f"flag-{each.name}")
    )
    return Programme(
        sessions_per_week=(int(least), int(most)),
        minutes=(shortest, longest),
        drills=tuple(name for name in PROTOCOLS if form.is_ticked(f"drill-{name}")),
        red_flags=flags if flags or form.is_ticked("answered") else before.red_flags,
    )


def _moment(form: _Reading, given: str, now: datetime) -> datetime:
    if not given:
        return now
    try:
        day = date.fromisoformat(given)
    except ValueError:
        form.errors["day"] = f"{given[:20]!r} is not a day, as in {now:%Y-%m-%d}."
        return now
    if day > now.date():
        form.errors["day"] = "This day is still to come. Note it when it is over."
    elif day.year < 1900:
        form.errors["day"] = "This is too long ago."
    elif day < now.date():
        return datetime.combine(day, time(12)).astimezone()
    return now


def _done(sets: int | None, reps: int | None, felt: str) -> str:
    """Return "3 sets of 10, felt easy"."""
    if sets and reps:
        said = f"{sets} set{'' if sets == 1 else 's'} of {reps}"
    elif sets:
        said = f"{sets} set{'' if sets == 1 else 's'}"
    else:
        said = f"{reps} repetition{'' if reps == 1 else 's'}" if reps else ""
    return ", ".join(filter(None, [said, f"felt {felt}" if felt else ""]))


def _rising(form: _Reading, name: str, most: int, before: Any) -> tuple[float, float]:
    low = form.number(f"{name}_from", 1, most)
    high = form.number(f"{name}_to", 1, most)
    low = before[0] if math.isnan(low) else low
    high = before[1] if math.isnan(high) else high
    if low > high and not form.errors.keys() & {f"{name}_from", f"{name}_to"}:
        form.errors[f"{name}_to"] = "This must not be less than the number before it."
    return float(low), float(high)
