"""A job and its folder of results -> a row for each side that was measured."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hiprom.core.jobs import Job, JobState
from hiprom.core.measurement import View
from hiprom.core.protocols import PROTOCOLS
from hiprom.core.view import advice
from hiprom.errors import ResultsError
from hiprom.report.addresses import shown_place
from hiprom.report.batch.rep_rows import Cells
from hiprom.report.tables import plain_text, printable


@dataclass(frozen=True, slots=True)
class SideResult:
    """One video and side, or a video that has no result: a row of summary.csv.

    The columns are explained in `columns.SUMMARY_COLUMNS`; numbers that are missing are
    NaN, counts and texts None or "". `view` is what there is to say about how the
    camera stood, "" where nothing is; `attempts` how often the job was begun;
    `has_report` whether the video has a page of its own.
    """

    video: str
    name: str
    subject: str | None
    recorded_at: str | None
    protocol: str
    side: str
    state: JobState
    reason: str
    attempts: int
    reps: int | None = None
    valid_reps: int | None = None
    mean: float = math.nan
    mean_low: float = math.nan
    mean_high: float = math.nan
    best: float = math.nan
    sd: float = math.nan
    sem: float = math.nan
    compensated_reps: int | None = None
    flags: str = ""
    yaw_deg: float = math.nan
    pitch_deg: float = math.nan
    fps: float = math.nan
    duration_s: float = math.nan
    coverage: float = math.nan
    warnings: int | None = None
    view: str = ""
    has_report: bool = False

    @property
    def report(self) -> str:
        """Where the video's own page is, seen from the overview; "" without one."""
        return f"{quote(self.name)}/report.html" if self.has_report else ""


def read_summary(path: Path) -> Mapping[str, Any]:
    """Return what a summary.json holds.

    Raises
    ------
    ResultsError
        If it cannot be read or is none.
    """
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise ResultsError(
            f"{path} cannot be read ({error}). Measure the video again."
        ) from error
    if not isinstance(document, dict) or not isinstance(document.get("sides"), dict):
        raise ResultsError(f"{path} has no 'sides'. Measure the video again.")
    return document


def without_result(job: Job, reason: str | None = None) -> SideResult:
    """Return the row of a job that has no result.

    Parameters
    ----------
    job : Job
    reason : str, optional
        What is wrong with the results of a job that was done: it then counts as failed.
    """
    spec, shown = job.spec, shown_place(job.spec.video)
    said = job.reason if reason is None else reason
    return SideResult(
        video=shown,
        name=spec.name,
        subject=spec.subject,
        recorded_at=spec.recorded_at.isoformat() if spec.recorded_at else None,
        protocol=spec.protocol,
        side=spec.side,
        state=job.state if reason is None else JobState.FAILED,
        reason=printable(said).replace(printable(spec.video), shown),
        attempts=job.attempts,
    )


def side_results(
    job: Job,
    summary: Mapping[str, Any],
    reps: Sequence[Cells],
    *,
    has_report: bool = False,
) -> Iterator[SideResult]:
    """Yield a row for each side of a job that is done, in the order of its summary."""
    video, camera = summary.get("video") or {}, summary.get("camera") or {}
    common = replace(
        without_result(job),
        subject=summary.get("subject") or job.spec.subject,
        recorded_at=video.get("recorded_at"),
        protocol=(summary.get("protocol") or {}).get("name") or job.spec.protocol,
        yaw_deg=_number(camera.get("yaw_deg")),
        pitch_deg=_number(camera.get("pitch_deg")),
        fps=_number(video.get("fps")),
        duration_s=_number(video.get("duration_s")),
        coverage=_number(video.get("coverage")),
        warnings=len(summary.get("warnings") or ()),
        view=_view_words(camera),
        has_report=has_report,
    )
    for side, told in summary["sides"].items():
        flags = [
            plain_text(cells["flags"]).split(";")
            for cells in reps
            if cells["side"] == side and cells["flags"]
        ]
        yield replace(
            common,
            side=side,
            reps=told.get("reps"),
            valid_reps=told.get("valid_reps"),
            compensated_reps=_compensated(flags, common.protocol),
            flags=_counted(flags),
            mean=_number(told.get("mean")),
            mean_low=_number(told.get("mean_low")),
            mean_high=_number(told.get("mean_high")),
            best=_number(told.get("best")),
            sd=_number(told.get("sd")),
            sem=_number(told.get("sem")),
        )


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _view_words(camera: Mapping[str, Any]) -> str:
    """Return the first thing to say about the view, without what to do about it."""
    names = [field.name for field in fields(View)]
    if not all(name in camera for name in names):
        return ""
    view = View(**{name: _number(camera[name]) for name in names})
    first = next(advice(view), "")
    return first.split(". ")[0].split(": ")[0].rstrip(".")


def _compensated(flags: Sequence[Sequence[str]], protocol: str) -> int:
    known = PROTOCOLS.get(protocol)
    limits = set(known.limits) if known else set()
    return sum(not limits.isdisjoint(each) for each in flags)


def _counted(flags: Sequence[Sequence[str]]) -> str:
    counts = Counter(flag for each in flags for flag in each)
    return ";".join(f"{flag}={count}" for flag, count in sorted(counts.items()))
