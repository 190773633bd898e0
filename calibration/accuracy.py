"""Measure the public benchmark and write accuracy.md, accuracy.csv and the figures.

    python calibration/accuracy.py [--landmarks FOLDER]

With a folder named, the landmarks are kept there and used again the next time: that
skips the pose model, and is only right while nothing about reading videos changes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import accuracy_figures as figures
import pandas as pd
from accuracy_page import write_page
from benchmark_clips import Clip, clips_of
from damaged_tracks import DAMAGES, Damage
from exact_legs import errors_of_exact_legs
from scoring import scored, table_of, totals

import hiprom
from hiprom.capture.model import ready
from hiprom.capture.pose import MediaPipePose
from hiprom.capture.video import open_video
from hiprom.errors import MeasurementError
from hiprom.recordings import record_track
from hiprom.report.landmarks import write_landmarks

HERE = Path(__file__).parent
Tracks = list[tuple[Clip, hiprom.PoseTrack]]


def main() -> None:
    """Measure everything, then write everything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--landmarks", type=Path, help="keep landmarks here")
    tracks = list(tracks_of(parser.parse_args().landmarks))

    table = measured(tracks)
    table.to_csv(HERE / "accuracy.csv", index=False, lineterminator="\n")
    damaged = {"nothing": totals(table)}
    for name, damage in DAMAGES.items():
        say(f"on purpose: {name}")
        damaged[name] = totals(measured(tracks, damage))
    exact = errors_of_exact_legs(say)

    clips = [clip for clip, _ in tracks]
    found = table.dropna(subset=["true_end_range", "end_range"])
    folder = HERE / "figures"
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
        HERE / "accuracy.md",
        clips=clips,
        table=table,
        damaged=damaged,
        exact=exact,
        versions=versions,
    )
    say("written: calibration/accuracy.md, accuracy.csv and figures/")


def tracks_of(folder: Path | None) -> Iterator[tuple[Clip, hiprom.PoseTrack]]:
    """Yield every clip that hiprom has a protocol for, with its landmarks."""
    clips = clips_of(set(hiprom.PROTOCOLS))
    with ExitStack() as stack:
        estimator = None
        for number, clip in enumerate(clips, start=1):
            say(f"{number} of {len(clips)}: {clip.name}")
            kept = folder / f"{clip.name}.parquet" if folder else None
            if kept and kept.exists():
                yield clip, hiprom.read_landmarks(kept)[0]
                continue
            if estimator is None:
                bundle = ready().path
                assert bundle is not None
                estimator = stack.enter_context(MediaPipePose(bundle))
            with open_video(clip.video) as video:
                track, facts = record_track(video, estimator, lambda *_: None)
            if kept:
                kept.parent.mkdir(parents=True, exist_ok=True)
                write_landmarks(kept, track, facts)
            yield clip, track


def measured(tracks: Tracks, damage: Damage = lambda track: track) -> pd.DataFrame:
    """Measure every track, the side not told; return the table of its repetitions."""
    rows = []
    for clip, track in tracks:
        try:
            result = hiprom.measure(damage(track), hiprom.PROTOCOLS[clip.protocol])
        except MeasurementError:
            result = None
        rows += scored(clip, result)
    return table_of(rows)


def say(words: str) -> None:
    """Report progress."""
    sys.stderr.write(f"{words}\n")


if __name__ == "__main__":
    main()
