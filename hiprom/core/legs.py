"""Two legs on the clock -> the ones that moved by themselves, or why none did."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from hiprom.core.landmarks import Side, other
from hiprom.core.protocols import Protocol
from hiprom.core.reps import Excursion, excursions
from hiprom.core.vectors import Array

# Of two legs that seem to move at the same time, the lesser one is carried along.
_CARRIED_SHARE = 0.5


@dataclass(frozen=True, eq=False)
class Leg:
    """One leg on the even clock.

    Attributes
    ----------
    side : {"left", "right"}
    clock_s : ndarray, shape (n,)
    traces : dict of str to ndarray, shape (n,)
        Every angle by its name.
    dial_px : ndarray, shape (n, 3, 2)
        Knee, shank end, and where that end would be at zero rotation.
    knee_cm : ndarray, shape (n, 3)
        Where the knee is, camera axes, from its place at rest.
    outlined : ndarray, shape (n,)
        Share of the frames around each time in which the silhouette showed the shank.
    found : tuple of Excursion
        The protocol's reps, in order of time.
    """

    side: Side
    clock_s: Array
    traces: dict[str, Array]
    dial_px: Array
    knee_cm: Array
    outlined: Array
    found: tuple[Excursion, ...]


Legs = dict[Side, Leg]


def moving_legs(legs: Legs, wanted: tuple[Side, ...], protocol: Protocol) -> list[Leg]:
    """Return the wanted legs with reps of their own.

    Where both sides are wanted, a rep that is less than half of one that the other
    leg makes at the same time was carried along and is left out.
    """
    moving = []
    for side in wanted:
        if side not in legs:
            continue
        rival = legs.get(other(side)) if len(wanted) > 1 else None
        own = tuple(
            rep
            for rep in legs[side].found
            if not any(
                _carries(by, rep, protocol) for by in (rival.found if rival else ())
            )
        )
        if own:
            moving.append(replace(legs[side], found=own))
    return moving


def _carries(by: Excursion, rep: Excursion, protocol: Protocol) -> bool:
    overlaps = rep.start < by.end and by.start < rep.end
    theirs, own = (protocol.direction * (r.end_range - r.neutral) for r in (by, rep))
    return overlaps and own < _CARRIED_SHARE * theirs


def why_no_reps(legs: Legs, wanted: tuple[Side, ...], protocol: Protocol) -> str:
    """Return what was found instead of a rep, what is needed, and what to do."""
    asked = f"the {wanted[0]} side" if len(wanted) == 1 else "either side"
    found = f"No repetition of {protocol.movement} was found on {asked}"
    for side, leg in legs.items():
        if side not in wanted and leg.found:
            return (
                f"{found}, but the {side} leg moved by {_reach(leg.found)}. "
                f"Use --side {side}, or --side auto."
            )
    for side, leg in legs.items():
        back = tuple(
            excursions(
                leg.clock_s,
                leg.traces[protocol.quantity],
                direction=-protocol.direction,
                rules=protocol.rules,
            )
        )
        if back and protocol.opposite:
            return (
                f"{found}, but the {side} leg rotated the other way by {_reach(back)}. "
                f"If that is the test, use --protocol {protocol.opposite}."
            )
    least = protocol.rules.min_excursion_deg.value
    return (
        f"{found}: the angle changed by {_range_deg(legs, protocol):.0f}° in the whole "
        f"recording, and a repetition needs at least {least:.0f}°. Swing the foot as "
        "far as it goes, hold it for a second, and bring it back."
    )


def _reach(reps: tuple[Excursion, ...]) -> str:
    furthest = max(abs(rep.end_range - rep.neutral) for rep in reps)
    count = "once" if len(reps) == 1 else f"{len(reps)} times"
    return f"up to {furthest:.0f}° ({count})"


def _range_deg(legs: Legs, protocol: Protocol) -> float:
    traces = [leg.traces[protocol.quantity] for leg in legs.values()]
    return max(
        (float(np.ptp(t[np.isfinite(t)])) for t in traces if np.isfinite(t).any()),
        default=0.0,
    )
