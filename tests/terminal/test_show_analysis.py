"""A trial in a terminal of 80 columns: nothing of the table is cut off."""

from dataclasses import replace
from pathlib import Path

import pytest

from hiprom.terminal import out, show_analysis
from hiprom.usecases import analyze_landmarks

GOLDEN = Path(__file__).parents[1] / "golden"


@pytest.fixture
def said(monkeypatch, capsys):
    """Print a trial; return the lines."""

    def show(analysis):
        monkeypatch.setattr(out, "_width", 80)
        show_analysis(analysis)
        return capsys.readouterr().out.splitlines()

    return show


@pytest.fixture
def analysis():
    return analyze_landmarks(
        GOLDEN / "seated_ir_left.parquet", protocol="seated_ir", side="left"
    )


def with_reps(analysis, **changes):
    (side,) = analysis.measurement.sides
    reps = tuple(replace(rep, **changes) for rep in side.reps)
    sides = (replace(side, reps=reps),)
    return replace(analysis, measurement=replace(analysis.measurement, sides=sides))


def test_a_table_with_the_widest_values_is_whole(analysis, said):
    ends = {"end_range": -43.7, "end_range_low": -66.3, "end_range_high": -21.4}
    lines = said(with_reps(analysis, **ends, excursion=-56.9, peak_s=115.5))

    assert not any("\N{HORIZONTAL ELLIPSIS}" in line for line in lines)
    assert [line.split()[:2] for line in lines[2:3]] == [["side", "rep"]]
    numbers = [line.split()[1] for line in lines if line.startswith(" left")]
    assert numbers == ["1", "2", "3"]
    assert all(len(line) <= 80 for line in lines[:8])


def test_a_flag_says_in_which_repetitions(analysis, said):
    flagged = with_reps(analysis, flags=("short_hold",))

    assert any("short hold (left 1, 2, 3): " in line for line in said(flagged))
