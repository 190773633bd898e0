"""Sides on the clock -> those that moved by themselves, or why none did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.excursions import Excursion, excursions
from hiprom.core.landmarks import MeasuredSide, Side
from hiprom.core.protocols import Direction, Protocol
from hiprom.core.vectors import Array

# Of two legs that seem to move at the same time, the lesser one is carried along.
_CARRIED_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Mover:
    """One side on the even clock, and its reps in one direction.

    Attributes
    ----------
    side : {"left", "right", "both"}
    direction : {1, -1}
        The sign of the excursions in `found`.
    clock_s : ndarray, shape (n,)
    traces : dict of str to ndarray, shape (n,) or (n, k)
        Whatever was read of this side, by name.
    dial_px : ndarray, shape (n, 3, 2)
        The pivot, the end that moves, and where that end would be at zero.
    reason : ndarray of str
        On the video's frames: why a frame cannot be read.
    found : tuple of Excursion
        The protocol's reps, in order of time.
    numbers : tuple of int
        What each is called: 1 for the first rep of its side, whichever its direction.
    """

    side: MeasuredSide
    direction: Direction
    clock_s: Array
    traces: dict[str, Array]
    dial_px: Array
    reason: NDArray[np.str_]
    found: tuple[Excursion, ...]
    numbers: tuple[int, ...] = ()


def moving(
    movers: Sequence[Mover], wanted: tuple[Side, ...], protocol: Protocol
) -> list[Mover]:
    """Return the wanted sides with reps of their own, the reps numbered.

    Where the leg that moves is asked for, a rep that is less than half of one that
    the other leg makes at the same time was carried along and is left out.
    """
    chosen = [each for each in movers if each.side in {*wanted, "both"}]
    if protocol.sides == "moving" and len(wanted) > 1:
        chosen = [_by_itself(each, chosen) for each in chosen]
    return [_numbered(each, chosen) for each in chosen if each.found]


def _by_itself(mover: Mover, movers: Sequence[Mover]) -> Mover:
    """Return a side without the reps in which another carried it along."""
    rivals = [
        rep
        for each in movers
        if each.side != mover.side and each.direction == mover.direction
        for rep in each.found
    ]
    own = tuple(
        rep
        for rep in mover.found
        if not any(_carries(by, rep, mover.direction) for by in rivals)
    )
    return replace(mover, found=own)


def _carries(by: Excursion, rep: Excursion, direction: Direction) -> bool:
    overlaps = rep.start < by.end and by.start < rep.end
    theirs, own = (direction * (r.end_range - r.neutral) for r in (by, rep))
    return overlaps and own < _CARRIED_SHARE * theirs


def _numbered(mover: Mover, movers: Sequence[Mover]) -> Mover:
    """Give its reps their numbers in order of time, with those the other way."""
    starts = sorted(
        rep.start for each in movers if each.side == mover.side for rep in each.found
    )
    return replace(
        mover, numbers=tuple(1 + starts.index(rep.start) for rep in mover.found)
    )


def why_no_reps(
    movers: Sequence[Mover], wanted: tuple[Side, ...], protocol: Protocol
) -> str:
    """Return what was found instead of a rep, what is needed, and what to do."""
    asked = f"on the {wanted[0]} side" if len(wanted) == 1 else "on either side"
    where = "" if protocol.sides == "whole" else f" {asked}"
    found = f"No repetition of {protocol.movement} was found{where}"
    for mover in movers:
        if mover.side not in {*wanted, "both"} and mover.found:
            return (
                f"{found}, but the {mover.side} leg moved by {_reach(mover.found)}. "
                f"Use --side {mover.side}, or --side auto."
            )
    for mover in movers if protocol.opposite else ():
        back = tuple(
            excursions(
                mover.clock_s,
                mover.traces[protocol.quantity],
                direction=-mover.direction,
                rules=protocol.rules,
            )
        )
        if back:
            return (
                f"{found}, but the {mover.side} leg rotated the other way by "
                f"{_reach(back)}. If that is the test, use --protocol "
                f"{protocol.opposite}."
            )
    least = protocol.rules.min_excursion.value
    unit, digits = (
        (protocol.unit, 0)
        if protocol.unit == "°"
        else (
            f" {protocol.unit}",
            2,
        )
    )
    return (
        f"{found}: it changed by {_range(movers, protocol):.{digits}f}{unit} in the "
        f"whole recording, and a repetition needs at least {least:.{digits}f}{unit}. "
        f"{protocol.try_this}"
    )


def _reach(reps: tuple[Excursion, ...]) -> str:
    furthest = max(abs(rep.end_range - rep.neutral) for rep in reps)
    count = "once" if len(reps) == 1 else f"{len(reps)} times"
    return f"up to {furthest:.0f}° ({count})"


def _range(movers: Sequence[Mover], protocol: Protocol) -> float:
    traces = [mover.traces[protocol.quantity] for mover in movers]
    return max(
        (float(np.ptp(t[np.isfinite(t)])) for t in traces if np.isfinite(t).any()),
        default=0.0,
    )
