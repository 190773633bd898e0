"""A protocol -> what people read about it: sign, tempo, rules; and plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from hiprom.core.protocols.protocol import Protocol, Threshold

_UNITS = {"deg": "°", "deg/s": "°/s", "m": " m", "m/s": " m/s", "ratio": ""}

_RULES = {
    "min_excursion": "least excursion",
    "min_duration_s": "least time",
    "plateau_band": "reach of a hold",
    "plateau_speed": "speed of a hold",
    "min_plateau_s": "least hold",
}


def sign_sentence(protocol: Protocol) -> str:
    """Say what is measured and what its sign means."""
    signs = {1: "positive", -1: "negative"}
    said = [
        f"{movement} is {signs[direction]}"
        for direction, movement in protocol.movements.items()
    ]
    return f"{protocol.quantity}: {', '.join(said)}."


def tempo_sentence(protocol: Protocol) -> str:
    """Say how slowly the movement is to be done; what nobody asks for is left out."""
    tempo = protocol.tempo
    parts = (
        ("go there in", tempo.raise_s),
        ("stay there for", tempo.hold_s or protocol.rules.min_plateau_s),
        ("come back in", tempo.lower_s),
    )
    said = ", ".join(
        f"{words} at least {least.value:g} s" for words, least in parts if least
    )
    return f"{said[0].upper()}{said[1:]}."


def thresholds(protocol: Protocol) -> dict[str, Threshold]:
    """Return everything that decides something, by a short name, in order."""
    rules = {words: getattr(protocol.rules, name) for name, words in _RULES.items()}
    knee = protocol.readable_deg or ()
    return {
        **rules,
        **dict(zip(("least knee flexion", "most knee flexion"), knee, strict=False)),
        **{name: least for name, (_, least) in protocol.tempo.flagged.items()},
        **protocol.limits,
    }


def value_of(threshold: Threshold) -> str:
    """Return a threshold's value with its unit: "8°", "0.5 s"."""
    unit = _UNITS.get(threshold.unit, f" {threshold.unit}")
    return f"{threshold.value:g}{unit}"


def plain(protocol: Protocol) -> dict[str, Any]:
    """Return a protocol as dicts, lists, text and numbers, its readers left out."""
    return {
        **_plain(protocol),
        "movement": protocol.movement,
        "direction": protocol.direction,
        "unit": protocol.unit,
        "flags": protocol.flags,
    }


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return {
            name: _plain(each) for name, each in named.items() if not callable(each)
        }
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value
