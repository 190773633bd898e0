"""An Overview -> one JSON document, for `hiprom history --json` and the like."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import numpy as np

from hiprom.core.overview import Overview
from hiprom.core.statistics import Asymmetry, Progress

SCHEMA = "hiprom.overview/1"


def overview_document(overview: Overview) -> dict[str, Any]:
    """Return where a subject stands; missing numbers are None, times ISO 8601."""
    return {
        "schema": SCHEMA,
        "subject": _plain(asdict(overview.subject)),
        "today": overview.today.isoformat(),
        "trials": len(overview.trials),
        "measures": [_measure(each) for each in overview.progress],
        "asymmetries": [_asymmetry(each) for each in overview.asymmetries],
        "sftr": [{"side": each.side, "text": each.text} for each in overview.sftr],
        "programme": _plain(asdict(overview.programme)),
        "adherence": _plain(asdict(overview.adherence)),
        "due": _plain(asdict(overview.due)) if overview.due else None,
        "discomfort": [_plain(asdict(each)) for each in overview.discomfort],
        "reasons_to_ask": [_plain(asdict(each)) for each in overview.reasons],
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
            _plain(asdict(row) | level)
            for row, level in zip(progress.sessions, smoothed, strict=True)
        ],
        "measurement_error": _plain(asdict(progress.error)),
        "changes": [
            _plain(asdict(each) | {"verdict": each.verdict})
            for each in progress.changes
        ],
        "slope": _plain(asdict(progress.slope)) if progress.slope else None,
        "norms": [
            _plain({"z": each.z, "words": each.words, **asdict(each.norm)})
            for each in progress.places
        ],
    }


def _asymmetry(each: Asymmetry) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in {
            "is_same_session": each.is_same_session,
            "right_session": each.right.session_id,
            "left_session": each.left.session_id,
            "difference_deg": each.difference_deg,
            "low_deg": each.low_deg,
            "high_deg": each.high_deg,
            "percent": each.percent,
            "band": each.band,
        }.items()
    }


def _plain(value: Any) -> Any:
    """Make a value JSON's: four decimals, NaN and infinity null."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), 4) if math.isfinite(value) else None
    return value
