"""What both faces call: measure a video, measure kept landmarks again.

Each returns an `Analysis`; with a folder named, its files are written there too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom.core.measurement import Measurement, Rep
from hiprom.core.protocols import Protocol
from hiprom.core.protocols import protocol as protocol_named
from hiprom.core.track import PoseTrack
from hiprom.recordings import Progress, record_track, this_software
from hiprom.report.folder import require_writable, result_folder
from hiprom.report.summary import summary, write_summary
from hiprom.report.tables import frames_table, reps_table, write_csv

if TYPE_CHECKING:
    import pandas as pd

    from hiprom.capture.pose import MediaPipePose
    from hiprom.capture.video import Frame
    from hiprom.core.camera import Camera
    from hiprom.core.measure import SideChoice


def _silent(_stage: str, _done: int, _total: int | None) -> None:
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


def analyze(
    video: str | Path,
    *,
    protocol: str = "seated_ir",
    side: SideChoice = "auto",
    subject: str | None = None,
    out: str | Path | None = None,
    name: str | None = None,
    recorded_at: datetime | None = None,
    camera: str | Path | None = None,
    overlay: bool = True,
    progress: Progress = _silent,
    estimator: MediaPipePose | None = None,
) -> Analysis:
    """Measure every repetition of a test in a video file.

    Parameters
    ----------
    video : path
        A video of one person: mp4, mov, mkv, webm or avi.
    protocol : str
        Which test it shows; `hiprom.PROTOCOLS` has them by name.
    side : {"auto", "left", "right", "both"}
        The subject's own side. "auto" measures the leg that moves.
    subject : str, optional
        A code for the person, written into the tables.
    out : path, optional
        A folder. The files of this video go into a folder of its name inside it.
        Without it nothing is written.
    name : str, optional
        The name of that inner folder instead.
    recorded_at : datetime, optional
        When it was recorded, with its offset from UTC; by default what the video says
        of itself.
    camera : str or path, optional
        A camera's profile, by its name or its file (`hiprom calibrate`).
    overlay : bool
        Whether to draw overlay.mp4; only with `out`.
    progress : callable, optional
        Called with a stage, the steps done, and their total or None.
    estimator : MediaPipePose, optional
        A running pose process to use again; otherwise one is started and ended.

    Returns
    -------
    Analysis

    Raises
    ------
    InputError
        If the protocol is unknown.
    CaptureError
        If the video cannot be read, or the pose model not be had.
    MeasurementError
        If the recording does not support a measurement; the message says what to do.
    ResultsError
        If the files cannot be written; none of them then stands half-written.

    Examples
    --------
    >>> import hiprom
    >>> trial = hiprom.analyze("sample_videos/seated_ir_right.mp4")  # doctest: +SKIP
    >>> trial.reps[["side", "end_range", "hold_s"]]  # doctest: +SKIP
    """
    chosen = protocol_named(protocol)
    profile = _camera(camera)
    if out is not None:
        require_writable(Path(out))
    from hiprom.capture.video import open_video

    with open_video(video) as opened:
        # The pose model has a process of its own: meanwhile this one loads the rest.
        ahead = Thread(target=_load_ahead, args=(out is not None,))
        ahead.start()
        try:
            track, facts = record_track(opened, estimator, progress)
        finally:
            ahead.join()
    facts["subject"] = subject
    if recorded_at is not None:
        facts["video"]["recorded_at"] = recorded_at.isoformat()
    measurement = _measure(track, chosen, side, profile)
    analysis = Analysis(measurement, track, summary(measurement, facts), facts, side)
    if out is None:
        return analysis
    place = (Path(out), name or Path(video).stem)
    return _write(analysis, place, video=video, overlay=overlay, progress=progress)


def analyze_landmarks(
    landmarks: str | Path,
    *,
    protocol: str = "seated_ir",
    side: SideChoice = "auto",
    subject: str | None = None,
    out: str | Path | None = None,
    name: str | None = None,
    recorded_at: datetime | None = None,
    camera: str | Path | None = None,
) -> Analysis:
    """Measure a kept landmarks.parquet again, without its video.

    Parameters and errors as in `analyze`; there is no overlay and no still picture.
    """
    chosen = protocol_named(protocol)
    from hiprom.report.landmarks import read_landmarks

    profile = _camera(camera)
    track, facts = read_landmarks(Path(landmarks))
    measurement = _measure(track, chosen, side, profile)
    if recorded_at is not None:
        facts["video"]["recorded_at"] = recorded_at.isoformat()
    facts = facts | {"subject": subject or facts.get("subject")} | this_software()
    analysis = Analysis(measurement, track, summary(measurement, facts), facts, side)
    if out is None:
        return analysis
    place = (Path(out), name or Path(facts["video"]["name"]).stem)
    return _write(analysis, place)


def _load_ahead(writes: bool) -> None:
    from hiprom.core import measure

    del measure
    if writes:
        from hiprom.report.ahead import load_libraries

        load_libraries()


def _camera(profile: str | Path | None) -> Camera | None:
    if profile is None:
        return None
    from hiprom.capture.calibration.profiles import read_profile

    return read_profile(profile)


def _measure(
    track: PoseTrack, protocol: Protocol, side: SideChoice, camera: Camera | None
) -> Measurement:
    from hiprom.core.measure import measure

    return measure(track, protocol, side=side, camera=camera)


def _write(
    analysis: Analysis,
    place: tuple[Path, str],
    *,
    video: str | Path | None = None,
    overlay: bool = False,
    progress: Progress = _silent,
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
    kept: dict[int, Any] = {}
    note = None

    def passing(frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if frame.index == best:
                kept[frame.index] = frame.rgb.copy()
            yield frame
            progress("Drawing the overlay", frame.index + 1, len(track))

    with open_video(video) as opened:
        if film is not None:
            note = write_overlay(
                film, passing(opened.frames()), measurement, track, fps=track.fps
            )
        else:
            wanted = () if best is None else (best,)
            next(passing(opened.frames(only=wanted)), None)
    if best is None or best not in kept:
        return None, note
    return still(kept[best], measurement, track, best), note


def _best_frame(measurement: Measurement) -> int | None:
    """Index of the frame in the middle of the best rep's hold."""
    best = measurement.best()
    return None if best is None else frame_of(best[1], measurement)


def frame_of(rep: Rep, measurement: Measurement) -> int:
    """Return the index of the frame in the middle of a rep's hold."""
    middle_s = (rep.plateau_start_s + rep.plateau_end_s) / 2
    at_s = middle_s if np.isfinite(middle_s) else rep.peak_s
    return int(np.argmin(np.abs(measurement.time_s - at_s)))
