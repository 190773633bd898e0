"""A subject's history -> what a person reads in a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hiprom.core.arc import notes_on
from hiprom.core.quantities import amount, gained, words_of
from hiprom.keeping import of_this_session
from hiprom.terminal import err, out
from hiprom.terminal.progress import (
    change_sentence,
    day,
    show_progress,
    titled,
    whose,
)

if TYPE_CHECKING:
    from hiprom.core.history import Series
    from hiprom.core.overview import Overview
    from hiprom.core.programme import Question, Reason
    from hiprom.core.statistics import Asymmetry, Progress
    from hiprom.keeping import Kept
    from hiprom.store.erase import Erased
    from hiprom.store.fsck import Fault
    from hiprom.store.imports import Imported
    from hiprom.store.subjects import SubjectInList


def show_kept(kept: Kept) -> None:
    """Say how a new trial compares with the sessions before it."""
    code = escape(kept.overview.subject.code)
    if not kept.is_new:
        out.print(f"[dim]This video is in {code}'s history already.[/]")
        if kept.trial.set_aside is not None:
            out.print(
                "Measured like this it was set aside: "
                f"“{escape(kept.trial.set_aside)}”. It counts in no mean and no trend; "
                "the trial's page (hiprom serve) can put it back."
            )
        return
    for progress in of_this_session(kept):
        side = whose(progress)
        for change in progress.changes[:2]:
            out.print(f"{side}: {change_sentence(change, progress.measure.quantity)}")
        if not progress.changes:
            out.print(
                f"{side}: the first session of {code}; "
                "the next one will be compared with it."
            )
    out.print(f"Kept in {code}'s history: [bold]hiprom history {code}[/]")


def show_overview(overview: Overview, *, everything: bool = False) -> None:
    """Print a subject's sessions, what changed, the programme, and what to ask."""
    subject = overview.subject
    name = f" · {escape(subject.display_name)}" if subject.display_name else ""
    out.print(f"[bold]{escape(subject.code)}[/]{name}")
    _show_reasons(overview.reasons)
    if not overview.progress:
        out.print("No session has been kept yet.")
    for progress in overview.progress:
        show_progress(progress, everything=everything)
    for each in overview.asymmetries:
        titles = [
            progress.protocol.title
            for series, progress in zip(overview.series, overview.progress, strict=True)
            if each.right in series.sessions
        ]
        out.print(f"{titles[0]}: {_side_by_side(each)}")
    for note in overview.sftr:
        out.print(
            f"SFTR  [bold]{note.text}[/] (external, neutral, internal), "
            f"total arc {amount(note.arc_deg, 'arc_deg')}"
        )
    for posture, arcs in overview.arcs.items():
        for said in notes_on(arcs):
            out.print(f"[dim]{escape(posture)}:[/] {said}")
    _show_further(overview.further)
    _show_programme(overview)
    _show_sources(overview.progress)


def show_subjects(subjects: Sequence[SubjectInList]) -> None:
    """Print a line for each subject."""
    if not subjects:
        out.print(
            "No history is kept yet. Begin one with: hiprom analyze VIDEO --subject P01"
        )
        return
    table = Table(header_style="dim", box=SIMPLE_HEAD)
    for heading in ("subject", "name", "sessions", "trials", "last"):
        table.add_column(heading)
    for each in subjects:
        table.add_row(
            f"[bold]{escape(each.subject.code)}[/]",
            escape(each.subject.display_name or ""),
            str(each.sessions),
            str(each.trials),
            day(each.last_day) if each.last_day else "",
        )
    out.print(table)


def show_imported(imported: dict[str, Imported]) -> None:
    """Say what an import added, and what was there before."""
    for code, added in imported.items():
        known = f"; {added.known} were there already" if added.known else ""
        differing = (
            f", {added.differing} of them with other numbers, left as they were"
            if added.differing
            else ""
        )
        out.print(
            f"{escape(code)}: {added.reps} repetitions in {added.trials} new trials"
            f"{known}{differing}."
        )


def show_erased(erased: Erased) -> None:
    """Say what was erased, and what hiprom never had."""
    out.print(
        f"Erased {escape(erased.code)}: {_count(erased.sessions, 'session')}, "
        f"{_count(erased.trials, 'trial')}, {_count(erased.reps, 'repetition')}, "
        f"{_count(erased.landmarks, 'landmark file')}, "
        f"{_count(erased.backups, 'backup')}."
    )
    if erased.videos:
        names = ", ".join(escape(name) for name in erased.videos)
        out.print(
            f"The videos are where you keep them, and so are result folders: {names}",
            soft_wrap=True,
        )


def show_faults(faults: Sequence[Fault]) -> None:
    """Print what does not fit together, with what to do about it."""
    if not faults:
        out.print("[green]✓[/] The history is whole: every trial has its landmarks.")
    for fault in faults:
        out.print(
            f"[red]✗[/] {fault.kind} {escape(fault.where)}: {escape(fault.found)} "
            f"→ {escape(fault.advice)}",
            soft_wrap=True,
        )


def ask(questions: Iterable[Question]) -> tuple[str, ...]:
    """Put the first-use questions, and return the names of those answered with yes."""
    err.print("Before you begin, please answer with y or n. It stays on this machine.")
    return tuple(
        each.name
        for each in questions
        if err.input(f"  {escape(each.question)} \\[y/n] ").strip().lower()[:1] == "y"
    )


def _show_further(further: Iterable[Series]) -> None:
    """Print the newest mean of what is reported besides, a line for each movement."""
    said: dict[str, list[str]] = {}
    for each in further:
        measure, protocol = each.measure, each.measure.known
        if protocol is not None:
            side = "" if measure.side == "both" else f", {measure.side}"
            value = amount(each.sessions[-1].mean, measure.quantity)
            words = f"{words_of(measure.quantity)} {value}"
            said.setdefault(f"{protocol.title}{side}", []).append(words)
    for title, values in said.items():
        out.print(f"{escape(title)}, last session: {', '.join(values)}")


def _side_by_side(each: Asymmetry) -> str:
    further = "right" if each.difference_deg > 0 else "left"
    percent = f", {abs(each.percent):.0f} %" if math.isfinite(each.percent) else ""
    band = f": {each.band}" if each.band != "not rated" else ""
    low, high = (gained(end, "angle_deg") for end in (each.low_deg, each.high_deg))
    is_known = math.isfinite(each.low_deg)
    likely = f" ({low} to {high})" if is_known else "; how sure that is, is unknown"
    gap = amount(abs(each.difference_deg), "angle_deg")
    return f"the {further} goes further by [bold]{gap}[/]{percent}{likely}{band}"


def _show_programme(overview: Overview) -> None:
    least, most = overview.programme.sessions_per_week
    weeks = overview.adherence.weeks
    if weeks:
        week = weeks[-1]
        streak = overview.adherence.streak_weeks
        kept = f", {_count(streak, 'week')} in a row" if streak else ""
        out.print(
            f"\nThis week: {week.sessions} of {least} to {most} sessions, "
            f"{week.active_min:.0f} active minutes{kept}"
        )
    if overview.due:
        out.print(f"Next: [bold]{overview.due.drill}[/]. {escape(overview.due.reason)}")
    if overview.discomfort:
        newest = overview.discomfort[-1]
        places = f" ({escape(', '.join(newest.places))})" if newest.places else ""
        out.print(f"Discomfort on {day(newest.day)}: {newest.worst} of 10{places}")


def _show_reasons(reasons: Iterable[Reason]) -> None:
    for reason in reasons:
        words = Text.assemble(
            f"{reason.seen} It may be worth asking {reason.whom} {reason.ask}",
            (f"\n{reason.source}", "dim"),
        )
        out.print(Panel(words, border_style="yellow", padding=(0, 1)))


def _show_sources(progress: Iterable[Progress]) -> None:
    """Say once where each measurement error comes from."""
    said: dict[str, list[str]] = {}
    for each in progress:
        name = titled(each)
        said.setdefault(each.error.source_sentence, []).append(name)
    for sentence, names in said.items():
        out.print(
            f"[dim]Measurement error of {escape('; '.join(names))}: {sentence}[/]"
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
