"""How slowly and how cleanly: medians, holds, flags."""

from dataclasses import replace

import numpy as np
from histories import START, rep, series
from numpy.testing import assert_allclose

from hiprom.core.history import Session
from hiprom.core.programme import tempo


def told(*reps):
    (only,) = tempo(replace(series([30.0]), sessions=(Session(4, START, tuple(reps)),)))
    return only


def test_times_are_medians_over_the_repetitions():
    found = told(*(rep(n, raise_s=n, hold_s=2 * n, lower_s=3 * n) for n in (1, 2, 9)))

    assert_allclose([found.raise_s, found.hold_s, found.lower_s], [2, 4, 6])
    assert found.session_id == 4
    assert found.recorded_at == START


def test_an_end_that_was_not_held_long_is_not_held():
    found = told(
        rep(1),
        rep(2, flags=("short_hold",)),
        rep(3, flags=("no_plateau",), hold_s=np.nan),
        rep(4, flags=("trunk_lean",)),
    )

    assert found.held_share == 0.5
    assert found.clean_share == 0.25


def test_flags_are_counted_the_most_frequent_first():
    found = told(
        rep(1, flags=("trunk_lean", "pelvic_hike")),
        rep(2, flags=("pelvic_hike",)),
        rep(3, flags=("gap",)),
    )

    assert list(found.flags.items()) == [
        ("pelvic_hike", 2),
        ("gap", 1),
        ("trunk_lean", 1),
    ]


def test_an_import_that_tells_nothing_of_time_leaves_it_open():
    found = told(rep(1, raise_s=np.nan, hold_s=np.nan, lower_s=np.nan))

    assert np.isnan([found.raise_s, found.hold_s, found.lower_s]).all()
    assert np.isnan(found.held_share)


def test_every_session_has_its_tempo_in_order():
    assert [each.session_id for each in tempo(series([30.0, 31.0, 32.0]))] == [0, 1, 2]
