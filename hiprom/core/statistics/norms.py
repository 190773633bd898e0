"""A number and a protocol's norms -> its place among others; never a limit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from hiprom.core.history import Sex
from hiprom.core.protocols.protocol import Norm, Protocol

Words = Literal[
    "lower than nearly all",
    "lower than most",
    "about the average",
    "higher than most",
    "higher than nearly all",
]


@dataclass(frozen=True)
class Place:
    """Where a number lies among a group of people.

    Attributes
    ----------
    norm : Norm
        The group, with its mean, SD and source.
    z : float
        Standard deviations from the group's mean, positive for more range.
    words : str
        "lower than most" and the like, to be followed by "of" and the group.
    """

    norm: Norm
    z: float
    words: Words

    @property
    def sentence(self) -> str:
        """The place in words: "lower than most of healthy men (n = 16)"."""
        return f"{self.words} of {self.norm.group}"


def places(value: float, protocol: Protocol, sex: Sex | None) -> tuple[Place, ...]:
    """Place a mean end-range among the protocol's norms.

    Parameters
    ----------
    value : float
        Signed as the quantity is.
    protocol : Protocol
    sex : {"female", "male"} or None
        Whose norms; where it is not known, every norm is given.

    Returns
    -------
    tuple of Place
        Empty where the protocol has no norm for this sex.

    Notes
    -----
    Within one standard deviation of the mean, where two thirds of a normally
    distributed group lie, is "about the average"; beyond two, where one in forty lies
    on either side, "nearly all". Norms come from small groups, other instruments and
    often other positions (`Norm.source`): they place a number, they do not judge it.
    """
    return tuple(
        Place(norm, z, _words(z))
        for norm in protocol.norms
        if sex is None or norm.sex in {sex, None}
        for z in [protocol.direction * (value - norm.mean) / norm.sd]
    )


def _words(z: float) -> Words:
    if abs(z) <= 1:
        return "about the average"
    if z < 0:
        return "lower than nearly all" if z < -2 else "lower than most"
    return "higher than nearly all" if z > 2 else "higher than most"
