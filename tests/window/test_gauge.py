"""Tests for hiprom.window.gauge and arcs: where an angle stands, and how smoothly."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.window.arcs import Ring, way
from hiprom.window.gauge import HIGHEST, LOWEST, turn_deg, whole

angles = st.floats(-200, 200)


def ring_on_black(start_deg, end_deg, middle=(60.0, 60.0)):
    frame = np.zeros((120, 120, 3), np.uint8)
    Ring(np.array(middle), (30.0, 40.0), -90.0).draw(
        frame, start_deg, end_deg, (250, 250, 250)
    )
    return frame[..., 0] / 250.0


@given(angles, angles)
def test_a_larger_angle_never_stands_before_a_smaller(first, second):
    low, high = sorted((first, second))

    assert 0 <= turn_deg(low) <= turn_deg(high) <= 240


def test_the_scale_is_even():
    turns = [turn_deg(angle) for angle in np.linspace(LOWEST, HIGHEST, 8)]

    assert_allclose(np.diff(turns), 240 / 7)


@pytest.mark.parametrize(
    ("angle", "digits"),
    [
        (34.4, "34"),
        (34.6, "35"),
        (-0.3, "0"),
        (-4.6, "\N{MINUS SIGN}5"),
        (np.nan, "\N{EN DASH}"),
    ],
)
def test_digits_are_whole_degrees(angle, digits):
    assert whole(angle) == digits


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 360), st.floats(1, 360))
def test_a_piece_covers_its_share_of_the_ring(start, length):
    end = min(start + length, 360)
    area = np.pi * (40**2 - 30**2)

    assert_allclose(
        ring_on_black(start, end).sum(), area * (end - start) / 360, atol=14
    )


@settings(max_examples=20, deadline=None)
@given(st.floats(55, 65), st.floats(55, 65))
def test_a_ring_stands_where_it_is_put_to_a_fraction_of_a_pixel(x, y):
    share = ring_on_black(0, 360, (x, y))

    rows, columns = np.mgrid[:120, :120]
    weight = share.sum()
    assert_allclose((share * columns).sum() / weight, x, atol=0.02)
    assert_allclose((share * rows).sum() / weight, y, atol=0.02)


def test_a_piece_begins_above_and_goes_clockwise():
    share = ring_on_black(0, 90)

    x, y = np.array([60, 60]) + 35 * way(-45.0)
    assert share[round(y), round(x)] == 1
    assert share[:, :59].max() == 0
    assert share[61:].max() == 0
