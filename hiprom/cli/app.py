"""The `hiprom` command itself: how errors and signals end, and what options share."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from threading import Event
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from hiprom._version import __version__
from hiprom.errors import HipromError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiprom.recordings import Progress
    from hiprom.store.store import Store

FAILED, PARTLY = 1, 3
_stopping = Event()


class _Group(TyperGroup):
    """Show every HipromError as one message and exit 1; let bugs keep their trace."""

    def invoke(self, ctx: Any) -> Any:
        from hiprom import terminal

        # A polite end from outside takes the same way out as Ctrl-C.
        _stopping.clear()
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, _interrupt)
        try:
            return super().invoke(ctx)
        except HipromError as error:
            terminal.fail(str(error))
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            terminal.say("Stopped. Nothing unfinished was kept.")
            raise typer.Exit(FAILED) from error


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    _stopping.set()
    raise KeyboardInterrupt


def until_stopped(progress: Progress) -> Progress:
    """Return the same progress, which ends the work once it was told to stop.

    An interrupt that arrives inside a library's callback is lost there.
    """

    def report(stage: str, done: int, total: int | None) -> None:
        if _stopping.is_set():
            raise KeyboardInterrupt
        progress(stage, done, total)

    return report


app = typer.Typer(
    cls=_Group,
    help="Measure range of motion of the hip from an ordinary video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class SideName(StrEnum):
    """Which leg to measure; the subject's own side."""

    AUTO = "auto"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


Code = Annotated[str, typer.Argument(metavar="SUBJECT", help="The person's code.")]
When = Annotated[
    datetime | None,
    typer.Option(help="When, as 2026-05-04 or 2026-05-04T09:30; by default now."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]


def moment(given: datetime | None) -> datetime | None:
    """Return a time with this machine's offset; a day alone means its noon."""
    if given is None or given.tzinfo is not None:
        return given
    if (given.hour, given.minute, given.second) == (0, 0, 0):
        given = given.replace(hour=12)
    return given.astimezone()


@contextmanager
def opened_history() -> Iterator[Store]:
    """Open the history for as long as a command needs it."""
    from hiprom import keeping

    with keeping.open_history() as store:
        yield store


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"hiprom {__version__}")
        raise typer.Exit


@app.callback()
def _about(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Version."
        ),
    ] = False,
) -> None:
    """Measure range of motion of the hip from an ordinary video."""
