"""Tests for summary.xlsx: by openpyxl, and by the bytes of the ZIP it is."""

import zipfile

import openpyxl
import pytest
from made_batch import done, failed

from hiprom.report.batch import workbook, write_combined


@pytest.fixture
def jobs(tmp_path):
    return [
        done(tmp_path, "a", subject="=SUM(A1)"),
        done(tmp_path, "b", is_external=True, view=None),
        failed("c", "Nobody \x07 was found.", video="=c.mp4"),
        failed("d", "#REF!"),
    ]


def sheet_rows(sheet):
    heading, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rest]


@pytest.fixture
def book(tmp_path, jobs):
    write_combined(tmp_path, jobs)
    opened = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    yield opened
    opened.close()


def test_has_the_four_sheets_with_headings_that_stay_in_view(book):
    assert book.sheetnames == ["summary", "reps", "failures", "columns"]
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold and cell.fill.fill_type for cell in sheet[1])


def test_numbers_are_numbers_and_missing_is_empty(book):
    first, second, third, _ = sheet_rows(book["summary"])

    assert first["mean"] == pytest.approx(34.15)
    assert first["reps"] == 4
    assert second["mean"] == pytest.approx(-34.15)
    assert second["yaw_deg"] is None
    assert third["mean"] is None


def test_repetitions_are_those_of_the_joined_table(book):
    reps = sheet_rows(book["reps"])

    assert [row["end_range"] for row in reps[:4]] == [31.5, 34.2, 35.8, 35.1]
    assert reps[0]["valid"] is True
    assert reps[0]["rep"] == 1
    assert reps[0]["flags"] is None
    assert len(reps) == 8


def test_failures_stand_by_themselves_with_their_reason(book):
    first, second = sheet_rows(book["failures"])

    assert second["reason"] == "#REF!"
    assert first == {
        "video": "'=c.mp4",
        "name": "c",
        "attempts": 1,
        "reason": r"Nobody \x07 was found.",
    }


def test_every_column_is_explained(book):
    told = {row["column"]: row["meaning"] for row in sheet_rows(book["columns"])}

    for name in ("summary", "reps", "failures"):
        for cell in book[name][1]:
            assert told[cell.value], f"{cell.value} is not explained"


def test_no_cell_is_a_formula_or_an_error(book):
    kinds = {c.data_type for sheet in book for row in sheet.iter_rows() for c in row}

    assert kinds <= {"s", "n", "b"}
    assert sheet_rows(book["summary"])[0]["subject"] == "'=SUM(A1)"


def test_no_part_tells_when_it_was_made(tmp_path, jobs):
    write_combined(tmp_path, jobs)

    with zipfile.ZipFile(tmp_path / "summary.xlsx") as archive:
        assert {part.date_time[:3] for part in archive.infolist()} == {(1980, 1, 1)}
        assert {part.compress_type for part in archive.infolist()} == {8}
        assert archive.read("docProps/core.xml").count(b">1980-01-01T00:00:00Z<") == 2


def test_too_many_repetitions_are_left_out_and_it_says_so(tmp_path, jobs, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 8)

    write_combined(tmp_path, jobs)

    book = openpyxl.load_workbook(tmp_path / "summary.xlsx")
    said = [row["meaning"] for row in sheet_rows(book["columns"])]
    book.close()
    assert book.sheetnames == ["summary", "failures", "columns"]
    assert (
        "Left out: 8 rows, more than the 7 that a sheet can hold below its heading. "
        "They are in reps.csv." in said
    )
