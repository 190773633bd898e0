"""A video file -> its PoseTrack, and the facts of how that was made."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom._version import __version__
from hiprom.core.track import PoseTrack

if TYPE_CHECKING:
    from hiprom.capture.isolation import Isolation
    from hiprom.capture.model import ModelStatus
    from hiprom.capture.pose import MediaPipePose, Pose
    from hiprom.capture.video import Video

# What is being done, how many steps of it are done, and of how many if that is known.
Progress = Callable[[str, int, int | None], None]

# Several people in this share of the frames are worth a warning.
_COMPANY_SHARE = 0.02


def record_track(
    video: Video, estimator: MediaPipePose | None, progress: Progress
) -> tuple[PoseTrack, dict[str, Any]]:
    """Return the track of an open video, and the facts of how it was made."""
    from hiprom.capture import model
    from hiprom.capture.collecting import collect
    from hiprom.capture.pose import MediaPipePose

    bundle = model.ready(progress=progress)
    assert bundle.path is not None
    own = estimator is None
    estimator = estimator or MediaPipePose(bundle.path)
    people: list[int] = []

    def counted() -> Iterator[Pose]:
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
    facts = making(
        bundle,
        isolation,
        _video_facts(video, track),
        [*video.reading.warnings, *company(people)],
    )
    return track, facts


def making(
    bundle: ModelStatus,
    isolation: Isolation,
    video: dict[str, Any],
    warnings: list[str],
) -> dict[str, Any]:
    """Return the facts of how a track was made, as they are kept beside it."""
    return {
        **this_software(),
        "model": {
            "name": f"pose_landmarker_{bundle.variant}",
            "sha256": bundle.sha256,
            "bytes": bundle.bytes,
            "source": bundle.source,
        },
        "isolation": isolation._asdict(),
        "video": video,
        "warnings": [*warnings, *_doubts(bundle, isolation)],
    }


def company(people: list[int]) -> Iterator[str]:
    """Say if several people were in view; `people` counts them, frame by frame."""
    share = float(np.mean(np.array(people) > 1)) if people else 0.0
    if share > _COMPANY_SHARE:
        yield (
            f"More than one person is in view in {share:.0%} of the frames. The one "
            "who is largest and most central at the start was followed: check the "
            "overlay."
        )


def _doubts(bundle: ModelStatus, isolation: Isolation) -> Iterator[str]:
    if not bundle.is_tested:
        yield (
            "The pose model is not one whose accuracy was measured: the intervals may "
            "be too narrow or too wide."
        )
    if not isolation.is_isolated:
        yield f"The pose process was not cut off from the network: {isolation.how}"


def _video_facts(video: Video, track: PoseTrack) -> dict[str, Any]:
    facts, reading = asdict(video.facts), video.reading
    return facts | {
        "fps": track.fps,
        "frames": reading.frames,
        "duration_s": reading.last_time_s - reading.first_time_s,
        "coverage": reading.coverage,
        "corrupt_frames": reading.corrupt_frames,
    }


def this_software() -> dict[str, Any]:
    """Return when this is, and which versions do the work."""
    return {
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "software": {"hiprom": __version__, "python": platform.python_version()}
        | _versions(),
    }


@cache
def _versions() -> dict[str, str]:
    """Return the libraries' versions; to read them takes as long as many reps."""
    packages = ("mediapipe", "opencv-contrib-python", "av", "numpy", "scipy", "pandas")
    return {package: version(package) for package in packages}
