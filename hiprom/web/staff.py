"""Waiting jobs -> a worker process that does them, and another if it broke down."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from hiprom.errors import HipromError
from hiprom.web.desk import Desk

_LOOK_EVERY_S = 2.0
_GOODBYE_S = 8.0


class Staff:
    """Sees to it that somebody works while there is work.

    Parameters
    ----------
    desk : Desk
    folder : Path
        The site's; the worker is started on it.
    """

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk, self._folder = desk, folder
        self._called = asyncio.Event()
        self._process: subprocess.Popen[bytes] | None = None

    def call(self) -> None:
        """Say that there is work; from the server's own thread."""
        self._called.set()

    async def run(self) -> None:
        """Look after the work until this is cancelled; then end the worker."""
        try:
            while True:
                with suppress(HipromError):  # a database that is away comes back
                    if await asyncio.to_thread(self._desk.waiting):
                        self._require_worker()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._called.wait(), _LOOK_EVERY_S)
                self._called.clear()
        finally:
            self._dismiss()

    def _require_worker(self) -> None:
        if self._process is not None and self._process.poll() is None:
            return
        # In a session of its own: Ctrl-C in the terminal ends the server, which ends
        # the worker; a server that is killed closes the pipe.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hiprom.web.worker", str(self._folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _dismiss(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_GOODBYE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            if process.stdin is not None:
                process.stdin.close()
