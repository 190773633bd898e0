"""Corrections of a recording -> the steps that its page tells of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hiprom.web import pages
from hiprom.web.words import title_of

if TYPE_CHECKING:
    from hiprom.store.corrections import Correction

_SIDES = {"auto": "the leg that moves", "both": "both sides"}


@dataclass(frozen=True)
class Step:
    """One measurement that gave way to another.

    Attributes
    ----------
    measured_as : str
        "Seated hip internal rotation, left".
    link, instead : str
        Where it and what took its place are; empty where they are not this person's.
    is_mine : bool
        Whether it is the trial itself whose page this is.
    correction : Correction
    """

    measured_as: str
    link: str
    instead: str
    is_mine: bool
    correction: Correction

    @property
    def is_standing(self) -> bool:
        """Whether the page's own trial does not count for it."""
        return self.is_mine and self.correction.undone_at is None


def steps_of(
    corrections: Iterable[Correction], trial_id: int, code: str, theirs: Collection[int]
) -> tuple[Step, ...]:
    """Return the steps of a trial, whose person has the trials `theirs`."""

    def link(number: int | None) -> str:
        if number not in theirs or number is None:
            return ""
        return pages.address("/trial", code=code, number=number)

    return tuple(
        Step(
            measured_as=f"{title_of(each.protocol)}, "
            f"{_SIDES.get(each.side, each.side)}",
            link=link(each.trial_id),
            instead=link(each.instead_id),
            is_mine=each.trial_id == trial_id,
            correction=each,
        )
        for each in corrections
    )
