"""Calibrate cameras drawn at random, and measure the films with their true cameras.

    python calibration/known_cameras.py [--landmarks FOLDER]

writes cameras.csv, a camera a row, and known_cameras.csv, a repetition a row. The
folder is that of accuracy.py.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd
from benchmark_clips import Clip
from clip_tracks import Tracks, landmarks_folder, say, tracks_of
from random_lenses import calibrated
from scoring import measured

import hiprom
from hiprom.core.camera import Camera, Gravity

HERE = Path(__file__).parent
CAMERAS = 24
# What is told of a film's camera.
KNOWN = ("nothing", "the lens", "the lens and how it stands")
# As sure as `hiprom calibrate level` makes its reader of a plumb thing's direction.
_LEVEL_SD_DEG = 0.5
_DATE = "2026-05-04"


def main() -> None:
    """Draw and calibrate cameras, then measure the films."""
    lenses = []
    for seed in range(CAMERAS):
        say(f"camera {seed + 1} of {CAMERAS}")
        lenses.append(calibrated(seed))
    pd.DataFrame(lenses).round(6).to_csv(
        HERE / "cameras.csv", index=False, lineterminator="\n"
    )

    tracks = list(tracks_of(landmarks_folder(__doc__)))
    tables = [table_knowing(known, tracks) for known in KNOWN]
    pd.concat(tables).to_csv(
        HERE / "known_cameras.csv", index=False, lineterminator="\n"
    )
    say("written: calibration/cameras.csv and known_cameras.csv; `make accuracy` puts")
    say("them on the page")


def table_knowing(known: str, tracks: Tracks) -> pd.DataFrame:
    """Measure every film, the side not told, with so much known of its camera."""
    table = measured(
        tracks,
        lambda clip, track: hiprom.measure(
            track, hiprom.PROTOCOLS[clip.protocol], camera=camera_of(clip, known)
        ),
    )
    table.insert(0, "known", known)
    return table


def camera_of(clip: Clip, known: str) -> Camera | None:
    """Return a film's true camera, as far as it is to be known.

    These cameras have square pixels, their axis meets the middle of the picture, and
    their lens bends nothing.
    """
    if known == KNOWN[0]:
        return None
    width_px, height_px = clip.facts["size_px"]
    focal_px = clip.facts["camera"]["focal_px"]
    lens = Camera(
        name="true",
        width_px=width_px,
        height_px=height_px,
        focal_px=(focal_px, focal_px),
        centre_px=(width_px / 2, height_px / 2),
        distortion=(0.0,) * 5,
        rms_px=0.0,
        date=_DATE,
    )
    if known == KNOWN[1]:
        return lens
    _, pitch_deg, roll_deg = clip.view_deg
    return replace(
        lens, gravity=Gravity(roll_deg, pitch_deg, _LEVEL_SD_DEG, _LEVEL_SD_DEG)
    )


if __name__ == "__main__":
    main()
