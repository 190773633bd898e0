"""Right against left: which sessions, which sign, which band."""

from dataclasses import replace

import numpy as np
import pytest
from histories import series, trial
from hypothesis import given
from hypothesis import strategies as st

from hiprom.core.history import series_of
from hiprom.core.protocols import protocol
from hiprom.core.statistics import asymmetries, asymmetry, measurement_error
from hiprom.errors import InputError

IR, ER = protocol("seated_ir"), protocol("seated_er")
RANGE = st.floats(0, 70)


def sides(right, left, **told):
    """One session with both sides, of one repetition each."""
    return [
        trial(0, (right,), side="right", trial_id=1, **told),
        trial(0, (left,), side="left", trial_id=2, **told),
    ]


def compared(trials, way=IR, compare=asymmetry):
    left, right = series_of(trials)
    errors = measurement_error(right, way), measurement_error(left, way)
    return compare(right, left, errors, way)


@pytest.mark.parametrize(
    ("right", "left", "band"),
    [
        (40.0, 36.0, "within measurement error"),
        (65.0, 59.2, "green"),
        (40.0, 33.0, "amber"),
        (33.0, 40.0, "amber"),
        (40.0, 29.0, "red"),
        (9.0, 1.0, "not rated"),
        (4.0, 1.0, "within measurement error"),
    ],
)
def test_measurement_error_is_asked_before_the_bands(right, left, band):
    assert compared(sides(right, left)).band == band


def test_the_share_is_of_the_side_that_goes_further():
    assert compared(sides(40.0, 30.0)).percent == pytest.approx(25.0)
    assert compared(sides(30.0, 40.0)).percent == pytest.approx(-25.0)


def test_near_zero_there_is_no_share():
    found = compared(sides(9.0, 1.0))

    assert np.isnan(found.percent)
    assert found.difference_deg == 8.0
    assert found.is_real


def test_the_further_external_rotation_is_the_larger_range():
    found = compared(sides(-45.0, -35.0, protocol="seated_er"), ER)

    assert found.difference_deg == 10.0
    assert found.percent == pytest.approx(100 * 10 / 45)


def test_the_interval_joins_the_errors_of_both_sides():
    found = compared(sides(40.0, 30.0))

    assert found.high_deg - found.difference_deg == pytest.approx(5.405, abs=0.001)
    wide = compared(sides(40.0, 30.0, half_width=9.0))
    assert wide.high_deg - wide.difference_deg == pytest.approx(
        9 * np.sqrt(2), abs=0.01
    )
    assert not wide.is_real


@pytest.mark.parametrize(("apart", "is_compared"), [(13.9, True), (14.1, False)])
def test_the_newest_of_each_side_may_lie_14_days_apart(apart, is_compared):
    found = compared([trial(0, (40.0,)), trial(apart, (30.0,), side="left")])

    assert (found is not None) is is_compared
    if found:
        assert not found.is_same_session


def test_the_newest_session_of_each_side_is_taken():
    old = sides(20.0, 50.0)
    new = [
        trial(9, (40.0,), trial_id=5, session_id=50),
        trial(9, (30.0,), side="left", trial_id=6, session_id=50),
    ]

    found = compared([*new, *old])

    assert found.is_same_session
    assert found.difference_deg == 10.0


def test_over_time_each_session_of_the_right_meets_its_nearest_left():
    trials = [
        trial(0, (30.0,), trial_id=1, session_id=1),
        trial(0, (20.0,), side="left", trial_id=2, session_id=1),
        trial(7, (31.0,), trial_id=3, session_id=2),
        trial(9, (25.0,), side="left", trial_id=4, session_id=3),
        trial(60, (40.0,), trial_id=5, session_id=4),
    ]

    found = compared(trials, compare=asymmetries)

    assert [each.difference_deg for each in found] == [10.0, 6.0]
    assert [each.is_same_session for each in found] == [True, False]


def test_the_same_session_comes_before_a_nearer_one():
    trials = [
        trial(0.70, (40.0,), trial_id=1, session_id=1),
        trial(0.05, (30.0,), side="left", trial_id=2, session_id=1),
        trial(0.80, (20.0,), side="left", trial_id=3, session_id=2),
    ]

    (found,) = compared(trials, compare=asymmetries)

    assert found.is_same_session
    assert found.difference_deg == 10.0


@pytest.mark.parametrize(
    "other", [{"protocol": "seated_er"}, {"instrument": "goniometer"}]
)
def test_what_was_measured_otherwise_is_refused(other):
    right = series([40.0])
    left = series([30.0], side="left", **other)
    errors = measurement_error(right, IR), measurement_error(left, IR)

    with pytest.raises(InputError, match="one protocol, quantity, direction"):
        asymmetry(right, left, errors, IR)


def test_the_sides_the_wrong_way_round_are_refused():
    right, left = series([40.0]), series([30.0], side="left")
    errors = measurement_error(right, IR), measurement_error(left, IR)

    with pytest.raises(InputError, match="in this order"):
        asymmetry(left, right, errors, IR)


def test_without_a_known_error_nothing_is_rated():
    gap = replace(IR, quantity="knee_gap_m", title="Butterfly", name="butterfly")

    assert compared(sides(40.0, 10.0), gap).band == "not rated"
    assert not compared(sides(40.0, 10.0), gap).is_real


@given(right=RANGE, left=RANGE)
def test_changing_the_sides_changes_the_sign_alone(right, left):
    one, other = compared(sides(right, left)), compared(sides(left, right))

    assert one.difference_deg == pytest.approx(-other.difference_deg)
    assert one.low_deg == pytest.approx(-other.high_deg)
    assert one.band == other.band
    assert np.isclose(one.percent, -other.percent, equal_nan=True)


@given(right=RANGE, left=RANGE)
def test_internal_and_external_rotation_are_judged_alike(right, left):
    inner = compared(sides(right, left))
    outer = compared(sides(-right, -left, protocol="seated_er"), ER)

    assert inner.difference_deg == pytest.approx(outer.difference_deg)
    assert inner.band == outer.band
