"""People <-> their rows: one subject, all of them, and who was meant by a code."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from sqlalchemy import Connection, func, insert, select, update

from hiprom.core.history import InjuredSide, Sex, Subject
from hiprom.errors import InputError, UnknownSubject
from hiprom.store.rep_rows import each_once
from hiprom.store.tables import corrections, sessions, subjects, trials

_LONGEST_CODE = 64
_KNOWN = (
    subjects.c.code,
    subjects.c.display_name,
    subjects.c.sex,
    subjects.c.birth_year,
    subjects.c.injured_side,
)


@dataclass(frozen=True)
class SubjectInList:
    """A subject, and how much of them is kept.

    Attributes
    ----------
    subject : Subject
    sessions, trials, reps : int
    last_day : date or None
        The day of the last session; None before the first.
    """

    subject: Subject
    sessions: int
    trials: int
    reps: int
    last_day: date | None


def subject_id(connection: Connection, code: str) -> int:
    """Return the id behind a code, or raise UnknownSubject with near ones."""
    mine = select(subjects.c.id).where(subjects.c.code == code)
    found = connection.execute(mine).scalar()
    if found is None:
        known = list(connection.execute(select(subjects.c.code)).scalars())
        raise UnknownSubject(code, _near(code, known))
    return found


def subject_id_made(connection: Connection, code: str) -> int:
    """Return the id behind a code; a new code becomes a subject."""
    require_code(code)
    mine = select(subjects.c.id).where(subjects.c.code == code)
    found = connection.execute(mine).scalar()
    if found is not None:
        return found
    made = insert(subjects).values(code=code, created_at=datetime.now(UTC))
    return connection.execute(made.returning(subjects.c.id)).scalar_one()


def put_subject(connection: Connection, subject: Subject) -> None:
    """Keep what is known of a person, in place of what was known before."""
    mine = subjects.c.id == subject_id_made(connection, subject.code)
    connection.execute(
        update(subjects)
        .where(mine)
        .values(
            display_name=subject.display_name,
            sex=subject.sex,
            birth_year=subject.birth_year,
            injured_side=subject.injured_side,
        )
    )


def read_subject(connection: Connection, code: str) -> Subject:
    """Return what is known of a person."""
    mine = subjects.c.id == subject_id(connection, code)
    return _subject(*connection.execute(select(*_KNOWN).where(mine)).one())


def read_subjects(connection: Connection) -> tuple[SubjectInList, ...]:
    """Return all subjects in the order of their codes, with how much is kept."""
    # Each table is counted once, for all subjects: quick without an analysed plan.
    aside = select(corrections.c.trial_id).where(corrections.c.undone_at.is_(None))
    counts = trials.c.id.not_in(aside)
    visits = (
        select(
            sessions.c.subject_id,
            func.count(sessions.c.id.distinct()).label("n"),
            func.max(sessions.c.day).label("last_day"),
        )
        .join(trials, trials.c.session_id == sessions.c.id)
        .where(counts)
        .group_by(sessions.c.subject_id)
        .subquery()
    )
    recordings = (
        select(trials.c.subject_id, func.count().label("n"))
        .where(counts)
        .group_by(trials.c.subject_id)
        .subquery()
    )
    once = each_once()
    repetitions = (
        select(trials.c.subject_id, func.count().label("n"))
        .join(once, once.c.trial_id == trials.c.id)
        .where(counts)
        .group_by(trials.c.subject_id)
        .subquery()
    )
    counted = (visits, recordings, repetitions)
    everybody = select(
        *_KNOWN, *(func.coalesce(each.c.n, 0) for each in counted), visits.c.last_day
    ).select_from(subjects)
    for each in counted:
        everybody = everybody.outerjoin(each, each.c.subject_id == subjects.c.id)
    rows = connection.execute(everybody.order_by(subjects.c.code))
    return tuple(SubjectInList(_subject(*row[:5]), *row[5:]) for row in rows)


def require_code(code: str) -> None:
    """Raise InputError if a code would be misread in a table or on a command line."""
    if code != code.strip() or not code.isprintable() or code[:1] in {"", "-"}:
        raise InputError(
            f"The subject code {code!r} cannot be used: it must be visible characters "
            "without blanks around them, not starting with '-'."
        )
    if len(code) > _LONGEST_CODE:
        raise InputError(
            f"The subject code {code[:12]}… has {len(code)} characters; use at most "
            f"{_LONGEST_CODE}."
        )


def _subject(
    code: str, name: str | None, sex: str | None, year: int | None, side: str | None
) -> Subject:
    return Subject(
        code, name, cast("Sex | None", sex), year, cast("InjuredSide | None", side)
    )


def _near(code: str, known: Iterable[str]) -> list[str]:
    """Return codes that may have been meant; other digits mean another person."""
    folded = {each.casefold(): each for each in known if _digits(each) == _digits(code)}
    near = difflib.get_close_matches(code.casefold(), folded, n=2)
    return [folded[each] for each in near]


def _digits(code: str) -> list[str]:
    return [character for character in code if character.isdigit()]
