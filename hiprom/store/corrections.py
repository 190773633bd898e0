"""A trial that was measured wrongly -> the one that counts in its place, and the trail.

Nothing is ever erased: what was set aside can be seen, and put back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from hiprom.errors import InputError
from hiprom.store.tables import corrections, trials


@dataclass(frozen=True)
class Wrong:
    """A trial that is to give way.

    Attributes
    ----------
    trial_id : int
    reason : str
    who : str
        Says so, as far as known; "" where not.
    """

    trial_id: int
    reason: str
    who: str = ""


@dataclass(frozen=True)
class Correction:
    """One trial that gave way to another, as it stands on record.

    Attributes
    ----------
    trial_id : int
        The one that gave way.
    protocol, side : str
        As it was asked for.
    instead_id : int or None
        The one in its place; None where that was erased.
    reason, who : str
        "" where it is not known who.
    at : datetime
    undone_at : datetime or None
        When it was put back, or set aside for another.
    """

    trial_id: int
    protocol: str
    side: str
    instead_id: int | None
    reason: str
    who: str
    at: datetime
    undone_at: datetime | None


def read_corrections(connection: Connection, trial_id: int) -> tuple[Correction, ...]:
    """Return how a recording's measurements followed each other, the oldest first.

    Of all that a trial gave way to or took the place of, however many steps away.
    """
    found: dict[int, Correction] = {}
    ids, before = {trial_id}, 0
    while len(ids) > before:
        before = len(ids)
        found = {row[0]: Correction(*row[1:]) for row in connection.execute(_of(ids))}
        ids |= {each.trial_id for each in found.values()}
        ids |= {each.instead_id for each in found.values() if each.instead_id}
    return tuple(found[each] for each in sorted(found))


def set_aside(connection: Connection, wrong: Wrong, instead_id: int) -> None:
    """Let a trial count in the place of another; one that was set aside is back.

    Raises
    ------
    InputError
        If there is no reason, or the wrong one counts no more.
    """
    if not wrong.reason.strip():
        raise InputError(
            "A trial is set aside for a reason. Say which, in a few words."
        )
    if wrong.trial_id == instead_id:
        raise InputError(
            "It is measured like that already. Choose another test, side or person."
        )
    standing = _instead(connection)
    if wrong.trial_id in standing:
        if standing[wrong.trial_id] == instead_id:  # said twice
            return
        raise InputError(
            f"Trial {wrong.trial_id} counts no more: another measurement took its "
            "place. Change that one, or put this one back."
        )
    _undo(connection, instead_id)
    connection.execute(
        insert(corrections).values(
            trial_id=wrong.trial_id,
            instead_id=instead_id,
            reason=wrong.reason,
            who=wrong.who,
            at=datetime.now(UTC),
        )
    )


def put_back(connection: Connection, trial_id: int, reason: str, who: str) -> None:
    """Let a trial that was set aside count again, in the place of what replaced it.

    Raises
    ------
    InputError
        If it was not set aside.
    """
    standing = _instead(connection)
    if trial_id not in standing:
        raise InputError(f"Trial {trial_id} counts already: it was not set aside.")
    last: int | None = trial_id
    while last in standing:
        last = standing[last]
    if last is None:
        _undo(connection, trial_id)
    else:
        set_aside(connection, Wrong(last, reason, who), trial_id)


def reasons(connection: Connection, trial_ids: Select[int]) -> dict[int, str]:
    """Return why trials do not count, of those that `trial_ids` selects."""
    standing = select(corrections.c.trial_id, corrections.c.reason).where(
        corrections.c.trial_id.in_(trial_ids), corrections.c.undone_at.is_(None)
    )
    return {row.trial_id: row.reason for row in connection.execute(standing)}


def _instead(connection: Connection) -> dict[int, int | None]:
    """Return what stands in the place of each trial that was set aside."""
    standing = select(corrections.c.trial_id, corrections.c.instead_id).where(
        corrections.c.undone_at.is_(None)
    )
    return {row.trial_id: row.instead_id for row in connection.execute(standing)}


def _of(ids: set[int]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            *(corrections.c.id, corrections.c.trial_id, trials.c.protocol),
            *(trials.c.side, corrections.c.instead_id, corrections.c.reason),
            *(corrections.c.who, corrections.c.at, corrections.c.undone_at),
        )
        .join(trials, trials.c.id == corrections.c.trial_id)
        .where(or_(corrections.c.trial_id.in_(ids), corrections.c.instead_id.in_(ids)))
    )


def _undo(connection: Connection, trial_id: int) -> None:
    connection.execute(
        update(corrections)
        .where(corrections.c.trial_id == trial_id, corrections.c.undone_at.is_(None))
        .values(undone_at=datetime.now(UTC))
    )
