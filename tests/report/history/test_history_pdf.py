"""Tests for the PDF of a history: its words, its bytes, and that nothing overlaps."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import histories
import made_up_subjects as subjects
import numpy as np
import pytest
from matplotlib.textpath import text_to_path
from reading import Pdf

from hiprom.core.history import DiaryEntry, Programme
from hiprom.core.programme import questions
from hiprom.errors import ResultsError
from hiprom.report.history import write_history_pdf
from hiprom.report.history.chapters import chapters
from hiprom.report.history.pdf import pdf_style
from hiprom.report.history.pdf_chapter import chapter_sheet
from hiprom.report.history.pdf_front import front_sheets
from hiprom.report.history.sheet import HEIGHT_PT, MARGIN_PT, WIDTH_PT
from hiprom.report.sentences import degrees

POSES = (subjects.pose(), subjects.pose("left", end_range=31.0))
_SAME_AGAIN = """
import sys
from pathlib import Path
import made_up_subjects as subjects
from hiprom.report.history import write_history_pdf
overview = subjects.one_session(sides=["right"])
write_history_pdf(Path(sys.argv[1]), overview, poses=[subjects.pose()])
"""


@pytest.fixture(scope="module")
def year():
    return subjects.a_year()


@pytest.fixture(scope="module")
def pdf(year, tmp_path_factory):
    path = tmp_path_factory.mktemp("pdf") / "year.pdf"
    write_history_pdf(path, year, poses=POSES)
    return Pdf(path)


def written(tmp_path, overview, **others):
    path = tmp_path / "history.pdf"
    write_history_pdf(path, overview, **others)
    return Pdf(path)


def of_reps(count):
    ends = tuple(np.linspace(28.0, 36.0, count))
    flags = ("trunk_lean", "thigh_drift", "foot_turn")
    right = [
        histories.trial(3.0 * n, ends, session_id=n, trial_id=n, flags=flags)
        for n in range(3)
    ]
    return subjects.seen([*right, *subjects.left_of(right)])


def on_the_sheet(overview):
    """The words of the one chapter's sheet, line by line."""
    (chapter,) = chapters(overview, POSES)
    with pdf_style():
        sheet = chapter_sheet(chapter, "Anna")
    return [text.get_text() for text in sheet.figure.texts]


def all_red_flags():
    flags = tuple(each.name for each in questions())
    diary = [DiaryEntry(histories.START, discomfort=9)]
    return subjects.seen([], diary=diary, programme=Programme(red_flags=flags))


def test_a_protocol_has_a_page_after_the_first_one(pdf):
    first, inner, outer = pdf.pages

    assert first.startswith("Jan") or "Hip range of motion over time" in first
    assert "Seated hip internal rotation\nhiprom" in inner
    assert "Seated hip external rotation\nhiprom" in outer
    assert inner.endswith("2 of 3")


def test_the_numbers_and_verdicts_are_text_on_the_page(year, pdf):
    for progress in year.progress:
        page = pdf.pages[1 if progress.protocol.direction > 0 else 2]
        lines = page.split("\n")
        newest = degrees(progress.protocol.direction * progress.sessions[-1].mean)
        side = f"{progress.measure.side.capitalize()} hip"

        assert lines[lines.index(side) + 1] == newest
        assert newest in pdf.pages[0].split("\n")
        whole = page.replace("\n", " ")
        for change in progress.changes:
            assert change.verdict in whole
            assert f"{change.recorded_at:%B %Y}" in whole


def test_the_first_page_has_reasons_goal_and_the_next_drill(year, pdf):
    whole = pdf.pages[0].replace("\n", " ")

    for reason in year.reasons:
        assert f"{reason.seen} Ask {reason.whom}: {reason.ask}" in whole
    assert "Goal: 2 to 3 sessions a week of 5 to 10 minutes." in whole
    assert year.due.reason in whole
    assert "Discomfort, 0 to 10" in whole


def test_every_page_says_that_it_is_no_diagnosis(pdf):
    for page in pdf.pages:
        assert "This is a measurement, not a diagnosis." in page


def test_one_session_is_one_page_and_has_dashes_where_nothing_is_known(tmp_path):
    trials = subjects.typed_in(subjects.some_sessions(count=1))

    (page,) = written(tmp_path, subjects.seen(trials)).pages

    assert "This is the first session, the baseline." in page
    assert "Tempo and quality" not in page
    assert "\n".join(["27.0°", *["\N{EN DASH}"] * 4]) in page
    assert "nan" not in page


def test_flags_are_lettered_and_spelt_out_below():
    words = on_the_sheet(of_reps(20))

    assert "a: the trunk leaned sideways by more than 5°" in words
    assert "a b c" in words
    assert any("more, for which this page has no room" in each for each in words)


def test_five_reps_of_each_side_have_room_whatever_their_flags():
    words = on_the_sheet(of_reps(5))

    assert words.count("a b c") == 10
    assert not any("no room" in each for each in words)


def test_another_process_at_another_time_gives_the_same_bytes(tmp_path):
    here, there = tmp_path / "here.pdf", tmp_path / "there.pdf"
    tests = Path(histories.__file__).parent
    code = [str(tests), str(Path(__file__).parent), *sys.path]
    told = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "SOURCE_DATE_EPOCH": "1"}

    write_history_pdf(
        here, subjects.one_session(sides=["right"]), poses=[subjects.pose()]
    )
    subprocess.run(
        [sys.executable, "-c", _SAME_AGAIN, str(there)],
        env=os.environ | told | {"PYTHONPATH": os.pathsep.join(code)},
        check=True,
    )

    assert digest(there) == digest(here)


def test_a_history_without_anything_is_a_page_that_says_so_and_when(tmp_path, pdf):
    when = datetime(2026, 5, 4, 9, 31, tzinfo=UTC)

    empty = written(tmp_path, subjects.seen([]), created=when)

    (page,) = empty.pages
    assert "There is no session with a repetition that counts yet." in page
    assert "/CreationDate (D:20260504093100Z)" in empty.info
    assert "/Title (Hip range of motion over time: P-01)" in empty.info
    assert "/CreationDate" not in pdf.info
    assert "atplotlib" not in pdf.info


def test_letters_stay_letters_and_their_face_is_in_the_file(pdf):
    assert pdf.fonts
    for font in pdf.fonts.values():
        assert b"/Subtype /Type0" in font
        assert b"DejaVuSans" in font
    assert pdf.bytes.count(b"/FontFile2") == len(pdf.fonts)
    assert b"/Type3" not in pdf.bytes


@pytest.mark.parametrize(
    "made",
    [
        subjects.a_year,
        subjects.one_session,
        subjects.poor_views,
        subjects.hostile,
        lambda: of_reps(20),
        all_red_flags,
        lambda: subjects.seen(subjects.typed_in(subjects.some_sessions(count=2))),
    ],
    ids=["year", "one", "poor views", "hostile", "many reps", "red flags", "typed in"],
)
def test_no_words_lie_on_others_or_leave_the_page(made):
    overview = made()
    found = chapters(overview, POSES)

    with pdf_style():
        sheets = [chapter_sheet(chapter, "Anna") for chapter in found]
        sheets += front_sheets(overview, found, "Anna")
        boxes = [boxes_pt(sheet) for sheet in sheets]

    for of_sheet in boxes:
        corners = of_sheet.reshape(-1, 2)
        assert (corners >= MARGIN_PT - 1).all()
        assert (corners <= [WIDTH_PT - MARGIN_PT + 1, HEIGHT_PT - MARGIN_PT + 8]).all()
        for one, other in combinations(of_sheet, 2):
            apart = (one[0] >= other[1]) | (other[0] >= one[1])
            assert apart.any()


def boxes_pt(sheet):
    """Lower left and upper right corner of each text's letters, shape (n, 2, 2)."""
    boxes = []
    for text in sheet.figure.texts:
        words, face, size_pt = (
            text.get_text(),
            text.get_fontproperties(),
            text.get_size(),
        )
        wide_pt, _, _ = text_to_path.get_text_width_height_descent(
            words, face, ismath=False
        )
        x, y = np.array(text.get_position()) * [WIDTH_PT, HEIGHT_PT]
        x -= wide_pt if text.get_ha() == "right" else 0.0
        boxes.append([[x, y - 0.2 * size_pt], [x + wide_pt, y + 0.7 * size_pt]])
    return np.array(boxes)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_hostile_names_are_only_letters():
    words = on_the_sheet(subjects.hostile())

    box = "\N{WHITE VERTICAL RECTANGLE}"
    reason = f'a: left out by hand: <img src=x onerror=alert(1)>"& $x^2$ {box} {box}'
    assert any(each.startswith(reason) for each in words)


def test_what_stood_there_survives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "history.pdf"
    path.write_text("before")

    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("matplotlib.backends.backend_pdf.PdfPages.savefig", full)
    with pytest.raises(ResultsError, match=r"history\.pdf: the disk is full\."):
        write_history_pdf(path, subjects.seen([]))

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_says_when_the_folder_is_missing(tmp_path):
    with pytest.raises(ResultsError, match=r"h\.pdf: the folder does not exist"):
        write_history_pdf(tmp_path / "no" / "h.pdf", subjects.seen([]))
