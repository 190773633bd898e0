"""Tests for hiprom.window.lettering: every word in its box, as large as it can be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiprom.window.layout import Box
from hiprom.window.lettering import fitted, wide, wrapped, write_block

SIZES = (40, 30, 20)
texts = st.lists(
    st.text(alphabet="abcdefghijklmnopqrstuvw W°", min_size=1, max_size=60),
    max_size=4,
)


@given(texts, st.integers(60, 500))
def test_lines_are_never_wider_than_asked_and_lose_no_letter(given_texts, width):
    for text in given_texts:
        lines = wrapped(text, 20, width)

        assert all(wide(line, 20) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(texts, st.integers(60, 500), st.integers(30, 300))
def test_paragraphs_stay_in_their_box(given_texts, width, height):
    box = Box(0, 0, width, height)

    setting = fitted(given_texts, box, SIZES, 1.0)

    assert setting.height <= height
    assert all(
        wide(line, setting.size_px) <= width
        for lines in setting.paragraphs
        for line in lines
    )


def test_letters_are_as_large_as_the_box_allows():
    sizes = [
        fitted(["Hold it there"], Box(0, 0, width, 50), SIZES, 1.0).size_px
        for width in (400, 220, 150)
    ]

    assert sizes == [40, 30, 20]


def test_sizes_grow_with_the_window():
    assert fitted(["Hold"], Box(0, 0, 500, 200), SIZES, 1.5).size_px == 60


def test_a_word_is_broken_only_where_no_size_has_room_for_it():
    box = Box(0, 0, 130, 500)

    whole = fitted(["internal"], box, SIZES, 1.0)
    broken = fitted(["internalexternalrotation"], box, SIZES, 1.0)

    assert whole.paragraphs == (("internal",),)
    assert len(broken.paragraphs[0]) > 1
    assert broken.size_px == 20


def test_as_many_paragraphs_as_fit_are_set_as_large_as_they_can_be():
    box = Box(0, 0, 400, 75)

    setting = fitted(["one", "two", "three", "four"], box, SIZES, 1.0)

    assert setting.paragraphs == (("one",), ("two",))
    assert setting.size_px == 20


def test_what_matters_most_is_cut_short_rather_than_left_out():
    setting = fitted(["a sentence of many words"] * 2, Box(0, 0, 90, 50), SIZES, 1.0)

    assert len(setting.paragraphs) == 1
    assert setting.paragraphs[0][-1].endswith("\N{HORIZONTAL ELLIPSIS}")


def test_a_box_without_room_for_a_line_stays_empty():
    assert fitted(["words"], Box(0, 0, 90, 10), SIZES, 1.0).paragraphs == ()


@pytest.mark.parametrize("align", ["left", "centre", "right"])
def test_what_is_written_stays_in_its_box(align):
    frame = np.zeros((300, 400, 3), np.uint8)
    box = Box(100, 80, 200, 150)
    setting = fitted(["Åg of qpj Éy in three lines and so on"], box, (34, 20), 1.0)

    end = write_block(frame, setting, box, align=align)

    rows, columns = np.nonzero(frame.any(axis=-1))
    assert box.x <= columns.min() < columns.max() < box.right
    assert box.y <= rows.min() < rows.max() < end <= box.bottom
    is_first, is_last = columns.min() < box.x + 6, columns.max() > box.right - 40
    assert is_first or align != "left"
    assert is_last or align != "right"
