"""Tests for hiprom.core.quantities: a value is written as a person reads it."""

import numpy as np
import pytest

from hiprom.core.quantities import amount, gained, is_angle, unit, words_of

MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("value", "quantity", "words"),
    [
        (34.24, "hip_rotation_deg", "34.2°"),
        (-0.04, "hip_rotation_deg", "0.0°"),
        (-31.06, "hip_rotation_deg", f"{MINUS}31.1°"),
        (0.618, "knee_gap_m", "62 cm"),
        (0.0961, "knee_gap_m", "9.6 cm"),
        (3.14, "knee_travel_cm", "3.1 cm"),
        (1.26, "hold_s", "1.3 s"),
        (0.987, "dissociation_ratio", "0.99"),
        (-1.846, "descent_sparc", f"{MINUS}1.85"),
        (np.nan, "knee_gap_m", "\N{EN DASH}"),
    ],
)
def test_a_value_is_written_in_the_unit_people_read(value, quantity, words):
    assert amount(value, quantity) == words


@pytest.mark.parametrize(
    ("value", "quantity", "words"),
    [
        (3.14, "hip_rotation_deg", "+3.1°"),
        (0.03, "hip_rotation_deg", "0.0°"),
        (-0.02, "knee_gap_m", f"{MINUS}2.0 cm"),
        (0.12, "knee_gap_m", "+12 cm"),
    ],
)
def test_a_change_has_its_sign_unless_it_is_none(value, quantity, words):
    assert gained(value, quantity) == words


def test_words_leave_out_the_unit_and_keep_what_is_none():
    assert words_of("knee_gap_m") == "knee gap"
    assert words_of("dissociation_ratio") == "dissociation ratio"
    assert words_of("descent_sparc") == "descent sparc"


def test_only_degrees_are_angles():
    assert is_angle("thigh_rise_deg")
    assert not is_angle("knee_gap_m")
    assert unit("knee_gap_m").word == "centimetres"
