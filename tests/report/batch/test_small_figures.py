"""Tests for the small figures of an overview: where dots and lines come to stand."""

import math
import re

import pytest

from hiprom.report.batch.dots import Scale, dots, scale_of
from hiprom.report.batch.oddness import Usual
from hiprom.report.batch.rep_rows import RepEnd

USUAL = Usual(20, 35.0, 10.0)


def drawn(tag, svg):
    return re.findall(rf"<{tag} [^>]*>", svg)


def number(name, element):
    return float(re.search(rf'\b{name}="([-\d.]+)"', element)[1])


def test_more_degrees_stand_higher():
    scale = Scale(0.0, 60.0)

    assert scale.y(60) < scale.y(35) < scale.y(0)


def test_what_lies_beyond_stands_at_the_edge():
    scale = Scale(0.0, 60.0)

    assert scale.y(500) == scale.y(60)
    assert scale.y(-500) == scale.y(0)


def test_the_scale_holds_zero_all_ends_and_what_is_usual():
    scale = scale_of([21.0, 52.0, math.nan], USUAL)

    assert scale.low <= 0
    assert scale.high >= 52


def test_one_wild_value_does_not_flatten_the_others():
    assert scale_of([30.0, 900.0], USUAL).high < 110


def test_a_scale_without_any_value_can_be_drawn_on():
    empty = Usual(0, math.nan, math.nan)

    svg = dots([], empty, scale_of([], empty))

    assert "nan" not in svg
    assert not drawn("circle", svg)


def test_dots_stand_in_order_with_their_intervals_and_one_that_does_not_count():
    ends = [RepEnd(30, 27, 33, True), RepEnd(40, 37, 43, False)]
    scale = scale_of([30, 40], USUAL)

    svg = dots(ends, USUAL, scale)

    first, second = drawn("circle", svg)
    assert number("cx", first) < number("cx", second)
    assert number("cy", first) == pytest.approx(scale.y(30), abs=0.05)
    assert 'class="rep"' in first
    assert 'class="rep out"' in second
    bars = [line for line in drawn("line", svg) if 'class="rep' in line]
    assert number("y1", bars[0]) > number("cy", first) > number("y2", bars[0])


def test_a_repetition_without_a_number_leaves_its_place_empty():
    ends = [RepEnd(30, 27, 33, True), RepEnd(*[math.nan] * 3, False)]
    ends.append(RepEnd(31, math.nan, math.nan, True))

    svg = dots(ends, USUAL, scale_of([30, 31], USUAL))

    first, last = drawn("circle", svg)
    assert number("cx", last) - number("cx", first) > 90
    assert "nan" not in svg


def test_the_median_and_what_is_usual_are_drawn():
    scale = scale_of([30], USUAL)

    svg = dots([], USUAL, scale)

    (median,) = [line for line in drawn("line", svg) if 'class="median"' in line]
    (ground,) = drawn("rect", svg)
    assert number("y1", median) == pytest.approx(scale.y(35), abs=0.05)
    assert number("y", ground) == pytest.approx(scale.y(45), abs=0.05)
    assert number("height", ground) == pytest.approx(
        scale.y(25) - scale.y(45), abs=0.15
    )
    assert ">0°</text>" in svg
