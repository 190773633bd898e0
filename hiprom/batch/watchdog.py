"""Limits of time and memory -> a video that exceeds them is given up, not the batch."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from hiprom.batch.order import Limits

_LOOK_EVERY_S = 0.5
# Who does not end although its pose process is gone hangs in a decoder: no thread can
# be ended from outside, so the whole worker ends, and Dask starts another.
_LAST_PATIENCE_S = 60.0


class Watchdog:
    """Watches over one video in a ``with`` block, by a thread of its own.

    Parameters
    ----------
    limits : Limits
    pids : callable
        Returns the processes whose memory counts, this one apart.
    give_up : callable
        Ends them, so that the work ends with an error.

    Attributes
    ----------
    reason : str
        Which limit was exceeded; empty while none is.
    """

    def __init__(
        self,
        limits: Limits,
        pids: Callable[[], list[int]],
        give_up: Callable[[], None],
    ) -> None:
        self.reason = ""
        self._limits, self._pids, self._give_up = limits, pids, give_up
        self._is_done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_done.set()
        self._thread.join()

    def _watch(self) -> None:
        end_s = time.monotonic() + self._limits.seconds
        while not self._is_done.wait(_LOOK_EVERY_S):
            self.reason = self._exceeded(end_s)
            if self.reason:
                self._give_up()
                if not self._is_done.wait(_LAST_PATIENCE_S):
                    os._exit(1)
                return

    def _exceeded(self, end_s: float) -> str:
        if time.monotonic() > end_s:
            return (
                f"It took longer than {self._limits.seconds:.0f} s. Cut the video to "
                "the test, or allow more with --timeout."
            )
        for pid in (os.getpid(), *self._pids()):
            used = resident_bytes(pid)
            if used > self._limits.bytes:
                return (
                    f"It needed {used / 1e9:.1f} GB of memory; "
                    f"{self._limits.bytes / 1e9:.1f} GB are allowed. Export the video "
                    "smaller, or allow more with --memory."
                )
        return ""


def resident_bytes(pid: int) -> int:
    """Return how much memory a process holds; 0 where the system does not tell."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except (OSError, IndexError):
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
