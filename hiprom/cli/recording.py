"""`hiprom record`: parse, call, print."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiprom.cli.app import FAILED, PARTLY, AsJson, SideName, app, opened_history
from hiprom.cli.measuring import document, pose_process
from hiprom.errors import HipromError

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.capture.feed import Source
    from hiprom.core.landmarks import Side
    from hiprom.keeping import Kept
    from hiprom.live.session import Done, Plan
    from hiprom.live.trial import Taken

_REPS = 5


@app.command(epilog="Example: hiprom record --subject P01")
def record(
    protocol: Annotated[
        str, typer.Option(help="Which test is done; see `hiprom protocols`.")
    ] = "seated_ir",
    side: Annotated[
        SideName | None,
        typer.Option(
            help="The leg to test; auto takes whichever moves. By default the left, "
            "then the right."
        ),
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="A code for the person: keeps a history.")
    ] = None,
    camera_index: Annotated[
        int, typer.Option(min=0, help="Which camera; the first is 0.")
    ] = 0,
    source: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="A video that is played as if it were the camera."
        ),
    ] = None,
    size: Annotated[
        str,
        typer.Option(metavar="WIDTHxHEIGHT", help="What to ask of the camera."),
    ] = "640x480",
    camera: Annotated[
        str | None,
        typer.Option(help="The camera's profile: its name, or FILE.toml."),
    ] = None,
    reps: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=20,
            help=f"Repetitions a leg; {_REPS} by default, with --source all there are.",
        ),
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=1, help="How long to record a leg at most."),
    ] = None,
    out: Annotated[
        Path, typer.Option(help="Where the films go, and a folder for each.")
    ] = Path("hiprom_results"),
    save: Annotated[
        bool,
        typer.Option(
            "--save/--no-save",
            help="Keep the test in the subject's history, if one is named.",
        ),
    ] = True,
    overlay: Annotated[
        bool, typer.Option("--overlay/--no-overlay", help="Draw overlay.mp4.")
    ] = True,
    headless: Annotated[
        bool, typer.Option("--headless", help="No window: all in the terminal.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No voice, no beep.")] = False,
    as_json: AsJson = False,
) -> None:
    """Record a test with the camera, led by picture and voice, and measure it."""
    from hiprom import keeping, screens
    from hiprom.analysis import camera_named
    from hiprom.core.guide import cues_of
    from hiprom.core.protocols import protocol as protocol_named
    from hiprom.live.session import Plan, Session
    from hiprom.live.view import LiveView
    from hiprom.report.folder import require_writable

    chosen = protocol_named(protocol)
    cues_of(chosen)  # a refusal comes before the camera opens
    size_px = _size(size)
    profile = None if camera is None else camera_named(camera)
    require_writable(out)
    headless = headless or _has_no_window(films=source is None)
    with ExitStack() as stack:
        store = stack.enter_context(opened_history()) if save and subject else None
        sides = _sides(side, is_film=source is not None)
        until_end = source is not None and len(sides) == 1
        plan = Plan(
            chosen,
            sides,
            out,
            subject,
            reps=reps or (None if until_end else _REPS),
            seconds=seconds,
            camera=profile,
            target=keeping.last_means(subject, chosen, store)
            if subject and store
            else {},
        )
        screen = stack.enter_context(
            screens.screen_for(chosen, is_headless=headless, is_quiet=quiet)
        )
        session = Session(
            plan,
            screen,
            keep=lambda analysis: keeping.keep(analysis, store) if store else None,
            again=lambda taken: _again(taken, plan),
        )
        if not session.consent():
            return
        estimator, bundle = pose_process(stack)
        opened = _opened(source, camera_index, size_px)
        with LiveView(opened, estimator) as view:
            done = session.run(view, bundle)
        if store:
            for each in done:
                if each.is_repeated and each.kept:
                    keeping.set_aside(each.kept, store, reason="repeated at once")
    _tell(done, plan, overlay=overlay, as_json=as_json)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal()):
        raise typer.BadParameter(f"{text!r} is not like 640x480", param_hint="--size")
    return int(width), int(height)


def _sides(side: SideName | None, *, is_film: bool) -> tuple[Side | None, ...]:
    if side is SideName.AUTO or (side is None and is_film):
        return (None,)
    if side is None or side is SideName.BOTH:
        return ("left", "right")
    return ("left",) if side is SideName.LEFT else ("right",)


def _opened(source: Path | None, index: int, size_px: tuple[int, int]) -> Source:
    from hiprom.capture.playback import open_playback
    from hiprom.capture.webcam import open_camera

    return (
        open_camera(index, size_px=size_px) if source is None else open_playback(source)
    )


def _again(taken: Taken, plan: Plan) -> Analysis:
    """Measure a film in full, when the machine was too slow to do so live."""
    from hiprom import usecases

    return usecases.analyze(
        taken.test.film,
        protocol=plan.protocol.name,
        side=taken.test.side or "auto",
        subject=plan.subject,
        recorded_at=taken.recorded_at,
        camera=plan.camera,
    )


def _has_no_window(*, films: bool) -> bool:
    """Whether all must be told in the terminal; who is filmed agrees there first.

    Who asked for `--headless` has agreed by it.
    """
    from hiprom import terminal
    from hiprom.window.screen import is_available

    if is_available():
        return False
    terminal.say("No window can be opened here, so all is told in the terminal.")
    if films:
        typer.confirm(
            "Your camera films you while you do the test; the film stays on this "
            "machine. Begin?",
            abort=True,
            err=True,
        )
    return True


def _tell(done: list[Done], plan: Plan, *, overlay: bool, as_json: bool) -> None:
    """Write what was measured beside its film, and print it."""
    from hiprom import terminal

    results: list[Analysis] = []
    failed: dict[str, str] = {}
    kept: dict[int, Kept] = {}
    for each in done:
        film = each.taken.test.film
        if each.taken.recorded:
            terminal.say(f"Film: {film}")
        if each.refusal:
            failed[str(film)] = each.refusal
            terminal.fail(each.refusal)
        if each.analysis is None or each.is_repeated:
            continue
        try:
            results.append(_written(each.analysis, film, plan.out, overlay=overlay))
        except HipromError as error:
            failed[str(film)] = str(error)
            terminal.fail(str(error))
            results.append(each.analysis)
        if each.kept:
            kept[len(results) - 1] = each.kept
        if not as_json:
            _show(results[-1], each.kept)
    if as_json:
        typer.echo(document("hiprom.record/1", results, failed, kept))
    if failed:
        raise typer.Exit(PARTLY if results else FAILED)


def _written(result: Analysis, film: Path, out: Path, *, overlay: bool) -> Analysis:
    from hiprom import analysis, terminal

    place = (out, film.stem)
    with terminal.progress_bar(film.name) as progress:
        return analysis.write(
            result, place, video=film, overlay=overlay, progress=progress
        )


def _show(result: Analysis, kept: Kept | None) -> None:
    from hiprom import terminal
    from hiprom.terminal import history as shown

    terminal.show_analysis(result)
    if kept:
        shown.show_kept(kept)
