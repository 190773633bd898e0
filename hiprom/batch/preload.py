"""A worker process as it starts -> one that leaves Ctrl-C to the head."""

from __future__ import annotations

import signal
from typing import Any


def dask_setup(_worker: Any) -> None:
    """Be called by Dask in the worker's main thread."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
