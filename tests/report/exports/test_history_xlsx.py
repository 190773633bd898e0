"""Tests for the workbook: by openpyxl, and by the XML that a spreadsheet reads."""

import re
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from made_up_history import HISTORY, MONDAY, NASTY, SUBJECT, histories, trial

from hiprom.core.history import Subject
from hiprom.report.exports import write_history_xlsx
from hiprom.report.tables import safe_text


@pytest.fixture
def book(tmp_path):
    (path,) = write_history_xlsx(
        tmp_path / "p.xlsx", SUBJECT, HISTORY, exported_at=MONDAY
    )
    opened = openpyxl.load_workbook(path)
    yield opened
    opened.close()


def rows(sheet):
    heading, *rest = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rest]


def parts(path):
    """The worksheets' XML, and that of their shared texts."""
    with zipfile.ZipFile(path) as archive:
        return {
            name: archive.read(name).decode()
            for name in archive.namelist()
            if name.startswith("xl/worksheets/") or name == "xl/sharedStrings.xml"
        }


def test_has_the_four_sheets_with_headings_that_stay_in_view(book):
    assert book.sheetnames == ["reps", "sessions", "compensations", "about"]
    for name in ("reps", "sessions", "compensations"):
        sheet = book[name]
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(cell.font.bold and cell.fill.fill_type for cell in sheet[1])
        assert all(
            len(cell.value) <= sheet.column_dimensions[cell.column_letter].width <= 40
            for cell in sheet[1]
        )


def test_numbers_are_numbers_and_only_shown_shorter(book):
    sheet = book["reps"]
    column = [cell.value for cell in sheet[1]].index("end_range") + 1

    cells = [sheet.cell(row, column) for row in range(2, 4)]
    external = [
        row["end_range"] for row in rows(sheet) if row["protocol"] == "seated_er"
    ]

    assert [cell.value for cell in cells] == [31.5, 34.25]
    assert {cell.number_format for cell in cells} == {"0.0"}
    assert external == [-38.4, -41.0]


def test_dates_are_dates_with_their_zone_beside(book):
    first = rows(book["reps"])[0]

    assert first["recorded_at"] == MONDAY.replace(tzinfo=None)
    assert first["zone"] == "UTC+0200"
    assert book["reps"]["C2"].is_date
    assert book["reps"]["C2"].number_format == "yyyy-mm-dd hh:mm"


def test_missing_is_an_empty_cell_and_truth_is_truth(book):
    fifth = rows(book["reps"])[4]

    assert fifth["end_range"] is None
    assert fifth["valid"] is False
    assert fifth["rep"] == 2


def test_sessions_hold_what_counts_with_its_interval(book):
    right = next(row for row in rows(book["sessions"]) if row["side"] == "right")
    external = next(
        row for row in rows(book["sessions"]) if row["protocol"] == "seated_er"
    )

    assert right["reps"] == 2
    assert right["mean"] == pytest.approx(32.875)
    assert right["mean_low"] == pytest.approx(32.875 - 3.1)
    assert right["mean_high"] == pytest.approx(32.875 + 3.1)
    assert right["best"] == 34.25
    assert external["best"] == -41.0
    assert len(rows(book["sessions"])) == 2 + 2 + 1 + 2


def test_compensations_are_long(book):
    second = rows(book["compensations"])[1]

    assert (second["compensation"], second["change"], second["unit"]) == (
        "knee_travel",
        -0.4,
        "cm",
    )


def test_the_last_sheet_says_who_when_and_what_every_column_means(book):
    told = {row[0]: row[1] for row in book["about"].iter_rows(values_only=True)}

    assert told["person's code"] == "P-01"
    assert told["exported"] == "2026-05-04T09:12+02:00"
    for name in ("reps", "sessions", "compensations"):
        for cell in book[name][1]:
            assert told[cell.value], f"{cell.value} is not explained"


@pytest.mark.parametrize("text", NASTY)
def test_no_cell_is_a_formula(text, tmp_path):
    named = (trial(video=text, instrument=text),)
    (path,) = write_history_xlsx(tmp_path / "p.xlsx", Subject(text), named)

    xml = parts(path)
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    book.close()

    assert not any(re.search(r"<f[ >]", part) for part in xml.values())
    assert all(cell.data_type != "f" for cell in cells)
    assert not any(
        cell.value.lstrip().startswith(("=", "+", "-", "@"))
        for cell in cells
        if isinstance(cell.value, str)
    )


@settings(max_examples=10, deadline=None)
@given(histories())
def test_any_history_can_be_opened_and_its_numbers_are_kept(history):
    subject, trials = history
    with tempfile.TemporaryDirectory() as folder:
        (path,) = write_history_xlsx(Path(folder) / "p.xlsx", subject, trials)
        book = openpyxl.load_workbook(path)
        back = rows(book["reps"])
        book.close()

    trials = sorted(trials, key=lambda each: (each.recorded_at, each.trial_id))
    reps = [saved.rep for each in trials for saved in each.reps]
    assert [row["rep"] for row in back] == [rep.number for rep in reps]
    for row, rep in zip(back, reps, strict=True):
        for name in ("end_range", "start_s", "peak_velocity"):
            value = getattr(rep, name)
            expected = None if np.isnan(value) else pytest.approx(value, rel=1e-14)
            assert row[name] == expected


def test_a_text_that_xml_cannot_hold_is_spelt_out(tmp_path):
    (path,) = write_history_xlsx(
        tmp_path / "p.xlsx", Subject("a\x01b\udcffc"), (trial(),)
    )

    book = openpyxl.load_workbook(path)
    assert book["reps"]["B2"].value == r"a\x01b\udcffc"
    book.close()


def test_what_looks_like_an_error_is_text_and_a_long_name_makes_no_wide_column(
    tmp_path,
):
    named = trial(video="#N/A", instrument="goniometer " * 20)
    (path,) = write_history_xlsx(tmp_path / "p.xlsx", SUBJECT, (named,))

    book = openpyxl.load_workbook(path)
    sheet = book["reps"]
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("#N/A", "s")
    assert max(column.width for column in sheet.column_dimensions.values()) == 40
    book.close()


def test_an_empty_history_is_a_workbook_with_headings(tmp_path):
    (path,) = write_history_xlsx(tmp_path / "p.xlsx", SUBJECT, ())

    book = openpyxl.load_workbook(path)
    assert book["reps"].max_row == 1
    book.close()


def test_the_same_text_rule_holds_as_in_the_csv(tmp_path):
    (path,) = write_history_xlsx(tmp_path / "p.xlsx", Subject("=1+1"), (trial(),))

    book = openpyxl.load_workbook(path)
    assert book["reps"]["B2"].value == safe_text("=1+1")
    book.close()
