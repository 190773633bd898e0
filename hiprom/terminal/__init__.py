"""Results and progress -> what a person reads in a terminal.

Results go to stdout, everything else to stderr. Where stderr is no terminal there is
no bar and nothing waits for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hiprom.core.quantities import amount, gained, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hiprom.analysis import Analysis
    from hiprom.capture.model import ModelStatus
    from hiprom.core.measurement import Rep, SideMeasurement
    from hiprom.doctor import Finding
    from hiprom.recordings import Progress

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

_MARKS = {"good": "[green]✓[/]", "note": "[yellow]![/]", "bad": "[red]✗[/]"}


def say(message: str) -> None:
    """Print one message to stderr, in full width, as it is."""
    err.print(escape(message), soft_wrap=True)


def fail(message: str) -> None:
    """Print one error message to stderr."""
    err.print(f"[bold red]Error:[/] {escape(message)}", soft_wrap=True)


@contextmanager
def progress_bar(title: str) -> Iterator[Progress]:
    """Show a bar with steps, steps a second and the time left, if anyone watches."""
    if not err.is_terminal:
        yield lambda _stage, _done, _total: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskID,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn(f"{escape(title)}  {{task.description}}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(compact=True),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total, rate="")
            task = tasks[stage]
            speed = bar.tasks[task].speed
            rate = f"{speed:.0f}/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate)

        yield show


def show_analysis(analysis: Analysis) -> None:
    """Print a trial: a row per rep, a line per side, what to know, where it is."""
    measurement = analysis.measurement
    protocol = measurement.protocol
    table = Table(
        title=f"{protocol.title} · {escape(analysis.summary['video']['name'])}",
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),  # all of it in 80 columns
        pad_edge=False,
    )
    for heading in ("side", "rep"):
        table.add_column(heading, no_wrap=True)
    for heading in ("end-range", "95 % interval", "excursion", "held", "at"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("there, back", justify="right", no_wrap=True)
    for side in measurement.sides:
        for rep in side.reps:
            table.add_row(*_row(side, rep))
    out.print(table)
    for side in measurement.sides:
        out.print(_side_line(side))
        if said := _further_line(side):
            out.print(f"  [dim]{said}[/]")
    for flag, where in sorted(_flagged(measurement.sides).items()):
        name = flag.replace("_", " ")
        out.print(
            f"  [yellow]{name}[/] [dim]({where}):[/] {escape(protocol.flags[flag])}"
        )
    for warning in analysis.summary["warnings"]:
        out.print(f"{_MARKS['note']} {escape(warning)}")
    if analysis.folder:
        report = analysis.folder / "report.html"
        out.print(f"\nReport: [bold]{escape(str(report))}[/]", soft_wrap=True)


def show_model(status: ModelStatus) -> None:
    """Print where the pose model is, whether it is intact, and where it came from."""
    if not status.is_installed:
        out.print(
            f"{_MARKS['note']} The pose model is not installed. It comes by itself on "
            "first use, or with: hiprom model install"
        )
        return
    mark = _MARKS["good" if status.is_intact else "bad"]
    state = "intact" if status.is_intact else "not the file that was installed"
    out.print(f"{mark} Pose model ({status.variant}), {state}")
    out.print(f"  file    {escape(str(status.path))}", soft_wrap=True)
    out.print(f"  sha256  {status.sha256}", soft_wrap=True)
    out.print(f"  size    {status.bytes / 1e6:.1f} MB")
    out.print(f"  source  {escape(status.source)} ({status.licence})", soft_wrap=True)
    if not status.is_tested:
        out.print(
            f"{_MARKS['note']} Not a model whose accuracy hiprom has measured: "
            "its intervals may be too narrow or too wide."
        )


def show_findings(findings: Iterable[Finding]) -> None:
    """Print what `doctor` found, a line each, with what to do where it matters."""
    for finding in findings:
        line = f"{_MARKS[finding.state]} {finding.name}: {finding.found}"
        advice = f" → {finding.advice}" if finding.advice else ""
        out.print(line + advice, soft_wrap=True)


def _row(side: SideMeasurement, rep: Rep) -> tuple[str, ...]:
    style = "" if rep.valid else "[dim]"
    quantity = side.quantity
    low, high = (
        amount(each, quantity) for each in (rep.end_range_low, rep.end_range_high)
    )
    return (
        side.side,
        str(rep.number),
        f"{style}[bold]{amount(rep.end_range, quantity)}[/]",
        f"{low} to {high}",
        gained(rep.excursion, quantity),
        amount(rep.hold_s, "hold_s"),
        amount(rep.peak_s, "peak_s"),
        f"{amount(rep.raise_s, 'raise_s').removesuffix(' s')}, "
        f"{amount(rep.lower_s, 'lower_s')}",
    )


def _side_line(side: SideMeasurement) -> str:
    low, high = (amount(each, side.quantity) for each in side.mean_interval)
    count = len(side.end_ranges)
    movement = f"{side.movement[0].upper()}{side.movement[1:]}"
    name = f"{side.side.capitalize()} hip, {side.movement}"
    name = movement if side.side == "both" else name
    if not count:
        return f"{name}: no valid repetition"
    reps = "1 repetition" if count == 1 else f"{count} repetitions"
    return (
        f"{name}: [bold]{amount(side.mean, side.quantity)}[/] ({low} to {high}), "
        f"mean of {reps}"
    )


def _further_line(side: SideMeasurement) -> str:
    """Return the means of what was measured besides."""
    said = [
        f"{words_of(quantity)} {amount(mean, quantity)}"
        for quantity, mean in side.further_means.items()
    ]
    return f"besides: {', '.join(said)}" if said else ""


def _flagged(sides: Iterable[SideMeasurement]) -> dict[str, str]:
    """Return where each flag was raised: "left 1, 2; right 3"."""
    found: dict[str, dict[str, set[int]]] = {}
    for side in sides:
        for rep in side.reps:
            for flag in rep.flags:
                reps = found.setdefault(flag, {}).setdefault(side.side, set())
                reps.add(rep.number)
    return {
        flag: "; ".join(
            f"{side} {', '.join(map(str, sorted(reps)))}"
            for side, reps in where.items()
        )
        for flag, where in found.items()
    }
