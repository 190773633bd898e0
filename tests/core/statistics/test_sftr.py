"""The note "R 45-0-35", and when there is none."""

import pytest
from histories import trial

from hiprom.core.history import series_of
from hiprom.core.statistics import sftr_notes


def both_arcs(internal, external, *, side="right", apart=0.0, **told):
    return [
        trial(0, (internal,), side=side, trial_id=1, session_id=1),
        trial(
            apart,
            (external,),
            side=side,
            protocol="seated_er",
            trial_id=2,
            session_id=2,
            **told,
        ),
    ]


def texts(trials):
    return [note.text for note in sftr_notes(series_of(trials))]


@pytest.mark.parametrize(
    ("internal", "external", "text"),
    [
        (35.2, -44.8, "R 45-0-35"),
        (-10.4, -45.0, "R 45-10-0"),
        (35.0, 9.6, "R 0-10-35"),
        (0.2, -0.3, "R 0-0-0"),
    ],
)
def test_the_three_numbers_are_outer_end_start_and_inner_end(internal, external, text):
    assert texts(both_arcs(internal, external)) == [text]


def test_left_comes_before_right():
    trials = [*both_arcs(30.0, -40.0), *both_arcs(31.0, -41.0, side="left")]

    assert texts(trials) == ["L 41-0-31", "R 40-0-30"]


@pytest.mark.parametrize("told", [{"apart": 14.1}, {"instrument": "goniometer"}])
def test_arcs_far_apart_or_of_two_instruments_make_no_note(told):
    assert texts(both_arcs(35.0, -45.0, **told)) == []
    assert texts(both_arcs(35.0, -45.0, apart=13.9)) == ["R 45-0-35"]


def test_one_arc_makes_no_note():
    assert texts([trial(0, (35.0,))]) == []


def test_the_newest_of_each_arc_is_noted():
    trials = [*both_arcs(20.0, -20.0), trial(5, (35.0,)), trial(40, (36.0,))]

    assert texts(trials[:-1]) == ["R 20-0-35"]
    assert texts(trials) == []
