"""An Overview -> one JSON document, for `hiprom history --json` and the like."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hiprom.core.overview import Overview
from hiprom.core.statistics import Asymmetry, Progress
from hiprom.report.json_text import plain

SCHEMA = "hiprom.overview/1"


def overview_document(overview: Overview) -> dict[str, Any]:
    """Return where a subject stands; missing numbers are None, times ISO 8601."""
    return {
        "schema": SCHEMA,
        "subject": plain(asdict(overview.subject)),
        "today": overview.today.isoformat(),
        "trials": len(overview.trials),
        "measures": [_measure(each) for each in overview.progress],
        "asymmetries": [_asymmetry(each) for each in overview.asymmetries],
        "sftr": [{"side": each.side, "text": each.text} for each in overview.sftr],
        "programme": plain(asdict(overview.programme)),
        "adherence": plain(asdict(overview.adherence)),
        "due": plain(asdict(overview.due)) if overview.due else None,
        "discomfort": [plain(asdict(each)) for each in overview.discomfort],
        "reasons_to_ask": [plain(asdict(each)) for each in overview.reasons],
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
    return {
        **asdict(progress.measure),
        "sessions": [
            plain(asdict(row) | level)
            for row, level in zip(progress.sessions, smoothed, strict=True)
        ],
        "measurement_error": plain(asdict(progress.error)),
        "changes": [
            plain(asdict(each) | {"verdict": each.verdict}) for each in progress.changes
        ],
        "slope": plain(asdict(progress.slope)) if progress.slope else None,
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
