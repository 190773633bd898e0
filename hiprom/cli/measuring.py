"""`hiprom analyze` and `hiprom protocols`: parse, call, print."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from hiprom.cli.app import (
    FAILED,
    PARTLY,
    AsJson,
    SideName,
    app,
    moment,
    opened_history,
    until_stopped,
)
from hiprom.errors import HipromError

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.capture.model import ModelStatus
    from hiprom.capture.pose import MediaPipePose
    from hiprom.core.recognition import Recognition
    from hiprom.keeping import Kept
    from hiprom.store.store import Store
    from hiprom.usecases import Ask


@app.command(
    epilog="Example: hiprom analyze sample_videos/seated_ir_right.mp4 --out results"
)
def analyze(
    videos: Annotated[
        list[Path],
        typer.Argument(metavar="VIDEO...", help="One or more video files."),
    ],
    protocol: Annotated[
        str,
        typer.Option(
            help="Which test it shows; see `hiprom protocols`. auto tells it from the "
            "video, and asks where that is not sure."
        ),
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
            help="Keep the trial in the subject's history, if one is named.",
        ),
    ] = True,
    camera: Annotated[
        str | None,
        typer.Option(help="A camera's profile: its name, or FILE.toml."),
    ] = None,
    recorded_at: Annotated[
        datetime | None,
        typer.Option(
            help="When it was recorded, as 2026-05-04 or 2026-05-04T09:30; by default "
            "what the video says."
        ),
    ] = None,
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
    from hiprom.cli.asking import asker, require_protocol

    require_protocol(protocol)
    done: list[Analysis] = []
    failed: dict[str, str] = {}
    choice: dict[str, Any] = {
        "protocol": protocol,
        "side": side.value,
        "subject": subject,
        "out": out,
        "recorded_at": moment(recorded_at),
        "camera": camera,
        "ask": None if as_json else asker(),
    }
    kept: dict[int, Kept] = {}
    with ExitStack() as stack:
        # Before minutes of work, so that a refusal comes first.
        store = stack.enter_context(opened_history()) if save and subject else None
        if not from_landmarks:
            choice["estimator"], _ = pose_process(stack)
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
            if store is not None:
                try:
                    kept[len(done) - 1] = _keep(analysis, store, quiet=as_json)
                except HipromError as error:
                    failed[str(video)] = str(error)
                    terminal.fail(str(error))
    if as_json:
        typer.echo(document("hiprom.analyze/1", done, failed, kept))
    if failed:
        raise typer.Exit(PARTLY if done else FAILED)


def _keep(analysis: Analysis, store: Store, *, quiet: bool) -> Kept:
    from hiprom import keeping
    from hiprom.terminal import history as shown

    kept = keeping.keep(analysis, store)
    if not quiet:
        shown.show_kept(kept)
    return kept


def pose_process(stack: ExitStack) -> tuple[MediaPipePose, ModelStatus]:
    """Start the pose process first of all: it loads while the rest does."""
    from hiprom import terminal
    from hiprom.capture import model
    from hiprom.capture.pose import MediaPipePose

    with terminal.progress_bar("Pose model") as progress:
        bundle = model.ready(progress=progress)
    assert bundle.path is not None
    return stack.enter_context(MediaPipePose(bundle.path)), bundle


def _measure(
    video: Path, name: str | None, *, overlay: bool, choice: dict[str, Any]
) -> Analysis:
    from hiprom import terminal, usecases

    if name is None:
        return usecases.analyze_landmarks(video, **choice)
    with ExitStack() as bar:
        progress = bar.enter_context(terminal.progress_bar(video.name))
        if choice["ask"] is not None:
            choice = choice | {"ask": _without(bar, choice["ask"])}
        return usecases.analyze(
            video,
            name=name,
            overlay=overlay,
            progress=until_stopped(progress),
            **choice,
        )


def _without(bar: ExitStack, ask: Ask) -> Ask:
    """Take the bar away before the question: it would be drawn over the answer."""

    def asked(recognition: Recognition) -> str:
        bar.close()
        return ask(recognition)

    return asked


def _folders(
    videos: list[Path], *, from_landmarks: bool
) -> Iterator[tuple[Path, str | None]]:
    """Name each video's folder by its stem, or in full where two would share one."""
    shared = Counter(video.stem for video in videos)
    for video in videos:
        name = video.stem if shared[video.stem] == 1 else video.name
        yield video, None if from_landmarks else name


def document(
    schema: str,
    done: list[Analysis],
    failed: dict[str, str],
    kept: dict[int, Kept],
) -> str:
    """Return the one JSON document of a command that measures."""
    results = [
        {
            **analysis.summary,
            "folder": str(analysis.folder) if analysis.folder else None,
            "trial": kept[index].trial.trial_id if index in kept else None,
            "reps": json.loads(
                analysis.reps.to_json(orient="records", double_precision=4)
            ),
        }
        for index, analysis in enumerate(done)
    ]
    failures = [{"video": video, "error": error} for video, error in failed.items()]
    whole = {"schema": schema, "results": results, "failures": failures}
    return json.dumps(whole, indent=2, ensure_ascii=False)


@app.command(epilog="Example: hiprom protocols seated_ir")
def protocols(
    name: Annotated[str | None, typer.Argument(help="One of them, in full.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the protocols, or show one: what to do, what counts, and its sources."""
    from hiprom.core.protocols import PROTOCOLS, protocol
    from hiprom.core.protocols.words import plain
    from hiprom.terminal import protocols as shown

    chosen = list(PROTOCOLS.values()) if name is None else [protocol(name)]
    if as_json:
        typer.echo(json.dumps([plain(each) for each in chosen], indent=2))
    elif name is None:
        shown.show_protocols(chosen)
    else:
        shown.show_protocol(chosen[0])
