"""Both ends of a hip's rotation, found among the newest sessions."""

import numpy as np
import pytest
from histories import series, trial

from hiprom.core.arc import notes_on
from hiprom.core.history import series_of
from hiprom.core.statistics import arcs_over_time


def both(ir, er, *, apart=0.0, **told):
    return [
        trial(0.0, (ir,), trial_id=1, session_id=1, **told),
        trial(apart, (er,), protocol="seated_er", trial_id=2, session_id=2, **told),
    ]


def test_opposite_tests_of_one_posture_make_an_arc():
    ((posture, (arc,)),) = arcs_over_time(series_of(both(30.0, -41.0))).items()

    assert posture == "seated, hip and knee at 90 degrees"
    assert (arc.side, arc.internal.deg, arc.external.deg) == ("right", 30.0, 41.0)
    assert arc.total_deg == 71.0
    assert arc.internal.half_deg == pytest.approx(2.9)
    assert not list(notes_on((arc,)))


def test_an_arc_far_to_one_way_is_pointed_out():
    ((_, arcs),) = arcs_over_time(series_of(both(12.0, -45.0))).items()

    (said,) = notes_on(arcs)
    assert "arc lies far towards external rotation" in said
    assert "no diagnosis" in said


@pytest.mark.parametrize(
    "trials",
    [
        both(30.0, -41.0, apart=15.0),
        both(30.0, -41.0, half_width=np.nan),
        both(30.0, -41.0)[:1],
    ],
    ids=["weeks apart", "unknown intervals", "one way"],
)
def test_what_cannot_be_joined_makes_none(trials):
    assert arcs_over_time(series_of(trials)) == {}


def test_another_quantity_makes_none():
    other = series([30.0], protocol="butterfly")

    assert arcs_over_time([other]) == {}
