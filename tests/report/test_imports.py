"""Tests for hiprom.report.imports: our own files, re-saved ones, and lists by hand."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import examples
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiprom.core.history import VIDEO
from hiprom.errors import ResultsError
from hiprom.report.imports import read_reps
from hiprom.report.tables import REPS_COLUMNS, reps_table, write_csv

SUMMER = timezone(timedelta(hours=2))
HEADING = ",".join(REPS_COLUMNS)
HAND = """subject,date,protocol,side,end_range
P-01,2026-05-04,seated_ir,right,34
P-01,2026-05-04,seated_ir,right,36.5
P-01,2026-05-04,seated_ir,left,28
P-01,2026-05-07,seated_er,left,-41
"""


@pytest.fixture
def ours(tmp_path):
    """The reps.csv of a trial, as `hiprom analyze` writes it."""
    measurement, _ = examples.trial()
    path = tmp_path / "reps.csv"
    table = reps_table(
        measurement,
        video="=walk, at home.mp4",
        subject="P-01",
        recorded_at="2026-05-04T09:12:00+02:00",
    )
    write_csv(table, path)
    return path


def put(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return path


def resaved(text, delimiter=";"):
    """What a German spreadsheet makes of a file: ; and decimal commas, BOM, CRLF."""
    lines = []
    for line in text.splitlines():
        cells = line.replace('"=walk, at home.mp4"', "M").split(",")
        cells = [
            cell.replace(".", ",")
            if cell.replace(".", "").lstrip("-").isdigit()
            else cell
            for cell in cells
        ]
        cells = [{"true": "WAHR", "false": "FALSCH"}.get(cell, cell) for cell in cells]
        cells = [f'"{cell}"' if ";" in cell else cell for cell in cells]
        lines.append(delimiter.join(cells))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def test_a_reps_csv_becomes_the_trial_it_was(ours):
    (trial,) = read_reps(ours)

    assert trial.subject == "P-01"
    assert trial.video == "=walk, at home.mp4"
    assert trial.recorded_at == datetime(2026, 5, 4, 9, 12, tzinfo=SUMMER)
    assert (trial.protocol, trial.instrument) == ("seated_ir", VIDEO)
    reps = [(side.side, rep) for side in examples.trial()[0].sides for rep in side.reps]
    for saved, (side, rep) in zip(trial.reps, reps, strict=True):
        assert (saved.side, saved.quantity) == (side, "hip_rotation_deg")
        assert (saved.rep.number, saved.rep.flags) == (rep.number, rep.flags)
        assert saved.rep.end_range == pytest.approx(rep.end_range, abs=5e-4)
        assert saved.rep.end_range_low == pytest.approx(rep.end_range_low, abs=5e-4)
        assert saved.rep.lower_s == pytest.approx(rep.lower_s, abs=5e-5)
        assert np.isnan(saved.rep.plateau_end_s)
        assert saved.counts


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_spreadsheet_may_have_saved_it_again(ours, tmp_path, delimiter):
    (before,) = read_reps(ours)
    text = resaved(ours.read_text(encoding="utf-8"), delimiter)
    (after,) = read_reps(put(tmp_path, text))

    assert repr(after.reps) == repr(before.reps)
    assert after.recorded_at == before.recorded_at
    assert (after.subject, after.instrument) == (before.subject, before.instrument)
    assert any("short_hold" in saved.rep.flags for saved in after.reps)


def test_a_list_kept_by_hand_is_a_goniometers(tmp_path):
    monday, thursday = read_reps(put(tmp_path, HAND))

    assert monday.instrument == thursday.instrument == "goniometer"
    assert monday.recorded_at == datetime(2026, 5, 4, 12, tzinfo=UTC)
    assert [(r.side, r.rep.number, r.rep.end_range) for r in monday.reps] == [
        ("right", 1, 34.0),
        ("right", 2, 36.5),
        ("left", 1, 28.0),
    ]
    assert thursday.reps[0].rep.end_range == -41.0
    assert np.isnan(monday.reps[0].rep.end_range_low)
    assert np.isnan(monday.reps[0].rep.hold_s)
    assert monday.reps[0].quantity == "hip_rotation_deg"
    assert all(saved.counts for saved in monday.reps)


def test_a_list_may_name_its_instrument_and_what_was_taken_out(tmp_path):
    text = (
        "date;protocol;side;end_range;instrument;excluded;rep\n"
        "04.05.2026;Seated_IR; Left ;31,5; bubble inclinometer ;slipped;3\n"
    )
    (trial,) = read_reps(put(tmp_path, text), zone=SUMMER)

    assert trial.subject is None
    assert trial.instrument == "bubble inclinometer"
    assert trial.recorded_at == datetime(2026, 5, 4, 12, tzinfo=SUMMER)
    assert trial.reps[0].rep.number == 3
    assert trial.reps[0].rep.end_range == 31.5
    assert trial.reps[0].excluded == "slipped"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-04", datetime(2026, 5, 4, 12, tzinfo=SUMMER)),
        ("2026-05-04T07:12:00Z", datetime(2026, 5, 4, 7, 12, tzinfo=UTC)),
        ("2026-05-04 09:12", datetime(2026, 5, 4, 9, 12, tzinfo=SUMMER)),
        ("4.5.2026", datetime(2026, 5, 4, 12, tzinfo=SUMMER)),
        ("04.05.2026 09:12", datetime(2026, 5, 4, 9, 12, tzinfo=SUMMER)),
        ("", datetime(2020, 1, 1, tzinfo=UTC)),
    ],
)
def test_reads_when_it_was(text, moment, tmp_path):
    path = put(tmp_path, f"date,protocol,side,end_range\n{text},seated_ir,left,31\n")

    (trial,) = read_reps(
        path, recorded_at=datetime(2020, 1, 1, tzinfo=UTC), zone=SUMMER
    )

    assert trial.recorded_at == moment


def test_trials_are_told_apart_by_their_number(tmp_path):
    text = (
        "date,protocol,side,end_range,rep,trial\n"
        "2026-05-04,seated_ir,left,31,1,1\n"
        "2026-05-04,seated_ir,left,32,1,2\n"
    )

    assert len(read_reps(put(tmp_path, text))) == 2


def test_unnumbered_repetitions_follow_the_numbered_ones(tmp_path):
    text = (
        "date,protocol,side,end_range,rep\n"
        "2026-05-04,seated_ir,left,31,4\n"
        "2026-05-04,seated_ir,left,30,2\n"
        "2026-05-04,seated_ir,left,32,\n"
        "2026-05-04,seated_ir,right,33,\n"
    )
    (trial,) = read_reps(put(tmp_path, text))

    assert [saved.rep.number for saved in trial.reps] == [4, 2, 5, 1]


def test_a_repetition_may_have_several_quantities(tmp_path):
    text = (
        "date,protocol,side,end_range,rep,quantity\n"
        "2026-05-04,seated_ir,left,31,1,hip_rotation_deg\n"
        "2026-05-04,seated_ir,left,0.3,1,knee_gap_m\n"
    )
    (trial,) = read_reps(put(tmp_path, text))

    assert [saved.quantity for saved in trial.reps] == [
        "hip_rotation_deg",
        "knee_gap_m",
    ]


def test_headings_may_be_quoted_and_capital(tmp_path):
    text = '"Date";" Protocol";"Side";"End_Range"\n2026-05-04;seated_ir;left;31,5\n'

    assert read_reps(put(tmp_path, text))[0].reps[0].rep.end_range == 31.5


def test_blank_rows_and_unknown_columns_do_no_harm(tmp_path):
    text = (
        "date,protocol,side,end_range,weather\n\n"
        "2026-05-04,seated_ir,left,31,fine\n,,,,\n   \n"
    )
    (trial,) = read_reps(put(tmp_path, text))

    assert len(trial.reps) == 1


def test_a_line_within_a_cell_does_not_shift_the_line_numbers(tmp_path):
    text = (
        "date,protocol,side,end_range,excluded\n"
        '2026-05-04,seated_ir,left,31,"two\nlines"\n'
        "2026-05-04,seated_ir,middle,31,\n"
    )

    with pytest.raises(ResultsError, match="Line 4: side is 'middle'"):
        read_reps(put(tmp_path, text))


BASE = {
    "date": "2026-05-04",
    "protocol": "seated_ir",
    "side": "left",
    "end_range": "31",
    "quantity": "",
    "rep": "",
    "valid": "",
}


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        (
            "protocol",
            "seated-ir",
            "protocol is 'seated-ir'; needed is one of seated_ir",
        ),
        ("side", "rihgt", "side is 'rihgt'; needed is left or right"),
        ("end_range", "", "end_range is empty; needed is a number such as 31.5"),
        ("end_range", "31°", "end_range is '31°'; needed is a number"),
        ("end_range", "nan", "end_range is 'nan'"),
        ("end_range", "1e999", "end_range is '1e999'"),
        ("end_range", "3_1", "end_range is '3_1'"),
        ("end_range", "31500", "31500, more than a joint can turn"),
        ("end_range", "-31", "so 31 may be meant"),
        ("date", "05/04/2026", "recorded_at is '05/04/2026'; needed is a date such as"),
        ("date", "31.02.2026", "recorded_at is '31.02.2026'"),
        ("date", "0026-05-04", "recorded_at is '0026-05-04'"),
        ("date", "", "recorded_at is ''"),
        ("quantity", "rotation", "quantity is 'rotation'; needed is a name with its"),
        ("rep", "0", "rep is '0'; needed is a whole number from 1 on"),
        ("rep", "9" * 5000, "needed is a whole number from 1 on"),
        ("rep", "²", "rep is '²'"),
        ("valid", "maybe", "valid is 'maybe'; needed is true or false"),
    ],
)
def test_says_line_and_reason_and_imports_nothing(column, cell, message, tmp_path):
    good, bad = BASE.values(), (BASE | {column: cell}).values()
    text = "\n".join([",".join(BASE), ",".join(good), ",".join(bad), ""])

    with pytest.raises(ResultsError) as error:
        read_reps(put(tmp_path, text))

    said = str(error.value)
    assert "was imported. Line 3: " in said
    assert message in said
    assert said.endswith("Mend the file and import it again.")


def test_external_rotation_by_hand_must_be_negative(tmp_path):
    with pytest.raises(ResultsError, match="external rotation is negative, so -41 may"):
        read_reps(put(tmp_path, HAND.replace(",-41", ",41")))


def test_a_stiff_hip_may_end_a_little_the_other_side_of_neutral(tmp_path):
    text = HAND.replace(",28\n", ",-5\n")

    assert read_reps(put(tmp_path, text))[0].reps[2].rep.end_range == -5.0


def test_our_own_file_may_hold_what_could_not_be_read(ours, tmp_path):
    text = ours.read_text().replace("28.400,25.350,31.450", ",,", 1)

    (trial,) = read_reps(put(tmp_path, text))

    assert np.isnan(trial.reps[0].rep.end_range)
    assert not trial.reps[0].counts


def test_lists_the_first_bad_rows_and_counts_the_rest(tmp_path):
    heading, *rows = HAND.replace("right", "up").replace("left", "down").splitlines()
    path = put(tmp_path, "\n".join([heading, *rows, *rows]))

    with pytest.raises(ResultsError, match=r"Line 6: .* And 3 more\. "):
        read_reps(path)
    with pytest.raises(ResultsError, match=r"left or right\. Needed is a reps\.csv"):
        read_reps(put(tmp_path, "\n".join([heading, *rows])))


def test_the_same_repetition_twice_is_refused(tmp_path):
    text = (
        "date,protocol,side,end_range,rep\n"
        "2026-05-04,seated_ir,left,31,1\n"
        "2026-05-04,seated_ir,left,31,1\n"
    )

    with pytest.raises(
        ResultsError, match="Line 3: the same repetition stands in line 2"
    ):
        read_reps(put(tmp_path, text))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "It has no column 'protocol'"),
        ("a;b\n1;2\n", "It has no column 'protocol'"),
        ("date,protocol,side\n", "It has no column 'end_range'"),
        ("date,side,side,protocol,end_range\n", "It has the column 'side' twice"),
        (HEADING + "\n", "There is no row below the heading"),
        (HAND + "P-01,2026-05-07,sea", "Line 6 has 3 cells; the heading has 5"),
        (HAND + "P-01,2026-05-07,seated_ir,left,3,1\n", "Line 6 has 6 cells"),
        (HAND + 'P-01,2026-05-07,"seated_ir,left,3\n', "Nothing of .* was imported"),
    ],
)
def test_says_what_is_wrong_with_the_file(content, message, tmp_path):
    with pytest.raises(ResultsError, match=message):
        read_reps(put(tmp_path, content))


def test_says_how_to_save_a_file_of_another_encoding(tmp_path):
    text = HAND.replace("P-01", "Zoë")

    with pytest.raises(ResultsError, match="save it as 'CSV UTF-8'"):
        read_reps(put(tmp_path, text, "cp1252"))


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_says_that_a_file_cannot_be_opened(name, tmp_path):
    with pytest.raises(ResultsError, match=r"Could not read .*\. Name a CSV file\."):
        read_reps(tmp_path / name)


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_in_words(content):
    class Given(type(Path())):
        """A path that needs no file."""

        def read_bytes(self):
            return HAND.encode() + content

    with suppress(ResultsError):
        assert read_reps(Given("list.csv"))
