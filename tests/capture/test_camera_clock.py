"""Tests for hiprom.capture.camera_clock: which of two clocks tells the truth."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hiprom.capture.camera_clock import SETTLING_S, CameraClock

BOOTED_S = 81_234.567


def shutter_s(count=150, fps=30.0):
    """When a real shutter opened: nearly evenly."""
    even = np.arange(count) / fps
    return even + np.random.default_rng(3).uniform(-2e-4, 2e-4, count)


def late_s(count=150, by_s=0.004, now_and_then_s=0.08):
    """How late pictures arrive on a busy machine."""
    noise = np.random.default_rng(4)
    rarely = noise.random(count) < 0.05
    return by_s + noise.exponential(0.002, count) + rarely * now_and_then_s


def told(clock, stamps_ms, arrived_s):
    """The times that a clock tells, NaN where there is none."""
    pairs = zip(stamps_ms, arrived_s, strict=True)
    return np.array([clock.time_s(*pair) for pair in pairs], float)


@pytest.mark.parametrize(
    "boot_s", [BOOTED_S, 0.0], ids=["since the start of the system", "of the stream"]
)
@pytest.mark.parametrize("fps", [30, 10, 5])
def test_a_drivers_stamps_are_believed(boot_s, fps):
    taken_s = shutter_s(fps=fps)
    clock = CameraClock()

    times_s = told(clock, 1000 * (boot_s + taken_s), 7.0 + taken_s + late_s())

    first = np.flatnonzero(np.isfinite(times_s))[0]
    assert clock.is_drivers
    assert times_s[first] == 0
    assert_allclose(times_s[first:], taken_s[first:] - taken_s[first], atol=1e-6)


def test_the_first_second_is_not_told():
    taken_s = shutter_s()
    arrived_s = taken_s + late_s()

    times_s = told(CameraClock(), 1000 * taken_s, arrived_s)

    settling = arrived_s - arrived_s[0] < SETTLING_S
    assert np.isnan(times_s[settling]).all()
    assert np.isfinite(times_s[~settling]).all()


@pytest.mark.parametrize(
    "stamps_ms",
    [
        np.zeros(150),
        np.full(150, -1.0),
        40.0 * np.arange(150),
        shutter_s(),
        1000 * shutter_s() * 1.2,
        1000 * shutter_s()[::-1],
        1000 * np.repeat(shutter_s()[::2], 2),
    ],
    ids=[
        "always 0",
        "none",
        "a count of 25",
        "seconds",
        "too quick",
        "backwards",
        "every other",
    ],
)
@pytest.mark.parametrize("fps", [30, 25, 5])
def test_without_believable_stamps_the_arrival_counts(stamps_ms, fps):
    arrived_s = BOOTED_S + shutter_s(fps=fps) + 0.004
    if fps < 30 and stamps_ms[-1] > 1000 and stamps_ms[1] != 40:
        stamps_ms = stamps_ms * 30 / fps
    clock = CameraClock()

    times_s = told(clock, stamps_ms, arrived_s)

    first = np.flatnonzero(np.isfinite(times_s))[0]
    assert not clock.is_drivers
    assert_allclose(times_s[first:], arrived_s[first:] - arrived_s[first], atol=1e-9)


@pytest.mark.parametrize("jump_s", [-10.0, -1.0, 1.0, 10.0])
@pytest.mark.parametrize("for_good", [True, False])
def test_a_stamp_that_jumps_is_not_followed(jump_s, for_good):
    taken_s = shutter_s()
    stamps_s = taken_s.copy()
    stamps_s[80 : None if for_good else 81] += jump_s

    arrived_s = taken_s + late_s()
    arrived_s[10] += 0.03  # how the clocks stand is not read off a late one

    times_s = told(CameraClock(), 1000 * stamps_s, arrived_s)

    first = np.flatnonzero(np.isfinite(times_s))[0]
    there = np.isfinite(times_s[first:])
    assert there.mean() > 0.95
    truth_s = taken_s[first:] - taken_s[first]
    error_s = np.abs(times_s[first:] - truth_s)[there]
    assert error_s.max() < 0.1
    assert np.median(error_s) < 0.006


def test_time_never_stands_still_or_goes_back():
    taken_s = shutter_s()
    taken_s[100] = taken_s[99]
    taken_s[120] = taken_s[110]

    times_s = told(CameraClock(), 1000 * taken_s, shutter_s() + 0.004)

    assert np.isnan(times_s[[100, 120]]).all()
    assert (np.diff(times_s[np.isfinite(times_s)]) > 0).all()
