"""Two recordings on one clock: by their starts, or repetition by repetition."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.core.in_step import Piece, Recording, by_reps, by_time

ONE = Recording(0.5, 20.0, ((3.0, 6.0), (8.0, 10.0)))
OTHER = Recording(0.0, 30.0, ((9.0, 10.0), (12.0, 16.0), (20.0, 22.0)))


def test_by_time_both_begin_together_and_the_shorter_waits():
    assert by_time(ONE, OTHER) == (Piece(0.0, 30.0, (0.5, 20.0), (0.0, 30.0)),)


def test_by_reps_each_begins_with_the_one_of_its_place():
    first, second = by_reps(ONE, OTHER)

    assert (first.first, first.second) == ((2.0, 7.0), (8.0, 11.0))
    assert (first.at_s, first.end_s, first.rep) == (0.0, 5.0, 1)
    assert (second.first, second.second) == ((7.0, 11.0), (11.0, 17.0))
    assert (second.at_s, second.end_s, second.rep) == (5.0, 11.0, 2)


def test_without_a_pair_of_reps_time_decides():
    empty = Recording(0.0, 9.0)

    assert by_reps(ONE, empty) == by_time(ONE, empty)


def test_a_rep_at_the_very_edge_of_a_recording_has_no_lead():
    edge = Recording(0.0, 4.0, ((0.0, 4.0),))
    (piece,) = by_reps(edge, ONE)

    assert (piece.first, piece.second) == ((0.0, 4.0), (3.0, 7.0))


@st.composite
def recordings(draw):
    gaps = draw(st.lists(st.floats(0.0, 5.0), min_size=2, max_size=12))
    times = [draw(st.floats(0.0, 3.0))]
    for gap in gaps:
        times.append(times[-1] + gap)
    inner = times[1:-1]
    reps = tuple(zip(inner[::2], inner[1::2], strict=False))
    return Recording(times[0], times[-1], reps)


@given(recordings(), recordings())
def test_pieces_follow_each_other_and_stay_within_both(first, second):
    pieces = by_reps(first, second)

    assert pieces[0].at_s == 0.0
    for before, after in pairwise(pieces):
        assert after.at_s == before.end_s
    for piece in pieces:
        for its, span in ((first, piece.first), (second, piece.second)):
            assert its.start_s - 1e-9 <= span[0] <= span[1] + 1e-9
            assert span[1] <= its.end_s + 1e-9
            length = piece.end_s - piece.at_s
            assert span[1] - span[0] <= length + 1e-9
        if piece.rep is not None:
            starts = (first.reps[piece.rep - 1][0], second.reps[piece.rep - 1][0])
            leads = (starts[0] - piece.first[0], starts[1] - piece.second[0])
            assert leads[0] == pytest.approx(leads[1], abs=1e-9)
