"""What a reason to ask a professional consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

PHYSIO = "a physiotherapist or your doctor"
CAUTIOUS = "ours, cautious"


@dataclass(frozen=True)
class Reason:
    """Something that may be worth asking about.

    Attributes
    ----------
    name : str
        Which rule: "drop", "side_difference", "strong_discomfort",
        "rising_discomfort", "stopped_early", or a question's name.
    seen : str
        What was seen, with numbers and dates.
    ask : str
        What it may be worth asking.
    whom : str
    source : str
        Where the rule comes from, or that it is ours.
    """

    name: str
    seen: str
    ask: str
    whom: str
    source: str


def day_words(day: date) -> str:
    """Return a day as "4 May 2026"."""
    return f"{day.day} {day:%B %Y}"
