"""Protocols that nobody follows, of every shape: metres, the whole body, both ways.

`known` lets all rooms know them for the time of a test.
"""

import sys
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType

import examples
import numpy as np

from hiprom.core.measurement import Value
from hiprom.core.protocols import PROTOCOLS, Further, Tempo, Threshold, protocol
from hiprom.core.protocols.moves import at_hold

_IR = protocol("seated_ir")
_RULES = replace(
    _IR.rules, min_excursion=Threshold(0.05, "m", "less is no movement", "made up")
)
_CM = 100.0

GAP = replace(
    _IR,
    name="made_up_gap",
    title="Knees apart",
    posture="on the floor",
    way="floor",
    sides="whole",
    quantity="knee_gap_m",
    movements={1: "knees apart"},
    opposite=None,
    cues=None,
    rules=_RULES,
    readable_deg=None,
    norms=(),
    limits={},
    notes={},
    tempo=Tempo(hold_s=Threshold(2.0, "s", "the pause was short", "made up")),
    further=(
        Further("gap_ratio", "the gap in thighs", at_hold("gap_ratio")),
        Further("knee_height_cm", "how high the knees are", at_hold("knee_height_cm")),
    ),
)
TURNS = replace(
    _IR,
    name="made_up_turns",
    title="Turns",
    way="floor",
    sides="each",
    movements={1: "internal rotation", -1: "external rotation"},
    opposite=None,
    cues=None,
    norms=(),
    further=(Further("turn_s", "how long it took", lambda moves: moves.raise_s),),
)


@contextmanager
def known():
    """Make GAP and TURNS protocols of hiprom within the ``with`` block."""
    more = MappingProxyType({**PROTOCOLS, GAP.name: GAP, TURNS.name: TURNS})
    _exchange(PROTOCOLS, more)
    try:
        yield
    finally:
        _exchange(more, PROTOCOLS)  # also where a room was first entered meanwhile


def _exchange(old, new):
    for name, module in list(sys.modules.items()):
        if name.startswith("hiprom") and getattr(module, "PROTOCOLS", None) is old:
            module.PROTOCOLS = new


def gap_trial():
    """Measurement and track of a knee gap: one row for both sides, nothing to draw."""
    measurement, track = examples.trial(sides=("right",))
    (side,) = measurement.sides
    reps = tuple(_in_metres(rep) for rep in side.reps)
    traces = replace(
        side.traces,
        by_name={
            "knee_gap_m": side.traces["hip_rotation_deg"] / _CM,
            "knee_gap_sd_m": side.traces["hip_rotation_sd_deg"] / _CM,
        },
    )
    whole = replace(
        side,
        side="both",
        quantity="knee_gap_m",
        movement="knees apart",
        traces=traces,
        reps=reps,
        dial_px=np.full_like(side.dial_px, np.nan),
    )
    return replace(measurement, protocol=GAP, sides=(whole,), warnings=()), track


def turns_trial():
    """Measurement and track of a leg that turns inwards, outwards, and so on."""
    measurement, track = examples.trial(sides=("right",), name="seated_ir")
    (side,) = measurement.sides
    inwards, outwards = (
        tuple(
            _timed(rep if way > 0 else _outwards(rep))
            for rep in side.reps
            if (rep.number % 2 == 1) is (way > 0)
        )
        for way in (1, -1)
    )
    trace = side.traces["hip_rotation_deg"].copy()
    for rep in outwards:
        during = (measurement.time_s > rep.start_s) & (measurement.time_s < rep.end_s)
        trace[during] *= -1
    traces = replace(
        side.traces, by_name={**side.traces.by_name, "hip_rotation_deg": trace}
    )
    back = {"direction": -1, "movement": "external rotation", "reps": outwards}
    one = replace(side, traces=traces, reps=inwards)
    return replace(
        measurement, protocol=TURNS, sides=(one, replace(one, **back)), warnings=()
    ), track


def _in_metres(rep):
    scaled = {
        name: getattr(rep, name) / _CM
        for name in (
            *("end_range", "end_range_low", "end_range_high", "neutral", "excursion"),
            "peak_velocity",
        )
    }
    return replace(
        rep,
        **scaled,
        shank_tilt_deg=np.nan,
        compensation_deg=np.nan,
        flags=("short_pause",) if rep.number == 1 else (),
        further={
            "gap_ratio": Value(rep.end_range / 42),
            "knee_height_cm": Value(12.0 + rep.number, 11.0, 16.0, 20.0),
        },
    )


def _timed(rep):
    return replace(rep, flags=(), further={"turn_s": Value(rep.raise_s + rep.number)})


def _outwards(rep):
    return replace(
        rep,
        end_range=-rep.end_range,
        end_range_low=-rep.end_range_high,
        end_range_high=-rep.end_range_low,
        excursion=-rep.excursion,
    )
