"""What is going on just now -> the small panel that says it, in the upper corner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.landmarks import MeasuredSide
from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.report.palette import LIGHT, Rgb
from hiprom.report.sentences import sentence
from hiprom.report.sprites import dot, panel, put, words
from hiprom.report.tables import rep_at

if TYPE_CHECKING:
    from PIL.Image import Image

_GREY: Rgb = (198, 206, 212)


@dataclass(frozen=True)
class Moment:
    """What the panel says; two moments that say the same are equal.

    Attributes
    ----------
    side : {"left", "right", "both"}
    movement : str
    reps : int
        How many there are on this side in the whole trial.
    begun : int
        How many have begun.
    is_moving : bool
        Whether the last of these is still under way.
    held_s : float
        How long it has been held, to a tenth; 0 outside the plateau.
    reason : str
        Why nothing is measured just now; empty where it is.
    """

    side: MeasuredSide
    movement: str
    reps: int
    begun: int
    is_moving: bool
    held_s: float
    reason: str


def moment(measurement: Measurement, side: SideMeasurement, index: int) -> Moment:
    """Return what is to be said at frame `index` about one leg."""
    now_s = float(measurement.time_s[index])
    rep = rep_at(now_s, side.reps)
    return Moment(
        side=side.side,
        movement=side.movement,
        reps=len(side.reps),
        begun=sum(now_s >= each.start_s for each in side.reps),
        is_moving=rep is not None,
        held_s=_held_s(rep, now_s),
        reason="" if side.traces.valid[index] else str(side.traces.reason[index]),
    )


def counter(now: Moment, *, unit_px: float, colour: Rgb) -> Image:
    """Draw the panel: the leg and its movement, a disc for each rep, the hold.

    A disc is full for a repetition that is done or under way, a ring for one to
    come; the one under way has the movement's colour.
    """
    letters = max(14 * unit_px, 11)
    small = max(12 * unit_px, 10)
    pad, gap = 0.75 * letters, 0.4 * letters
    name, said = f"{now.side.capitalize()} hip", now.movement
    if now.side == "both":
        name, said = sentence(now.movement)[:-1], ""
    title = words(name, letters, weight="bold")
    movement = words(said, letters, colour=_GREY)
    count = words(_count(now), small, colour=LIGHT if now.is_moving else _GREY)
    hold = words(f"held {now.held_s:.1f} s", small, weight="bold", colour=colour)
    why = words(f"not measured: {now.reason}", small, colour=_GREY)

    size, step = round(0.62 * letters), round(0.95 * letters)
    # More discs than fit say less than the number beside them.
    discs = [_disc(now, number, size, colour) for number in range(1, now.reps + 1)]
    discs = discs if len(discs) <= 8 else []
    second = pad + title.height + gap
    third = second + count.height + gap
    after = pad + step * len(discs) + (gap if discs else 0)

    parts = [(title, pad, pad), (movement, pad + title.width + gap, pad)]
    middle = second + (count.height - size) / 2
    parts += [(each, pad + step * i, middle) for i, each in enumerate(discs)]
    parts += [(count, after, second)]
    if now.held_s > 0:
        parts += [(hold, after + count.width + 2 * gap, second)]
    if now.reason:
        parts += [(why, pad, third)]
    # As wide as it will ever be on this leg, so that it stands still.
    widest = [movement.width + title.width + gap, after - pad + count.width]
    widest += [
        after - pad + count.width + 2 * gap + hold.width,
        why.width if now.reason else 0,
    ]
    height = third - gap + pad + (why.height + gap if now.reason else 0)
    return put(panel(max(widest) + 2 * pad, height, radius=0.7 * letters), parts)


def _count(now: Moment) -> str:
    if not now.reps:
        return "no repetition"
    return f"rep {now.begun} of {now.reps}" if now.begun else f"{now.reps} reps"


def _disc(now: Moment, number: int, size: int, colour: Rgb) -> Image:
    is_now = now.is_moving and number == now.begun
    is_begun = number <= now.begun
    return dot(size, colour=colour if is_now else _GREY, is_filled=is_begun)


def _held_s(rep: Rep | None, now_s: float) -> float:
    if rep is None or np.isnan(rep.plateau_start_s):
        return 0.0
    is_held = rep.plateau_start_s <= now_s <= rep.plateau_end_s
    return round(now_s - rep.plateau_start_s, 1) if is_held else 0.0
