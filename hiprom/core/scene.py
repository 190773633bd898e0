"""Scene: what a person at a live test is to see and hear at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hiprom.core.landmarks import MeasuredSide, Side


class Stage(StrEnum):
    """Where a guided test stands."""

    CONSENT = "consent"
    POSITION = "position"
    STILL = "still"
    REPS = "reps"
    RESULT = "result"


class Key(StrEnum):
    """What a person may press; the value is the key's name on screen."""

    NEXT = "Space"
    REPEAT = "R"
    MUTE = "M"
    STOP = "Esc"


@dataclass(frozen=True)
class Outcome:
    """What one leg's test came to, ready to be shown.

    Attributes
    ----------
    side : {"left", "right"}
    reps : int
        Repetitions that count.
    mean, low, high : float
        Their mean end-range and its 95 % interval, along the protocol's movement: an
        external rotation is positive here in its own protocol. NaN without reps.
    comparison : str
        A sentence about the last session; empty where there is none.
    """

    side: MeasuredSide
    reps: int
    mean: float
    low: float
    high: float
    comparison: str = ""


@dataclass(frozen=True)
class Scene:
    """One moment of a live test. A screen shows it; it decides nothing.

    Attributes
    ----------
    stage : Stage
    title : str
        What is being done: "Left leg, internal rotation".
    instruction : str
        The one thing to do now, short enough to be read from three metres.
    hints : tuple of str
        Whole sentences besides: where the recording stays, what to change about the
        camera. What matters most comes first.
    side : {"left", "right"} or None
        The leg that is tested; None before one is.
    angle : float
        Degrees along the protocol's movement, from a level hip line; NaN if unknown.
    furthest : float
        Furthest hold of this recording, degrees; NaN before the first.
    target : float
        Last session's mean of this leg, degrees; NaN where there is none.
    held_share : float
        How much of the wanted hold is done, 0 to 1: the ring about the gauge.
    reps_done : int
    reps_wanted : int or None
        None where the recording's end decides.
    recorded_s : float
        Length of the recording so far; 0 while nothing is being kept.
    outcomes : tuple of Outcome
        In Stage.RESULT: what has been measured, in order of doing.
    keys : tuple of (Key, str)
        What may be pressed now, and what it does.
    is_muted : bool
    spoken : str
        What a voice says at this moment; empty most of the time.
    """

    stage: Stage
    title: str
    instruction: str
    hints: tuple[str, ...] = ()
    side: Side | None = None
    angle: float = float("nan")
    furthest: float = float("nan")
    target: float = float("nan")
    held_share: float = 0.0
    reps_done: int = 0
    reps_wanted: int | None = None
    recorded_s: float = 0.0
    outcomes: tuple[Outcome, ...] = ()
    keys: tuple[tuple[Key, str], ...] = ()
    is_muted: bool = False
    spoken: str = ""
