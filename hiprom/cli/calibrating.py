"""`hiprom calibrate board|run|level|show`: parse, call, print."""

from __future__ import annotations

import json
from contextlib import ExitStack
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from hiprom.cli.app import AsJson, app
from hiprom.errors import InputError

if TYPE_CHECKING:
    from hiprom.camera_setup import Calibrated, Watch
    from hiprom.capture.calibration.guidance import Collected
    from hiprom.capture.calibration.pictures import GreyPicture
    from hiprom.capture.calibration.views import BoardView
    from hiprom.core.camera import Camera

calibrate_app = typer.Typer(
    help="Knowing the camera: its lens, and how it stands.",
    no_args_is_help=True,
)
app.add_typer(calibrate_app, name="calibrate")


class PaperName(StrEnum):
    """What the board is printed on."""

    A4 = "A4"
    LETTER = "letter"


Profile = Annotated[
    str,
    typer.Argument(
        metavar="PROFILE", help="A camera's name, or the path of its .toml file."
    ),
]


@calibrate_app.command(
    "board", epilog="Example: hiprom calibrate board --paper A4 --out board.pdf"
)
def draw_board(
    out: Annotated[Path, typer.Option(help="The PDF to write.")] = Path("board.pdf"),
    paper: Annotated[
        PaperName, typer.Option(help="What it is printed on.", case_sensitive=False)
    ] = PaperName.A4,
) -> None:
    """Draw the board to print, true to scale, with rulers to check it."""
    from hiprom import camera_setup, terminal

    camera_setup.draw_board(out, paper.value)
    typer.echo(out)
    terminal.say("Print it at 100 %, check it with a ruler, glue it to stiff card.")


@calibrate_app.command(
    "run",
    epilog="Example: hiprom calibrate run --images board_pictures --name my_webcam",
)
def run(
    images: Annotated[
        Path | None, typer.Option(help="A folder of pictures of the board.")
    ] = None,
    video: Annotated[
        Path | None, typer.Option(help="A video in which the board is moved about.")
    ] = None,
    camera: Annotated[
        int | None, typer.Option(min=0, help="A running camera's number, often 0.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call the camera.")] = "camera",
    as_json: AsJson = False,
) -> None:
    """Find out how a camera's lens sees, by pictures of the board; keep a profile."""
    from hiprom import camera_setup
    from hiprom.capture.calibration import pictures

    if sum(source is not None for source in (images, video, camera)) != 1:
        raise typer.BadParameter(
            "name exactly one of --images, --video and --camera",
            param_hint="--images",
        )
    if images is not None:
        seen = pictures.of_folder(images)
    elif video is not None:
        seen = pictures.of_video(video)
    else:
        assert camera is not None
        seen = pictures.of_camera(camera)
    with ExitStack() as stack:
        found = camera_setup.calibrate(
            seen,
            name=name,
            date=datetime.now().astimezone().isoformat(timespec="seconds"),
            watch=_told() if camera is None else _watched(stack),
            until_enough=camera is not None,
        )
    if as_json:
        typer.echo(json.dumps(_document(found), indent=2, ensure_ascii=False))
        return
    typer.echo("\n".join(_lines(found.calibration.camera)))
    _say_views(found)
    typer.echo(f"Profile: {found.path}")


@calibrate_app.command(
    "level", epilog="Example: hiprom calibrate level my_webcam --image upright.jpg"
)
def level(
    profile: Profile,
    image: Annotated[
        Path | None,
        typer.Option(help="A picture of the board standing upright, edges plumb."),
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X,Y,X,Y",
            help="An upright line's two ends in the picture, pixels: a plumb line, an "
            "edge of a door frame. Two, far apart, tell the pitch as well.",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="WIDTHxHEIGHT",
            help="Of the picture in which the lines were marked, if not the profile's.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Find out how a camera stands against gravity; keep it in its profile."""
    from hiprom import camera_setup

    if (image is None) == (not line):
        raise typer.BadParameter("name either --image or --line", param_hint="--image")
    if image is not None:
        camera = camera_setup.level_by_board(profile, image)
    else:
        ends = [_numbers(text, ",", 4, "--line 212,30,208,455") for text in line or ()]
        size_px = None
        if size:
            width, height = _numbers(size, "x", 2, "--size 1280x720")
            size_px = (int(width), int(height))
        camera = camera_setup.level_by_lines(profile, ends, size_px)
    _show(camera, as_json=as_json)


@calibrate_app.command("show", epilog="Example: hiprom calibrate show my_webcam")
def show(
    profile: Annotated[
        str | None,
        typer.Argument(metavar="[PROFILE]", help="One of them, in full."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List the cameras that are known, or show one."""
    from hiprom import terminal
    from hiprom.capture.calibration import profiles

    if profile is not None:
        _show(profiles.read_profile(profile), as_json=as_json)
        return
    kept = profiles.names()
    if as_json:
        typer.echo(json.dumps(kept))
    elif kept:
        typer.echo("\n".join(kept))
    else:
        terminal.say("No camera is known yet; hiprom calibrate run makes one known.")


def _show(camera: Camera, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(asdict(camera), indent=2, ensure_ascii=False))
    else:
        typer.echo("\n".join(_lines(camera)))


def _watched(stack: ExitStack) -> Watch:
    """Show picture, coverage and what is still wanted, where a window can be opened."""
    from hiprom.window.screen import Window, is_available

    if not is_available():
        return _told()
    import numpy as np

    from hiprom.core.scene import Key
    from hiprom.window.board import draw_board

    window = stack.enter_context(Window("hiprom calibrate"))

    def watch(
        picture: GreyPicture, view: BoardView | None, collected: Collected
    ) -> bool:
        rgb = np.repeat(picture.grey[..., None], 3, axis=2)
        key = window.show(draw_board(rgb, collected, view))
        return key is not Key.STOP

    return watch


def _told() -> Watch:
    """Say after each new view what is still wanted, if anyone watches."""
    from hiprom import terminal
    from hiprom.capture.calibration import guidance

    last = 0

    def watch(
        _picture: GreyPicture, _view: BoardView | None, collected: Collected
    ) -> bool:
        nonlocal last
        if terminal.err.is_terminal and len(collected.views) != last:
            last = len(collected.views)
            for row in guidance.coverage_map(collected.views):
                terminal.say(f"  {row}")
            for each in guidance.wanted(collected.views) or ["nothing more"]:
                terminal.say(f"Wanted: {each}")
        return True

    return watch


def _say_views(found: Calibrated) -> None:
    from hiprom import terminal
    from hiprom.capture.calibration import guidance

    calibration, collected = found.calibration, found.collected
    terminal.say(
        f"{len(calibration.views)} views used, of {collected.seen} with the board in "
        f"{found.pictures} pictures; {collected.blurred} blurred."
    )
    if calibration.left_out:
        terminal.say(f"Left out as outlying: {', '.join(calibration.left_out)}.")
    terminal.say("Where the board has been:")
    for row in guidance.coverage_map(calibration.views):
        terminal.say(f"  {row}")


def _lines(camera: Camera) -> list[str]:
    """Describe a camera, a line for each thing known."""
    sd = camera.sd
    focal_sd = sd.focal_px if sd else (None, None)
    centre_sd = sd.centre_px if sd else (None, None)
    lines = [
        f"{camera.name}, {camera.width_px} x {camera.height_px} pixels, {camera.date}",
        f"  focal length  {_pair(camera.focal_px, focal_sd)} px",
        f"  centre        {_pair(camera.centre_px, centre_sd)} px",
        "  distortion    "
        + ", ".join(
            f"{label} {value:z.4f}"
            for label, value in zip(
                ("k1", "k2", "p1", "p2", "k3"), camera.distortion, strict=True
            )
        ),
        f"  error         {camera.rms_px:.2f} px RMS at the board's corners",
    ]
    if gravity := camera.gravity:
        lines.append(
            f"  stands        rolled {gravity.roll_deg:z.1f} ± "
            f"{gravity.roll_sd_deg:.1f}°, looking down {gravity.pitch_deg:z.1f} ± "
            f"{gravity.pitch_sd_deg:.1f}°"
        )
    else:
        lines.append("  stands        not known (hiprom calibrate level)")
    return lines


def _pair(
    values: tuple[float, float], sds: tuple[float, float] | tuple[None, None]
) -> str:
    return ", ".join(
        f"{value:.1f}" if sd is None else f"{value:.1f} ± {sd:.1f}"
        for value, sd in zip(values, sds, strict=True)
    )


def _document(found: Calibrated) -> dict[str, object]:
    calibration = found.calibration
    errors = zip(calibration.views, calibration.errors_px, strict=True)
    return {
        "schema": "hiprom.calibrate/1",
        "camera": asdict(calibration.camera),
        "profile": str(found.path),
        "pictures": found.pictures,
        "views": [
            {"picture": view.name, "corners": len(view.corner), "error_px": error}
            for view, error in errors
        ],
        "left_out": list(calibration.left_out),
        "blurred": found.collected.blurred,
    }


def _numbers(text: str, between: str, count: int, example: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.lower().split(between)]
    except ValueError:
        numbers = []
    if len(numbers) != count:
        raise InputError(
            f"{text!r} is not {count} numbers with {between!r} between them. Write it "
            f"as in {example}."
        )
    return numbers
