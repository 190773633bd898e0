"""A board, pictures of it, an upright line -> what hiprom knows of a camera."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hiprom.capture.calibration import board, fit, guidance, level, pictures, profiles
from hiprom.capture.calibration.views import BoardView, other_markers, see_board
from hiprom.core.camera import Camera, Gravity
from hiprom.errors import CaptureError
from hiprom.report.board_pdf import Paper, write_board

# Sees each picture, the board in it if any, and what has been collected; says whether
# to go on.
Watch = Callable[[pictures.GreyPicture, BoardView | None, guidance.Collected], bool]

# So many pictures without a board are looked at for another one.
_LOOKED_AT = 10


@dataclass(frozen=True)
class Calibrated:
    """A camera that is known now.

    Attributes
    ----------
    calibration : Calibration
    collected : Collected
        The views it was chosen from.
    pictures : int
        How many were looked at.
    path : Path
        Where its profile is kept.
    """

    calibration: fit.Calibration
    collected: guidance.Collected
    pictures: int
    path: Path


class Collecting:
    """Pictures of the board, one after the other -> a camera that is known.

    Attributes
    ----------
    collected : Collected
        The views worth keeping.
    count : int
        How many pictures were looked at.
    strange : bool
        Whether one of the first showed another board's markers.
    """

    def __init__(self) -> None:
        self.collected = guidance.Collected()
        self.count, self.strange = 0, False

    def look(self, picture: pictures.GreyPicture) -> BoardView | None:
        """Look for the board in a picture, and keep the view if it shows more."""
        self.count += 1
        view = see_board(picture.grey, picture.name)
        self.collected.add(view)
        if view is None and not self.collected.seen and self.count <= _LOOKED_AT:
            self.strange = self.strange or other_markers(picture.grey)
        return view

    def conclude(self, *, name: str, date: str) -> Calibrated:
        """Calibrate by what was collected, and keep the profile.

        Raises
        ------
        CaptureError
            If the pictures are not good enough: what was found, needed, and is to be
            done.
        InputError
            If the camera cannot be called so.
        """
        profiles.require_name(name)
        collected = self.collected
        if not collected.seen:
            raise _nothing_seen(self.count, strange=self.strange)
        if not collected.views:
            raise CaptureError(
                f"All {collected.blurred} pictures of the board are blurred. Give it "
                "more light, hold it still, and let the camera focus."
            )
        calibration = fit.calibrate(collected.views, name=name, date=date)
        path = profiles.write_profile(calibration.camera)
        return Calibrated(calibration, collected, self.count, path)


def draw_board(path: Path, paper: Paper) -> None:
    """Draw the board as a PDF, true to scale.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    write_board(
        path,
        board.rectangles(),
        (board.COLUMNS * board.SQUARE_MM, board.ROWS * board.SQUARE_MM),
        paper,
        square_mm=board.SQUARE_MM,
    )


def calibrate(
    seen: Iterable[pictures.GreyPicture],
    *,
    name: str,
    date: str,
    watch: Watch | None = None,
    until_enough: bool = False,
) -> Calibrated:
    """Calibrate a camera by pictures of the board, and keep its profile.

    It takes the place of one of the same name. How that camera stood is forgotten.

    Parameters
    ----------
    seen : iterable of GreyPicture
        From a folder, a video or a running camera.
    name : str
        Of the camera.
    date : str
        ISO 8601.
    watch : callable, optional
        Called after each picture; it ends the collecting by returning False.
    until_enough : bool
        Stop as soon as nothing more is wanted: for a camera, which never ends.

    Raises
    ------
    CaptureError
        If the pictures are not good enough: what was found, needed, and is to be done.
    InputError
        If the camera cannot be called so.
    """
    profiles.require_name(name)
    collecting = Collecting()
    for picture in seen:
        view = collecting.look(picture)
        if watch and not watch(picture, view, collecting.collected):
            break
        if until_enough and collecting.collected.is_enough:
            break
    return collecting.conclude(name=name, date=date)


def level_by_board(profile: str | Path, picture: Path) -> Camera:
    """Find how a camera stands by a board that stands upright, and keep it.

    Raises
    ------
    CaptureError
        If the picture does not show the board, or not well enough.
    InputError
        If there is no such profile, or the picture is of another shape.
    """
    camera = profiles.read_profile(profile)
    seen = pictures.of_file(picture)
    view = see_board(seen.grey, seen.name)
    if view is None:
        raise CaptureError(
            f"{picture.name} does not show the board. Stand it upright in full view, "
            "or mark an upright line instead (--line)."
        )
    return _keep_level(camera, profile, level.gravity_of_board(view, camera))


def level_by_lines(
    profile: str | Path,
    lines_px: Sequence[Sequence[float]],
    size_px: tuple[int, int] | None = None,
) -> Camera:
    """Find how a camera stands by upright lines in a picture of it, and keep it.

    `size_px` is the picture's; without it, the size the camera was calibrated at.

    Raises
    ------
    CaptureError
        If the lines do not tell.
    InputError
        If there is no such profile, or the lines or the picture do not go with it.
    """
    camera = profiles.read_profile(profile)
    size_px = size_px or (camera.width_px, camera.height_px)
    found = level.gravity_of_lines(lines_px, size_px, camera)
    return _keep_level(camera, profile, found)


def _keep_level(camera: Camera, profile: str | Path, gravity: Gravity) -> Camera:
    camera = replace(camera, gravity=gravity)
    profiles.write_profile(camera, profiles.place_of(profile))
    return camera


def _nothing_seen(count: int, *, strange: bool) -> CaptureError:
    if strange:
        return CaptureError(
            f"None of {count} pictures shows hiprom's board, but another one's "
            "markers. Print hiprom's own (hiprom calibrate board) and use that."
        )
    plural = "" if count == 1 else "s"
    return CaptureError(
        f"No board was found in {count} picture{plural}. Print it (hiprom calibrate "
        "board), show it whole, unmirrored and in fair light, filling a third of the "
        "picture or more."
    )
