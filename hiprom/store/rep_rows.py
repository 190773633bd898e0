"""A rep <-> its rows: the numbers, what else moved, and whether it is excluded."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Connection, Select, Subquery, insert, select

from hiprom.core.history import SavedRep
from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Rep
from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import InputError
from hiprom.store.tables import compensations, exclusions, reps

_NOT_NUMBERS = {"number", "flags", "valid", "changes", "further"}
# The fields of Rep that are a number, in the order of Rep.
NUMBERS = tuple(each.name for each in fields(Rep) if each.name not in _NOT_NUMBERS)

# How many trials one question may name.
_AT_ONCE = 500


def insert_reps(
    connection: Connection, new: Sequence[tuple[int, str, SavedRep]]
) -> None:
    """Insert reps, each with the id of its trial and the name of its protocol."""
    if not new:
        return
    for _, _, saved in new:
        _require_storable(saved)
    rows = [{"trial_id": trial_id, **_row(saved)} for trial_id, _, saved in new]
    connection.execute(insert(reps), rows)
    ids = _ids(connection, sorted({trial_id for trial_id, _, _ in new}))
    moved: list[dict[str, Any]] = []
    excluded: list[dict[str, Any]] = []
    now = datetime.now(UTC)
    for trial_id, protocol, saved in new:
        rep_id = ids[trial_id, *key(saved)]
        units = _units(protocol)
        moved += [
            {
                "rep_id": rep_id,
                "name": name,
                "value": _null(value),
                "unit": units.get(name, ""),
            }
            for name, value in saved.rep.changes.items()
        ]
        if saved.excluded is not None:
            why = {"reason": saved.excluded, "who": "", "at": now}
            excluded.append({"rep_id": rep_id, **why})
    for table, rows in ((compensations, moved), (exclusions, excluded)):
        if rows:
            connection.execute(insert(table), rows)


def read_reps(
    connection: Connection, trial_ids: Select[int]
) -> dict[int, list[SavedRep]]:
    """Return the reps of the trials that `trial_ids` selects, by trial, in order."""
    chosen = reps.c.trial_id.in_(trial_ids)
    changes: dict[int, dict[str, float]] = {}
    moved = (
        select(compensations.c.rep_id, compensations.c.name, compensations.c.value)
        .join(reps, reps.c.id == compensations.c.rep_id)
        .where(chosen)
        .order_by(compensations.c.rep_id, compensations.c.name)
    )
    for rep_id, name, value in connection.execute(moved):
        changes.setdefault(rep_id, {})[name] = _nan(value)
    standing = (
        select(exclusions.c.rep_id, exclusions.c.reason)
        .join(reps, reps.c.id == exclusions.c.rep_id)
        .where(chosen, exclusions.c.undone_at.is_(None))
    )
    excluded = {row.rep_id: row.reason for row in connection.execute(standing)}
    found: dict[int, list[SavedRep]] = {}
    columns: tuple[Column[Any], ...] = (
        *(reps.c.id, reps.c.trial_id, reps.c.side, reps.c.quantity),
        *(reps.c.number, reps.c.flags, reps.c.valid),
        *(reps.c[name] for name in NUMBERS),
    )
    rows = connection.execute(select(*columns).where(chosen).order_by(reps.c.id))
    for rep_id, trial_id, side, quantity, number, flags, valid, *numbers in rows:
        values: dict[str, Any] = dict(zip(NUMBERS, map(_nan, numbers), strict=True))
        rep = Rep(
            number=number,
            flags=tuple(flags.split(";")) if flags else (),
            valid=valid,
            changes=changes.get(rep_id, {}),
            **values,
        )
        saved = SavedRep(
            cast("MeasuredSide", side), quantity, rep, excluded.get(rep_id)
        )
        found.setdefault(trial_id, []).append(saved)
    return found


def each_once() -> Subquery:
    """Return the repetitions of all trials, each once for all its quantities."""
    which = select(reps.c.trial_id, reps.c.side, reps.c.number)
    return which.distinct().subquery()


def key(saved: SavedRep) -> tuple[str, str, int]:
    """Return what tells a rep from the others of its trial."""
    return saved.side, saved.quantity, saved.rep.number


def same(one: SavedRep, other: SavedRep) -> bool:
    """Whether two reps hold the same, NaN being the same as NaN."""
    return _row(one) == _row(other) and _changes(one) == _changes(other)


def _ids(
    connection: Connection, trial_ids: Sequence[int]
) -> dict[tuple[int, str, str, int], int]:
    """Return the ids of the reps of some trials.

    Asked for afterwards: to have them back from a bulk insert takes PostgreSQL's
    driver five times as long.
    """
    which = (reps.c.trial_id, reps.c.side, reps.c.quantity, reps.c.number)
    found: dict[tuple[int, str, str, int], int] = {}
    for start in range(0, len(trial_ids), _AT_ONCE):
        some = trial_ids[start : start + _AT_ONCE]
        asked = select(*which, reps.c.id).where(reps.c.trial_id.in_(some))
        found |= {
            (trial_id, side, quantity, number): rep_id
            for trial_id, side, quantity, number, rep_id in connection.execute(asked)
        }
    return found


def _row(saved: SavedRep) -> dict[str, Any]:
    rep = saved.rep
    numbers = {name: _null(getattr(rep, name)) for name in NUMBERS}
    return {
        "side": saved.side,
        "quantity": saved.quantity,
        "number": int(rep.number),
        "flags": ";".join(rep.flags),
        "valid": bool(rep.valid),
        **numbers,
    }


def _changes(saved: SavedRep) -> dict[str, float | None]:
    return {name: _null(value) for name, value in saved.rep.changes.items()}


def _require_storable(saved: SavedRep) -> None:
    for flag in saved.rep.flags:
        if not flag or ";" in flag:
            raise InputError(
                f"A rep has the flag {flag!r}. Flags are joined by semicolons in the "
                "history: give it a name without one."
            )


@cache
def _units(protocol: str) -> Mapping[str, str]:
    known = PROTOCOLS.get(protocol)
    return {} if known is None else {k: v.unit for k, v in known.limits.items()}


def _null(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _nan(value: float | None) -> float:
    return math.nan if value is None else value
