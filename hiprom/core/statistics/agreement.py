"""Repeated measurements in rows and columns -> ICC(A,1) with its interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from hiprom.core.statistics.quantiles import f_quantile
from hiprom.core.vectors import Array
from hiprom.errors import ShapeError

_TAIL = 0.975


@dataclass(frozen=True)
class Icc:
    """An intraclass correlation with its 95 % interval, each at most 1."""

    value: float
    low: float
    high: float


def icc_a1(table: Array) -> Icc:
    """Agreement of single measurements: how much of their spread is real.

    Picture every row as one thing that was measured several times. The ICC is the
    spread between the rows as a share of all spread, where a column that reads higher
    than the others counts as error too: two-way model, absolute agreement, single
    measurement.

    Parameters
    ----------
    table : ndarray, shape (n, k)
        n things, each measured k times; n and k at least 2, no NaN.

    Returns
    -------
    Icc
        All NaN if nothing varies; no interval if only the columns do.

    Raises
    ------
    ShapeError
        If there are fewer than two rows or columns.

    Notes
    -----
    With the mean squares of rows R, columns C and error E::

        ICC(A,1) = (R - E) / (R + (k - 1) E + k / n (C - E))

    The interval is the reference's, with Satterthwaite's degrees of freedom.

    References
    ----------
    McGraw KO, Wong SP (1996). Forming inferences about some intraclass correlation
    coefficients. Psychological Methods 1(1):30-46. doi:10.1037/1082-989X.1.1.30

    Examples
    --------
    Two readings of three hips that agree to a degree:

    >>> round(icc_a1(np.array([[30.0, 31.0], [40.0, 39.0], [20.0, 21.0]])).value, 2)
    0.99
    """
    if table.ndim != 2 or min(table.shape) < 2:
        raise ShapeError("table", table.shape, "at least two rows and two columns")
    n, k = table.shape
    middle = table.mean()
    by_row, by_column = table.mean(axis=1), table.mean(axis=0)
    left_over = table - by_row[:, None] - by_column + middle
    rows = k * float(((by_row - middle) ** 2).sum()) / (n - 1)
    columns = n * float(((by_column - middle) ** 2).sum()) / (k - 1)
    error = float((left_over**2).sum()) / ((n - 1) * (k - 1))
    spread = rows + (k - 1) * error + k / n * (columns - error)
    if spread <= 0:
        return Icc(np.nan, np.nan, np.nan)
    value = (rows - error) / spread
    if value >= 1:
        return Icc(1.0, 1.0, 1.0)
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    of_columns, of_error = a * columns, b * error
    if of_columns + of_error <= 0:
        return Icc(value, np.nan, np.nan)
    freedom = (of_columns + of_error) ** 2 / (
        of_columns**2 / (k - 1) + of_error**2 / ((n - 1) * (k - 1))
    )
    above = f_quantile(_TAIL, n - 1, max(freedom, 1.0))
    below = f_quantile(_TAIL, max(freedom, 1.0), n - 1)
    mixed = k * columns + (k * n - k - n) * error
    low = n * (rows - above * error) / (above * mixed + n * rows)
    high = n * (below * rows - error) / (mixed + n * below * rows)
    return Icc(value, low, high)
