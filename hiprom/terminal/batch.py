"""A batch under way -> bars for a person, or a line of JSON for each event."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from hiprom.terminal import err, out

if TYPE_CHECKING:
    from hiprom.core.jobs import Job, JobState

_MOST_FAILURES = 20
_WORKERS_SHOWN = 16


class BatchProgress:
    """How far a batch is: one bar for all, one line for each worker.

    Parameters
    ----------
    total, done, failed : int
        Jobs, and those of them that are over already.
    """

    def __init__(self, total: int, done: int, failed: int) -> None:
        self.total, self.done, self.failed = total, done, failed
        self._began_s = time.monotonic()
        self._before = done + failed
        self._frames = 0
        self._lines: dict[str, tuple[str, str, int, int | None]] = {}
        self.why_waiting = ""

    def ended(
        self, worker: str, frames: int, *, is_over: bool, has_failed: bool
    ) -> None:
        """Count a job that ended, whether for good or to be tried again."""
        self._lines.pop(worker, None)
        self._frames += frames
        self.failed += has_failed
        self.done += is_over and not has_failed
        self.why_waiting = ""

    def at_work(
        self, worker: str, name: str, stage: str, done: int, total: int | None
    ) -> None:
        """Note what a worker says of its video."""
        self._lines[worker] = (name, stage, done, total)

    @property
    def fps(self) -> float:
        """Frames measured a second, all workers together."""
        passed_s = time.monotonic() - self._began_s
        under_way = sum(
            done for _, stage, done, _ in self._lines.values() if "person" in stage
        )
        return (self._frames + under_way) / passed_s if passed_s > 0 else 0.0

    @property
    def left_s(self) -> float | None:
        """Seconds to go, if it goes on as it did; None before the first is over."""
        over = self.done + self.failed - self._before
        if not over:
            return None
        passed_s = time.monotonic() - self._began_s
        return passed_s / over * (self.total - self.done - self.failed)

    def table(self) -> Table:
        """Draw it."""
        grid = Table.grid(padding=(0, 2))
        over = self.done + self.failed
        share = over / self.total if self.total else 1.0
        cells = round(30 * share)
        failed = f"  [red]{self.failed} failed[/]" if self.failed else ""
        left = "" if self.left_s is None else f"  {_duration(self.left_s)} left"
        grid.add_row(
            f"[cyan]{'━' * cells}[/][dim]{'━' * (30 - cells)}[/]",
            f"{over} of {self.total}{failed}  {self.fps:.0f} frames/s{left}",
        )
        for worker, (name, stage, done, total) in sorted(self._lines.items())[
            :_WORKERS_SHOWN
        ]:
            share_done = f"{100 * done / total:3.0f} %" if total else f"{done}"
            grid.add_row(
                f"[dim]worker {escape(worker)}[/]  {escape(name)}",
                f"[dim]{escape(stage.lower())}[/] {share_done}",
            )
        if self.why_waiting:
            grid.add_row("[yellow]waiting[/]", escape(self.why_waiting))
        return grid


@contextmanager
def shown(progress: BatchProgress) -> Iterator[Any]:
    """Show a batch while the block lasts, if anyone watches; yield how to redraw it."""
    if not err.is_terminal:
        yield lambda: None
        return
    from rich.live import Live

    with Live(
        progress.table(), console=err, transient=True, auto_refresh=False
    ) as live:
        yield lambda: live.update(progress.table(), refresh=True)


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
