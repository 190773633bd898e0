"""The parent's end of the pose process: start it, talk to it, notice its death."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import Future
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from hiprom.capture.isolation import Isolation
from hiprom.capture.messages import (
    Block,
    Picture,
    receive_blocks,
    receive_greeting,
    send_picture,
)
from hiprom.errors import PoseFailed

_LONGEST_WAIT_S = 120.0  # a cold start from a slow disk; a picture takes 0.03 s
_LAST_WORDS = 6  # lines
_PIPE_BYTES = 2**20
_SLOWS = {"MALLOC_TRIM_THRESHOLD_"}
_ROOT = str(Path(__file__).resolve().parents[2])


class PoseProcess:
    """One pose_child, from its start to its end. Making one returns at once.

    Parameters
    ----------
    bundle : str
        The pose model.
    masks : {"masks", "no-masks"}
        Whether silhouettes are computed too.
    """

    def __init__(self, bundle: str, masks: str) -> None:
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the process
        # -P: a file in the current folder must not stand in for a library.
        module = ["-P", "-X", "faulthandler", "-m", "hiprom.capture.pose_child"]
        self._process = subprocess.Popen(
            [sys.executable, *module, bundle, masks],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=_environment(),
        )
        assert self._process.stdin is not None
        self._pictures = self._process.stdin
        _widen(self._pictures)
        self._greeting: Future[Isolation] = Future()
        self._answers: queue.SimpleQueue[dict[str, Block] | None] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._owed = 0
        self._is_in_step = True

    @property
    def pid(self) -> int:
        """The system's number for it."""
        return self._process.pid

    @property
    def isolation(self) -> Isolation:
        """How the process is cut off from the network; waits until it has said so."""
        try:
            return self._greeting.result(_LONGEST_WAIT_S)
        except (EOFError, TimeoutError) as error:
            raise self._failure() from error

    def send(self, picture: Picture) -> None:
        """Give away one picture; `receive` later returns its answer."""
        self._is_in_step = False
        try:
            send_picture(self._pictures, picture)
        except OSError as error:
            raise self._failure() from error
        self._is_in_step = True
        self._owed += 1

    def receive(self) -> dict[str, Block]:
        """Return the answer to the oldest picture not yet answered."""
        try:
            answer = self._answers.get(timeout=_LONGEST_WAIT_S)
        except queue.Empty:
            answer = None
        if answer is None:
            raise self._failure()
        self._owed -= 1
        return answer

    def catch_up(self) -> bool:
        """Drop the answers nobody fetched; False when the process is of no more use."""
        try:
            while self._is_in_step and self._owed:
                self.receive()
        except PoseFailed:
            return False
        return self._is_in_step and self._process.poll() is None

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._is_in_step = False
        self._process.kill()
        self._process.wait()
        self._listener.join()
        with suppress(OSError):  # the rest of an interrupted picture
            self._pictures.close()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._log.close()

    def _listen(self) -> None:
        """Fetch answers as they come, so that the process never waits to be heard."""
        pipe = cast("BufferedReader", self._process.stdout)
        greeting = receive_greeting(pipe)
        if greeting is None:
            self._greeting.set_exception(EOFError())
        else:
            self._greeting.set_result(
                Isolation(bool(greeting["is_isolated"]), str(greeting["how"]))
            )
        while (answer := receive_blocks(pipe)) is not None:
            self._answers.put(answer)
        self._answers.put(None)

    def _failure(self) -> PoseFailed:
        """End what is left of the process and say how it ended, in its own words."""
        self._is_in_step = False
        try:
            how = _ending(self._process.wait(timeout=2))
        except subprocess.TimeoutExpired:
            self._process.kill()
            how = f"did not answer for {_LONGEST_WAIT_S:.0f} s and was ended"
        self._log.seek(0)
        words = _last_words(self._log.read().decode(errors="replace"))
        said = (
            "\n".join(["Its last words:", *words]) if words else "It left no message."
        )
        return PoseFailed(
            f"The pose process {how} before its work was done. Run the measurement "
            "again; `hiprom doctor` shows whether the model and the system are sound. "
            + said
        )


def _widen(pipe: IO[bytes]) -> None:
    """Let a pipe hold a picture: the two ends then wait less.

    Where the system knows no such thing, or allows less, it stays as it is.
    """
    if sys.platform == "linux":
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _last_words(log: str) -> list[str]:
    """Return the end of what it said, without the stack that a crash adds."""
    said, *_stack = log.split("\nFatal Python error")
    return said.splitlines()[-_LAST_WORDS:]


def _ending(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    name = signal.Signals(-status).name
    # Who runs out of memory is killed without a word.
    return "was killed (out of memory, perhaps)" if name == "SIGKILL" else f"had {name}"


def _environment() -> dict[str, str]:
    """Return this process's own, less what would slow the other down.

    Dask lets its workers return memory to the system at once; a picture's and a
    silhouette's would then be mapped anew with each frame, a fifth of all time.
    """
    own = {name: value for name, value in os.environ.items() if name not in _SLOWS}
    return own | {"PYTHONPATH": _import_path(), "OPENBLAS_NUM_THREADS": "1"}


def _import_path() -> str:
    """Return where this process finds its libraries, in the same order."""
    found = [place for place in sys.path if place]
    return os.pathsep.join(found if _ROOT in found else [_ROOT, *found])
