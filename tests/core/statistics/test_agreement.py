"""ICC(A,1): the classic table, then its laws."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.statistics import icc_a1
from hiprom.errors import ShapeError

# Six targets, four judges: Shrout and Fleiss 1979, table 2. Their ICC(2,1) is the same
# quantity as McGraw and Wong's ICC(A,1).
CLASSIC = np.array(
    [
        [9.0, 2, 5, 8],
        [6.0, 1, 3, 2],
        [8.0, 4, 6, 8],
        [7.0, 1, 2, 6],
        [10.0, 5, 6, 9],
        [6.0, 2, 4, 7],
    ]
)
TABLES = st.lists(st.tuples(*[st.integers(-60, 60)] * 3), min_size=3, max_size=9).map(
    lambda rows: np.array(rows, dtype=float)
)


def test_the_classic_table_gives_the_classic_answer():
    icc = icc_a1(CLASSIC)

    assert icc.value == pytest.approx(0.29, abs=0.005)
    assert icc.low == pytest.approx(0.02, abs=0.005)
    assert icc.high == pytest.approx(0.76, abs=0.005)


def test_a_column_that_reads_higher_counts_as_error():
    apart = CLASSIC + np.array([20.0, 0, 0, 0])

    assert icc_a1(apart).value < icc_a1(CLASSIC).value


def test_the_interval_holds_the_truth_in_95_of_100_tables():
    rng = np.random.default_rng(5)
    held = 0

    for _ in range(400):
        rows = rng.normal(0, 4, (15, 1))
        icc = icc_a1(rows + rng.normal(0, 1, (1, 2)) + rng.normal(0, 2, (15, 2)))
        held += icc.low <= 16 / (16 + 1 + 4) <= icc.high

    assert 0.92 < held / 400 < 0.98


def test_full_agreement_is_1_and_no_spread_is_unknown():
    assert icc_a1(np.array([[3.0, 3], [7.0, 7], [5.0, 5]])).value == 1.0
    assert np.isnan(icc_a1(np.full((4, 2), 30.0)).value)


@pytest.mark.parametrize("shape", [(1, 4), (4, 1), (6,)])
def test_one_row_or_column_is_refused(shape):
    with pytest.raises(ShapeError, match="at least two rows and two columns"):
        icc_a1(np.ones(shape))


@given(table=TABLES, factor=st.floats(0.1, 10), shift=st.floats(-50, 50))
def test_neither_unit_nor_zero_nor_order_matters(table, factor, shift):
    icc = icc_a1(table)
    assume(np.isfinite(icc.low))

    assert_allclose(icc_a1(factor * table + shift).value, icc.value, atol=1e-6)
    assert_allclose(icc_a1(table[::-1, ::-1]).value, icc.value, atol=1e-9)
    assert icc.low - 1e-9 <= icc.value <= icc.high + 1e-9 <= 1 + 2e-9
