"""Uneven, gappy samples -> an even clock, short gaps bridged, smooth without lag.

How NaN travels: a gap no longer than `max_gap_s` is bridged by a straight line; a
longer one stays NaN, exactly as long as it was. Smoothing works on each unbroken run
by itself, so a NaN never spreads.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from hiprom.errors import InputError

Array = NDArray[np.float64]

# Movements of the programme take a second or more: 6 Hz is the field's usual
# cut-off for gait (Winter 2009) and leaves a one-second swing untouched.
CUTOFF_HZ = 6.0
MAX_GAP_S = 0.25
# Half the window of a median: outliers shorter than this vanish.
HALF_WINDOW_S = 0.15


def even_clock(time_s: Array) -> Array:
    """Return evenly spaced seconds from the first to (about) the last timestamp.

    The step is the median interval, so that a constant frame rate keeps its frames.

    Raises
    ------
    InputError
        With fewer than two timestamps there is no interval.
    """
    if len(time_s) < 2:
        raise InputError(
            f"{len(time_s)} frame(s) make no clock; at least two are needed."
        )
    step = float(np.median(np.diff(time_s)))
    count = round((time_s[-1] - time_s[0]) / step) + 1
    clock: Array = time_s[0] + step * np.arange(count)
    return clock


def resample(
    time_s: Array, values: Array, clock_s: Array, *, max_gap_s: float = MAX_GAP_S
) -> Array:
    """Read `values` at the times of `clock_s`, bridging short gaps by straight lines.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Strictly increasing seconds.
    values : ndarray, shape (n, ...)
        NaN where missing; each trailing channel has gaps of its own.
    clock_s : ndarray, shape (m,)
    max_gap_s : float
        The longest stretch between two readable samples that is bridged. It is
        never less than 1.5 times the median interval of `time_s`.

    Returns
    -------
    ndarray, shape (m, ...)
        NaN inside longer gaps, and beyond the first and last readable sample by more
        than half a step.
    """
    step = float(np.median(np.diff(time_s))) if len(time_s) > 1 else 0.0
    longest = max(max_gap_s, 1.5 * step)
    channels = values.reshape(len(time_s), -1)
    read = np.full((len(clock_s), channels.shape[1]), np.nan)
    for readable, together in _alike(channels):
        if readable.any():
            at, known = time_s[readable], channels[readable][:, together]
            read[:, together] = _read(at, known, clock_s, longest, step / 2)
    return read.reshape(len(clock_s), *values.shape[1:])


def _read(
    at: Array, known: Array, clock_s: Array, longest_s: float, margin_s: float
) -> Array:
    """Read channels (n, k) that are known at the same times `at` (n,)."""
    after = np.searchsorted(at, clock_s, side="left").clip(0, len(at) - 1)
    before = np.maximum(after - 1, 0)
    span = np.maximum(at[after] - at[before], np.finfo(float).tiny)
    share = ((clock_s - at[before]) / span).clip(0, 1)[:, None]
    # A clock time that lies (but for rounding) on a readable sample is no gap.
    nearest = np.minimum(np.abs(at[after] - clock_s), np.abs(clock_s - at[before]))
    in_gap = (span > longest_s) & (nearest > margin_s)
    outside = (clock_s < at[0] - margin_s) | (clock_s > at[-1] + margin_s)
    read: Array = known[before] + share * (known[after] - known[before])
    read[in_gap | outside] = np.nan
    return read


def _alike(channels: Array) -> list[tuple[NDArray[np.bool_], list[int]]]:
    """Group the columns of `channels` (n, k) by where they are readable."""
    readable = np.isfinite(channels)
    groups: dict[bytes, list[int]] = {}
    for column in range(channels.shape[1]):
        groups.setdefault(readable[:, column].tobytes(), []).append(column)
    return [(readable[:, together[0]], together) for together in groups.values()]


def smooth(values: Array, *, rate_hz: float, cutoff_hz: float = CUTOFF_HZ) -> Array:
    """Low-pass each unbroken run of evenly spaced `values` without lag.

    A fourth-order Butterworth filter run forwards and backwards; its cut-off is
    raised so that the pair, not each pass, is 3 dB down at `cutoff_hz` (Winter 2009).
    Runs too short to filter, and rates too low for the cut-off, stay as they are.

    Parameters
    ----------
    values : ndarray, shape (n, ...)
    rate_hz, cutoff_hz : float

    Returns
    -------
    ndarray, shape (n, ...)
        NaN exactly where `values` is.
    """
    corrected = cutoff_hz / (np.sqrt(2) - 1) ** 0.25
    if corrected >= 0.45 * rate_hz:
        return values.copy()
    sos = _low_pass(corrected, rate_hz)
    shortest = 3 * (2 * len(sos) + 1)
    channels = values.reshape(len(values), -1).copy()
    for readable, together in _alike(channels):
        for start, stop in runs(readable):
            if stop - start > shortest:
                piece = channels[start:stop, together]
                channels[start:stop, together] = sosfiltfilt(sos, piece, axis=0)
    return channels.reshape(values.shape)


@lru_cache(maxsize=32)
def _low_pass(cutoff_hz: float, rate_hz: float) -> Array:
    """Return the filter's sections; a trial asks for the same two again and again."""
    return np.asarray(butter(2, cutoff_hz, fs=rate_hz, output="sos"))


def sliding_median(
    time_s: Array, values: Array, *, half_window_s: float = HALF_WINDOW_S
) -> Array:
    """Median of `values` (n,) over a window that slides along; ends are held.

    The window holds as many samples as fit into it at the median interval.
    """
    half = max(1, round(half_window_s / float(np.median(np.diff(time_s)))))
    padded = np.pad(values, half, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    return np.asarray(np.median(windows, axis=1))


def runs(truth: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the half-open index ranges in which `truth` (n,) holds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], truth.astype(np.int8), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
