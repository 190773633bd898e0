"""An excursion and all that moved meanwhile -> a Rep with interval and flags."""

from __future__ import annotations

import numpy as np

from hiprom.core.excursions import REST_S, Excursion
from hiprom.core.measurement import Rep, Value
from hiprom.core.movers import Mover
from hiprom.core.protocols import Further, Moves, Protocol

# Half-width of a 95 % interval, in standard deviations.
_Z95 = 1.96
# Jitter is alike for about this long, so a hold is worth one reading for each.
_JITTER_S = 0.5
_TILT = "shank_tilt_deg"


def rep_of(number: int, found: Excursion, mover: Mover, protocol: Protocol) -> Rep:
    """Describe one excursion of a side as a rep of a protocol."""
    moves = _moves(found, mover)
    is_held = bool(len(found.held))
    first, last = (float(mover.clock_s[moves.held[end]]) for end in (0, -1))

    sd = moves.at_hold(protocol.sd)
    if np.isnan(sd):  # of a hidden end the rest of the rep tells at best as much
        sd = moves.most(protocol.sd)
    readings = max(1.0, moves.hold_s / _JITTER_S)
    half = _Z95 * np.hypot(sd, found.spread / np.sqrt(readings))
    tilt = moves.at_hold(_TILT) if _TILT in mover.traces else np.nan
    changes = {name: limit.read(moves) for name, limit in protocol.limits.items()}
    conditions = {
        "no_plateau": not is_held,
        "short_hold": is_held and moves.hold_s < protocol.rules.min_plateau_s.value,
        "gap": found.has_gap,
        "cut_off": found.is_cut_off,
        **{name: note.holds(moves) for name, note in protocol.notes.items()},
        **{
            name: getattr(moves, part) < least.value
            for name, (part, least) in protocol.tempo.flagged.items()
        },
        **{
            name: limit.is_beyond(changes[name])
            for name, limit in protocol.limits.items()
        },
    }
    return Rep(
        number=number,
        start_s=float(mover.clock_s[found.start]),
        peak_s=float(mover.clock_s[found.peak]),
        end_s=float(mover.clock_s[found.end]),
        plateau_start_s=first if is_held else np.nan,
        plateau_end_s=last if is_held else np.nan,
        end_range=found.end_range,
        end_range_low=found.end_range - half,
        end_range_high=found.end_range + half,
        neutral=found.neutral,
        excursion=found.end_range - found.neutral,
        hold_s=moves.hold_s,
        raise_s=moves.raise_s,
        lower_s=moves.lower_s,
        peak_velocity=found.peak_velocity,
        shank_tilt_deg=tilt,
        compensation_deg=tilt - found.end_range,
        flags=tuple(name for name, holds in conditions.items() if holds),
        valid=bool(np.isfinite(found.end_range)),
        changes=changes,
        further={each.quantity: _value(each, moves) for each in protocol.further},
    )


def _moves(found: Excursion, mover: Mover) -> Moves:
    clock_s = mover.clock_s
    step_s = float(clock_s[1] - clock_s[0])
    held = found.held if len(found.held) else np.array([found.peak])
    return Moves(
        clock_s=clock_s,
        traces=mover.traces,
        rest=slice(max(0, found.start - round(REST_S / step_s)), found.start + 1),
        start=found.start,
        peak=found.peak,
        end=found.end,
        held=held,
        hold_s=len(found.held) * step_s,
        raise_s=float(clock_s[held[0]] - clock_s[found.start]),
        lower_s=float(clock_s[found.end] - clock_s[held[-1]]),
    )


def _value(further: Further, moves: Moves) -> Value:
    value = further.read(moves)
    half = _Z95 * further.sd(moves) if further.sd else np.nan
    rest = further.rest(moves) if further.rest else np.nan
    return Value(value, value - half, value + half, rest)
