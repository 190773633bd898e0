"""Repetitions of a session -> what was unusual about them, how slow and how clean."""

from __future__ import annotations

import math
from collections.abc import Mapping

from hiprom.core.programme import SessionTempo
from hiprom.core.protocols import Protocol
from hiprom.report.history.chapters import RepRow
from hiprom.report.history.words import line, percent
from hiprom.report.sentences import seconds


def rep_remarks(protocol: Protocol, row: RepRow) -> list[str]:
    """Return what is to be said about a repetition: who left it out, and its flags."""
    rep, excluded = row.saved.rep, row.saved.excluded
    remarks = [] if excluded is None else [f"left out by hand: {line(excluded)}"]
    remarks += [flag_meaning(protocol, flag) for flag in rep.flags]
    return remarks if rep.valid else [*remarks, "it does not count in the average"]


def tempo_sentence(tempo: SessionTempo) -> str:
    """Say how slowly and how cleanly one session was done; empty if nothing tells."""
    paces = [
        f"{word} {seconds(value)}"
        for word, value in (
            ("raised in", tempo.raise_s),
            ("held for", tempo.hold_s),
            ("lowered in", tempo.lower_s),
        )
        if math.isfinite(value)
    ]
    if not paces:
        return ""
    if math.isfinite(tempo.held_share):
        paces.append(f"{percent(tempo.held_share)} of ends held")
    paces.append(f"{percent(tempo.clean_share)} without a flag")
    return f"Typically {', '.join(paces)}."


def flags_sentence(protocol: Protocol, tempo: SessionTempo) -> str:
    """Say which flags the repetitions of a session carry; empty without any."""
    said = "; ".join(flag_words(protocol, tempo.flags))
    return f"Flags: {said}." if said else ""


def flag_words(protocol: Protocol, flags: Mapping[str, int]) -> list[str]:
    """Return what each flag means and how often it is there."""
    times = "\N{MULTIPLICATION SIGN}"
    return [
        f"{flag_meaning(protocol, flag)} ({count}{times})"
        for flag, count in flags.items()
    ]


def flag_meaning(protocol: Protocol, flag: str) -> str:
    """Return what a flag means; its name, made readable, where nobody knows."""
    return protocol.flags.get(flag, line(flag.replace("_", " ")))
