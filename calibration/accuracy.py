"""Measure the public benchmark; write accuracy.csv, docs/accuracy.md and its figures.

    python calibration/accuracy.py [--landmarks FOLDER]

With a folder named, the landmarks are kept there and used again the next time: that
skips the pose model, and is only right while nothing about reading videos changes.
"""

from __future__ import annotations

import sys
from functools import partial
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import accuracy_figures as figures
import pandas as pd
from accuracy_page import write_page
from clip_tracks import Tracks, landmarks_folder, say, tracks_of
from damaged_tracks import DAMAGES, Damage
from exact_legs import errors_of_exact_legs
from scoring import measured, totals

import hiprom

HERE = Path(__file__).parent
DOCS = HERE.parent / "docs"


def main() -> None:
    """Measure everything, then write everything."""
    tracks = list(tracks_of(landmarks_folder(__doc__)))

    table = table_with(as_it_is, tracks)
    table.to_csv(HERE / "accuracy.csv", index=False, lineterminator="\n")
    damaged = {"nothing": totals(table)}
    for name, damage in DAMAGES.items():
        say(f"on purpose: {name}")
        damaged[name] = totals(table_with(damage, tracks))
    exact = errors_of_exact_legs(say)

    clips = [clip for clip, _ in tracks]
    found = table.dropna(subset=["true_end_range", "end_range"])
    folder = DOCS / "figures"
    folder.mkdir(exist_ok=True)
    for name, draw in {
        "error_by_clip": partial(figures.error_by_clip, table=found, clips=clips),
        "bland_altman": partial(figures.bland_altman, table=found),
        "error_by_yaw": partial(figures.error_by_yaw, table=found),
        "intervals": partial(figures.intervals, table=found),
        "exact_legs": partial(figures.exact_legs, table=exact),
    }.items():
        draw(folder / f"{name}.svg")
    versions = f"hiprom {hiprom.__version__}, MediaPipe {version('mediapipe')}"
    write_page(
        DOCS / "accuracy.md",
        clips=clips,
        table=table,
        damaged=damaged,
        exact=exact,
        versions=versions,
    )
    say("written: calibration/accuracy.csv, docs/accuracy.md and docs/figures/")


def as_it_is(track: hiprom.PoseTrack) -> hiprom.PoseTrack:
    """Damage nothing."""
    return track


def table_with(damage: Damage, tracks: Tracks) -> pd.DataFrame:
    """Measure every track after that damage, the side not told."""
    return measured(
        tracks,
        lambda clip, track: hiprom.measure(
            damage(track), hiprom.PROTOCOLS[clip.protocol]
        ),
    )


if __name__ == "__main__":
    main()
