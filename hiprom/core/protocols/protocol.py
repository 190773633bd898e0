"""What a protocol is: a movement with posture, quantity, rules and norms, as data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hiprom.core.protocols.moves import Moves
from hiprom.core.vectors import Array

# The sign of a rep's excursion: +1 internal rotation, -1 external.
Direction = Literal[1, -1]
# How a body lies before the camera: decides the geometry it is read by.
Way = Literal["seated", "side_lying", "prone", "floor", "standing"]
# Which sides make rows: the leg that moves by itself, both at once, or the whole body.
Sides = Literal["moving", "each", "whole"]
# From what moved in a repetition to one number; NaN where it cannot be told.
Reader = Callable[[Moves], float]

_SIGNS = {"deg": "°", "ratio": "", "sparc": ""}
_ALWAYS = {
    "no_plateau": "the end of the range was not held; the extreme stands in for it",
    "short_hold": "the end of the range was held for less than 0.3 s",
    "gap": "the leg could not be seen for part of the repetition",
    "cut_off": "the recording begins or ends inside the repetition",
}


@dataclass(frozen=True)
class Threshold:
    """A number that decides something, with what it means and where it comes from."""

    value: float
    unit: str
    meaning: str
    source: str


@dataclass(frozen=True)
class Norm:
    """Mean and SD of a quantity in a group, with its source.

    `mean` and `sd` carry the sign of the quantity (external rotation negative).
    `sex` is None where the source does not separate the sexes.
    """

    sex: Literal["female", "male"] | None
    mean: float
    sd: float
    group: str
    source: str


@dataclass(frozen=True)
class Limit(Threshold):
    """How far something may go in a rep before the rep is flagged by its name.

    Attributes
    ----------
    read : callable
        What is compared.
    kind : {"change", "above", "below"}
        Flagged is a value further from zero than the limit, above it, or below it.
    """

    read: Reader
    kind: Literal["change", "above", "below"] = "change"

    @property
    def said(self) -> str:
        """What it means that something is beyond the limit."""
        way = {"change": "by more than", "above": "above", "below": "below"}[self.kind]
        said = f"{self.meaning} {way} {self.value:g} {self.unit}"
        return said.removesuffix(" ratio").replace(" deg", "°")

    def is_beyond(self, value: float) -> bool:
        """Return whether a value is to be flagged; NaN is not."""
        if self.kind == "above":
            return value > self.value
        if self.kind == "below":
            return value < self.value
        return abs(value) > self.value


@dataclass(frozen=True)
class Note:
    """A flag that no number raises: what it means, and whether it holds of a rep."""

    meaning: str
    holds: Callable[[Moves], bool]


@dataclass(frozen=True)
class Further:
    """A quantity that is reported beside the primary one, a row of its own.

    Attributes
    ----------
    quantity : str
        With its unit: ``knee_gap_m``, ``descent_ratio``.
    meaning : str
        In a few words.
    read : callable
        From what moved in the rep to the value that stands as ``end_range``.
    sd, rest : callable, optional
        Its standard deviation, bias included, and its value before the rep; without
        them the interval, the neutral and the excursion stay empty.
    """

    quantity: str
    meaning: str
    read: Reader
    sd: Reader | None = None
    rest: Reader | None = None


_REST_AT_ZERO = Threshold(0.0, "deg", "about where it rests", "docs/conventions.md")


@dataclass(frozen=True)
class RepRules:
    """How repetitions of this movement are told from everything else.

    In the quantity's own unit and seconds, never frames. The excursion is counted
    from the rest value just before, in the rep's direction. `usual_rest` is about where
    that is: what is held far on its other side is the other end-range, and no rest.
    """

    min_excursion: Threshold
    min_duration_s: Threshold
    plateau_band: Threshold
    plateau_speed: Threshold
    min_plateau_s: Threshold
    usual_rest: Threshold = _REST_AT_ZERO


@dataclass(frozen=True)
class Tempo:
    """The least seconds of each part of a rep; quicker is flagged as too fast.

    Attributes
    ----------
    raise_s, lower_s : Threshold or None
        Flagged as ``fast_raise`` and ``fast_lower``.
    hold_s : Threshold or None
        The pause at the end that the exercise asks for: ``short_pause``.
    """

    raise_s: Threshold | None = None
    hold_s: Threshold | None = None
    lower_s: Threshold | None = None

    @property
    def flagged(self) -> dict[str, tuple[str, Threshold]]:
        """The part of a rep and the threshold behind each flag's name."""
        named = {
            "fast_raise": ("raise_s", self.raise_s),
            "short_pause": ("hold_s", self.hold_s),
            "fast_lower": ("lower_s", self.lower_s),
        }
        return {flag: (part, least) for flag, (part, least) in named.items() if least}


@dataclass(frozen=True)
class Cues:
    """What is called out during a repetition, a few words each.

    "{side}" stands where the leg's side goes.
    """

    start: str
    out: str
    hold: str
    back: str
    end: str


@dataclass(frozen=True)
class Protocol:
    """One movement of the programme, and how it is measured.

    Attributes
    ----------
    name : str
        What is typed: ``seated_ir``.
    title, posture : str
        What a person reads.
    way : str
        How the body lies before the camera; decides the geometry it is read by.
    sides : {"moving", "each", "whole"}
        Whether the leg that moves makes rows, each leg, or the whole body.
    quantity : str
        What is measured, with its unit: ``hip_rotation_deg``.
    movements : dict of {1, -1} to str
        Which excursions count as reps, by their sign, and each in a few words:
        ``{1: "internal rotation"}``.
    opposite : str or None
        The protocol that measures the movement the other way.
    camera : str
        Where it stands.
    instructions, avoid : tuple of str
        What the person does, one step each, in the order of doing, and what spoils it.
    cues : Cues or None
        What is called out while it is done; None where no live test is made of it.
    rules : RepRules
    readable_deg : tuple of Threshold or None
        The least and the most knee flexion at which the quantity can be read.
    norms : tuple of Norm
        None is invented: empty where no source gives one.
    limits : dict of str to Limit
        What else may move during a rep, by name, and how far before it is flagged.
    notes : dict of str to Note
        Flags that only this movement has and that no limit raises.
    try_this : str
        What to do if no rep was found.
    tempo : Tempo
    further : tuple of Further
        What is reported besides, a row for each rep.
    """

    name: str
    title: str
    posture: str
    way: Way
    sides: Sides
    quantity: str
    movements: dict[Direction, str] = field(hash=False)
    opposite: str | None
    camera: str
    instructions: tuple[str, ...]
    avoid: tuple[str, ...]
    cues: Cues | None
    rules: RepRules
    readable_deg: tuple[Threshold, Threshold] | None
    norms: tuple[Norm, ...]
    limits: dict[str, Limit] = field(hash=False)
    notes: dict[str, Note] = field(hash=False)
    try_this: str
    tempo: Tempo = Tempo()
    further: tuple[Further, ...] = ()

    @property
    def directions(self) -> tuple[Direction, ...]:
        """The signs of the excursions that count, the main one first."""
        return tuple(self.movements)

    @property
    def direction(self) -> Direction:
        """The sign of the main movement's excursion."""
        return self.directions[0]

    @property
    def movement(self) -> str:
        """The movement in a few words: "internal rotation"."""
        return " and ".join(self.movements.values())

    @property
    def flags(self) -> dict[str, str]:
        """The names that `Rep.flags` may carry, each with its meaning."""
        slow = {name: least for name, (_, least) in self.tempo.flagged.items()}
        return {
            **_ALWAYS,
            **{name: note.meaning for name, note in self.notes.items()},
            **{name: limit.said for name, limit in self.limits.items()},
            **{
                name: f"{least.meaning} (less than {least.value:g} {least.unit})"
                for name, least in slow.items()
            },
        }

    def is_readable(self, knee_flexion_deg: Array) -> NDArray[np.bool_]:
        """Return where a knee is bent enough, and not too far, for the quantity."""
        if self.readable_deg is None:
            return np.ones(knee_flexion_deg.shape, dtype=np.bool_)
        least, most = (limit.value for limit in self.readable_deg)
        return (knee_flexion_deg >= least) & (knee_flexion_deg <= most)

    @property
    def unreadable(self) -> str:
        """Why a frame in which all can be seen is not valid."""
        return (
            "not readable"
            if self.readable_deg is None
            else ("knee too straight or too folded")
        )

    @property
    def unit(self) -> str:
        """The primary quantity's unit as it is written behind a number: "°", "m"."""
        return unit_of(self.quantity)

    @property
    def sd(self) -> str:
        """What the trace of the primary quantity's standard deviation is called."""
        return sd_name(self.quantity)

    @property
    def change_columns(self) -> dict[str, str]:
        """What each of `limits` is called in a table: its name with its unit."""
        return {name: f"{name}_{limit.unit}" for name, limit in self.limits.items()}


def unit_of(quantity: str) -> str:
    """Return the unit that a quantity's name ends in, as it is written: "°", "m"."""
    unit = quantity.rpartition("_")[2]
    return _SIGNS.get(unit, unit)


def sd_name(quantity: str) -> str:
    """Return the name of a quantity's standard deviation, ``knee_gap_sd_m``."""
    name, _, unit = quantity.rpartition("_")
    return f"{name}_sd_{unit}"
