"""The exercises on the side: their quantity, their reps, and each of their flags."""

from functools import cache

import numpy as np
import pytest
from lying_people import lying_track

from hiprom.core.measure import measure
from hiprom.core.protocols import PROTOCOLS

_EXERCISES = ("sidelying_ir", "clamshell", "leg_lift")
_SLOW = {"raise_s": 1.2, "hold_s": 1.6, "lower_s": 2.0}


@cache
def _reps(name, **altered):
    """Reps, true end-ranges and true excursions of a made-up trial."""
    tempo = {part: altered.pop(part) for part in _SLOW if part in altered}
    track, truth, plateaus = lying_track(name, tempo={**_SLOW, **tempo}, **altered)
    measured = measure(track, PROTOCOLS[name])
    assert len(measured.sides) == 1
    middles = [round(15 * (start + end) / 2) for start, end in plateaus]
    ends = truth[middles]
    return measured.sides[0].reps, ends, ends - truth[0]


def _flags(name, **altered):
    reps, *_ = _reps(name, **altered)
    assert len(reps) == 2
    return {flag for rep in reps for flag in rep.flags}


@pytest.mark.parametrize("upper", ["left", "right"])
@pytest.mark.parametrize("name", _EXERCISES)
def test_every_rep_is_found_and_near_the_truth(name, upper):
    reps, ends, excursions = _reps(name, upper=upper)
    found = np.array([(rep.end_range, rep.excursion) for rep in reps])
    assert len(reps) == len(ends)
    assert np.abs(found[:, 0] - ends).max() < 3.0
    assert np.abs(found[:, 1] - excursions).max() < 2.0
    assert all(not rep.flags for rep in reps)


@pytest.mark.parametrize(("yaw_deg", "pitch_deg"), [(-20.0, 25.0), (20.0, 0.0)])
@pytest.mark.parametrize("name", _EXERCISES)
def test_the_truth_is_inside_the_interval_from_elsewhere(name, yaw_deg, pitch_deg):
    reps, ends, _ = _reps(name, yaw_deg=yaw_deg, pitch_deg=pitch_deg)
    assert len(reps) == len(ends)
    for rep, end in zip(reps, ends, strict=True):
        assert rep.end_range_low < end < rep.end_range_high
        assert rep.end_range_high - rep.end_range_low < 40.0


@pytest.mark.parametrize("name", _EXERCISES)
def test_small_movements_are_no_reps(name):
    track, *_ = lying_track(name, (30.0, 4.0), tempo=_SLOW)
    assert len(measure(track, PROTOCOLS[name]).sides[0].reps) == 1


@pytest.mark.parametrize("adducted_deg", [-8.0, 8.0])
def test_a_leg_lift_is_found_wherever_the_leg_rests(adducted_deg):
    reps, ends, _ = _reps("leg_lift", rest_deg=(0.0, adducted_deg, 0.0, 0.0))
    assert len(reps) == len(ends)
    assert (
        np.abs([rep.end_range - end for rep, end in zip(reps, ends, strict=True)]).max()
        < 4.0
    )


# What raises each flag: of the upper leg's flexion, adduction, rotation and knee at the
# furthest end, of the trunk, the foot, or the tempo.
_RAISED = [
    ("leg_lift", "drops", {"lower_s": 0.9}),
    ("leg_lift", "fast_lower", {"lower_s": 0.7}),
    ("leg_lift", "fast_raise", {"raise_s": 0.6}),
    ("leg_lift", "hip_flexes", {"angles_deg": (25.0, 0.0, 0.0, 0.0)}),
    ("leg_lift", "knee_bends", {"angles_deg": (0.0, 0.0, 0.0, 35.0)}),
    ("leg_lift", "leg_turns_out", {"foot_turn_deg": 45.0}),
    ("leg_lift", "pelvis_rolls", {"back_deg": 25.0}),
    ("clamshell", "pelvis_rolls_back", {"back_deg": 30.0}),
    ("clamshell", "heels_part", {"angles_deg": (0.0, -20.0, 0.0, 0.0)}),
    ("clamshell", "short_pause", {"hold_s": 0.5}),
    ("clamshell", "fast_lower", {"lower_s": 0.7}),
    ("sidelying_ir", "trunk_rolls", {"back_deg": 20.0}),
    ("sidelying_ir", "knees_part", {"angles_deg": (0.0, -15.0, 0.0, 0.0)}),
    ("sidelying_ir", "fast_lower", {"lower_s": 0.7}),
]


@pytest.mark.parametrize(("name", "flag", "altered"), _RAISED)
def test_a_flag_is_raised_by_what_it_names(name, flag, altered):
    """And by that alone: `test_every_rep_is_found...` has none of them."""
    assert flag in PROTOCOLS[name].flags
    assert flag in _flags(name, **altered)


def test_every_flag_has_its_test():
    tested = {(name, flag) for name, flag, _ in _RAISED}
    tested |= {("clamshell", "fast_raise"), ("sidelying_ir", "fast_raise")}
    always = {"no_plateau", "short_hold", "gap", "cut_off"}
    named = {(name, flag) for name in _EXERCISES for flag in PROTOCOLS[name].flags}
    assert {pair for pair in named if pair[1] not in always} == tested


def test_a_slow_descent_is_told_from_a_drop():
    ratios = [
        _reps("leg_lift", lower_s=seconds)[0][0].further["descent_ratio"].end_range
        for seconds in (2.4, 1.2, 0.8)
    ]
    # The slow beginning of a slow descent counts as held.
    assert 1.5 < ratios[0] < 2.1
    assert ratios[1] == pytest.approx(1.0, abs=0.15)
    assert ratios[2] < 0.85


def test_a_steady_descent_is_smooth():
    value = _reps("leg_lift")[0][0].further["descent_sparc"].end_range
    assert -2.0 < value < -1.3


def test_a_clamshell_opens_the_knee():
    """The knee goes round the line from hip to ankle, by a chord of known length."""
    reps, *_ = _reps("clamshell")
    angle = np.radians(40.0)
    # 0.40 and 0.42 m of leg at 88 degrees of knee flexion: the knee's way round.
    radius_cm = 40.0 * 42.0 * np.sin(np.radians(88.0)) / np.sqrt(40**2 + 42**2)
    way_cm = 2 * radius_cm * np.sin(angle / 2)
    opening = reps[-1].further["knee_opening_cm"]
    turn = reps[-1].further["knee_opening_deg"]
    assert opening.end_range == pytest.approx(way_cm, abs=2.5)
    assert opening.end_range_low < way_cm < opening.end_range_high
    thigh_deg = 2 * np.degrees(np.arcsin(way_cm / 2 / 40.0))
    assert turn.end_range == pytest.approx(thigh_deg, abs=3.0)
    assert turn.end_range_low < thigh_deg < turn.end_range_high


def test_knees_that_stay_together_keep_their_gap():
    reps, *_ = _reps("sidelying_ir")
    gap, share = (reps[0].further[name] for name in ("knee_gap_m", "knee_gap_ratio"))
    assert gap.end_range == pytest.approx(0.11, abs=0.02)
    assert abs(gap.excursion) < 0.02
    assert share.end_range == pytest.approx(0.11 / 0.40, abs=0.05)
    assert gap.end_range_low < 0.11 < gap.end_range_high


@pytest.mark.parametrize("name", _EXERCISES)
def test_instructions_are_complete(name):
    protocol = PROTOCOLS[name]
    assert len(protocol.instructions) >= 5
    assert len(protocol.avoid) >= 3
    assert "belly" in protocol.camera
    assert protocol.norms == ()
    assert all(limit.source for limit in protocol.limits.values())
