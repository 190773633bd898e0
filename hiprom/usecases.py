"""What both faces call: measure a video, measure kept landmarks again.

Each returns an `Analysis`; with a folder named, its files are written there too.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom._version import __version__
from hiprom.core.measure import SideChoice, measure
from hiprom.core.measurement import Measurement
from hiprom.core.protocols import protocol as protocol_named
from hiprom.core.track import PoseTrack
from hiprom.report.folder import require_writable, result_folder
from hiprom.report.summary import summary, write_summary
from hiprom.report.tables import frames_table, reps_table, write_csv

if TYPE_CHECKING:
    import pandas as pd

    from hiprom.capture.pose import MediaPipePose
    from hiprom.capture.video import Frame, Video

# What is being done, how many steps of it are done, and of how many if that is known.
Progress = Callable[[str, int, int | None], None]

# Several people in this share of the frames are worth a warning.
_COMPANY_SHARE = 0.02


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
    folder : Path or None
        Where the files are, if they were written.
    """

    measurement: Measurement
    track: PoseTrack
    summary: dict[str, Any]
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
    if out is not None:
        require_writable(Path(out))
    from hiprom.capture.video import open_video

    with open_video(video) as opened:
        track, facts = _capture(opened, estimator, progress)
    facts["subject"] = subject
    measurement = measure(track, chosen, side=side)
    analysis = Analysis(measurement, track, summary(measurement, facts))
    if out is None:
        return analysis
    place = (Path(out), name or Path(video).stem)
    return _write(
        analysis, facts, place, video=video, overlay=overlay, progress=progress
    )


def analyze_landmarks(
    landmarks: str | Path,
    *,
    protocol: str = "seated_ir",
    side: SideChoice = "auto",
    subject: str | None = None,
    out: str | Path | None = None,
    name: str | None = None,
) -> Analysis:
    """Measure a kept landmarks.parquet again, without its video.

    Parameters and errors as in `analyze`; there is no overlay and no still picture.
    """
    chosen = protocol_named(protocol)
    from hiprom.report.landmarks import read_landmarks

    track, facts = read_landmarks(Path(landmarks))
    measurement = measure(track, chosen, side=side)
    facts = facts | {"subject": subject or facts.get("subject")} | _this_software()
    analysis = Analysis(measurement, track, summary(measurement, facts))
    if out is None:
        return analysis
    place = (Path(out), name or Path(facts["video"]["name"]).stem)
    return _write(analysis, facts, place)


def _capture(
    video: Video, estimator: MediaPipePose | None, progress: Progress
) -> tuple[PoseTrack, dict[str, Any]]:
    """Return the track of an open video, and the facts of how it was made."""
    from hiprom.capture import model
    from hiprom.capture.pose import MediaPipePose, collect

    bundle = model.ready(progress=progress)
    assert bundle.path is not None
    own = estimator is None
    estimator = estimator or MediaPipePose(bundle.path)
    people: list[int] = []

    def counted() -> Iterator[Any]:
        expected = video.facts.expected_frames
        for pose in estimator.poses(video.frames()):
            people.append(pose.people)
            progress("Finding the person", len(people), expected)
            yield pose

    try:
        track = collect(counted(), video.facts.width_px, video.facts.height_px)
        isolation = estimator.isolation
    finally:
        if own:
            estimator.close()
    reading = video.reading
    warnings = list(reading.warnings)
    company = float(np.mean(np.array(people) > 1)) if people else 0.0
    if company > _COMPANY_SHARE:
        warnings.append(
            f"More than one person is in view in {company:.0%} of the frames. The one "
            "who is largest and most central at the start was followed: check the "
            "overlay."
        )
    if not bundle.is_tested:
        warnings.append(
            "The pose model is not one whose accuracy was measured: the intervals may "
            "be too narrow or too wide."
        )
    if not isolation.is_isolated:
        warnings.append(
            f"The pose process was not cut off from the network: {isolation.how}"
        )
    facts = {
        **_this_software(),
        "model": {
            "name": f"pose_landmarker_{bundle.variant}",
            "sha256": bundle.sha256,
            "bytes": bundle.bytes,
            "source": bundle.source,
        },
        "isolation": isolation._asdict(),
        "video": _video_facts(video, track),
        "camera": {"source": "assumed", "note": "level, in front, pinhole"},
        "warnings": warnings,
    }
    return track, facts


def _video_facts(video: Video, track: PoseTrack) -> dict[str, Any]:
    facts, reading = asdict(video.facts), video.reading
    return facts | {
        "fps": track.fps,
        "frames": reading.frames,
        "duration_s": reading.last_time_s - reading.first_time_s,
        "coverage": reading.coverage,
        "corrupt_frames": reading.corrupt_frames,
    }


def _this_software() -> dict[str, Any]:
    packages = ("mediapipe", "opencv-contrib-python", "av", "numpy", "scipy", "pandas")
    software = {"hiprom": __version__, "python": platform.python_version()}
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": software | {package: version(package) for package in packages},
    }


def _write(
    analysis: Analysis,
    facts: Mapping[str, Any],
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
        write_landmarks(folder / "landmarks.parquet", analysis.track, facts)
        still = None
        if video is not None:
            film = folder / "overlay.mp4" if overlay else None
            still = _pictures(analysis, video, film, progress)
        write_summary(folder / "summary.json", analysis.summary)
        write_report(
            folder / "report.html", analysis.measurement, analysis.summary, still
        )
    return replace(analysis, folder=place[0] / place[1])


def _pictures(
    analysis: Analysis, video: str | Path, film: Path | None, progress: Progress
) -> bytes | None:
    """Read the video again for the overlay, and for the still of the best rep."""
    from hiprom.capture.video import open_video
    from hiprom.report.overlay import still, write_overlay

    measurement, track = analysis.measurement, analysis.track
    best = _best_frame(measurement)
    kept: dict[int, Any] = {}

    def passing(frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            if frame.index == best:
                kept[frame.index] = frame.rgb.copy()
            yield frame
            progress("Drawing the overlay", frame.index + 1, len(track))

    with open_video(video) as opened:
        if film is not None:
            write_overlay(
                film, passing(opened.frames()), measurement, track, fps=track.fps
            )
        else:
            next((f for f in passing(opened.frames()) if f.index == best), None)
    if best is None or best not in kept:
        return None
    return still(kept[best], measurement, track, best)


def _best_frame(measurement: Measurement) -> int | None:
    """Index of the frame in the middle of the best rep's hold."""
    best = measurement.best()
    if best is None:
        return None
    _, rep = best
    middle_s = (rep.plateau_start_s + rep.plateau_end_s) / 2
    at_s = middle_s if np.isfinite(middle_s) else rep.peak_s
    return int(np.argmin(np.abs(measurement.time_s - at_s)))
