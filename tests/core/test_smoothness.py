"""SPARC: known shapes, what it must not depend on, and what it must tell."""

import numpy as np
import pytest
from synthetic import minimum_jerk

from hiprom.core.smoothness import spectral_arc_length

_RATE_HZ = 100.0


def _speed(duration_s=1.0, *, stops=0, rate_hz=_RATE_HZ):
    time_s = np.arange(0, duration_s * (1 + 2 * stops) + 1e-9, 1 / rate_hz)
    place = sum(
        minimum_jerk((time_s - 2 * k * duration_s) / duration_s)
        for k in range(stops + 1)
    )
    return np.abs(np.gradient(place, 1 / rate_hz))


def test_one_smooth_stroke_comes_to_the_published_value():
    """A minimum-jerk movement has about -1.4 (Balasubramanian et al. 2015, fig. 3)."""
    assert spectral_arc_length(_speed(), _RATE_HZ) == pytest.approx(-1.41, abs=0.03)


def test_size_and_duration_do_not_matter():
    once = spectral_arc_length(_speed(), _RATE_HZ)
    assert spectral_arc_length(50 * _speed(), _RATE_HZ) == pytest.approx(once)
    slow = spectral_arc_length(_speed(3.0), _RATE_HZ)
    assert slow == pytest.approx(once, abs=0.03)


def test_each_stop_on_the_way_costs():
    values = [spectral_arc_length(_speed(stops=n), _RATE_HZ) for n in (0, 1, 2)]
    assert values[0] - values[1] > 0.3
    assert values[1] - values[2] > 0.3


def test_a_tremor_costs():
    speed = _speed(2.0)
    time_s = np.arange(len(speed)) / _RATE_HZ
    trembling = speed * (1 + 0.6 * np.sin(2 * np.pi * 5 * time_s))
    smooth = spectral_arc_length(speed, _RATE_HZ)
    assert spectral_arc_length(trembling, _RATE_HZ) < smooth - 0.2


def test_a_camera_is_fast_enough():
    slow = spectral_arc_length(_speed(1.5, rate_hz=30.0), 30.0)
    assert slow == pytest.approx(spectral_arc_length(_speed(1.5), _RATE_HZ), abs=0.05)


@pytest.mark.parametrize(
    "speed", [np.ones(3), np.zeros(50), np.array([1.0, np.nan, 1.0, 2.0, 1.0])]
)
def test_what_cannot_be_told_is_nan(speed):
    assert np.isnan(spectral_arc_length(speed, 30.0))
