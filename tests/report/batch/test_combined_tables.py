"""Tests for the combined reps.csv and summary.csv of a batch."""

import csv
import shutil

import pytest
from made_batch import done, failed, job

from hiprom.core.jobs import JobState
from hiprom.errors import ResultsError
from hiprom.report.batch import write_combined
from hiprom.report.reps_csv import read_reps_csv

HEADING = (
    "video,name,subject,recorded_at,protocol,side,state,reason,reps,valid_reps,mean,"
    "mean_low,mean_high,best,sd,sem,compensated_reps,flags,yaw_deg,pitch_deg,fps,"
    "duration_s,coverage,warnings"
)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def combined(out, jobs):
    write_combined(out, jobs)
    return {row["name"]: row for row in rows(out / "summary.csv")}


def with_name(path, name):
    """One video's table, and in every row which folder it is in."""
    heading, *lines = path.read_text().splitlines()
    return "\n".join([f"{heading},name", *(f"{line},{name}" for line in lines)]) + "\n"


def test_one_video_s_table_is_the_combined_table(tmp_path):
    jobs = [done(tmp_path, "a", subject="P-01")]

    write_combined(tmp_path, jobs)

    joined = (tmp_path / "reps.csv").read_text()
    assert joined == with_name(tmp_path / "a" / "reps.csv", "a")


def test_two_videos_of_one_file_name_are_told_apart(tmp_path):
    jobs = [done(tmp_path, name) for name in ("p1_knee", "p2_knee")]
    for each in ("p1_knee", "p2_knee"):
        path = tmp_path / each / "reps.csv"
        path.write_text(path.read_text().replace(f"{each}.mp4", "knee.mp4"))

    write_combined(tmp_path, jobs)

    found = rows(tmp_path / "reps.csv")
    assert {row["video"] for row in found} == {"knee.mp4"}
    assert [row["name"] for row in found] == ["p1_knee"] * 4 + ["p2_knee"] * 4


def test_tables_are_joined_by_name_under_one_heading(tmp_path):
    jobs = [done(tmp_path, name) for name in ("b", "a", "c")]

    write_combined(tmp_path, jobs)

    table = read_reps_csv(tmp_path / "reps.csv")
    assert list(dict.fromkeys(table["video"])) == ["a.mp4", "b.mp4", "c.mp4"]
    assert len(table) == 12
    assert (tmp_path / "reps.csv").read_text().count("video,subject") == 1


def test_the_same_jobs_in_any_order_give_the_same_bytes(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    jobs = [done(one, "a"), done(one, "b", is_external=True), failed("c", "No.")]
    shutil.copytree(one, other)

    write_combined(one, jobs)
    write_combined(other, reversed(jobs))

    names = sorted(path.name for path in one.iterdir() if path.is_file())
    assert names == ["overview.html", "reps.csv", "summary.csv", "summary.xlsx"]
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_a_row_tells_what_the_video_s_own_summary_does(tmp_path):
    row = combined(tmp_path, [done(tmp_path, "a", subject="P-01")])["a"]

    assert (tmp_path / "summary.csv").read_text().splitlines()[0] == HEADING
    assert row == {
        "video": "/clinic/a.mp4",
        "name": "a",
        "subject": "P-01",
        "recorded_at": "2026-05-04T09:12:00+00:00",
        "protocol": "seated_ir",
        "side": "right",
        "state": "done",
        "reason": "",
        "reps": "4",
        "valid_reps": "4",
        "mean": "34.150",
        "mean_low": "31.012",
        "mean_high": "37.288",
        "best": "35.800",
        "sd": "1.884",
        "sem": "0.942",
        "compensated_reps": "2",
        "flags": "pelvic_hike=1;short_hold=1;trunk_lean=1",
        "yaw_deg": "1.000",
        "pitch_deg": "3.000",
        "fps": "30.000",
        "duration_s": "17.6000",
        "coverage": "1.000",
        "warnings": "2",
    }


def test_both_sides_have_a_row(tmp_path):
    write_combined(tmp_path, [done(tmp_path, "a", sides=("right", "left"))])

    found = rows(tmp_path / "summary.csv")
    assert [row["side"] for row in found] == ["left", "right"]
    assert [row["reps"] for row in found] == ["3", "4"]
    assert [row["compensated_reps"] for row in found] == ["1", "2"]
    assert found[0]["flags"] == "trunk_lean=1"


def test_a_failed_and_a_waiting_video_have_a_row_without_numbers(tmp_path):
    jobs = [
        failed("a", "Nobody was found, look.", subject="P-01", side="left"),
        job("b", JobState.QUEUED),
    ]

    found = combined(tmp_path, jobs)

    assert found["a"]["state"] == "failed"
    assert found["a"]["reason"] == "Nobody was found, look."
    assert (found["a"]["subject"], found["a"]["side"]) == ("P-01", "left")
    assert found["a"]["mean"] == found["a"]["reps"] == found["a"]["warnings"] == ""
    assert found["b"]["state"] == "queued"
    assert len(rows(tmp_path / "reps.csv")) == 0


def test_a_done_video_whose_results_are_gone_or_damaged_counts_as_failed(tmp_path):
    jobs = [done(tmp_path, name) for name in ("cut", "gone", "torn", "whole")]
    jobs.append(done(tmp_path, "odd"))
    shutil.rmtree(tmp_path / "gone")
    (tmp_path / "torn" / "summary.json").write_text('{"sides"')
    (tmp_path / "odd" / "summary.json").write_text("[]")
    cut = tmp_path / "cut" / "reps.csv"
    cut.write_text(cut.read_text()[:-90])

    found = combined(tmp_path, jobs)

    states = {name: row["state"] for name, row in found.items()}
    assert states == {
        **dict.fromkeys(("cut", "gone", "odd", "torn"), "failed"),
        "whole": "done",
    }
    for name in ("cut", "gone", "odd", "torn"):
        assert "Measure the video again." in found[name]["reason"]
    assert {row["video"] for row in rows(tmp_path / "reps.csv")} == {"whole.mp4"}


def test_a_table_from_before_a_column_was_added_still_joins(tmp_path):
    jobs = [done(tmp_path, "a"), done(tmp_path, "b")]
    old = tmp_path / "a" / "reps.csv"
    lines = [line.split(",") for line in old.read_text().splitlines()]
    old.write_text("\n".join(",".join(line[:-1]) for line in lines) + "\n")

    write_combined(tmp_path, jobs)

    assert len(read_reps_csv(tmp_path / "reps.csv")) == 8


def test_a_name_stays_quoted_and_no_formula(tmp_path):
    trial = done(tmp_path, "a")
    path = tmp_path / "a" / "reps.csv"
    path.write_text(path.read_text().replace("a.mp4", '"\'=a,""b"".mp4"'))

    write_combined(tmp_path, [trial])

    assert (tmp_path / "reps.csv").read_text() == with_name(path, "a")


def test_a_signed_address_is_written_without_its_signature(tmp_path):
    signed = "https://me:word@store.org/a.mp4?signature=s3cret"
    reason = f"{signed}: it could not be fetched."

    write_combined(tmp_path, [failed("a", reason, video=signed)])

    for path in tmp_path.glob("*.[ch]*"):
        text = path.read_text()
        assert "s3cret" not in text
        assert "me:word" not in text
    assert "https://store.org/a.mp4: it could" in (tmp_path / "summary.csv").read_text()


def test_progress_is_told_video_by_video(tmp_path):
    told = []

    write_combined(
        tmp_path,
        [done(tmp_path, "a"), failed("b", "No.")],
        progress=lambda *step: told.append(step),
    )

    assert told[:2] == [
        ("Gathering the results", 1, 2),
        ("Gathering the results", 2, 2),
    ]


def test_no_video_at_all_makes_empty_tables(tmp_path):
    overview = write_combined(tmp_path / "new", [])

    assert (tmp_path / "new" / "summary.csv").read_text() == HEADING + "\n"
    assert "There is no video in this batch." in overview.read_text()


def test_says_where_it_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(ResultsError, match="a file is in the way of the folder"):
        write_combined(tmp_path / "file", [])


def test_what_was_there_stays_if_the_new_one_cannot_be_finished(tmp_path):
    write_combined(tmp_path, [done(tmp_path, "a")])
    before = (tmp_path / "reps.csv").read_bytes()

    def stop(_stage, _done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_combined(tmp_path, [done(tmp_path, "b")], progress=stop)

    assert (tmp_path / "reps.csv").read_bytes() == before
    assert not list(tmp_path.glob(".hiprom-*"))
