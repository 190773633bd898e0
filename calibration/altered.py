"""Measure altered copies of the benchmark's films and write altered.csv.

    python calibration/altered.py [--landmarks FOLDER]

The copies go straight to the pose model and are not kept. With a folder named, the
landmarks are kept there and used again the next time: that skips the pose model, and
is only right while nothing about reading videos, or about the copies, changes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from queue import SimpleQueue
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import pandas as pd
from alterations import alterations_of
from altered_clips import CHANGES, AlteredClip
from altered_pictures import altered_frames, altered_size_px
from benchmark_clips import SEATED, clips_of
from scoring import scored, table_of

import hiprom
from hiprom.capture.collecting import collect
from hiprom.capture.model import ready
from hiprom.capture.pose import MediaPipePose
from hiprom.capture.video import open_video
from hiprom.errors import MeasurementError
from hiprom.report.landmarks import write_landmarks

HERE = Path(__file__).parent
# A pose process keeps one core busy; two halve the time where there are two.
_AT_ONCE = 2

Idle = SimpleQueue[MediaPipePose]


def main() -> None:
    """Measure every copy, then write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--landmarks", type=Path, help="keep landmarks here")
    folder = parser.parse_args().landmarks

    copies = copies_of_all_clips()
    table = pd.concat(
        [measured(copy, track) for copy, track in tracks_of(copies, folder)]
    )
    table.to_csv(HERE / "altered.csv", index=False, lineterminator="\n")
    say("written: calibration/altered.csv; `make accuracy` puts it on the page")


def copies_of_all_clips(protocols: Collection[str] = SEATED) -> list[AlteredClip]:
    """Return every copy of every clip of these protocols, kind by kind."""
    clips = clips_of(protocols)
    kinds = zip(*(alterations_of(clip.name) for clip in clips), strict=True)
    return [
        AlteredClip(clip.name, clip.facts, alteration)
        for kind in kinds
        for clip, alteration in zip(clips, kind, strict=True)
    ]


def tracks_of(
    copies: list[AlteredClip], folder: Path | None
) -> Iterator[tuple[AlteredClip, hiprom.PoseTrack]]:
    """Yield every copy, in order, with its landmarks; two are watched at a time."""
    kept = [_kept(copy, folder) for copy in copies]
    idle: Idle = SimpleQueue()
    with ExitStack() as stack:
        if not all(path and path.exists() for path in kept):
            bundle = ready().path
            assert bundle is not None
            for _ in range(_AT_ONCE):
                idle.put(stack.enter_context(MediaPipePose(bundle)))
        pool = ThreadPoolExecutor(_AT_ONCE)
        stack.callback(pool.shutdown, cancel_futures=True)
        tracks = pool.map(_track_of, copies, kept, [idle] * len(copies))
        for number, (copy, track) in enumerate(zip(copies, tracks, strict=True), 1):
            say(f"{number} of {len(copies)}: {copy.alteration.name}, {copy.name}")
            yield copy, track


def measured(copy: AlteredClip, track: hiprom.PoseTrack) -> pd.DataFrame:
    """Return the rows of a copy, the side not told: as in accuracy.csv, and more.

    Before them the alteration; after them what else moved, truly and as measured.
    """
    try:
        measurement = hiprom.measure(track, hiprom.PROTOCOLS[copy.protocol])
    except MeasurementError:
        measurement = None
    rows = scored(copy, measurement)
    true, seen = copy.changes, _changes_seen(measurement)
    besides = [
        _besides(
            true[row["rep"] - 1] if "rep" in row else {},
            seen.get((row["side"], row.get("end_range")), {}),
        )
        for row in rows
    ]
    about = {"alteration": copy.alteration.name, "recipe": copy.alteration.recipe}
    return pd.concat(
        [
            pd.DataFrame(about, index=range(len(rows))),
            table_of(rows),
            pd.DataFrame(besides).round(2) + 0.0,  # never a minus nothing
        ],
        axis=1,
    )


def say(words: str) -> None:
    """Report progress."""
    sys.stderr.write(f"{words}\n")


def _kept(copy: AlteredClip, folder: Path | None) -> Path | None:
    return folder / copy.alteration.name / f"{copy.name}.parquet" if folder else None


def _track_of(copy: AlteredClip, kept: Path | None, idle: Idle) -> hiprom.PoseTrack:
    """Watch a copy with a pose process that has nothing else to do."""
    if kept and kept.exists():
        return hiprom.read_landmarks(kept)[0]
    camera, size_px = copy.facts["camera"], copy.facts["size_px"]
    estimator = idle.get()
    try:
        with open_video(copy.video) as video:
            frames = altered_frames(video.frames(), copy.alteration, camera["focal_px"])
            track = collect(
                estimator.poses(frames), *altered_size_px(copy.alteration, size_px)
            )
    finally:
        idle.put(estimator)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_landmarks(kept, track, {"recipe": copy.alteration.recipe})
    return track


def _changes_seen(
    measurement: hiprom.Measurement | None,
) -> dict[tuple[str, float | None], dict[str, float]]:
    """Return what else moved in every measured repetition, by its leg and end-range."""
    legs = measurement.sides if measurement else ()
    return {(leg.side, rep.end_range): rep.changes for leg in legs for rep in leg.reps}


def _besides(true: dict[str, float], seen: dict[str, float]) -> dict[str, Any]:
    """Return true and measured changes side by side, NaN where there is none."""
    row = {}
    for name in CHANGES:
        row[f"true_{name}_deg"] = true.get(name, float("nan"))
        row[f"{name}_deg"] = seen.get(name, float("nan"))
    return row


if __name__ == "__main__":
    main()
