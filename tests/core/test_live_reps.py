"""Tests for hiprom.core.live_reps: repetitions counted while they are made."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from synthetic import reps_trace

from hiprom.core.live_reps import Phase, RepCounter
from hiprom.core.protocols import protocol

RULES = protocol("seated_ir").rules


def counted(time_s, angles, *, neutral=0.0, hold_s=1.0):
    counter = RepCounter(RULES, neutral=neutral, hold_s=hold_s)
    return [counter.see(t, a) for t, a in zip(time_s, angles, strict=True)]


@pytest.mark.parametrize("fps", [8.0, 15.0, 30.0, 60.0])
@pytest.mark.parametrize("noise_deg", [0.0, 0.7])
def test_every_repetition_is_counted_once_at_any_rate(fps, noise_deg):
    time_s, angles, plateaus = reps_trace(
        [20.0, 35.0, 16.0, 40.0], neutral_deg=3.0, fps=fps
    )
    noise = np.random.default_rng(1).normal(0, noise_deg, len(angles))

    counts = counted(time_s, angles + noise, neutral=3.0)

    assert counts[-1].reps == 4
    assert_allclose(counts[-1].furthest, 40.0, atol=1.5)
    for number, (begin, _) in enumerate(plateaus):
        at_hold = counts[int(np.searchsorted(time_s, begin + 0.3))]
        assert at_hold.reps == number


def test_the_phases_follow_the_leg():
    time_s, angles, plateaus = reps_trace([35.0], hold_s=1.6)
    begin, end = plateaus[0]

    counts = counted(time_s, angles)

    def phase(at_s):
        return counts[int(np.searchsorted(time_s, at_s))].phase

    assert phase(0.5) is Phase.REST
    assert phase(begin - 0.4) is Phase.OUT
    assert phase(begin + 0.6) is Phase.HOLD
    assert phase(end - 0.1) is Phase.BACK
    assert counts[-1].phase is Phase.REST


def test_the_hold_is_timed_while_it_lasts():
    time_s, angles, plateaus = reps_trace([35.0], hold_s=2.0)
    at_end = int(np.searchsorted(time_s, plateaus[0][1]))

    counts = counted(time_s, angles)

    assert_allclose(counts[at_end].held_s, 2.0, atol=0.35)


def test_a_swing_that_is_not_held_counts_but_shows_no_hold():
    time_s = np.arange(0, 3, 1 / 30)
    angles = 30 * np.sin(np.pi * np.clip(time_s - 1, 0, 1)) ** 2

    counts = counted(time_s, angles)

    assert counts[-1].reps == 1
    assert max(count.held_s for count in counts) < 0.3


def test_small_movements_and_the_other_direction_do_not_count():
    time_s, small, _ = reps_trace([6.0, 7.0])
    _, other_way, _ = reps_trace([-30.0, -30.0])

    assert counted(time_s, small)[-1].reps == 0
    assert counted(time_s, other_way)[-1].reps == 0


def test_a_kick_is_no_repetition():
    time_s = np.arange(0, 2, 1 / 60)
    angles = np.where((time_s > 1) & (time_s < 1.15), 30.0, 0.0)

    assert counted(time_s, angles)[-1].reps == 0


def test_a_short_gap_is_bridged_and_a_long_one_ends_the_repetition():
    time_s, angles, plateaus = reps_trace([35.0, 35.0])
    begin = plateaus[0][0]
    short, long = angles.copy(), angles.copy()
    short[(time_s > begin) & (time_s < begin + 0.5)] = np.nan
    long[(time_s > begin) & (time_s < begin + 2.4)] = np.nan

    assert counted(time_s, short)[-1].reps == 2
    assert counted(time_s, long)[-1].reps == 1


def test_rest_is_timed():
    time_s, angles, plateaus = reps_trace([35.0], rest_s=2.0)
    back_s = plateaus[0][1] + 1.2

    counts = counted(time_s, angles)

    assert_allclose(counts[-1].rested_s, time_s[-1] - back_s, atol=0.8)


def test_nothing_is_counted_before_anything_is_seen():
    count = counted([0.0, 0.1], [np.nan, np.nan])[-1]

    assert (count.phase, count.reps, count.held_s) == (Phase.REST, 0, 0.0)
    assert np.isnan([count.angle, count.furthest]).all()
