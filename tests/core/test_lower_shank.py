"""Chords of a drawn shank -> the tilt of its lower part."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from hiprom.core.lifting.floor.lower_shank import lower_shank_deg

ANKLE = np.array([200.0, 300.0])


def chords(tilt_deg, *, merges_at=8, scatter_px=0.0):
    """One frame: both shanks alike, from the ankle up; wider where a thigh joins."""
    toward_foot = np.array([np.sin(np.radians(tilt_deg)), np.cos(np.radians(tilt_deg))])
    rng = np.random.default_rng(1)
    made = np.full((1, 2, 20, 3), np.nan)
    for arc in range(1, 20):
        made[0, :, arc, :2] = ANKLE - toward_foot * 6.0 * arc
        made[0, :, arc, :2] += rng.normal(0, scatter_px, 2)
        made[0, :, arc, 2] = 20.0 + 0.8 * arc
        if arc >= merges_at:
            made[0, :, arc, :2] += [15.0, -20.0]
            made[0, :, arc, 2] = 60.0
    return made


@pytest.mark.parametrize("tilt_deg", [-150.0, -60.0, 0.0, 35.0, 80.0])
def test_the_tilt_of_what_is_not_yet_joined(tilt_deg):
    ankles = np.broadcast_to(ANKLE, (1, 2, 2))

    found = lower_shank_deg(chords(tilt_deg), ankles)

    assert_allclose(found, [[tilt_deg] * 2], atol=1e-6)
    unjoined = lower_shank_deg(chords(tilt_deg, merges_at=99), ankles)
    assert_allclose(unjoined, [[tilt_deg] * 2], atol=1e-6)


@pytest.mark.parametrize("how", [{"merges_at": 4}, {"scatter_px": 6.0}])
def test_too_few_or_scattered_chords_say_nothing(how):
    ankles = np.broadcast_to(ANKLE, (1, 2, 2))

    assert np.isnan(lower_shank_deg(chords(20.0, **how), ankles)).all()
    assert np.isnan(lower_shank_deg(np.full((1, 2, 20, 3), np.nan), ankles)).all()
