"""Kept landmarks of the samples -> the reps they gave before.

Golden numbers prove sameness, not truth: truth is in tests/core and test_end_to_end.
When they are meant to move, `python tests/test_golden.py` writes them anew, and
CHANGELOG's Scientific Changes says why.
"""

from pathlib import Path

import pandas as pd
import pytest

import hiprom
from hiprom.report.reps_csv import read_reps_csv
from hiprom.report.tables import write_csv

GOLDEN = Path(__file__).parent / "golden"
NAMES = {"seated_ir_left": "seated_ir", "seated_er_right": "seated_er"}
# Other processors round differently; a hundredth of a degree is far below any claim.
TOLERANCE = 0.01


def reps_of(name):
    landmarks = GOLDEN / f"{name}.parquet"
    return hiprom.analyze_landmarks(landmarks, protocol=NAMES[name]).reps


@pytest.mark.parametrize("name", NAMES)
def test_the_reps_are_what_they_were(name):
    expected = read_reps_csv(GOLDEN / f"{name}.reps.csv")

    pd.testing.assert_frame_equal(reps_of(name), expected, atol=TOLERANCE, rtol=0)


if __name__ == "__main__":
    for each in NAMES:
        write_csv(reps_of(each), GOLDEN / f"{each}.reps.csv")
