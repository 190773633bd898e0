"""A Measurement and the facts of its making -> summary.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hiprom.core.arc import arcs_of
from hiprom.core.measurement import Measurement, SideMeasurement
from hiprom.core.programme import practised_s
from hiprom.core.protocols import Protocol
from hiprom.report.files import writing
from hiprom.report.json_text import json_text, plain

SCHEMA = "hiprom.summary/1"


def summary(measurement: Measurement, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that summary.json holds; missing numbers are None.

    Where a protocol counts both ways, ``sides`` has the main movement of each side and
    ``movements`` all of them.

    Parameters
    ----------
    measurement : Measurement
    facts : mapping
        How it was made: ``created_at``, ``software``, ``model``, ``isolation``,
        ``video``, ``subject``, and ``warnings`` of the recording, to
        which the measurement's own are added.
    """
    protocol, mains = measurement.protocol, _main_movements(measurement)
    document = {
        "schema": SCHEMA,
        **facts,
        "protocol": {
            "name": protocol.name,
            "title": protocol.title,
            "posture": protocol.posture,
            "quantity": protocol.quantity,
            "movement": protocol.movement,
        },
        "camera": _camera(measurement),
        "active_min": _active_min(measurement, facts),
        "sides": {side.side: _side(side) for side in mains},
        "movements": [
            {
                "side": side.side,
                "direction": side.direction,
                "movement": side.movement,
                "quantity": side.quantity,
                **_side(side),
                "further": side.further_means,
                "compensations": _compensations(side, protocol),
            }
            for side in measurement.sides
        ],
        "arcs": [
            {
                "side": arc.side,
                "internal_deg": arc.internal.deg,
                "external_deg": arc.external.deg,
                "total_deg": arc.total_deg,
            }
            for arc in arcs_of([measurement])
        ],
        "compensations": {side.side: _compensations(side, protocol) for side in mains},
        "warnings": [*facts.get("warnings", ()), *measurement.warnings],
    }
    return {key: plain(value) for key, value in document.items()}


def write_summary(path: Path, document: Mapping[str, Any]) -> None:
    """Write `document` as indented UTF-8 JSON; raise ResultsError if it cannot be."""
    text = json_text(document)
    with writing(path):
        path.write_text(text, encoding="utf-8")


def _main_movements(measurement: Measurement) -> list[SideMeasurement]:
    """Return each side once, with the main one of its movements."""
    mains: dict[str, SideMeasurement] = {}
    for side in measurement.sides:
        mains.setdefault(side.side, side)
    return list(mains.values())


def _active_min(measurement: Measurement, facts: Mapping[str, Any]) -> float:
    """Minutes of practice: the repetitions and the rests between them."""
    reps = (rep for side in measurement.sides for rep in side.reps)
    duration_s = (facts.get("video") or {}).get("duration_s")
    return practised_s(reps, math.nan if duration_s is None else duration_s) / 60


def _side(side: SideMeasurement) -> dict[str, Any]:
    low, high = side.mean_interval
    sign = side.direction
    return {
        "reps": len(side.reps),
        "valid_reps": len(side.end_ranges),
        "mean": side.mean,
        "mean_low": low,
        "mean_high": high,
        "best": max(side.end_ranges, key=lambda end: sign * end, default=math.nan),
        "sd": side.sd,
        "sem": side.sem,
    }


def _camera(measurement: Measurement) -> dict[str, Any]:
    """Return what was assumed of the camera, and what the trial told of it."""
    view = measurement.view
    if view is None:
        return {"source": "assumed"}
    camera = measurement.camera
    if camera is None:
        return {"source": "estimated from the trial", **asdict(view)}
    return {
        "source": f"calibrated: {camera.name}, {camera.date}",
        "profile": camera.name,
        "is_scaled": camera.scaled_from_px is not None,
        "knows_gravity": camera.gravity is not None,
        **asdict(view),
    }


def _compensations(side: SideMeasurement, protocol: Protocol) -> dict[str, Any]:
    """Mean over the valid reps of what else moved, and of what it added in degrees."""
    valid = [rep for rep in side.reps if rep.valid]
    mean = {
        column: _mean([rep.changes.get(name, math.nan) for rep in valid])
        for name, column in protocol.change_columns.items()
        if any(name in rep.changes for rep in valid)
    }
    return mean | {"shank_minus_hip_deg": _mean([r.compensation_deg for r in valid])}


def _mean(values: list[float]) -> float:
    known = [value for value in values if math.isfinite(value)]
    return sum(known) / len(known) if known else math.nan
