"""`hiprom subject`, `diary`, `programme`, `exclude`, `forget`: parse, call, print."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from hiprom.cli.app import Code, When, app, moment, opened_history
from hiprom.errors import InputError, UnknownSubject

if TYPE_CHECKING:
    from hiprom.core.history import DiaryEntry
    from hiprom.store.store import Store

Number = TypeVar("Number", int, float)


class Sex(StrEnum):
    """For norms only."""

    FEMALE = "female"
    MALE = "male"


class Injured(StrEnum):
    """Which side was injured."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"
    NONE = "none"


@app.command(epilog="Example: hiprom subject P01 --sex female --birth-year 1984")
def subject(
    code: Annotated[str, typer.Argument(metavar="SUBJECT", help="The person's code.")],
    name: Annotated[str | None, typer.Option(help="A name to show.")] = None,
    sex: Annotated[Sex | None, typer.Option(help="For norms only.")] = None,
    birth_year: Annotated[int | None, typer.Option(min=1900, max=2100)] = None,
    injured_side: Annotated[Injured | None, typer.Option()] = None,
) -> None:
    """Say what is known of a person; what is not given stays as it was."""
    from hiprom.core.history import Subject
    from hiprom.terminal import say

    given: dict[str, Any] = {
        "display_name": name,
        "sex": sex.value if sex else None,
        "birth_year": birth_year,
        "injured_side": injured_side.value if injured_side else None,
    }
    with opened_history() as store:
        try:
            known = store.subject(code)
        except UnknownSubject:
            known = Subject(code)
        now = replace(known, **{k: v for k, v in given.items() if v is not None})
        store.put_subject(now)
    said = [now.display_name, now.sex, now.birth_year, now.injured_side]
    say(
        f"{code}: " + (", ".join(str(each) for each in said if each) or "no more known")
    )


@app.command(epilog="Example: hiprom diary P01 --discomfort 3 --place groin")
def diary(
    subject: Code,
    discomfort: Annotated[
        int | None, typer.Option(min=0, max=10, help="0 none, 10 the worst.")
    ] = None,
    place: Annotated[str, typer.Option(help="Where.")] = "",
    minutes: Annotated[
        float, typer.Option(min=0, help="Minutes practised without a recording.")
    ] = 0.0,
    drill: Annotated[str, typer.Option(help="What was practised.")] = "",
    stopped_early: Annotated[
        bool, typer.Option("--stopped-early", help="A movement stopped with pain.")
    ] = False,
    note: Annotated[str, typer.Option()] = "",
    at: When = None,
    remove: Annotated[
        int | None, typer.Option(min=1, help="Remove an entry for good, by its number.")
    ] = None,
) -> None:
    """Note discomfort or practice; with nothing to note, list what was noted."""
    from hiprom.core.history import DiaryEntry
    from hiprom.core.protocols import protocol
    from hiprom.terminal import say

    noted_at = moment(at) or datetime.now(UTC).astimezone()
    new = DiaryEntry(
        noted_at=noted_at,
        discomfort=discomfort,
        place=place,
        stopped_early=stopped_early,
        practised_min=minutes,
        drill=protocol(drill).name if drill else "",
        note=note,
    )
    is_noting = new != DiaryEntry(noted_at)
    if is_noting and remove is not None:
        raise typer.BadParameter(
            "Note or remove, one at a time.", param_hint="--remove"
        )
    with opened_history() as store:
        if is_noting:
            store.add_diary(subject, new)
            say(f"Noted for {subject}.")
        elif remove is not None:
            say(f"Removed: {_removed(subject, remove, store)}")
        else:
            entries = store.diary(subject)
            if not entries:
                say(f"Nothing is noted for {subject} yet. --minutes 10 notes practice.")
            for number, entry in enumerate(entries, 1):
                typer.echo(f"{number:3}  {_in_words(entry)}")


@app.command(epilog="Example: hiprom programme P01 --sessions 2 3 --minutes 5 10")
def programme(
    subject: Code,
    sessions: Annotated[
        tuple[int, int] | None, typer.Option(help="Sessions a week, from and to.")
    ] = None,
    minutes: Annotated[
        tuple[float, float] | None, typer.Option(help="Minutes a session, from and to.")
    ] = None,
    drill: Annotated[
        list[str] | None, typer.Option(help="What to practise; repeat for more.")
    ] = None,
    questions: Annotated[
        bool, typer.Option("--questions", help="Answer the questions of the first use.")
    ] = False,
) -> None:
    """Show or change what a person means to do each week."""
    from hiprom.core.history import Programme
    from hiprom.core.programme import questions as first_questions
    from hiprom.core.protocols import protocol
    from hiprom.terminal import history as shown
    from hiprom.terminal import say

    is_changed = bool(sessions or minutes or drill or questions)
    with opened_history() as store:
        try:
            plan = store.programme(subject)
        except UnknownSubject:
            if not is_changed:
                raise
            plan = Programme()
        if sessions:
            plan = replace(plan, sessions_per_week=_rising(sessions))
        if minutes:
            plan = replace(plan, minutes=_rising(minutes))
        if drill:
            plan = replace(plan, drills=tuple(protocol(each).name for each in drill))
        if questions:
            plan = replace(plan, red_flags=shown.ask(first_questions()))
        if is_changed:
            store.put_programme(subject, plan)
    least, most = plan.sessions_per_week
    shortest, longest = plan.minutes
    drills = ", ".join(plan.drills) or "none chosen"
    say(
        f"{subject}: {least} to {most} sessions a week of {shortest:g} to {longest:g} "
        f"minutes. Drills: {drills}."
    )


@app.command(epilog="Example: hiprom exclude P01 --trial 4 --side left --rep 2")
def exclude(
    subject: Code,
    trial: Annotated[int, typer.Option(help="The trial's number.")],
    side: Annotated[str, typer.Option(help="left or right.")],
    rep: Annotated[int, typer.Option(help="The repetition's number.")],
    reason: Annotated[str, typer.Option(help="Why; kept on record.")] = "",
    back: Annotated[bool, typer.Option("--undo", help="Take it back in.")] = False,
) -> None:
    """Take a repetition out of means and trends, or back in; nothing is deleted."""
    from hiprom import keeping
    from hiprom.terminal import say

    with opened_history() as store:
        keeping.exclude(subject, trial, side, rep, store, reason=reason, back=back)
    state = "counts again" if back else "is left out"
    say(f"Repetition {rep} of trial {trial} {state}.")


@app.command(epilog="Example: hiprom forget P01")
def forget(
    subject: Code,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase a subject for good: rows, landmarks, backups that hold them."""
    from hiprom.capture.places import data_folder
    from hiprom.terminal import history as shown
    from hiprom.web.desk import Desk
    from hiprom.web.shelves import Shelves

    with opened_history() as store:
        store.subject(subject)
        if not yes:
            typer.confirm(f"Erase all that is kept of {subject}?", abort=True, err=True)
        erased = store.forget(subject)
        Desk(store, Shelves(data_folder() / "web")).tidy()
    shown.show_erased(erased)


def _removed(subject: str, number: int, store: Store) -> str:
    """Remove the entry of that number; return what it said."""
    entries = store.diary(subject)
    if number > len(entries):
        raise InputError(
            f"{subject}'s diary has no entry {number}; it holds {len(entries)}. "
            f"'hiprom diary {subject}' lists what was noted."
        )
    store.remove_diary(subject, entries[number - 1])
    return _in_words(entries[number - 1])


def _in_words(entry: DiaryEntry) -> str:
    from hiprom.report.history.diary_words import entry_words

    return f"{entry.noted_at:%Y-%m-%d}  {entry_words(entry, in_full=True)}"


def _rising(pair: tuple[Number, Number]) -> tuple[Number, Number]:
    if not 0 < pair[0] <= pair[1]:
        raise InputError(
            f"{pair[0]:g} to {pair[1]:g} is no range: give two numbers above 0, the "
            "lesser first."
        )
    return pair
