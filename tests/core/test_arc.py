"""Both ways of rotation -> the arcs of both hips, and what may be said of them."""

import pytest
from floor_people import out_and_back, switching
from numpy.testing import assert_allclose
from synthetic import seated_track

from hiprom.core.arc import Arc, Reach, arcs_of, notes_on
from hiprom.core.lifting import EXACT
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol


def test_a_trial_that_goes_both_ways_has_the_arcs_of_both_hips():
    track, _, _ = switching(trace=out_and_back((60.0, -60.0), fps=15.0))
    measurement = measure(track, protocol("ninety_ninety"), assume=EXACT)

    left, right = arcs_of([measurement])

    assert (left.side, right.side) == ("left", "right")
    means = {(s.side, s.direction): s.mean for s in measurement.sides}
    assert_allclose(left.internal.deg, means["left", 1])
    assert_allclose(left.external.deg, -means["left", -1])
    assert_allclose(right.total_deg, means["right", 1] - means["right", -1])
    assert [note for note in measurement.warnings if "within" in note]


def test_two_seated_trials_make_one_arc():
    trials = [
        measure(seated_track((peak,))[0], protocol(name), assume=EXACT)
        for peak, name in ((20.0, "seated_ir"), (-55.0, "seated_er"))
    ]

    (arc,) = arcs_of(trials)

    assert_allclose((arc.internal.deg, arc.external.deg), (20, 55), atol=1)
    assert_allclose(arc.shift.deg, -35, atol=2)
    assert arcs_of(trials[:1]) == ()
    (note,) = notes_on((arc,))
    assert "right hip's arc lies far towards external" in note
    assert "no diagnosis" in note


@pytest.mark.parametrize(
    ("internal", "external", "half", "way"),
    [
        (60.0, 30.0, 4.0, "towards internal"),
        (20.0, 55.0, 4.0, "towards external"),
        (60.0, 30.0, 12.0, None),
        (45.0, 35.0, 1.0, None),
    ],
)
def test_a_shift_is_told_only_where_the_intervals_leave_no_doubt(
    internal, external, half, way
):
    arc = Arc("left", Reach(internal, half), Reach(external, half))

    notes = list(notes_on((arc,)))

    assert len(notes) == (way is not None)
    assert all(way in note for note in notes)


def test_sides_are_compared_with_the_error_of_both():
    left = Arc("left", Reach(50.0, 3.0), Reach(40.0, 3.0))
    right = Arc("right", Reach(40.0, 4.0), Reach(43.0, 4.0))

    internal, external = notes_on((left, right))

    assert internal.endswith("the left goes 10° (± 5°) further.")
    assert "3° (± 5°) is within the measurement's error" in external
