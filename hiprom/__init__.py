"""hiprom: range of motion of the hip from an ordinary video.

>>> import hiprom
>>> trial = hiprom.analyze("seated_ir_right.mp4")  # doctest: +SKIP
>>> trial.reps[["side", "end_range", "hold_s"]]  # doctest: +SKIP

Importing this does nothing else: each public name is fetched when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hiprom._version import __version__

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.core.measure import measure
    from hiprom.core.measurement import Measurement, Rep, SideMeasurement, Traces
    from hiprom.core.protocols import PROTOCOLS, Protocol
    from hiprom.core.track import PoseTrack
    from hiprom.errors import HipromError
    from hiprom.report.landmarks import read_landmarks
    from hiprom.usecases import analyze, analyze_landmarks

__all__ = [
    "PROTOCOLS",
    "Analysis",
    "HipromError",
    "Measurement",
    "PoseTrack",
    "Protocol",
    "Rep",
    "SideMeasurement",
    "Traces",
    "__version__",
    "analyze",
    "analyze_landmarks",
    "measure",
    "read_landmarks",
]

_HOMES = {
    "PROTOCOLS": "core.protocols",
    "Analysis": "analysis",
    "HipromError": "errors",
    "Measurement": "core.measurement",
    "PoseTrack": "core.track",
    "Protocol": "core.protocols",
    "Rep": "core.measurement",
    "SideMeasurement": "core.measurement",
    "Traces": "core.measurement",
    "analyze": "usecases",
    "analyze_landmarks": "usecases",
    "measure": "core.measure",
    "read_landmarks": "report.landmarks",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"hiprom.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
