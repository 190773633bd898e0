"""A batch of movements in metres and of two ways: what a card says of them."""

import re

import made_batch
import made_up
import pytest

from hiprom.report.batch.cards import cards_of
from hiprom.report.batch.oddness import standings, usual_of
from hiprom.report.batch.rep_rows import ends_of, rep_cells
from hiprom.report.batch.results import side_results
from hiprom.report.summary import summary, write_summary
from hiprom.report.tables import reps_table, write_csv


@pytest.fixture(autouse=True)
def made_up_protocols():
    with made_up.known():
        yield


def card(out, trial):
    """Write one video's results and return its card and its standing."""
    measurement, _ = trial
    folder = out / "film"
    folder.mkdir()
    write_csv(reps_table(measurement, video="film.mp4"), folder / "reps.csv")
    document = summary(measurement, {"video": {"name": "film.mp4", "coverage": 1.0}})
    write_summary(folder / "summary.json", document)
    job = made_batch.job("film", protocol=measurement.protocol.name)
    (found,) = side_results(job, document, list(rep_cells(folder / "reps.csv")))
    usual = usual_of([found])
    (standing,) = standings([found], usual)
    (made,) = cards_of(out, [standing], usual[measurement.protocol.name])
    return made, standing


def test_metres_are_centimetres_and_further_quantities_no_dots(tmp_path):
    made, standing = card(tmp_path, made_up.gap_trial())

    assert (made.mean, made.interval) == ("34 cm", "31 cm to 37 cm")
    assert made.label == "film, both: repetitions of 32 cm, 34 cm, 36 cm, 35 cm"
    assert "°" not in made.figure
    assert not standing.reasons
    assert [each.end for each in ends_of(tmp_path / "film" / "reps.csv", "both")] == [
        *(0.315, 0.342, 0.358, 0.351)
    ]


def test_no_interval_is_cut_off(tmp_path):
    made, _ = card(tmp_path, made_up.turns_trial())

    bars = re.findall(
        r'<line class="rep"[^>]* y1="([\d.]+)"[^>]* y2="([\d.]+)"', made.figure
    )
    heights = {float(y) for bar in bars for y in bar}
    assert len(heights) == 4  # each end of both stands somewhere of its own
    assert min(heights) > 8.0  # the figure's edge


def test_repetitions_the_other_way_are_passed_over(tmp_path):
    made, _ = card(tmp_path, made_up.turns_trial())

    assert made.mean == "33.6°"
    assert made.label == "film, right: repetitions of 31.5°, 35.8°"
