"""Tests for hiprom.window.cards: words and outcomes in the middle of the window."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from window_scenes import (
    LEFT,
    LONG,
    RESULT,
    RIGHT,
    SIZES,
    TEAL,
    assert_within,
    changed,
    drawn,
    is_near,
    picture,
)

from hiprom.core.scene import Outcome, Scene, Stage
from hiprom.window.layout import lay_out


@pytest.mark.parametrize("size", SIZES)
def test_a_card_stands_on_the_dimmed_mirrored_picture(size):
    seen = picture()
    seen[:, :320] = (250, 0, 0)
    scene = replace(RESULT, stage=Stage.CONSENT, outcomes=(), hints=LONG)

    frame = drawn(scene, seen=seen, size=size)

    assert_allclose(frame[5, -5], (75, 0, 0), atol=3)
    assert_allclose(frame[5, 5], (30, 30, 30), atol=3)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("outcomes", [(), (LEFT,), (LEFT, RIGHT), (LEFT, RIGHT) * 2])
def test_a_card_ends_before_the_keys_however_much_it_says(outcomes, size):
    long = tuple(replace(outcome, comparison=LONG[0]) for outcome in outcomes)
    stage = Stage.RESULT if outcomes else Stage.CONSENT
    bare = Scene(stage, "", "", outcomes=(), hints=())
    full = replace(RESULT, stage=stage, outcomes=long, hints=LONG * 3, keys=())

    rectangle = changed(drawn(full, size=size), drawn(bare, size=size))

    assert_within(lay_out(size, (640, 480)).card, rectangle)


def test_each_leg_has_its_row():
    before = drawn(RESULT)

    for leg, other in ((0, "lower"), (1, "upper")):
        outcomes = list(RESULT.outcomes)
        outcomes[leg] = replace(outcomes[leg], mean=51.7)
        _, top, _, bottom = changed(before, drawn(replace(RESULT, outcomes=outcomes)))
        assert (bottom < 400) if other == "lower" else (top > 400)


def test_a_leg_without_a_number_has_a_dash_and_its_sentence():
    without = Outcome("left", 0, np.nan, np.nan, np.nan, "Nothing could be measured.")

    frame = drawn(replace(RESULT, title="", outcomes=(without,)))

    silent = replace(without, comparison="")
    assert not is_near(frame, TEAL).any()
    assert (frame != drawn(replace(RESULT, title="", outcomes=(silent,)))).any()
