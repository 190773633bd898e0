"""The accuracy page says what its table says, and the table keeps what was promised."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from synthetic import seated_track

import hiprom
from hiprom.core.lifting import EXACT

CALIBRATION = Path(__file__).parents[1] / "calibration"
DOCS = Path(__file__).parents[1] / "docs"
BENCHMARK = CALIBRATION / "benchmark"
MEGABYTE = 1024 * 1024
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def reps():
    return pd.read_csv(CALIBRATION / "accuracy.csv")


@pytest.fixture(scope="module")
def stated():
    """Every row of the page's tables that has a name and a first figure."""
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", page, flags=re.MULTILINE)
    return dict(reversed(rows))  # of rows with one name, the first


@pytest.fixture(scope="module")
def scoring():
    """The modules beside the accuracy script, which are no package."""
    sys.path.insert(0, str(CALIBRATION))
    import benchmark_clips
    import scoring

    yield scoring, benchmark_clips
    sys.path.remove(str(CALIBRATION))


def figures(reps):
    """What can be counted from the table, without the code that wrote the page."""
    error = reps["end_range"] - reps["true_end_range"]
    away = (reps["excursion"] - reps["true_excursion"]).abs()
    low, high = reps["end_range_low"], reps["end_range_high"]
    inside = (low <= reps["true_end_range"]) & (reps["true_end_range"] <= high)
    return {
        "mae": error.abs().mean(),
        "bias": error.mean(),
        "worst": error.abs().max(),
        "excursion": away.mean(),
        "inside": inside.mean(),
        "half": ((high - low) / 2).median(),
    }


def test_every_repetition_is_found_and_none_is_invented(reps):
    assert len(reps) == 49
    assert reps["clip"].nunique() == 14
    assert reps["true_end_range"].notna().all()
    assert reps["end_range"].notna().all()


def test_the_table_keeps_what_was_promised(reps):
    found = figures(reps)

    assert found["mae"] <= 1.2
    assert abs(found["bias"]) <= 0.5
    assert found["worst"] <= 4.0
    assert found["excursion"] <= 0.9
    assert found["inside"] >= 0.93
    assert found["half"] <= 3.5


def test_the_page_states_the_totals_of_the_table(reps, stated):
    found = figures(reps)
    signed = f"{found['bias']:+.2f}°".replace("-", MINUS)

    assert stated["repetitions found, and invented"] == "49 of 49, 0"
    assert stated["mean absolute error of the end-range"] == f"{found['mae']:.2f}°"
    assert stated["bias of the end-range"] == signed
    assert stated["worst end-range"] == f"{found['worst']:.2f}°"
    assert stated["mean absolute error of the excursion"] == (
        f"{found['excursion']:.2f}°"
    )
    assert stated[
        "intervals that hold the true value"
    ] == f"{found['inside']:.0%}".replace("%", " %")
    assert stated["median half-width of the 95 % interval"] == f"{found['half']:.2f}°"


def test_the_page_s_figures_are_there_and_small():
    page = (DOCS / "accuracy.md").read_text(encoding="utf-8")
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)

    assert len(shown) == 5
    assert all((DOCS / name).stat().st_size < 100_000 for name in shown)


def test_the_benchmark_is_whole_and_stays_small(scoring):
    _, benchmark_clips = scoring
    sizes = [path.stat().st_size for path in BENCHMARK.iterdir()]
    clips = benchmark_clips.clips_of(benchmark_clips.SEATED)

    assert sum(sizes) <= 15 * MEGABYTE
    assert max(sizes) < 3 * MEGABYTE
    assert len(list(BENCHMARK.glob("*.mp4"))) == 30
    assert len(list(BENCHMARK.glob("*.csv.gz"))) == 30
    assert len(clips) == 14
    assert all(len(clip.truth) == clip.facts["frames"] for clip in clips)


def test_the_table_s_true_values_are_the_benchmark_s(reps, scoring):
    _, benchmark_clips = scoring
    true = [
        (rep.end, rep.excursion)
        for clip in benchmark_clips.clips_of(benchmark_clips.SEATED)
        for rep in clip.reps
    ]

    assert_allclose(reps[["true_end_range", "true_excursion"]], true, atol=0.0051)


@pytest.fixture
def scored_trial(scoring):
    """A synthetic trial, and the clip that it would be: three ends, all internal."""
    score, benchmark_clips = scoring
    track, angle_deg, holds_s = seated_track((20.0, 30.0, 40.0), focal_px=640.0)

    class Synthetic(benchmark_clips.Clip):
        truth = pd.DataFrame(
            {"time_s": track.time_s, "right_hip_rotation_deg": angle_deg}
        )

    clip = Synthetic(
        "synthetic",
        {
            "protocol": "seated_ir",
            "side": "right",
            "camera": {"azimuth_deg": 0, "elevation_deg": 0, "roll_deg": 0},
            "reps": [
                {"start_s": start - 1.2, "peak_start_s": start, "peak_end_s": end}
                for start, end in holds_s
            ],
        },
    )
    measured = hiprom.measure(track, hiprom.PROTOCOLS["seated_ir"], assume=EXACT)
    return score, clip, measured


def with_reps(measurement, change):
    (leg,) = measurement.sides
    return replace(measurement, sides=(replace(leg, reps=change(leg.reps)),))


def test_true_repetitions_are_scored_against_their_own_hold(scored_trial):
    score, clip, measured = scored_trial

    table = score.table_of(score.scored(clip, measured))

    assert_allclose(table["true_end_range"], [20, 30, 40], atol=0.01)
    assert_allclose(table["true_excursion"], [20, 30, 40], atol=0.01)
    assert score.totals(table).worst < 0.3
    assert score.totals(table).coverage == 1.0


def test_a_missed_repetition_is_missed_and_the_others_stay_where_they_are(scored_trial):
    score, clip, measured = scored_trial
    without = with_reps(measured, lambda reps: (reps[0], reps[2]))

    table = score.table_of(score.scored(clip, without))
    sums = score.totals(table)

    assert (sums.reps, sums.found, sums.invented) == (3, 2, 0)
    assert np.isnan(table["end_range"][1])
    assert sums.worst < 0.3


def test_a_second_measurement_of_one_hold_is_invented(scored_trial):
    score, clip, measured = scored_trial
    doubled = with_reps(measured, lambda reps: (*reps, reps[1]))

    sums = score.totals(score.table_of(score.scored(clip, doubled)))

    assert (sums.reps, sums.found, sums.invented) == (3, 3, 1)


def test_a_repetition_of_the_other_leg_is_invented_and_finds_nothing(scored_trial):
    score, clip, measured = scored_trial
    (leg,) = measured.sides
    other = replace(leg, side="left", reps=leg.reps[:1])
    both = replace(measured, sides=(other, replace(leg, reps=leg.reps[1:])))

    sums = score.totals(score.table_of(score.scored(clip, both)))

    assert (sums.found, sums.invented) == (2, 1)


def test_a_repetition_that_does_not_count_is_not_scored(scored_trial):
    score, clip, measured = scored_trial
    doubted = with_reps(
        measured, lambda reps: (replace(reps[0], valid=False), *reps[1:])
    )

    sums = score.totals(score.table_of(score.scored(clip, doubted)))

    assert (sums.found, sums.invented) == (2, 0)


def test_a_refused_film_counts_as_missed(scored_trial):
    score, clip, _ = scored_trial

    rows = score.table_of(score.scored(clip, None))

    assert len(rows) == 3
    assert rows["end_range"].isna().all()
