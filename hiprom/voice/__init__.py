"""Short cues -> spoken aloud with what the system has, and never in anyone's way.

A person three metres from the screen is told what to do. The voice only helps: without
sound a test runs as well, so nothing here blocks it or fails it.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from hiprom.voice.speakers import Cue, Speaker, installed_speaker
from hiprom.voice.words import spoken

__all__ = ["Voice", "find_voice"]

_GLANCE_S = 0.03  # how often a speaker is looked at, to see whether it has ended


def find_voice(*, is_quiet: bool = False) -> Voice:
    """Return the voice of this system.

    Parameters
    ----------
    is_quiet : bool
        Begin muted.

    Returns
    -------
    Voice
        A silent one, whose `works` is False, where nothing is installed to speak with.
    """
    return Voice(installed_speaker(), is_muted=is_quiet)


class Voice:
    """One cue at a time, from a thread of its own.

    While one cue is being spoken, one more may wait: the newest. What was waiting
    before it is out of date by then and is left unsaid.

    Parameters
    ----------
    speaker : Speaker or None
        None for a silent voice.
    is_muted : bool
    patience_s : float
        A speaker that is still busy with one cue after so long hangs, and is ended.
    """

    def __init__(
        self,
        speaker: Speaker | None,
        *,
        is_muted: bool = False,
        patience_s: float = 15.0,
    ) -> None:
        self._speaker = speaker
        self._works = speaker is not None
        self._patience_s = patience_s
        self._is_muted = is_muted
        self._is_closed = False
        self._is_cut_off = False  # the cue being spoken is to end now
        self._waiting = ""
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._speak, name="voice", daemon=True)
        if self._works:
            self._thread.start()

    @property
    def works(self) -> bool:
        """False without a speaker, and for good once a speaker has failed or hung."""
        return self._works

    @property
    def is_muted(self) -> bool:
        """Whether nothing is to be heard. Muting breaks off what is being spoken."""
        return self._is_muted

    @is_muted.setter
    def is_muted(self, is_muted: bool) -> None:
        with self._news:
            self._is_muted = is_muted
            if is_muted:
                self._break_off()

    def say(self, text: str, *, urgent: bool = False) -> None:
        """Have a text spoken, and return at once.

        Parameters
        ----------
        text : str
            A few words of English. Signs are spoken as words: "34°" as "34 degrees".
        urgent : bool
            Break off what is being spoken. No other cue takes the place of an urgent
            one that has not begun, unless it is urgent too.
        """
        words = spoken(text)
        with self._news:
            if self._is_muted or self._is_closed or not self._works or not words:
                return
            if urgent:
                self._break_off()
            elif self._waiting and self._is_cut_off:
                return
            self._waiting = words
            self._news.notify_all()

    def close(self) -> None:
        """Break off what is being spoken and say nothing more."""
        with self._news:
            self._is_closed = True
            self._break_off()
        if self._thread.is_alive():
            self._thread.join(timeout=3.0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _break_off(self) -> None:
        self._waiting = ""
        self._is_cut_off = True
        self._news.notify_all()

    def _speak(self) -> None:
        while self._works and (text := self._next_text()):
            self._works = self._is_spoken(text)

    def _is_spoken(self, text: str) -> bool:
        assert self._speaker is not None
        try:
            cue = Cue(self._speaker, text)
        except OSError:
            return False
        try:
            return self._hear_out(cue)
        finally:
            cue.end()

    def _next_text(self) -> str:
        """Wait for a text; empty once the voice is closed."""
        with self._news:
            self._news.wait_for(lambda: self._waiting or self._is_closed)
            text, self._waiting = self._waiting, ""
            self._is_cut_off = self._is_closed
            return text

    def _hear_out(self, cue: Cue) -> bool:
        """Wait until a cue is over; False where its speaker failed or hangs."""
        hangs_at = time.monotonic() + self._patience_s
        with self._news:
            while not (cue.has_ended or self._is_cut_off):
                if time.monotonic() > hangs_at:
                    return False
                self._news.wait(_GLANCE_S)
            return self._is_cut_off or cue.was_spoken()
