"""A subject's history, or one trial -> files that other programs open.

Of a history: CSV, XLSX, FHIR and JSON. Of one trial: TRC, MOT and C3D. Each writer
returns the files that it wrote.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from hiprom.core.history import SavedTrial, Subject
from hiprom.report.exports.c3d import write_c3d
from hiprom.report.exports.fhir import write_history_fhir
from hiprom.report.exports.fhir_codes import CodeMap, read_code_map
from hiprom.report.exports.history_csv import write_history_csv
from hiprom.report.exports.history_json import write_history_json
from hiprom.report.exports.history_xlsx import write_history_xlsx
from hiprom.report.exports.mot import write_mot
from hiprom.report.exports.trc import write_trc

WriteHistory = Callable[[Path, Subject, tuple[SavedTrial, ...]], tuple[Path, ...]]

# By the name of the format.
HISTORY_WRITERS: Mapping[str, WriteHistory] = MappingProxyType(
    {
        "csv": write_history_csv,
        "xlsx": write_history_xlsx,
        "fhir": write_history_fhir,
        "json": write_history_json,
    }
)

__all__ = [
    "HISTORY_WRITERS",
    "CodeMap",
    "read_code_map",
    "write_c3d",
    "write_history_csv",
    "write_history_fhir",
    "write_history_json",
    "write_history_xlsx",
    "write_mot",
    "write_trc",
]
