"""One movement's sessions -> a table, a line of bars, and what changed, in words."""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from hiprom.core.protocols import PROTOCOLS
from hiprom.core.quantities import amount, gained
from hiprom.terminal import out

if TYPE_CHECKING:
    from hiprom.core.statistics import Change, Progress, SessionRow

_BARS = "▁▂▃▄▅▆▇█"
_NEWEST = 8
_AGAINST = {
    "last": "the session before",
    "baseline": "the first session",
    "best": "the best before",
}


def show_progress(progress: Progress, *, everything: bool) -> None:
    """Print a movement's newest sessions, or all of them, and what changed."""
    measure = progress.measure
    rows = progress.sessions
    title = titled(progress)
    if measure.instrument != "hiprom video":
        title += f" ({measure.instrument})"
    table = Table(
        title=f"{escape(title)}   [cyan]{_sparkline(progress)}[/]",
        title_justify="left",
        title_style="bold",
        header_style="dim",
        box=SIMPLE_HEAD,
    )
    table.add_column("session")
    for heading in ("reps", "mean", "95 % interval", "best", "SD", "smoothed"):
        table.add_column(heading, justify="right", no_wrap=True)
    shown = rows if everything else rows[-_NEWEST:]
    if len(shown) < len(rows):
        table.caption = f"{len(rows) - len(shown)} earlier sessions: --all shows them"
        table.caption_justify = "left"
    for index in range(len(rows) - len(shown), len(rows)):
        table.add_row(*_row(rows[index], progress, index))
    out.print(table)
    told = set()
    for change in progress.changes:
        if change.session_id not in told:
            out.print(f"  {change_sentence(change, measure.quantity)}")
        told.add(change.session_id)
    if progress.slope:
        slope = progress.slope
        real = "" if slope.is_real else " (it may as well be standing still)"
        out.print(
            f"  Trend: {gained(slope.per_30_days, measure.quantity)} in 30 days "
            f"({gained(slope.low, measure.quantity)} to "
            f"{gained(slope.high, measure.quantity)}), {slope.direction}{real}"
        )
    notes = [
        f"a change is real beyond {amount(progress.error.mdc95, measure.quantity)}"
        if math.isfinite(progress.error.mdc95)
        else "",
        *(place.sentence for place in progress.places),
    ]
    if any(notes):
        out.print(f"  [dim]{escape('; '.join(filter(None, notes)))}[/]")


def _row(row: SessionRow, progress: Progress, index: int) -> tuple[str, ...]:
    half = progress.error.two_sided() * row.error_sd
    quantity = progress.measure.quantity
    smoothed = (
        amount(float(progress.trend.sessions.mean[index]), quantity)
        if progress.trend
        else ""
    )
    return (
        day(row.recorded_at),
        str(row.reps),
        f"[bold]{amount(row.mean, quantity)}[/]",
        f"{amount(row.mean - half, quantity)} to {amount(row.mean + half, quantity)}"
        if math.isfinite(half)
        else "",
        amount(row.best, quantity),
        amount(row.sd, quantity) if math.isfinite(row.sd) else "",
        smoothed,
    )


def titled(progress: Progress) -> str:
    """Return the protocol's title, with the side where the movement has one."""
    side = progress.measure.side
    title = progress.protocol.title
    return title if side == "both" else f"{title}, {side}"


def whose(progress: Progress) -> str:
    """Return what tells the movements of one trial apart: the side, and the way."""
    measure, protocol = progress.measure, PROTOCOLS[progress.measure.protocol]
    side = "" if measure.side == "both" else measure.side.capitalize()
    if len(protocol.movements) == 1:
        return side or protocol.title
    return f"{side} {progress.protocol.movement}".strip()


def change_sentence(change: Change, quantity: str) -> str:
    """Say how far the newest session lies from another, and whether it is real."""
    colour = "bold" if change.is_real else "dim"
    interval = (
        f" ({gained(change.low, quantity)} to {gained(change.high, quantity)})"
        if math.isfinite(change.low)
        else ""
    )
    return (
        f"Since {_AGAINST[change.against]} ({day(change.recorded_at)}): "
        f"[bold]{gained(change.change, quantity)}[/]{interval}, {change.direction}, "
        f"[{colour}]{change.verdict}[/]"
    )


def _sparkline(progress: Progress) -> str:
    """Draw the newest sessions as bars: the further the hip goes, the higher."""
    reach = [progress.protocol.direction * row.mean for row in progress.sessions[-24:]]
    low, high = min(reach), max(reach)
    span = max(high - low, 2 * progress.error.sem, 1e-9)
    return "".join(
        _BARS[round((value - low) / span * (len(_BARS) - 1))] for value in reach
    )


def day(when: date | datetime) -> str:
    """Return a day as ISO 8601 has it."""
    return when.strftime("%Y-%m-%d")
