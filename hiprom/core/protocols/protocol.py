"""What a protocol is: a movement with posture, quantity, rules and norms, as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


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
class RepRules:
    """How repetitions of this movement are told from everything else.

    Degrees and seconds, never frames. The excursion is counted from the rest value
    just before, in the protocol's direction.
    """

    min_excursion_deg: Threshold
    min_duration_s: Threshold
    plateau_band_deg: Threshold
    plateau_speed_deg_s: Threshold
    min_plateau_s: Threshold


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
    quantity : str
        What is measured, with its unit: ``hip_rotation_deg``.
    direction : {1, -1}
        The sign of a rep's excursion: +1 internal rotation, -1 external.
    movement : str
        The movement in a few words: "internal rotation".
    opposite : str or None
        The protocol that measures the movement the other way.
    instructions : tuple of str
        What the person does, one step each, in the order of doing.
    cues : Cues
        What is called out while it is done.
    rules : RepRules
    knee_flexion_deg : tuple of Threshold
        The least and the most knee flexion at which the quantity can be read.
    norms : tuple of Norm
    limits : dict of str to Threshold
        What else may move during a rep, by name, and how far before it is flagged.
    flags : dict of str to str
        The names that `Rep.flags` may carry, each with its meaning.
    """

    name: str
    title: str
    posture: str
    quantity: str
    direction: Literal[1, -1]
    movement: str
    opposite: str | None
    instructions: tuple[str, ...]
    cues: Cues
    rules: RepRules
    knee_flexion_deg: tuple[Threshold, Threshold]
    norms: tuple[Norm, ...]
    limits: dict[str, Threshold] = field(hash=False)
    flags: dict[str, str] = field(hash=False)

    @property
    def change_columns(self) -> dict[str, str]:
        """What each of `limits` is called in a table: its name with its unit."""
        return {name: f"{name}_{limit.unit}" for name, limit in self.limits.items()}
