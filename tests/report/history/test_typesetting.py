"""Tests for typesetting: lines that fit, and letters that the type face has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from hiprom.report.history.typesetting import lines, settable, shortened, width_pt

BOX = "\N{WHITE VERTICAL RECTANGLE}"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)


@pytest.mark.parametrize("weight", ["normal", "bold"])
def test_a_width_is_that_of_the_type_face(weight):
    text = "Against the first session, 8 January 2025: +7.7°"
    face = FontProperties(family="DejaVu Sans", weight=weight, size=20.0)

    wide, _, _ = text_to_path.get_text_width_height_descent(text, face, ismath=False)

    assert width_pt(text, 20.0, weight) == pytest.approx(wide, rel=0.03)
    assert width_pt(text, 10.0, weight) == pytest.approx(wide / 2, rel=0.03)


@given(texts, st.floats(20.0, 300.0))
def test_every_line_fits_and_no_letter_is_lost(text, room_pt):
    broken = lines(text, room_pt, 8.0)

    assert all(width_pt(line, 8.0) <= room_pt for line in broken)
    assert "".join(broken).replace(" ", "") == settable(text).replace(" ", "")


def test_lines_break_between_words_but_not_at_a_no_break_space():
    text = "larger than 25\N{NO-BREAK SPACE}%"

    broken = lines(text, width_pt("larger than 25", 8.0) + 0.1, 8.0)

    assert broken == ["larger than", "25\N{NO-BREAK SPACE}%"]


def test_a_word_without_end_is_broken_where_the_line_ends():
    broken = lines("W" * 100, 60.0, 8.0)

    assert "".join(broken) == "W" * 100
    assert len({len(line) for line in broken[:-1]}) == 1


@given(texts, st.floats(20.0, 300.0))
def test_what_is_shortened_fits_and_says_so(text, room_pt):
    short = shortened(text, room_pt, 8.0)

    assert width_pt(short, 8.0) <= room_pt
    assert short == settable(text) or short.endswith("…")


@given(texts)
def test_what_can_be_set_stays_as_it_is(text):
    once = settable(text)

    assert settable(once) == once


def test_letters_that_cannot_be_set_are_boxes_and_unseen_ones_go():
    assert settable("Zoë Ελένη") == "Zoë Ελένη"
    assert settable("\u674e \U0001f9b5") == f"{BOX} {BOX}"
    assert settable("a\u202eb\u200b\n\tc\x00") == "ab c"
    assert settable("a\udcff") == r"a\udcff"
