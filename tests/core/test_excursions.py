"""Reps: posed traces whose ends are known, then what must not count as a rep."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from synthetic import reps_trace

from hiprom.core.excursions import excursions
from hiprom.core.protocols import protocol

RULES = protocol("seated_ir").rules


def found_in(time_s, angle, direction=1):
    return excursions(time_s, angle, direction=direction, rules=RULES)


@pytest.mark.parametrize("direction", [1, -1])
def test_finds_every_rep_with_its_end_and_its_hold(direction):
    time_s, angle, plateaus = reps_trace([25.0, 40.0, 32.0], neutral_deg=3.0)

    reps = found_in(time_s, direction * angle, direction)

    assert len(reps) == 3
    for rep, peak, (start_s, end_s) in zip(reps, [25, 40, 32], plateaus, strict=True):
        assert_allclose(rep.end_range, direction * peak, atol=0.3)
        assert_allclose(rep.neutral, direction * 3.0, atol=0.3)
        assert abs(time_s[rep.held[0]] - start_s) < 0.25
        assert abs(time_s[rep.held[-1]] - end_s) < 0.25
        assert time_s[rep.start] < start_s - 0.8
        assert time_s[rep.end] > end_s + 0.8


def test_jitter_does_not_push_the_end_range_outwards():
    time_s, angle, _ = reps_trace([30.0] * 20)
    jitter = np.random.default_rng(3).normal(0, 1.0, len(angle))

    reps = found_in(time_s, angle + jitter)

    assert len(reps) == 20
    assert abs(np.mean([rep.end_range for rep in reps]) - 30.0) < 0.25


def test_a_slow_swing_is_not_taken_for_a_hold():
    time_s, angle, plateaus = reps_trace([40.0], raise_s=4.0, hold_s=1.0)

    (rep,) = found_in(time_s, angle)

    assert_allclose(rep.end_range, 40.0, atol=0.4)
    hold_s = time_s[rep.held[-1]] - time_s[rep.held[0]]
    assert hold_s < plateaus[0][1] - plateaus[0][0] + 1.5


def test_a_wobble_at_the_end_of_the_range_is_no_second_rep():
    time_s, angle, ((start_s, end_s),) = reps_trace([35.0], hold_s=3.0)
    held = (time_s > start_s) & (time_s < end_s)
    wobble = np.where(held, 2.5 * np.sin(2 * np.pi * 0.7 * time_s), 0.0)

    reps = found_in(time_s, angle + wobble)

    assert len(reps) == 1


def test_an_incomplete_return_still_parts_two_reps():
    time_s, angle, _ = reps_trace([40.0, 40.0], rest_s=0.6)
    raised = np.where((time_s > 2.0) & (time_s < 5.0), np.maximum(angle, 12.0), angle)

    reps = found_in(time_s, raised)

    assert len(reps) == 2
    assert_allclose([rep.end_range for rep in reps], 40.0, atol=0.3)


@pytest.mark.parametrize(
    "angle",
    [
        np.zeros(300),
        np.full(300, np.nan),
        3 * np.sin(np.arange(300) / 20),
        np.where(np.arange(300) == 150, 40.0, 0.0),
    ],
    ids=["still", "hidden", "too small", "one wild sample"],
)
def test_what_is_no_rep_is_not_counted(angle):
    assert found_in(np.arange(300) / 30, angle) == []


def test_the_other_direction_is_not_counted():
    time_s, angle, _ = reps_trace([30.0, 30.0])

    assert found_in(time_s, angle, direction=-1) == []


def test_a_test_that_goes_both_ways_counts_from_rest():
    time_s, inward, _ = reps_trace([35.0, 35.0], rest_s=4.0)
    outward = np.roll(inward, round(3.6 * 30))

    reps = found_in(time_s, inward - 0.8 * outward)

    assert len(reps) == 2
    assert_allclose([rep.neutral for rep in reps], 0.0, atol=1.5)


def test_a_gap_is_flagged_in_the_rep_that_has_it():
    time_s, angle, plateaus = reps_trace([30.0, 30.0])
    angle[(time_s > plateaus[1][0] - 0.8) & (time_s < plateaus[1][0] - 0.3)] = np.nan

    first, second = found_in(time_s, angle)

    assert (first.has_gap, second.has_gap) == (False, True)
    assert_allclose(second.end_range, 30.0, atol=0.3)


def test_a_rep_cut_off_by_the_end_of_the_recording_is_said_to_be():
    time_s, angle, plateaus = reps_trace([30.0, 30.0])
    until = time_s < plateaus[1][1]

    first, second = found_in(time_s[until], angle[until])

    assert (first.is_cut_off, second.is_cut_off) == (False, True)
    assert_allclose(second.end_range, 30.0, atol=0.3)


@settings(max_examples=40)
@given(
    peaks=st.lists(st.floats(12, 60), min_size=1, max_size=6),
    raise_s=st.floats(0.6, 3.0),
    hold_s=st.floats(0.5, 3.0),
    neutral=st.floats(-5, 5),
    fps=st.sampled_from([24.0, 29.97, 60.0]),
)
def test_holds_for_any_tempo_and_frame_rate(peaks, raise_s, hold_s, neutral, fps):
    time_s, angle, _ = reps_trace(
        [neutral + peak for peak in peaks],
        neutral_deg=neutral,
        raise_s=raise_s,
        hold_s=hold_s,
        fps=fps,
    )

    reps = found_in(time_s, angle)

    expected = [neutral + peak for peak in peaks]
    assert_allclose([rep.end_range for rep in reps], expected, atol=0.6)
    assert_allclose([rep.neutral for rep in reps], neutral, atol=0.6)
