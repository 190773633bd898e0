"""The benchmark's films -> their landmarks, by the pose model or as kept."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmark_clips import SEATED, Clip, clips_of

import hiprom
from hiprom.capture.model import ready
from hiprom.capture.pose import MediaPipePose
from hiprom.capture.video import open_video
from hiprom.recordings import record_track
from hiprom.report.landmarks import write_landmarks

Tracks = list[tuple[Clip, hiprom.PoseTrack]]


def landmarks_folder(about: str) -> Path | None:
    """Return the folder that the command line names with --landmarks, if it does."""
    parser = ArgumentParser(description=about.split("\n", maxsplit=1)[0])
    parser.add_argument("--landmarks", type=Path, help="keep landmarks here")
    folder: Path | None = parser.parse_args().landmarks
    return folder


def tracks_of(
    folder: Path | None, protocols: Collection[str] = SEATED
) -> Iterator[tuple[Clip, hiprom.PoseTrack]]:
    """Yield every clip of these protocols, with its landmarks."""
    clips = clips_of(protocols)
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


def say(words: str) -> None:
    """Report progress."""
    sys.stderr.write(f"{words}\n")
