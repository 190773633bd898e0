"""Analysis: what one recording came to, and the files that say so."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiprom.core.measurement import Measurement, Rep
from hiprom.core.protocols import Protocol
from hiprom.core.track import PoseTrack
from hiprom.recordings import Progress
from hiprom.report.folder import result_folder
from hiprom.report.summary import summary, write_summary
from hiprom.report.tables import frames_table, reps_table, write_csv

if TYPE_CHECKING:
    import pandas as pd

    from hiprom.capture.video import Frame
    from hiprom.core.camera import Camera
    from hiprom.core.measure import SideChoice


_SAME_TIME_S = 5e-4


def silent(_stage: str, _done: int, _total: int | None) -> None:
    """Report no progress."""


@dataclass(frozen=True, eq=False)
class Analysis:
    """The result of one video.

    Attributes
    ----------
    measurement : Measurement
        Traces and reps as arrays.
    track : PoseTrack
        The landmarks it came from.
    summary : dict
        What summary.json holds.
    facts : dict
        How it was made, as kept beside the landmarks.
    side : {"auto", "left", "right", "both"}
        Which was asked for.
    folder : Path or None
        Where the files are, if they were written.
    """

    measurement: Measurement
    track: PoseTrack
    summary: dict[str, Any]
    facts: dict[str, Any]
    side: SideChoice = "auto"
    folder: Path | None = None

    @cached_property
    def reps(self) -> pd.DataFrame:
        """One row per repetition, the columns of reps.csv (docs/contract.md)."""
        return reps_table(
            self.measurement,
            video=self.summary["video"]["name"],
            subject=self.summary["subject"],
            recorded_at=self.summary["video"]["recorded_at"],
        )

    @cached_property
    def frames(self) -> pd.DataFrame:
        """One row per video frame and measured side, the columns of frames.csv."""
        return frames_table(self.measurement)


def analysis_of(
    track: PoseTrack,
    facts: dict[str, Any],
    protocol: Protocol,
    *,
    side: SideChoice,
    camera: Camera | None,
) -> Analysis:
    """Measure a track, and say how with what is known of its making."""
    from hiprom.core.measure import measure

    measurement = measure(track, protocol, side=side, camera=camera)
    return Analysis(measurement, track, summary(measurement, facts), facts, side)


def camera_named(profile: str | Path) -> Camera:
    """Read a camera's profile, by its name or its file."""
    from hiprom.capture.calibration.profiles import read_profile

    return read_profile(profile)


def write(
    analysis: Analysis,
    place: tuple[Path, str],
    *,
    video: str | Path | None = None,
    overlay: bool = False,
    progress: Progress = silent,
) -> Analysis:
    """Write all files of a trial, pictures only where the video is there."""
    from hiprom.report.landmarks import write_landmarks
    from hiprom.report.page import write_report

    with result_folder(*place) as folder:
        write_csv(analysis.reps, folder / "reps.csv")
        write_csv(analysis.frames, folder / "frames.csv")
        write_landmarks(folder / "landmarks.parquet", analysis.track, analysis.facts)
        still = None
        if video is not None:
            film = folder / "overlay.mp4" if overlay else None
            still, note = _pictures(analysis, video, film, progress)
            analysis.summary["warnings"] += [note] if note else []
        write_summary(folder / "summary.json", analysis.summary)
        write_report(
            folder / "report.html", analysis.measurement, analysis.summary, still
        )
    return replace(analysis, folder=place[0] / place[1])


def write_tables(analysis: Analysis, place: tuple[Path, str]) -> Analysis:
    """Write what the combined tables of many trials are made from, and no more."""
    with result_folder(*place) as folder:
        write_csv(analysis.reps, folder / "reps.csv")
        write_summary(folder / "summary.json", analysis.summary)
    return replace(analysis, folder=place[0] / place[1])


def _pictures(
    analysis: Analysis, video: str | Path, film: Path | None, progress: Progress
) -> tuple[bytes | None, str | None]:
    """Read the video again for the overlay, and for the still of the best rep.

    Returns the still as JPEG, and what there is to say about the overlay.
    """
    from hiprom.capture.video import open_video
    from hiprom.report.overlay import still, write_overlay

    measurement, track = analysis.measurement, analysis.track
    best = _best_frame(measurement)
    if film is None:
        if best is None:
            return None, None
        rgb = _picture(video, track, best)
        return None if rgb is None else still(rgb, measurement, track, best), None
    kept: list[NDArray[np.uint8]] = []

    def passing(frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in _measured(frames, track):
            if frame.index == best:
                kept.append(frame.rgb.copy())
            yield frame
            progress("Drawing the overlay", frame.index + 1, len(track))

    with open_video(video) as opened:
        frames = passing(opened.frames())
        note = write_overlay(film, frames, measurement, track, fps=track.fps)
    if best is None or not kept:
        return None, note
    return still(kept[0], measurement, track, best), note


def _picture(
    video: str | Path, track: PoseTrack, index: int
) -> NDArray[np.uint8] | None:
    """Return the picture of a track's frame, by a jump if the file allows that."""
    from hiprom.capture.video import open_video

    with open_video(video) as opened:
        rgb = opened.picture_at(float(track.time_s[index]))
    if rgb is not None:
        return rgb
    with open_video(video) as opened:
        # A track made live may lack frames of its film, never the other way.
        later = _measured(opened.frames(only=range(index, sys.maxsize)), track)
        return next((frame.rgb for frame in later if frame.index == index), None)


def _measured(frames: Iterable[Frame], track: PoseTrack) -> Iterator[Frame]:
    """Leave out frames that are not in the track; number the others as there."""
    for frame in frames:
        row = int(np.searchsorted(track.time_s, frame.time_s - _SAME_TIME_S))
        if row < len(track) and track.time_s[row] <= frame.time_s + _SAME_TIME_S:
            yield frame._replace(index=row)


def _best_frame(measurement: Measurement) -> int | None:
    """Index of the frame in the middle of the best rep's hold."""
    best = measurement.best()
    return None if best is None else frame_of(best[1], measurement)


def frame_of(rep: Rep, measurement: Measurement) -> int:
    """Return the index of the frame in the middle of a rep's hold."""
    middle_s = (rep.plateau_start_s + rep.plateau_end_s) / 2
    at_s = middle_s if np.isfinite(middle_s) else rep.peak_s
    return int(np.argmin(np.abs(measurement.time_s - at_s)))
