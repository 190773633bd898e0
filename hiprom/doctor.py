"""A machine -> findings: what hiprom needs, whether it is here, and what to do."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from typing import Literal

from hiprom.errors import HipromError


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `state` is "good", "note" (works, but worth knowing) or "bad" (measuring fails).
    """

    name: str
    state: Literal["good", "note", "bad"]
    found: str
    advice: str = ""


def examine() -> Iterator[Finding]:
    """Look at everything a measurement needs, cheapest first."""
    yield _python()
    yield _opencv()
    yield _libraries()
    yield from _codecs()
    yield _model()
    yield _isolation()
    yield _data_folder()


def _python() -> Finding:
    good = (3, 11) <= sys.version_info[:2] <= (3, 13)
    advice = "" if good else "Use Python 3.11, 3.12 or 3.13."
    found = f"{platform.python_version()} on {platform.platform(terse=True)}"
    return Finding("Python", "good" if good else "bad", found, advice)


def _opencv() -> Finding:
    wheels = sorted(
        f"{d.name} {d.version}"
        for d in distributions()
        if (d.name or "").lower().startswith("opencv")
    )
    if len(wheels) == 1:
        return Finding("OpenCV", "good", wheels[0])
    if not wheels:
        advice = "pip install opencv-contrib-python"
        return Finding("OpenCV", "bad", "no opencv package", advice)
    return Finding(
        "OpenCV",
        "bad",
        f"{len(wheels)} packages share one cv2 folder: {', '.join(wheels)}",
        "uninstall all of them, then pip install opencv-contrib-python",
    )


def _libraries() -> Finding:
    try:
        import cv2  # noqa: F401
        import mediapipe  # noqa: F401
    except (ImportError, OSError) as error:
        return Finding(
            "System libraries",
            "bad",
            str(error),
            "on Debian or Ubuntu: apt-get install libgl1 libegl1 libgles2 libglib2.0-0",
        )
    return Finding("System libraries", "good", "OpenCV and MediaPipe load")


def _codecs() -> Iterator[Finding]:
    import av

    wanted = {"H.264": "h264", "HEVC": "hevc", "VP9": "vp9", "AV1": "libdav1d"}
    missing = [name for name, key in wanted.items() if key not in av.codecs_available]
    if missing:
        found = f"cannot read {', '.join(missing)}"
        yield Finding("Video codecs", "note", found, "convert such videos to H.264")
    else:
        yield Finding("Video codecs", "good", f"reads {', '.join(wanted)}")
    if "libx264" in av.codecs_available:
        yield Finding("Overlay encoder", "good", "H.264 (plays in a browser)")
    else:
        found = "no H.264 encoder: overlays become MPEG-4"
        yield Finding("Overlay encoder", "note", found, "play them in VLC")


def _model() -> Finding:
    from hiprom.capture import model

    try:
        status = model.status()
    except HipromError as error:
        return Finding("Pose model", "bad", str(error))
    if not status.is_installed:
        advice = "it comes by itself on first use, or: hiprom model install"
        return Finding("Pose model", "note", "not installed yet", advice)
    if not status.is_intact:
        found = f"{status.path} is not what was installed (sha256 {status.sha256})"
        return Finding("Pose model", "bad", found, "hiprom model install")
    return Finding(
        "Pose model", "good", f"{status.path} (sha256 {status.sha256[:12]}…)"
    )


def _isolation() -> Finding:
    from hiprom.capture import model
    from hiprom.capture.pose import MediaPipePose

    try:
        status = model.status()
        if status.path is None or not status.is_intact:
            found = "tried once the pose model is there"
            return Finding("Network isolation", "note", found)
        with MediaPipePose(status.path) as estimator:
            isolation = estimator.isolation
    except HipromError as error:
        return Finding("Network isolation", "bad", str(error))
    if isolation.is_isolated:
        return Finding("Network isolation", "good", isolation.how)
    advice = "block the pose process in a firewall, or run hiprom offline"
    return Finding("Network isolation", "note", isolation.how, advice)


def _data_folder() -> Finding:
    from hiprom.capture.places import data_folder

    try:
        folder = data_folder()
        free_gb = shutil.disk_usage(folder).free / 1e9
    except OSError as error:
        advice = "set HIPROM_HOME to a folder you can write to"
        return Finding("Data folder", "bad", str(error), advice)
    return Finding("Data folder", "good", f"{folder} ({free_gb:.0f} GB free)")
