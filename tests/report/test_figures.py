"""Tests for hiprom.report.figures: they show what they claim, and stand alone."""

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import examples
import matplotlib as mpl
import numpy as np
import pytest

from hiprom.report import palette
from hiprom.report.figures import angle_curve, side_bars


@pytest.fixture(scope="module")
def measurement():
    return examples.trial()[0]


def texts(svg):
    return [element.text for element in ET.fromstring(svg).iter() if element.text]  # noqa: S314


def changed(measurement, change):
    sides = tuple(
        replace(side, reps=tuple(change(rep) for rep in side.reps))
        for side in measurement.sides
    )
    return replace(measurement, sides=sides)


def test_a_curve_names_its_reps_and_their_ends(measurement):
    shown = texts(angle_curve(measurement, measurement.sides[1]))

    assert {"rep 1", "rep 4", "31.5°", "35.1°"} <= set(shown)
    assert "internal rotation, degrees" in shown


def test_external_rotation_goes_up_as_well(measurement):
    turned = examples.external(measurement)

    internal = angle_curve(measurement, measurement.sides[1])
    external = angle_curve(turned, turned.sides[1])

    lines = [re.findall(r' d="([^"]+)"', svg) for svg in (internal, external)]
    assert lines[0] == lines[1]
    assert "external rotation, degrees" in texts(external)
    assert palette.EMBER in external
    assert palette.TEAL not in external


def test_many_reps_are_numbered_only(measurement):
    side = measurement.sides[1]
    many = replace(
        side, reps=tuple(replace(side.reps[0], number=n + 1) for n in range(9))
    )

    shown = texts(angle_curve(replace(measurement, sides=(many,)), many))

    assert {"1", "9"} <= set(shown)
    assert "31.5°" not in shown


def test_a_rep_that_does_not_count_is_grey(measurement):
    out = changed(measurement, lambda rep: replace(rep, valid=False))

    assert palette.TEAL_WASH not in angle_curve(out, out.sides[0])


def test_what_is_missing_is_not_drawn(measurement):
    nothing = dict.fromkeys(
        (
            *("plateau_start_s", "plateau_end_s"),
            *("end_range", "end_range_low", "end_range_high"),
        ),
        np.nan,
    )
    lost = changed(measurement, lambda rep: replace(rep, **nothing, valid=False))
    loose = changed(
        measurement,
        lambda rep: replace(
            rep, plateau_start_s=np.nan, plateau_end_s=np.nan, end_range_low=np.nan
        ),
    )

    assert "rep 1" in texts(angle_curve(lost, lost.sides[0]))
    assert "28.4°" in texts(angle_curve(loose, loose.sides[0]))


def test_an_angle_never_read_gives_an_empty_curve(measurement):
    side = measurement.sides[0]
    blank = replace(
        side,
        reps=(),
        traces=replace(
            side.traces,
            by_name={"hip_rotation_deg": np.full(len(measurement.time_s), np.nan)},
        ),
    )

    svg = angle_curve(replace(measurement, sides=(blank,)), blank)

    assert "time, seconds" in texts(svg)


def test_bars_compare_the_legs_and_the_norms(measurement):
    shown = texts(side_bars(measurement))

    assert {"Left", "Right", "29.7°", "34.1°", "Women", "Men", "43° ± 10°"} <= set(
        shown
    )


def test_averages_of_external_rotation_go_the_same_way(measurement):
    shown = texts(side_bars(examples.external(measurement)))

    assert {"34.1°", "41° ± 6°", "42° ± 7°"} <= set(shown)


def test_a_number_without_an_interval_stands_beside_its_bar_still(measurement):
    unsure = changed(
        measurement,
        lambda rep: replace(rep, end_range_low=np.nan, end_range_high=np.nan),
    )

    assert {"29.7°", "34.1°"} <= set(texts(side_bars(unsure)))


def test_a_leg_without_a_number_has_no_bar(measurement):
    left, right = measurement.sides
    shown = texts(
        side_bars(replace(measurement, sides=(replace(left, reps=()), right)))
    )

    assert "Left" not in shown


def test_the_same_measurement_gives_the_same_figure(measurement):
    side = measurement.sides[0]

    assert angle_curve(measurement, side) == angle_curve(measurement, side)
    assert side_bars(measurement) == side_bars(measurement)


def test_figures_ask_for_nothing_and_style_nothing_else(measurement):
    for svg in (angle_curve(measurement, measurement.sides[0]), side_bars(measurement)):
        links = set(re.findall(r'https?://[^"\s<)]+', svg))

        assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert "<style" not in svg
        assert "<!DOCTYPE" not in svg
        assert len(svg) < 60_000


def test_matplotlib_is_left_as_it_was(measurement):
    names = [name for name in mpl.rcParams if name != "backend"]
    before = [mpl.rcParams[name] for name in names]

    side_bars(measurement)

    assert [mpl.rcParams[name] for name in names] == before


def luminance(colour):
    parts = [value / 255 for value in palette.rgb(colour)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    ]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


@pytest.mark.parametrize(
    ("letters", "ground"),
    [
        (palette.QUIET, palette.PAPER),
        (palette.QUIET, palette.TEAL_WASH),
        (palette.QUIET, palette.EMBER_WASH),
        (palette.TEAL, palette.TEAL_WASH),
        (palette.EMBER, palette.EMBER_WASH),
        (palette.CAUTION, palette.PAPER),
        (palette.INK, palette.CAUTION_WASH),
    ],
)
def test_letters_stand_out_from_their_ground(letters, ground):
    light, dark = sorted((luminance(letters), luminance(ground)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 4.5
