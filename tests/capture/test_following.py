"""Tests for hiprom.capture.following: which of several people is measured."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.capture.following import is_same_person, person_to_follow, prominence
from hiprom.core.landmarks import Landmark

WIDTH, HEIGHT = 1280, 720
HIPS = [Landmark.LEFT_HIP, Landmark.RIGHT_HIP]


def someone(middle_px, height_px=400.0, hips_px=400.0):
    """Landmarks, shape (33, 2), in a box a third as wide as high around the hips."""
    marks = np.random.default_rng(7).uniform(-0.5, 0.5, (33, 2))
    marks[0], marks[1] = (-0.5, -0.5), (0.5, 0.5)
    marks[HIPS] = (-0.1, 0.0), (0.1, 0.0)
    box = np.array([height_px / 3, height_px])
    return (marks * box + (middle_px, hips_px)).astype(np.float32)


def followed(*people, last=None):
    return person_to_follow(np.stack(people), WIDTH, HEIGHT, last)


def test_of_two_equally_central_the_larger_is_followed():
    assert followed(someone(340, 300), someone(940, 450)) == 1


def test_of_two_equally_large_the_more_central_is_followed():
    assert followed(someone(100), someone(600), someone(1200)) == 1


def test_a_much_larger_person_at_the_edge_beats_a_small_one_in_the_middle():
    assert followed(someone(640, 120), someone(1150, 600)) == 1


def test_the_one_who_was_followed_is_followed_though_another_is_larger():
    last = someone(300, 300)

    assert followed(someone(640, 600), someone(320, 290), last=last) == 1


def test_of_two_who_are_near_enough_the_nearer_is_followed():
    last = someone(600)

    assert followed(someone(700), someone(560), last=last) == 1


def test_someone_of_another_size_in_the_same_place_is_someone_else():
    last = someone(640, 600)

    assert followed(someone(650, 150), someone(900, 500), last=last) == 1


def test_whoever_is_nowhere_near_is_found_anew_by_size_and_place():
    last = someone(60, 300)

    assert followed(someone(1200, 300), someone(700, 300), last=last) == 1


@given(st.permutations(range(4)))
def test_the_order_in_which_people_are_found_does_not_matter(order):
    people = [someone(x, tall) for x, tall in ((200, 320), (560, 400), (900, 380))]
    people.append(someone(1200, 410))

    assert order[followed(*(people[k] for k in order))] == 1


@given(
    scale=st.floats(0.2, 5.0),
    middle=st.floats(0, WIDTH),
    height_px=st.floats(50, 700),
)
def test_a_person_of_twice_the_resolution_is_as_prominent(scale, middle, height_px):
    person = someone(middle, height_px)[None]

    assert prominence(person * scale, WIDTH * scale, HEIGHT * scale) == pytest.approx(
        scale * prominence(person, WIDTH, HEIGHT), rel=1e-4
    )


@given(x=st.floats(0, WIDTH), height_px=st.floats(50, 700))
def test_everybody_is_the_same_as_themselves(x, height_px):
    assert is_same_person(someone(x, height_px), someone(x, height_px))


def test_two_people_side_by_side_are_two():
    assert not is_same_person(someone(400), someone(650))


def test_a_person_moves_little_from_one_look_to_the_next():
    assert is_same_person(someone(400), someone(480, 380))
