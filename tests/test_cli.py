"""The command line: what is typed, what is read, and every kind of bad input."""

import json
import os
import re
from pathlib import Path

import clips
import made_up
import pytest
from typer.testing import CliRunner

from hiprom.cli import app

SAMPLES = Path(__file__).parents[1] / "sample_videos"


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def refused(tmp_path, video, *more):
    """Analyse `video`, which must fail with one message and leave nothing behind."""
    out = tmp_path / "out"
    result = run("analyze", video, "--out", out, *more)

    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert not out.exists() or list(out.iterdir()) == []
    return result.stderr


def test_help_lists_the_commands_and_each_has_an_example():
    result = run("--help")

    for command in ("analyze", "protocols", "doctor", "model"):
        assert command in result.output
        if command != "model":
            assert "Example: hiprom" in run(command, "--help").output
    for command in ("status", "install"):
        assert "Example: hiprom" in run("model", command, "--help").output


def test_version_is_the_package_s_own():
    assert re.fullmatch(r"hiprom \d+\.\d+\.\d+\n", run("--version").output)


def test_wrong_usage_is_exit_2():
    assert run("analyze").exit_code == 2
    assert run("analyze", "x.mp4", "--side", "middle").exit_code == 2


def test_protocols_lists_them_and_shows_one():
    listed = run("protocols").output
    shown = run("protocols", "seated_er").output

    assert "seated_ir" in listed
    assert "seated_er" in listed
    assert "inwards, past the other leg" in " ".join(shown.split())
    assert "Krause" in shown
    first = json.loads(run("protocols", "--json").output)[0]
    assert first["name"] == "seated_ir"
    assert first["limits"]["trunk_lean"]["value"] == 5.0
    assert first["flags"]["trunk_lean"] == "the trunk leaned sideways by more than 5°"


def test_a_protocol_is_shown_as_a_person_would_follow_it():
    with made_up.known():
        shown = " ".join(run("protocols", "made_up_gap").output.split())

    for words in (
        "Knees apart (made_up_gap)",
        "Posture On the floor.",
        "How to do it 1. Sit on a high seat",
        "What spoils it • Leaning",
        "Tempo Stay there for at least 2 s.",
        "knee_gap_m: knees apart is positive.",
        "knee_height_cm: how high the knees are",
        "Norms None: no source was found, and none is invented.",
        "short_pause the pause was short (less than 2 s)",
    ):
        assert words in shown


def test_a_live_test_that_is_none_is_refused_before_the_camera_opens(tmp_path):
    with made_up.known():
        result = run("record", "--protocol", "made_up_gap", "--out", tmp_path)

    assert result.exit_code == 1
    assert "There is no live test of made_up_gap yet. Film it" in result.stderr
    assert "Press" not in result.output


def test_a_movement_whose_angle_cannot_be_shown_live_is_refused_too(tmp_path):
    result = run("record", "--protocol", "clamshell", "--out", tmp_path)

    assert result.exit_code == 1
    assert "There is no live test of clamshell yet. Film it" in result.stderr


def test_an_unknown_protocol_lists_the_known_ones(tmp_path):
    assert run("protocols", "sitting").exit_code == 1

    message = refused(tmp_path, "any.mp4", "--protocol", "sitting")

    assert "no protocol 'sitting'. Known protocols: seated_ir, seated_er" in message


def test_doctor_finds_this_machine_sound(model_file):
    result = run("doctor", "--json")
    findings = {each["name"]: each for each in json.loads(result.stdout)}

    assert result.exit_code == 0
    assert findings["OpenCV"]["found"].startswith("opencv-contrib-python")
    assert str(model_file) in findings["Pose model"]["found"]
    assert findings["Network isolation"]["state"] == "good"


def test_model_status_names_the_file_and_its_checksum(model_file):
    result = run("model", "status", "--json")

    assert result.exit_code == 0
    status = json.loads(result.stdout)
    assert status["path"] == str(model_file)
    assert len(status["sha256"]) == 64


@pytest.mark.usefixtures("model_file")
class TestBadInput:
    """One message, exit 1, nothing half-written: a row each."""

    def test_missing_file_suggests_a_near_one(self, tmp_path):
        clips.make_clip(tmp_path / "patient_07.mp4")
        (tmp_path / "patient_07.csv").touch()

        message = refused(tmp_path, tmp_path / "patient07.mp4")

        assert "patient_07.mp4" in message
        assert "csv" not in message

    def test_directory(self, tmp_path):
        (tmp_path / "folder.mp4").mkdir()

        assert "folder" in refused(tmp_path, tmp_path / "folder.mp4")

    def test_fifo_does_not_hang(self, tmp_path):
        os.mkfifo(tmp_path / "pipe.mp4")

        assert "pipe" in refused(tmp_path, tmp_path / "pipe.mp4")

    def test_empty_file(self, tmp_path):
        (tmp_path / "empty.mp4").touch()

        assert "empty" in refused(tmp_path, tmp_path / "empty.mp4")

    def test_text_file(self, tmp_path):
        (tmp_path / "notes.mp4").write_text("Tuesday, left hip\n" * 100)

        assert "not a video" in refused(tmp_path, tmp_path / "notes.mp4")

    @pytest.mark.parametrize(
        "text",
        ["ffconcat version 1.0\nfile other.mp4\n", "#EXTM3U\n#EXTINF:1,\nother.mp4\n"],
        ids=["ffconcat", "m3u8"],
    )
    def test_playlist_does_not_open_its_neighbour(self, tmp_path, text):
        clips.make_clip(tmp_path / "other.mp4")
        (tmp_path / "list.mp4").write_text(text)

        message = refused(tmp_path, tmp_path / "list.mp4")

        assert "playlist" in message
        assert "reached" not in message

    def test_sound_without_a_picture(self, tmp_path):
        clips.make_sound(tmp_path / "sound.mp4")

        assert "no picture" in refused(tmp_path, tmp_path / "sound.mp4")

    def test_the_index_was_never_written(self, tmp_path):
        whole = clips.make_clip(tmp_path / "whole.mp4")
        clips.cut(tmp_path / "cut.mp4", whole, 0.7)

        assert "incomplete" in refused(tmp_path, tmp_path / "cut.mp4")

    def test_one_frame(self, tmp_path, estimator):
        del estimator
        clips.make_clip(tmp_path / "one.mp4", pictures=[clips.picture(1)])

        assert "holds 1 frame" in refused(tmp_path, tmp_path / "one.mp4")

    def test_nobody_in_view(self, tmp_path):
        clips.make_clip(tmp_path / "room.mp4")

        assert "A person was found in 0% of" in refused(tmp_path, tmp_path / "room.mp4")

    def test_unwritable_out(self, tmp_path):
        (tmp_path / "out").write_text("a file is in the way")

        result = run(
            "analyze", SAMPLES / "seated_ir_left.mp4", "--out", tmp_path / "out"
        )

        assert result.exit_code == 1
        assert "in the way" in result.stderr
        assert (tmp_path / "out").read_text() == "a file is in the way"

    def test_several_videos_of_which_one_fails_is_exit_3(self, tmp_path):
        landmarks = Path(__file__).parent / "golden" / "seated_ir_left.parquet"

        result = run(
            *("analyze", "--from-landmarks", landmarks, tmp_path / "none.parquet"),
            *("--out", tmp_path / "out", "--json"),
        )

        document = json.loads(result.stdout)
        assert result.exit_code == 3
        assert len(document["results"]) == 1
        assert "none.parquet" in document["failures"][0]["error"]


def test_an_interrupt_that_a_library_swallowed_still_ends_the_work():
    from hiprom.cli.app import _interrupt, _stopping, until_stopped

    seen = []
    progress = until_stopped(lambda *step: seen.append(step))
    progress("Finding the person", 1, 9)
    with pytest.raises(KeyboardInterrupt):
        _interrupt(2, None)

    with pytest.raises(KeyboardInterrupt):
        progress("Finding the person", 2, 9)

    assert seen == [("Finding the person", 1, 9)]
    _stopping.clear()
