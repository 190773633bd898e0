"""Quantiles without scipy, held against scipy."""

import math
import subprocess
import sys

import pytest
from scipy import stats

from hiprom.core.statistics.quantiles import f_quantile, two_sided


def test_a_known_standard_deviation_gives_1_96():
    assert two_sided() == pytest.approx(1.959963984540054, abs=1e-10)


@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99, 0.9995])
@pytest.mark.parametrize("freedom", [1, 1.5, 8.2, 40, 400, math.inf])
def test_student_s_quantile_is_scipy_s(confidence, freedom):
    expected = stats.t.ppf(0.5 + confidence / 2, freedom)

    assert two_sided(confidence, freedom) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("probability", [0.025, 0.5, 0.975])
@pytest.mark.parametrize("above", [1, 5, 40])
@pytest.mark.parametrize("below", [1.7, 8, 400])
def test_the_f_quantile_is_scipy_s(probability, above, below):
    expected = stats.f.ppf(probability, above, below)

    assert f_quantile(probability, above, below) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("freedom", [5, 8.2, 40, 400])
def test_where_it_is_used_the_quantile_is_good_to_four_digits(freedom):
    expected = stats.t.ppf(0.975, freedom)

    assert two_sided(0.95, freedom) == pytest.approx(expected, rel=1e-4)


def test_the_statistics_of_a_history_load_numpy_alone():
    code = (
        "import sys, hiprom.core.statistics, hiprom.core.programme; "
        "heavy = {'scipy', 'pandas', 'statsmodels', 'matplotlib'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == "[]"
