"""`hiprom history` and its kin, typed as a person types them, on kept landmarks."""

import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from hiprom.cli import app
from hiprom.correcting import correct
from hiprom.store.store import Store

GOLDEN = Path(__file__).parent / "golden"
END_RANGES = pd.read_csv(GOLDEN / "seated_ir_left.reps.csv")["end_range"]
ALL, WITHOUT_SECOND = END_RANGES.mean(), END_RANGES[[0, 2]].mean()
ER_MEAN = pd.read_csv(GOLDEN / "seated_er_right.reps.csv")["end_range"].mean()
IR, ER = GOLDEN / "seated_ir_left.parquet", GOLDEN / "seated_er_right.parquet"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A data folder of its own, on the other side of the results."""
    monkeypatch.setenv("HIPROM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HIPROM_DB_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def hiprom(*arguments, typed=None):
    return CliRunner().invoke(app, [str(each) for each in arguments], input=typed)


def done(*arguments, **options):
    """Run a command that must succeed; what it printed, on one line each."""
    result = hiprom(*arguments, **options)
    assert result.exit_code == 0, result.output
    return " ".join(result.output.split())


def failed(*arguments, code=1):
    result = hiprom(*arguments)
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return " ".join(result.output.split())


def analyze(landmarks=IR, *, on="2026-05-04", subject="P01", protocol="seated_ir"):
    return done(
        *("analyze", landmarks, "--from-landmarks", "--protocol", protocol),
        *("--subject", subject, "--recorded-at", on),
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Data folders to copy: P01 with one session, and the same with another."""
    place = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setenv("HIPROM_HOME", str(place / "one"))
        analyze(on="2026-05-04")
        shutil.copytree(place / "one", place / "two")
        patch.setenv("HIPROM_HOME", str(place / "two"))
        # The same film on another day is another video to the history.
        done("import", _as_of("2026-05-11"), "--subject", "P01")
    return place


@pytest.fixture
def one_session(made, home):
    shutil.copytree(made / "one", home)
    return "P01"


@pytest.fixture
def two_sessions(made, home):
    shutil.copytree(made / "two", home)
    return "P01"


def _as_of(day):
    table = pd.read_csv(GOLDEN / "seated_ir_left.reps.csv")
    table["recorded_at"] = f"{day}T09:00:00+00:00"
    for column in ("end_range", "end_range_low", "end_range_high", "excursion"):
        table[column] += 9.0
    path = Path(f"{day}.csv")
    table.to_csv(path, index=False)
    return path


def test_a_trial_of_a_subject_joins_their_history():
    said = analyze()

    assert "Left: the first session of P01; the next one will be compared" in said
    shown = done("history", "P01")
    assert "Seated hip internal rotation, left" in shown
    assert f"2026-05-04 3 {ALL:.1f}°" in shown
    assert "Krause et al. 2015" in shown


@pytest.mark.usefixtures("one_session")
def test_the_same_trial_twice_is_one():
    assert "This video is in P01's history already" in analyze()
    assert "P01 1 1 2026-05-04" in done("history")


def test_a_trial_that_was_set_aside_says_so_when_it_is_measured_again(
    one_session, home
):
    with Store.open(None, home) as store:
        (wrong,) = store.trials(one_session)
        correct(
            wrong,
            store,
            protocol="seated_ir",
            side="both",
            subject="P01",
            reason="both legs",
        )

    said = analyze()

    assert "in P01's history already. Measured like this it was set aside" in said
    assert "“both legs”. It counts in no mean" in said
    assert "2026-05-04 3" in done("history", "P01")


@pytest.mark.parametrize("options", [["--no-save", "--subject", "P01"], []])
def test_nothing_is_kept_unasked(options, home):
    done("analyze", IR, "--from-landmarks", *options)

    assert not (home / "hiprom.sqlite").exists()
    assert "No history is kept yet" in done("history")


def test_a_new_session_is_compared_with_the_one_before(two_sessions):
    shown = done("history", two_sessions)

    assert "Since the session before (2026-05-04): +9.0° (+3.6° to +14.4°)" in shown
    assert "more range, larger than measurement error" in shown
    assert "a change is real beyond 5.4°" in shown


def test_the_history_as_json_holds_what_the_table_shows(two_sessions):
    document = json.loads(done("history", two_sessions, "--json"))

    assert document["schema"] == "hiprom.overview/1"
    (measure,) = document["measures"]
    assert [round(each["mean"]) for each in measure["sessions"]] == [43, 52]
    assert measure["changes"][0]["verdict"] == "larger than measurement error"
    assert measure["measurement_error"]["is_own"] is False


def test_someone_nobody_knows_is_said_to_be_unknown():
    assert "no subject 'P99'" in failed("history", "P99")
    assert "no subject 'P99'" in failed(
        "export", "P99", "--format", "csv", "--out", "x"
    )


@pytest.mark.parametrize(
    ("kind", "begins"),
    [
        ("csv", b"subject,"),
        ("xlsx", b"PK"),
        ("json", b"{"),
        ("fhir", b"{"),
        ("trc", b"PathFileType"),
        ("mot", b""),
        ("c3d", b"\x02P"),
    ],
)
def test_every_format_is_written_where_it_was_asked_for(one_session, kind, begins):
    said = done("export", one_session, "--format", kind, "--out", f"P01.{kind}")

    assert f"Written: P01.{kind}" in said
    content = Path(f"P01.{kind}").read_bytes()
    assert len(content) > 500
    assert begins in content[:200]


@pytest.mark.usefixtures("two_sessions")
def test_a_format_or_trial_that_is_not_there_names_those_that_are():
    said = failed("export", "P01", "--format", "docx", "--out", "x.docx")
    assert "Known formats: csv, xlsx, fhir, json, trc, mot, c3d" in said
    said = failed("export", "P01", "--format", "trc", "--out", "x.trc", "--trial", 99)
    assert "Trial 99 is not one of theirs. Theirs are: 1, 2" in said
    said = failed("export", "P01", "--format", "trc", "--out", "x.trc", "--trial", 2)
    assert "imported from a table" in said


def test_a_report_is_a_pdf_or_a_page_by_its_name(two_sessions):
    done("report", two_sessions, "--out", "P01.pdf")
    done("report", two_sessions, "--out", "P01.html")

    assert Path("P01.pdf").read_bytes().startswith(b"%PDF")
    page = Path("P01.html").read_text()
    assert f"{END_RANGES.mean() + 9:.1f}°" in page
    assert "larger than measurement error" in page


def test_a_report_draws_the_person_from_kept_landmarks(one_session):
    done("report", one_session, "--out", "P01.html")

    assert "Drawn figure of a person: repetition 2" in Path("P01.html").read_text()


def test_two_sessions_are_put_side_by_side(two_sessions):
    where = ("report", two_sessions, "--out", "two.html", "--sessions")

    done(*where, 1, 2)

    page = Path("two.html").read_text()
    assert f"{END_RANGES.mean():.1f}°" in page
    assert f"{END_RANGES.mean() + 9:.1f}°" in page
    assert "7" in failed(*where, 1, 7)


def test_a_report_of_another_kind_is_refused(one_session):
    said = failed("report", one_session, "--out", "x.docx")

    assert "neither a .pdf nor an .html" in said


def test_an_export_to_a_folder_that_is_not_there_says_so(one_session):
    said = failed(
        "export", one_session, "--format", "json", "--out", "nowhere/P01.json"
    )

    assert "nowhere" in said


def test_reps_of_an_earlier_run_come_in_once():
    table = _as_of("2026-05-11")

    assert "3 repetitions in 1 new trials" in done("import", table, "--subject", "P01")
    again = done("import", table, "--subject", "P01")

    assert "0 repetitions in 0 new trials; 3 were there already" in again


def test_a_list_without_a_person_asks_whose_it_is():
    table = pd.read_csv(GOLDEN / "seated_ir_left.reps.csv").drop(columns="subject")
    table["recorded_at"] = "2026-05-11T09:00:00+00:00"
    table.to_csv("list.csv", index=False)

    assert "--subject P01" in failed("import", "list.csv")


@pytest.mark.usefixtures("one_session")
def test_what_is_known_of_a_person_is_kept_and_shown():
    done("subject", "P01", "--name", "Ada", "--sex", "female")
    said = done("subject", "P01", "--birth-year", 1984)

    assert "P01: Ada, female, 1984" in said
    shown = done("history", "P01")
    assert "P01 · Ada" in shown
    assert "healthy women" in shown
    assert "healthy men" not in shown


@pytest.mark.usefixtures("one_session")
def test_a_programme_is_changed_and_says_what_is_next():
    said = done(
        *("programme", "P01", "--sessions", 3, 4, "--minutes", 6, 8),
        *("--drill", "seated_ir", "--drill", "seated_er"),
    )

    assert "3 to 4 sessions a week of 6 to 8 minutes" in said
    assert "Next: seated_er" in done("history", "P01")
    assert "the lesser first" in failed("programme", "P01", "--sessions", 4, 3)
    assert "no protocol 'juggling'" in failed("programme", "P01", "--drill", "juggling")


def test_a_yes_among_the_first_questions_is_worth_asking_about():
    done("programme", "P01", "--questions", typed="y\n" + "n\n" * 11)

    assert "You answered yes to" in done("history", "P01")


@pytest.mark.usefixtures("one_session")
def test_a_rep_left_out_counts_no_longer_until_it_is_taken_back():
    where = ("exclude", "P01", "--trial", 1, "--side", "left", "--rep", 2)

    assert "is left out" in done(*where, "--reason", "looked round")
    assert f"2026-05-04 2 {WITHOUT_SECOND:.1f}°" in done("history", "P01")
    assert "counts again" in done(*where, "--undo")
    assert f"2026-05-04 3 {ALL:.1f}°" in done("history", "P01")


@pytest.mark.usefixtures("one_session")
def test_a_rep_is_left_out_for_a_reason_and_must_be_there():
    where = ("exclude", "P01", "--trial", 1, "--side", "left", "--rep")

    assert "reason" in failed(*where, 2)
    assert "no repetition 7 on the left side" in failed(*where, 7, "--reason", "x")


@pytest.mark.usefixtures("one_session")
def test_a_subject_is_forgotten_only_when_that_is_meant(home):
    result = hiprom("forget", "P01", typed="n\n")
    assert result.exit_code == 1
    assert "P01" in done("history")

    said = done("forget", "P01", "--yes")

    assert "Erased P01: 1 session, 1 trial, 3 repetitions, 1 landmark file" in said
    assert "seated_ir_left.mp4" in said
    assert "no subject 'P01'" in failed("history", "P01")
    assert not any((home / "landmarks").rglob("*.parquet"))
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert b"P01" not in kept
    assert b"seated_ir_left.mp4" not in kept


@pytest.mark.usefixtures("one_session")
def test_a_whole_history_is_said_to_be_whole_and_a_missing_file_is_found(home):
    assert "The history is whole" in done("doctor", "--fsck")
    next((home / "landmarks").rglob("*.parquet")).unlink()
    said = failed("doctor", "--fsck")

    assert "missing" in said


def test_a_data_folder_that_cannot_be_used_is_one_clear_line(home):
    home.write_text("a file, not a folder")

    said = failed("history")

    assert str(home) in said.replace(" ", "")
    assert len(re.findall("Error:", said)) == 1


def test_a_database_out_of_reach_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv(
        "HIPROM_DB_URL", "postgresql+psycopg://ann:s3cret@127.0.0.1:9/hiprom"
    )

    said = failed("history")

    assert "127.0.0.1" in said
    assert "s3cret" not in said


def test_a_day_that_is_none_is_wrong_usage():
    failed("analyze", IR, "--from-landmarks", "--recorded-at", "yesterday", code=2)


def test_both_rotations_of_a_side_make_an_sftr_note():
    analyze(ER, protocol="seated_er", subject="P02")
    table = pd.read_csv(GOLDEN / "seated_ir_left.reps.csv")
    table = table.assign(side="right", recorded_at="2026-05-05T09:00:00+00:00")
    table.to_csv("ir.csv", index=False)
    done("import", "ir.csv", "--subject", "P02")

    assert f"SFTR R {-ER_MEAN:.0f}-0-{ALL:.0f}" in done("history", "P02")


def test_a_camera_profile_is_used_and_told():
    profile = Path(__file__).parents[1] / "calibration/cameras/rendered_640x480.toml"

    said = done("analyze", IR, "--from-landmarks", "--camera", profile, "--json")

    camera = json.loads(said)["results"][0]["camera"]
    assert camera["source"].startswith("calibrated: ")
    assert failed("analyze", IR, "--from-landmarks", "--camera", "nobody-s")
