"""Which test is it? What `--protocol` says, and the question where auto is not sure."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from hiprom.core.recognition import Recognition
    from hiprom.usecases import Ask


def require_protocol(name: str) -> None:
    """Raise UnknownProtocol unless a protocol has that name, or it is auto."""
    from hiprom.core.protocols import protocol
    from hiprom.usecases import AUTO

    if name != AUTO:
        protocol(name)


def asker() -> Ask | None:
    """Return what asks the person at the terminal; None where nobody sits at it."""
    from hiprom import terminal

    return _ask if sys.stdin.isatty() and terminal.err.is_terminal else None


def _ask(recognition: Recognition) -> str:
    """Ask which test it is: by its number among the likely ones, or by its name."""
    from hiprom import terminal
    from hiprom.core.protocols import PROTOCOLS

    likely = [each for each in recognition.likely if each.protocol in PROTOCOLS]
    terminal.say("The recording does not show clearly which test it is. Perhaps:")
    for number, each in enumerate(likely, start=1):
        title = PROTOCOLS[each.protocol].title
        terminal.say(f"  {number}  {each.protocol}  {title} (but {each.but})")
    while True:
        answer = str(typer.prompt("Its number, or its name", err=True)).strip()
        if answer in PROTOCOLS:
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(likely):
            return likely[int(answer) - 1].protocol
        terminal.say(f"Needed is 1 to {len(likely)}, or one of {', '.join(PROTOCOLS)}.")
