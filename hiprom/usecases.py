"""What both faces call: measure a video, measure kept landmarks again.

Each returns an `Analysis`; with a folder named, its files are written there too.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from hiprom.analysis import (
    Analysis,
    analysis_of,
    camera_named,
    silent,
    write,
    write_tables,
)
from hiprom.core.protocols import protocol as protocol_named
from hiprom.errors import MeasurementError, NobodyInView, TestNotClear
from hiprom.recordings import Progress, record_track, this_software
from hiprom.report.folder import require_writable

if TYPE_CHECKING:
    from hiprom.capture.pose import MediaPipePose
    from hiprom.core.camera import Camera
    from hiprom.core.measure import SideChoice
    from hiprom.core.protocols import Protocol
    from hiprom.core.recognition import Recognition
    from hiprom.core.track import PoseTrack

# The protocol's name where it is to be told from the landmarks.
AUTO = "auto"
# Is told what a recording may show, and returns the name of the test it shows.
Ask = Callable[["Recognition"], str]


def analyze(
    video: str | Path,
    *,
    protocol: str = "seated_ir",
    side: SideChoice = "auto",
    subject: str | None = None,
    out: str | Path | None = None,
    name: str | None = None,
    recorded_at: datetime | None = None,
    camera: str | Path | Camera | None = None,
    overlay: bool = True,
    progress: Progress = silent,
    estimator: MediaPipePose | None = None,
    ask: Ask | None = None,
) -> Analysis:
    """Measure every repetition of a test in a video file.

    Parameters
    ----------
    video : path
        A video of one person: mp4, mov, mkv, webm or avi.
    protocol : str
        Which test it shows; `hiprom.PROTOCOLS` has them by name. "auto" tells it from
        the landmarks.
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
    camera : str, path or Camera, optional
        A camera's profile, its name or its file (`hiprom calibrate`).
    overlay : bool
        Whether to draw overlay.mp4; only with `out`.
    progress : callable, optional
        Called with a stage, the steps done, and their total or None.
    estimator : MediaPipePose, optional
        A running pose process to use again; otherwise one is started and ended.
    ask : callable, optional
        Is asked which test it is where "auto" is not sure; without it that fails.

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
    chosen = _known(protocol)
    profile = camera_named(camera) if isinstance(camera, (str, Path)) else camera
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
    chosen = chosen or _shown(track, facts, ask)
    analysis = _measured(track, facts, chosen, side=side, camera=profile)
    if out is None:
        return analysis
    place = (Path(out), name or Path(video).stem)
    return write(analysis, place, video=video, overlay=overlay, progress=progress)


def analyze_landmarks(
    landmarks: str | Path,
    *,
    protocol: str = "seated_ir",
    side: SideChoice = "auto",
    subject: str | None = None,
    out: str | Path | None = None,
    name: str | None = None,
    recorded_at: datetime | None = None,
    camera: str | Path | Camera | None = None,
    video: str | Path | None = None,
    progress: Progress = silent,
    ask: Ask | None = None,
) -> Analysis:
    """Measure a kept landmarks.parquet again, without looking for the person anew.

    Parameters and errors as in `analyze`. There is an overlay and a still picture
    where `video`, which the landmarks are of, is given too.
    """
    chosen = _known(protocol)
    from hiprom.report.landmarks import read_landmarks

    profile = camera_named(camera) if isinstance(camera, (str, Path)) else camera
    track, facts = read_landmarks(Path(landmarks))
    if recorded_at is not None:
        facts["video"]["recorded_at"] = recorded_at.isoformat()
    facts = facts | {"subject": subject or facts.get("subject")} | this_software()
    facts.pop("recognised", None)
    chosen = chosen or _shown(track, facts, ask)
    analysis = _measured(track, facts, chosen, side=side, camera=profile)
    if out is None:
        return analysis
    place = (Path(out), name or Path(facts["video"]["name"]).stem)
    shown = video is not None
    return write(analysis, place, video=video, overlay=shown, progress=progress)


def reanalyze(
    landmarks: Path, out: Path, name: str, *, side: SideChoice, **how: Any
) -> Analysis:
    """Measure kept landmarks again and write their tables alone, quickly.

    Parameters and errors as in `analyze_landmarks`.
    """
    analysis = analyze_landmarks(landmarks, side=side, **how)
    return write_tables(analysis, (out, name))


def _measured(
    track: PoseTrack, facts: dict[str, Any], protocol: Protocol, **how: Any
) -> Analysis:
    """Measure a track; say which other test it seems to show, if it seems so.

    That is looked for where it was refused, or measured with a warning: a lying person
    looks to the seated test like one before a camera that leans.
    """
    try:
        analysis = analysis_of(track, facts, protocol, **how)
    except NobodyInView:
        raise
    except MeasurementError as refusal:
        other = _other_test(track)
        if other in (None, protocol) or f"--protocol {other.name}" in str(refusal):
            raise
        raise type(refusal)(f"{refusal} {_looks_like(other)}") from refusal
    if analysis.measurement.warnings:
        other = _other_test(track)
        if other is not None and other.way != protocol.way:
            analysis.summary["warnings"].insert(0, _looks_like(other))
    return analysis


def _other_test(track: PoseTrack) -> Protocol | None:
    from hiprom.core.recognition import recognise

    shown = recognise(track).protocol
    return None if shown is None else protocol_named(shown)


def _looks_like(other: Protocol) -> str:
    return (
        f"It looks like another test, {other.title.lower()}: "
        f"try --protocol {other.name}."
    )


def _known(protocol: str) -> Protocol | None:
    """Return the protocol of that name, or None where it is to be recognised."""
    return None if protocol == AUTO else protocol_named(protocol)


def _shown(track: PoseTrack, facts: dict[str, Any], ask: Ask | None) -> Protocol:
    """Return the protocol that a track shows, and note in the facts how sure that is.

    Raises
    ------
    NobodyInView
        If there is hardly anybody to be recognised.
    TestNotClear
        If it is not sure, and there is nobody to ask.
    """
    from hiprom.core.readable import require_person
    from hiprom.core.recognition import recognise, why_unclear

    require_person(track)
    recognition = recognise(track)
    name = recognition.protocol
    if name is None:
        if ask is None:
            raise TestNotClear(why_unclear(recognition))
        name = ask(recognition)
    facts["recognised"] = {
        "is_sure": recognition.protocol is not None,
        "sureness": {each.protocol: each.sureness for each in recognition.likely},
    }
    return protocol_named(name)


def _load_ahead(writes: bool) -> None:
    from hiprom.core import measure

    del measure
    if writes:
        from hiprom.report.ahead import load_libraries

        load_libraries()
