"""What is shown of movements in metres, of the whole body, and of two ways at once."""

import json
from dataclasses import replace

import examples
import made_up
import numpy as np
import pandas as pd
import pytest
from reading import Page

from hiprom.report.figures import angle_curve, side_bars
from hiprom.report.imports import read_reps
from hiprom.report.page import page
from hiprom.report.painting import Painter
from hiprom.report.reps_csv import read_reps_csv
from hiprom.report.sentences import difference_sentence, side_sentence
from hiprom.report.summary import summary
from hiprom.report.tables import frames_table, reps_table, write_csv

HELD = 75  # within the hold of the first repetition
JPEG = b"\xff\xd8\xff\xe0 picture \xff\xd9"


@pytest.fixture(scope="module", autouse=True)
def made_up_protocols():
    with made_up.known():
        yield


@pytest.fixture(scope="module")
def gap():
    return made_up.gap_trial()


@pytest.fixture(scope="module")
def turns():
    return made_up.turns_trial()


def summed_up(trial):
    facts = {"video": {"duration_s": 17.6, "name": "a.mp4"}}
    return summary(trial[0], facts)


class TestAKneeGap:
    def test_is_said_in_centimetres_and_turns_nothing(self, gap):
        assert side_sentence(gap[0], gap[0].sides[0]) == (
            "Your knees were apart by 34 cm on average over four repetitions; the true "
            "value very likely lies between 31 cm and 37 cm."
        )

    def test_has_a_page_without_sides_norms_view_or_shank(self, gap):
        read = Page(page(gap[0], summed_up(gap), JPEG))

        assert "Knees apart 34 cm 31 cm to 37 cm 95 % interval" in read.text
        assert "1 32 cm 28 cm to 35 cm 33 cm 1.2 s 1.0 s 1.0 s Gap ratio" in read.text
        assert "Gap ratio 0.75; knee height 13 cm (11 cm to 16 cm)." in read.text
        assert "The pause was short (less than 2 s)." in read.text
        assert "how high the knees are" in read.text
        assert "number 1, 36 cm" not in read.text
        assert "The furthest repetition: number 3, 36 cm." in read.text
        for absent in ("Shank beyond hip", "hip turned", "averages", "None", "nan"):
            assert absent not in read.text

    def test_what_it_watches_has_its_plain_name_and_no_side(self, gap):
        watched = {"both": {"trunk_lean_deg": 1.9, "heels_part_cm": 3.0}}
        read = Page(page(gap[0], summed_up(gap) | {"compensations": watched}, None))

        assert "on average: trunk lean 1.9°, heels part 3.0 cm." in read.text
        assert "that side" not in read.text

    def test_a_curve_and_bars_are_in_centimetres(self, gap):
        measurement, (side,) = gap[0], gap[0].sides

        curve, bars = angle_curve(measurement, side), side_bars(measurement)

        assert "knees apart, centimetres" in curve
        assert "36 cm" in curve
        assert ">30<" in curve
        assert "34 cm" in bars

    def test_a_film_has_the_number_in_a_corner_and_no_dial(self, gap):
        measurement, track = gap
        frame = np.full((480, 640, 3), 128, dtype=np.uint8)

        painter = Painter(measurement, track, width_px=640, height_px=480)
        painter.paint(frame, HELD)
        corner = frame[20:80, 480:]

        assert (corner == 255).all(axis=-1).sum() > 100
        teal = (np.abs(frame[100:380].astype(int) - [47, 224, 207]) < 12).all(axis=-1)
        assert not teal.any()

    def test_its_summary_has_further_means_and_minutes(self, gap):
        document = summed_up(gap)

        assert list(document["sides"]) == ["both"]
        (movement,) = document["movements"]
        assert movement["quantity"] == "knee_gap_m"
        assert movement["mean"] == document["sides"]["both"]["mean"]
        assert movement["further"]["knee_height_cm"] == pytest.approx(14.5)
        assert document["active_min"] == pytest.approx(
            (4 * 3.2 + 3 * 0.8) / 60, abs=1e-4
        )
        assert json.loads(json.dumps(document, allow_nan=False)) == document

    def test_comes_back_from_reps_csv_with_every_quantity(self, gap, tmp_path):
        table = reps_table(
            gap[0], video="a.mp4", subject="P01", recorded_at="2026-05-04T09:12:00Z"
        )
        write_csv(table, tmp_path / "reps.csv")

        read = read_reps_csv(tmp_path / "reps.csv")
        (trial,) = read_reps(tmp_path / "reps.csv")

        pd.testing.assert_frame_equal(read, table, rtol=0, atol=6e-4)
        assert [each.quantity for each in trial.reps[:3]] == [
            *("knee_gap_m", "gap_ratio", "knee_height_cm")
        ]
        assert {each.side for each in trial.reps} == {"both"}
        assert trial.reps[0].rep.end_range == pytest.approx(0.315)
        assert trial.reps[2].rep.end_range_high == 16.0


class TestBothWays:
    def test_each_way_has_its_number_and_its_table(self, turns):
        read = Page(page(turns[0], summed_up(turns), None))

        assert "Right hip, internal rotation 33.6°" in read.text
        assert "Right hip, external rotation 34.7°" in read.text
        assert (
            "Your right hip turned outwards by 34.7° on average over two" in read.text
        )
        assert "Upwards is internal rotation, downwards external rotation." in read.text
        assert "In the CSV files external rotation is negative" in read.text
        assert "Turn 2.0 s." in read.text

    def test_both_share_a_curve(self, turns):
        measurement = turns[0]

        curve = angle_curve(measurement, *measurement.sides)

        assert "hip rotation, degrees" in curve
        for value in ("31.5°", "34.2°", "35.8°", "35.1°"):
            assert value in curve

    def test_bars_tell_them_apart(self, turns):
        bars = side_bars(turns[0])

        assert {"Right, internal", "Right, external"} <= set(_texts(bars))

    def test_the_summary_lists_all_and_keeps_the_main_one_by_side(self, turns):
        document = summed_up(turns)

        ways = [(each["direction"], each["best"]) for each in document["movements"]]
        assert ways == [(1, 35.8), (-1, -35.1)]
        assert document["sides"]["right"]["best"] == 35.8
        assert document["movements"][1]["movement"] == "external rotation"

    def test_a_film_shows_each_way_in_its_colour(self, turns):
        measurement, track = turns
        outwards = measurement.sides[1].reps[0]
        index = int(np.argmin(np.abs(measurement.time_s - outwards.peak_s)))
        frame = np.full((480, 640, 3), 128, dtype=np.uint8)

        Painter(measurement, track, width_px=640, height_px=480).paint(frame, index)

        ember = (np.abs(frame[100:380].astype(int) - [255, 171, 87]) < 12).all(axis=-1)
        assert ember.sum() > 100

    def test_frames_have_one_row_for_a_side_and_all_its_reps(self, turns):
        table = frames_table(turns[0])

        assert len(table) == len(turns[0].time_s)
        assert set(table["rep"].dropna()) == {1, 2, 3, 4}

    def test_both_ends_of_each_hip_make_an_arc(self, turns):
        measurement = turns[0]
        less = [
            replace(
                each,
                side="left",
                reps=tuple(
                    replace(rep, **{k: v / 2 for k, v in _ends(rep).items()})
                    for rep in each.reps
                ),
            )
            for each in measurement.sides
        ]
        both = replace(measurement, sides=(*less, *measurement.sides))

        assert difference_sentence(both) == ""  # the measurement's own notes say it
        arcs = summed_up((both, None))["arcs"]
        assert [arc["side"] for arc in arcs] == ["left", "right"]
        assert arcs[1]["total_deg"] == pytest.approx(33.65 + 34.65)


def test_a_leg_lift_is_lifted_and_no_hip_turns():
    measurement, _ = examples.trial()
    lifted = replace(measurement.sides[0], quantity="hip_adduction_deg", direction=-1)

    assert side_sentence(measurement, lifted).startswith(
        "Your left leg was lifted sideways by"
    )


def _ends(rep):
    names = ("end_range", "end_range_low", "end_range_high")
    return {name: getattr(rep, name) for name in names}


def _texts(svg):
    return [part.split("</text>")[0].split(">")[-1] for part in svg.split("<text")]
