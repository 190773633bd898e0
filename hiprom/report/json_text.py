"""Values of any kind -> what JSON can hold, and its text."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Make a value JSON's: four decimals, NaN and infinity null, times ISO 8601."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, (float, np.floating)):
        return round(float(value), 4) if math.isfinite(value) else None
    return value


def json_text(document: Mapping[str, Any]) -> str:
    """Return a document of plain values as lines of text, indented, in any alphabet."""
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return text + "\n"
