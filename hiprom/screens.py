"""A window or a terminal, with a voice -> the one screen of a live test."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.scene import Key, Scene
from hiprom.terminal.live import LiveTerminal
from hiprom.voice import Voice, find_voice

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hiprom.capture.watching import Seen
    from hiprom.core.live import Now
    from hiprom.core.protocols import Protocol
    from hiprom.live.trial import Screen
    from hiprom.window.screen import Window

_NO_PICTURE = np.zeros((480, 640, 3), np.uint8)


class WindowScreen:
    """The camera's picture, the gauge, and keys to answer with."""

    has_keys = True

    def __init__(self, protocol: Protocol, window: Window, voice: Voice) -> None:
        from hiprom.window.canvas import Canvas

        self._canvas = Canvas(protocol=protocol)
        self._window, self._voice = window, voice

    def show(self, scene: Scene, seen: Seen | None, now: Now | None) -> Key | None:
        """Draw one moment, have it spoken, and return the key that was pressed."""
        from hiprom.window.body import Marks

        if scene.spoken:
            self._voice.say(scene.spoken)
        marks = Marks(
            image_px=seen.pose.image_px if seen else None,
            dial_px=now.dial_px if now else None,
            side=scene.side,
        )
        picture = seen.grabbed.frame.rgb if seen else _NO_PICTURE
        scene = replace(scene, is_muted=self._voice.is_muted)
        key = self._window.show(self._canvas.draw(picture, marks, scene))
        if key is Key.MUTE:
            self._voice.is_muted = not self._voice.is_muted
            return None
        return key


class TerminalScreen:
    """A gauge in letters; nobody can answer through it, Ctrl-C apart."""

    has_keys = False

    def __init__(self, terminal: LiveTerminal, voice: Voice) -> None:
        self._terminal, self._voice = terminal, voice

    def show(self, scene: Scene, seen: Seen | None, now: Now | None) -> Key | None:
        """Print one moment, and have it spoken."""
        del seen, now
        if scene.spoken:
            self._voice.say(scene.spoken)
        self._terminal.show(replace(scene, is_muted=self._voice.is_muted))
        return None


@contextmanager
def screen_for(
    protocol: Protocol, *, is_headless: bool, is_quiet: bool
) -> Iterator[Screen]:
    """Open a window, or use the terminal, for as long as a session lasts."""
    with ExitStack() as stack:
        voice = stack.enter_context(find_voice(is_quiet=is_quiet))
        if is_headless:
            terminal = stack.enter_context(LiveTerminal())
            yield TerminalScreen(terminal, voice)
            return
        from hiprom.window.screen import Window

        window = Window("hiprom")
        stack.callback(window.close)
        yield WindowScreen(protocol, window, voice)
