"""Where hiprom keeps what it keeps: one folder, the person's own."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_folder() -> Path:
    """Return the folder of all data: `HIPROM_HOME`, or the platform's own place.

    Whoever writes there first makes it, readable by its owner alone (mode 0700).
    """
    named = os.environ.get("HIPROM_HOME")
    return Path(named).expanduser() if named else platformdirs.user_data_path("hiprom")
