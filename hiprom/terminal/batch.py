"""A batch under way -> bars for a person, or a line of JSON for each event."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from hiprom.terminal import err, out, say
from hiprom.terminal.batch_progress import BatchProgress

if TYPE_CHECKING:
    from hiprom.core.jobs import Job, JobState

_MOST_FAILURES = 20
_WORKERS_SHOWN = 16
_CELLS = 30
_LOG_EVERY_S = 60.0
_WHOLE_FPS = 9.5


def drawn(progress: BatchProgress) -> Table:
    """Draw a line for the whole, one for each worker, and what is waited for."""
    grid = Table.grid(padding=(0, 2))
    cells = int(_CELLS * progress.share)
    grid.add_row(
        f"[cyan]{'━' * cells}[/][dim]{'━' * (_CELLS - cells)}[/]",
        "  ".join(_facts(progress, failed="[red]{} failed[/]")),
    )
    at_work = sorted(progress.workers.items())
    for worker, each in at_work[:_WORKERS_SHOWN]:
        far = f"{min(100 * each.done / each.total, 100):3.0f} %" if each.total else ""
        grid.add_row(
            f"[dim]{_called(worker, progress)}[/]  {escape(each.name)}",
            f"[dim]{escape(each.stage.lower())}[/]  {far or each.done}",
        )
    if len(at_work) > _WORKERS_SHOWN:
        grid.add_row(f"[dim]and {len(at_work) - _WORKERS_SHOWN} more[/]")
    if progress.is_starting and not progress.why_waiting:
        grid.add_row("[dim]the workers and the pose model are starting[/]")
    if progress.why_waiting:
        grid.add_row("[yellow]waiting[/]", escape(progress.why_waiting))
    return grid


def _called(worker: str, progress: BatchProgress) -> str:
    """Return a worker's name; where it has none but its address, a number."""
    is_address = "://" in worker or not worker
    return f"worker {progress.number_of(worker) if is_address else escape(worker)}"


def _facts(progress: BatchProgress, *, failed: str) -> Iterator[str]:
    yield f"{progress.over} of {progress.total}"
    if progress.failed:
        yield failed.format(progress.failed)
    if fps := progress.fps:
        yield f"{fps:.0f} frames/s" if fps >= _WHOLE_FPS else f"{fps:.1f} frames/s"
    if progress.left_s is not None:
        yield f"{_duration(progress.left_s)} left"


@contextmanager
def shown(progress: BatchProgress) -> Iterator[Callable[[], None]]:
    """Show a batch while the block lasts; yield how to redraw it.

    Where nobody watches, in a log, it is a line a minute, and one for each reason to
    wait.
    """
    if not err.is_terminal:
        yield _Log(progress)
        return
    from rich.live import Live

    with Live(drawn(progress), console=err, transient=True, auto_refresh=False) as live:
        yield lambda: live.update(drawn(progress), refresh=True)


class _Log:
    """Writes how far a batch is, seldom enough for a log."""

    def __init__(self, progress: BatchProgress) -> None:
        self._progress = progress
        self._said_s, self._why = time.monotonic(), ""

    def __call__(self) -> None:
        why = self._progress.why_waiting
        if why and why != self._why:
            say(f"Waiting: {why}")
        self._why = why
        if time.monotonic() - self._said_s >= _LOG_EVERY_S:
            self._said_s = time.monotonic()
            say(", ".join(_facts(self._progress, failed="{} failed")))


def show_stopped(place: str) -> None:
    """Say what became of a batch that was stopped."""
    say(
        f"Stopped. What was done is kept in {place}; the same command with --resume "
        "goes on from there."
    )


def show_end(counts: dict[JobState, int], failures: Iterator[Job], place: str) -> None:
    """Say what a batch came to, and what failed and why."""
    states = {state.value: number for state, number in counts.items()}
    out.print(
        f"[bold]{states['done']}[/] done, [bold]{states['failed']}[/] failed, "
        f"{states['queued'] + states['running']} waiting"
    )
    if states["failed"]:
        table = Table(header_style="dim", box=SIMPLE_HEAD)
        for heading in ("video", "why"):
            table.add_column(heading, overflow="fold")
        for number, job in enumerate(failures):
            if number == _MOST_FAILURES:
                table.add_row("…", f"{states['failed'] - number} more: overview.html")
                break
            table.add_row(escape(job.spec.name), escape(job.reason))
        out.print(table)
    out.print(f"Overview: [bold]{escape(place)}[/]", soft_wrap=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
