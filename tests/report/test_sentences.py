"""Tests for hiprom.report.sentences: what a person reads, word for word."""

from dataclasses import replace

import examples
import numpy as np
import pytest

from hiprom.report.sentences import (
    day,
    degrees,
    difference_sentence,
    flag_sentence,
    interval,
    repetitions,
    seconds,
    seen_sentence,
    side_sentence,
)


@pytest.fixture
def measurement():
    return examples.trial()[0]


def with_reps(side, change, *, keep=None):
    return replace(side, reps=tuple(change(rep) for rep in side.reps[:keep]))


def test_says_how_far_a_leg_turned_and_how_sure_that_is(measurement):
    assert side_sentence(measurement, measurement.sides[1]) == (
        "Your right hip turned inwards by 34.1° on average over four repetitions; "
        "the true value very likely lies between 31.0° and 37.3°."
    )


def test_external_rotation_turns_outwards_by_a_positive_number(measurement):
    turned = examples.external(measurement)

    assert side_sentence(turned, turned.sides[1]) == (
        "Your right hip turned outwards by 34.1° on average over four repetitions; "
        "the true value very likely lies between 31.0° and 37.3°."
    )


def test_one_repetition_is_no_average(measurement):
    side = with_reps(measurement.sides[1], lambda rep: rep, keep=1)

    assert "by 31.5° in one repetition;" in side_sentence(measurement, side)


def test_without_a_repetition_that_counts_there_is_no_number(measurement):
    side = with_reps(measurement.sides[0], lambda rep: replace(rep, valid=False))

    assert side_sentence(measurement, side) == (
        "No repetition of the left hip could be used, so there is no number for it."
    )


def test_without_an_interval_it_claims_no_certainty(measurement):
    side = with_reps(
        measurement.sides[0], lambda rep: replace(rep, end_range_low=np.nan)
    )

    assert side_sentence(measurement, side).endswith(
        "; how sure that is could not be worked out."
    )


def test_legs_whose_intervals_overlap_are_not_called_different(measurement):
    assert difference_sentence(measurement) == (
        "Left and right differ by 4.5°: less than this recording can tell apart for "
        "sure."
    )


@pytest.mark.parametrize("turn", [lambda m: m, examples.external])
def test_legs_far_apart_are_called_different(measurement, turn):
    left, right = measurement.sides
    lower = with_reps(
        left,
        lambda rep: replace(
            rep,
            end_range=rep.end_range - 12,
            end_range_low=rep.end_range_low - 12,
            end_range_high=rep.end_range_high - 12,
        ),
    )

    assert difference_sentence(turn(replace(measurement, sides=(lower, right)))) == (
        "Left and right differ by 16.5°: your right hip turned further, by more than "
        "the uncertainty of this recording."
    )


def test_one_leg_is_compared_with_nothing(measurement):
    one = replace(measurement, sides=measurement.sides[:1])

    assert difference_sentence(one) == ""


def test_flags_are_spelt_out(measurement):
    protocol, rep = measurement.protocol, measurement.sides[1].reps[3]

    assert flag_sentence(protocol, replace(rep, flags=())) == ""
    assert flag_sentence(protocol, rep) == (
        f"{protocol.flags['short_hold'].capitalize()}; {protocol.flags['pelvic_hike']}."
    )
    assert flag_sentence(protocol, replace(rep, flags=("new_one",), valid=False)) == (
        "New one; it does not count in the average."
    )


def test_says_how_much_of_the_recording_could_be_read(measurement):
    side = measurement.sides[0]

    assert seen_sentence(side) == (
        "The angle of the left hip could be read in 99\u00a0% of the frames. "
        "Elsewhere: too close to the start."
    )


def test_nearly_all_is_not_called_all(measurement):
    traces = measurement.sides[0].traces
    valid = np.ones_like(traces.valid)
    valid[0] = False
    nearly = replace(measurement.sides[0], traces=replace(traces, valid=valid))
    wholly = replace(
        nearly, traces=replace(traces, valid=np.ones_like(valid), reason=traces.reason)
    )

    assert "99\u00a0%" in seen_sentence(nearly)
    assert seen_sentence(wholly).endswith("could be read in 100\u00a0% of the frames.")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (34.24, "34.2°"),
        (-3.2, "\N{MINUS SIGN}3.2°"),
        (-0.04, "0.0°"),
        (np.nan, "\N{EN DASH}"),
    ],
)
def test_angles_are_given_to_a_tenth(value, words):
    assert degrees(value) == words


def test_what_is_missing_leaves_a_dash_or_nothing():
    assert seconds(np.nan) == "\N{EN DASH}"
    assert interval(np.nan, 3.0) == ""


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "one repetition"), (3, "three repetitions"), (13, "13 repetitions")],
)
def test_small_numbers_are_words(count, words):
    assert repetitions(count) == words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("2026-05-04T09:31:07+00:00", "4 May 2026, 09:31 UTC"),
        ("2026-05-04T09:31:07", "4 May 2026, 09:31"),
        ("last Tuesday", "last Tuesday"),
        (None, ""),
    ],
)
def test_dates_are_read_out(iso, words):
    assert day(iso) == words
