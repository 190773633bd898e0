"""What this system speaks with; one cue -> a process that speaks it and ends."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass

_ENDS_WITHIN_S = 0.5
_WINDOWS = (
    os.environ.get("SYSTEMROOT", r"C:\Windows")
    + r"\System32\WindowsPowerShell\v1.0\powershell.exe"
)
_SPEAK_STDIN = (
    "$ErrorActionPreference = 'Stop'; "
    "Add-Type -AssemblyName System.Speech; "
    "$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer; "
    "$voice.Rate = -1; "
    "$text = New-Object IO.StreamReader([Console]::OpenStandardInput()); "
    "$voice.Speak($text.ReadToEnd())"
)


@dataclass(frozen=True)
class Speaker:
    """A program that reads one text aloud and then ends.

    Attributes
    ----------
    command : tuple of str
        The program and its arguments.
    reads_stdin : bool
        False where the text has to be the last argument, after ``--``.
    """

    command: tuple[str, ...]
    reads_stdin: bool = True


# Each a little slower than it speaks by itself: 150 words a minute rather than 175.
# espeak comes before Speech Dispatcher, which a person may rather have tuned: only a
# process of our own can be cut off without silencing a screen reader as well.
_SPEAKERS = {
    "win32": (
        Speaker((_WINDOWS, "-NoProfile", "-NonInteractive", "-Command", _SPEAK_STDIN)),
    ),
    "darwin": (Speaker(("say", "-r", "150", "-f", "-")),),
    "linux": (
        Speaker(("espeak-ng", "-v", "en", "-s", "150", "--stdin")),
        Speaker(("espeak", "-v", "en", "-s", "150", "--stdin")),
        Speaker(("spd-say", "-l", "en", "-r", "-15", "-w"), reads_stdin=False),
    ),
}


def installed_speaker() -> Speaker | None:
    """Return the first speaker of this system that is installed; None without any."""
    for speaker in _SPEAKERS.get(sys.platform, _SPEAKERS["linux"]):
        if shutil.which(speaker.command[0]):
            return speaker
    return None


class Cue:
    """One text, being spoken by a process of its own. Making one returns at once.

    Nothing that the speaker writes reaches the terminal, and Ctrl-C does not reach the
    speaker.

    Parameters
    ----------
    speaker : Speaker
    text : str
        As `hiprom.voice.words.spoken` gives it.

    Raises
    ------
    OSError
        The speaker cannot be started.
    """

    def __init__(self, speaker: Speaker, text: str) -> None:
        command = list(speaker.command)
        if not speaker.reads_stdin:
            command += ["--", text]
        # A file, since a pipe nobody reads would fill and stop a talkative speaker.
        self._complaint = tempfile.TemporaryFile()  # noqa: SIM115  end() closes it
        try:
            self._process = _started_apart(command, self._complaint.fileno())
        except OSError:
            self._complaint.close()
            raise
        assert self._process.stdin is not None
        # It may have ended already; how, is seen when it is asked whether it spoke.
        with suppress(OSError), self._process.stdin as ear:
            ear.write(text.encode() if speaker.reads_stdin else b"")

    @property
    def has_ended(self) -> bool:
        """Whether the speaker has ended by itself or was ended."""
        return self._process.poll() is not None

    def was_spoken(self) -> bool:
        """Whether a cue that has ended was heard, as far as its speaker knows.

        Where there is no sound device, espeak-ng says so and then ends as if all had
        gone well. Other words on stderr mean nothing: sound libraries are talkative.
        """
        self._complaint.seek(0)
        lines = self._complaint.read(100_000).lower().splitlines()
        refused = any(line.startswith(b"error") for line in lines)
        return self._process.returncode == 0 and not refused

    def end(self) -> None:
        """End the speaker, if it is still speaking, and what it has started."""
        if not self.has_ended:
            _signal(self._process, "SIGTERM")
            try:
                self._process.wait(_ENDS_WITHIN_S)
            except subprocess.TimeoutExpired:
                _signal(self._process, "SIGKILL")
                self._process.wait()
        self._complaint.close()


def _started_apart(command: list[str], stderr: int) -> subprocess.Popen[bytes]:
    """Start a process that has no part in this terminal and opens no window."""
    return subprocess.Popen(
        command,
        bufsize=0,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        start_new_session=True,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def _signal(process: subprocess.Popen[bytes], name: str) -> None:
    """Send a signal to a process not yet waited for, whose number is thus its own."""
    if sys.platform == "win32":
        process.terminate()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, getattr(signal, name))
