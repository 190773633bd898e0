"""An Overview -> one JSON document, for `hiprom history --json` and the like."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hiprom.core.arc import notes_on
from hiprom.core.history import Series
from hiprom.core.overview import Overview
from hiprom.core.statistics import Asymmetry, Progress
from hiprom.report.json_text import plain

SCHEMA = "hiprom.overview/1"
# What stands in the quantity's own unit, and what it is called in the document.
_NAMES = {
    "sem": "sem_{}",
    "mdc95": "mdc95_{}",
    "usual_view_sd": "usual_view_sd_{}",
    "error_sd": "error_sd_{}",
    "change": "change_{}",
    "low": "low_{}",
    "high": "high_{}",
    "per_30_days": "{}_per_30_days",
}


def overview_document(overview: Overview) -> dict[str, Any]:
    """Return where a subject stands; missing numbers are None, times ISO 8601."""
    return {
        "schema": SCHEMA,
        "subject": plain(asdict(overview.subject)),
        "today": overview.today.isoformat(),
        "trials": len(overview.trials),
        "measures": [_measure(each) for each in overview.progress],
        "further": [_further(each) for each in overview.further],
        "asymmetries": [_asymmetry(each) for each in overview.asymmetries],
        "sftr": [
            {"side": each.side, "text": each.text, "arc_deg": each.arc_deg}
            for each in overview.sftr
        ],
        "arcs": [
            {
                "posture": posture,
                "side": arc.side,
                "internal_deg": arc.internal.deg,
                "external_deg": arc.external.deg,
                "total_deg": arc.total_deg,
                "notes": list(notes_on((arc,))),
            }
            for posture, arcs in overview.arcs.items()
            for arc in arcs
        ],
        "programme": plain(asdict(overview.programme)),
        "adherence": plain(asdict(overview.adherence)),
        "due": plain(asdict(overview.due)) if overview.due else None,
        "discomfort": [plain(asdict(each)) for each in overview.discomfort],
        "reasons_to_ask": [plain(asdict(each)) for each in overview.reasons],
    }


def _further(series: Series) -> dict[str, Any]:
    """Return a series that is reported besides: its sessions, without a trend."""
    sessions = [
        {
            "session_id": each.session_id,
            "recorded_at": each.recorded_at,
            "mean": each.mean,
            "sd": each.sd,
            "reps": len(each.reps),
        }
        for each in series.sessions
    ]
    return {**asdict(series.measure), "sessions": plain(sessions)}


def _in_unit(document: dict[str, Any], quantity: str) -> dict[str, Any]:
    """Name what is in the quantity's unit after it: ``sem_deg``, ``sem_m``."""
    unit = quantity.rpartition("_")[2]
    return {
        _NAMES[name].format(unit) if name in _NAMES else name: value
        for name, value in document.items()
    }


def _measure(progress: Progress) -> dict[str, Any]:
    trend = progress.trend.sessions if progress.trend else None
    smoothed = [
        {"smoothed": None, "smoothed_low": None, "smoothed_high": None}
        if trend is None
        else {
            "smoothed": trend.mean[index],
            "smoothed_low": trend.low[index],
            "smoothed_high": trend.high[index],
        }
        for index in range(len(progress.sessions))
    ]
    quantity = progress.measure.quantity
    return {
        **asdict(progress.measure),
        "movement": progress.protocol.movement,
        "sessions": [
            plain(_in_unit(asdict(row), quantity) | level)
            for row, level in zip(progress.sessions, smoothed, strict=True)
        ],
        "measurement_error": plain(_in_unit(asdict(progress.error), quantity)),
        "changes": [
            plain(_in_unit(asdict(each), quantity) | {"verdict": each.verdict})
            for each in progress.changes
        ],
        "slope": (
            plain(_in_unit(asdict(progress.slope), quantity))
            if progress.slope
            else None
        ),
        "norms": [
            plain({"z": each.z, "words": each.words, **asdict(each.norm)})
            for each in progress.places
        ],
    }


def _asymmetry(each: Asymmetry) -> dict[str, Any]:
    document: dict[str, Any] = plain(
        {
            "is_same_session": each.is_same_session,
            "right_session": each.right.session_id,
            "left_session": each.left.session_id,
            "difference_deg": each.difference_deg,
            "low_deg": each.low_deg,
            "high_deg": each.high_deg,
            "percent": each.percent,
            "band": each.band,
        }
    )
    return document
