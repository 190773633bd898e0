"""A seed -> a camera drawn at random, and what a calibration finds of it.

The board is photographed from all sides, the lens is fitted to the pictures; then the
camera is levelled with that fitted lens, by the board and by two plumb lines.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from board_pictures import (
    ROUND,
    Place,
    TrueCamera,
    photographed,
    plumb_line_px,
    round_of_pictures,
    upright,
)

from hiprom.capture.calibration.fit import calibrate
from hiprom.capture.calibration.level import gravity_of_board, gravity_of_lines
from hiprom.capture.calibration.views import see_board
from hiprom.core.camera import Camera, Gravity

_SIZES_PX = ((640, 480), (640, 480), (1280, 720))
# What the camera of `ROUND` has: focal length in widths of its picture.
_USUAL_FOCAL = 602 / 640
# A person does not hold a board twice in the same way: degrees, and mm.
_TILTED_DEG, _MOVED_MM = 6.0, 12.0
# The plumb lines hang where the picture is this high.
_PICTURE_MM = 2100.0
_DATE = "2026-05-04"


class Drawn(NamedTuple):
    """One camera and the pictures that are taken with it."""

    camera: TrueCamera
    gravity: Gravity
    places: list[Place]
    upright_turn_deg: float
    upright_mm: tuple[float, float, float]
    lines_mm: tuple[float, float]


def drawn(seed: int) -> Drawn:
    """Draw a webcam's or phone's lens, how it stands, and how the board is held."""
    chance = np.random.default_rng(seed)
    width_px, height_px = _SIZES_PX[seed % len(_SIZES_PX)]
    focal = chance.uniform(0.7, 1.15)
    k1 = chance.uniform(-0.28, 0.04)
    away = chance.uniform(-0.02, 0.02, 2) * width_px
    camera = TrueCamera(
        focal_px=(focal * width_px, focal * width_px * chance.uniform(0.995, 1.005)),
        centre_px=(width_px / 2 + away[0], height_px / 2 + away[1]),
        # A lens that bends its rim inwards bends it less at the very edge.
        distortion=(
            k1,
            -k1 * chance.uniform(0.15, 0.35),
            *chance.uniform(-0.001, 0.001, 2),
            # Which the calibration takes to be nothing.
            chance.uniform(-0.02, 0.02),
        ),
        size_px=(width_px, height_px),
    )
    gravity = Gravity(chance.uniform(-6, 6), chance.uniform(-5, 15), 0.0, 0.0)
    nearness = focal / _USUAL_FOCAL
    places = [
        (
            *(np.array(place[:3]) + chance.uniform(-_TILTED_DEG, _TILTED_DEG, 3)),
            *(np.array(place[3:5]) + chance.uniform(-_MOVED_MM, _MOVED_MM, 2)),
            place[5] * nearness * chance.uniform(0.97, 1.05),
        )
        for place in ROUND
    ]
    aside_mm = chance.uniform([-40, -30], [40, 30])
    return Drawn(
        camera,
        gravity,
        places,
        upright_turn_deg=float(chance.choice([-1, 1]) * chance.uniform(20, 40)),
        upright_mm=(*aside_mm, nearness * chance.uniform(460, 540)),
        lines_mm=(chance.uniform(-750, -600), chance.uniform(600, 750)),
    )


def calibrated(seed: int) -> dict[str, Any]:
    """Return one row of cameras.csv: what is true, found and stated, each by name.

    The level three times: by the board, by two plumb lines whose ends are exact, and
    by those lines marked to whole pixels, as a person does it.
    """
    draw = drawn(seed)
    true, gravity = draw.camera, draw.gravity
    pictures = round_of_pictures(true, draw.places)
    views = [see_board(grey, f"{number}") for number, grey in enumerate(pictures)]
    fit = calibrate([view for view in views if view], name="drawn", date=_DATE)
    board = photographed(
        true, upright(gravity, draw.upright_turn_deg), draw.upright_mm, seed=seed
    )
    view = see_board(board, "upright")
    assert view is not None
    away_mm = _PICTURE_MM * true.focal_px[1] / true.size_px[1]
    lines_px = [
        plumb_line_px(true, gravity, x_mm, depth_mm=away_mm) for x_mm in draw.lines_mm
    ]
    marked_px = np.rint(lines_px).tolist()
    return {
        "seed": seed,
        "width_px": true.size_px[0],
        "height_px": true.size_px[1],
        "views": len(fit.views),
        "rms_px": fit.camera.rms_px,
        **_lens(true, fit.camera),
        "true_roll_deg": gravity.roll_deg,
        "true_pitch_deg": gravity.pitch_deg,
        **_level("board", gravity_of_board(view, fit.camera)),
        **_level("lines", gravity_of_lines(lines_px, true.size_px, fit.camera)),
        **_level("marked", gravity_of_lines(marked_px, true.size_px, fit.camera)),
    }


def _lens(true: TrueCamera, found: Camera) -> dict[str, float]:
    assert found.sd is not None
    row = {}
    for name, is_true, is_found, sd in (
        ("focal", true.focal_px, found.focal_px, found.sd.focal_px),
        ("centre", true.centre_px, found.centre_px, found.sd.centre_px),
    ):
        for axis in (0, 1):
            row[f"true_{name}_{'xy'[axis]}_px"] = is_true[axis]
            row[f"{name}_{'xy'[axis]}_px"] = is_found[axis]
            row[f"{name}_{'xy'[axis]}_sd_px"] = sd[axis]
    names = ("k1", "k2", "p1", "p2", "k3")
    for name, is_true, is_found in zip(
        names, true.distortion, found.distortion, strict=True
    ):
        row[f"true_{name}"], row[name] = is_true, is_found
    return row


def _level(by: str, found: Gravity) -> dict[str, float]:
    return {
        f"{by}_roll_deg": found.roll_deg,
        f"{by}_roll_sd_deg": found.roll_sd_deg,
        f"{by}_pitch_deg": found.pitch_deg,
        f"{by}_pitch_sd_deg": found.pitch_sd_deg,
    }
