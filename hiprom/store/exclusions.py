"""A person's judgement of a rep -> whether it counts, with the trail of who said why.

Nothing is ever erased: an exclusion that was undone stays, with the time of undoing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from hiprom.core.landmarks import MeasuredSide
from hiprom.errors import InputError
from hiprom.store.tables import exclusions, reps


@dataclass(frozen=True)
class Exclusion:
    """One judgement of a rep, as it stands on record.

    Attributes
    ----------
    side, quantity : str
    number : int
        Of the rep.
    reason, who : str
        "" where it is not known who.
    at : datetime
    undone_at : datetime or None
        When the rep was taken back in, or another reason took this one's place.
    """

    side: str
    quantity: str
    number: int
    reason: str
    who: str
    at: datetime
    undone_at: datetime | None


def read_exclusions(connection: Connection, trial_id: int) -> tuple[Exclusion, ...]:
    """Return every judgement of a trial's reps, the oldest first."""
    on_record = (
        select(
            *(reps.c.side, reps.c.quantity, reps.c.number),
            *(exclusions.c.reason, exclusions.c.who),
            *(exclusions.c.at, exclusions.c.undone_at),
        )
        .join(exclusions, exclusions.c.rep_id == reps.c.id)
        .where(reps.c.trial_id == trial_id)
        .order_by(exclusions.c.id)
    )
    return tuple(Exclusion(*row) for row in connection.execute(on_record))


def exclude_rep(
    connection: Connection,
    trial_id: int,
    side: MeasuredSide,
    quantity: str,
    number: int,
    *,
    reason: str,
    who: str = "",
) -> None:
    """Take a rep out of the reckoning; a new reason takes the place of the last."""
    if not reason.strip():
        raise InputError("A rep is excluded for a reason. Say which, in a few words.")
    rep_id = _rep_id(connection, trial_id, side, quantity, number)
    _undo(connection, rep_id)
    connection.execute(
        insert(exclusions).values(
            rep_id=rep_id, reason=reason, who=who, at=datetime.now(UTC)
        )
    )


def include_rep(
    connection: Connection,
    trial_id: int,
    side: MeasuredSide,
    quantity: str,
    number: int,
) -> None:
    """Take a rep back into the reckoning; one that is there stays."""
    _undo(connection, _rep_id(connection, trial_id, side, quantity, number))


def _undo(connection: Connection, rep_id: int) -> None:
    connection.execute(
        update(exclusions)
        .where(exclusions.c.rep_id == rep_id, exclusions.c.undone_at.is_(None))
        .values(undone_at=datetime.now(UTC))
    )


def _rep_id(
    connection: Connection,
    trial_id: int,
    side: MeasuredSide,
    quantity: str,
    number: int,
) -> int:
    mine = select(reps.c.id).where(
        reps.c.trial_id == trial_id,
        reps.c.side == side,
        reps.c.quantity == quantity,
        reps.c.number == number,
    )
    found = connection.execute(mine).scalar()
    if found is None:
        raise InputError(
            f"Trial {trial_id} has no rep {number} of {quantity} on the {side} side. "
            "Look up its reps in the history."
        )
    return found
