"""A folder of results -> the jobs to measure their kept landmarks once more."""

from __future__ import annotations

import json
from pathlib import Path

from hiprom.core.jobs import JobSpec
from hiprom.errors import InputError, ResultsError


def specs_of_results(folder: Path) -> list[JobSpec]:
    """Return a job for every trial whose landmarks lie below a folder, by name.

    Each is measured as it was: protocol, side, subject and camera are those of its
    summary.json.

    Raises
    ------
    InputError
        If there are no results.
    ResultsError
        If a summary cannot be read.
    """
    kept = sorted(folder.glob("*/landmarks.parquet")) if folder.is_dir() else []
    if not kept:
        raise InputError(
            f"{folder} holds no results with landmarks.parquet. Name the folder that "
            "an earlier hiprom batch or analyze wrote with --out."
        )
    return [_spec(landmarks) for landmarks in kept]


def _spec(landmarks: Path) -> JobSpec:
    told = landmarks.with_name("summary.json")
    try:
        summary = json.loads(told.read_text(encoding="utf-8"))
        sides = list(summary["sides"])
        return JobSpec(
            video=str(landmarks.resolve()),
            name=landmarks.parent.name,
            protocol=summary["protocol"]["name"],
            side=sides[0] if len(sides) == 1 else "both",
            subject=summary["subject"],
            camera=summary["camera"].get("profile"),
        )
    except (OSError, ValueError, KeyError) as error:
        raise ResultsError(
            f"{told} cannot be read as the summary of a trial ({error}). Measure its "
            "video again, or move the folder away."
        ) from error
