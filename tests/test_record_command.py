"""`hiprom record --headless --source`, a whole test as a person would make it."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import clips
import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from typer.testing import CliRunner

import hiprom
from hiprom.capture.video import open_video
from hiprom.cli import app
from hiprom.report.landmarks import read_landmarks

SAMPLE = Path(__file__).parents[1] / "sample_videos" / "seated_er_right.mp4"
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
# A film plays in real time: a whole test wants the machine to itself (`load`), and the
# rest at least each other's absence.
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("real time")]


@pytest.fixture(scope="module")
def place(tmp_path_factory, model_file):
    """A folder for results, and the environment that keeps everything in it."""
    folder = tmp_path_factory.mktemp("record")
    home = {"HIPROM_HOME": str(folder / "home"), "HIPROM_MODEL": str(model_file)}
    return folder, os.environ | home


def words(source, *arguments):
    return [
        *("record", "--headless", "--quiet", "--source", str(source)),
        *("--protocol", "seated_er", *arguments),
    ]


def command(source, *arguments):
    return [*HIPROM, *words(source, *arguments)]


def run(place, *arguments, code=0):
    folder, environment = place
    ended = subprocess.run(
        arguments,
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


@pytest.fixture
def refused(place, monkeypatch, capfd):
    """Run a command that fails within this process; return what was said meanwhile.

    By the libraries as well, which write to the terminal past Python.
    """
    folder, environment = place
    monkeypatch.chdir(folder)
    for name in ("HIPROM_HOME", "HIPROM_MODEL"):
        monkeypatch.setenv(name, environment[name])

    def run_here(*arguments, answer=None):
        ended = CliRunner().invoke(app, arguments, input=answer)
        assert ended.exit_code == 1, ended.output
        return ended.stderr + "".join(capfd.readouterr())

    return run_here


def begun(place, out, *, at_least):
    """Start a recording, and return it once its film has grown to so many bytes."""
    folder, environment = place
    process = subprocess.Popen(
        command(SAMPLE, "--out", out),
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    patience = time.monotonic() + 60
    while not any(f.stat().st_size > at_least for f in (folder / out).glob("*.mp4")):
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < patience
        time.sleep(0.05)
    return process


def film_in(place, out):
    (film,) = (place[0] / out).glob("*.mp4")
    return film


@pytest.fixture(scope="module")
def recorded(place):
    """One test recorded in full: what was printed, and where its film is."""
    arguments = ("--out", "results", "--subject", "P01", "--json")
    ended = run(place, *command(SAMPLE, *arguments))
    return json.loads(ended.stdout), ended.stderr, film_in(place, "results")


@pytest.mark.load
def test_a_recorded_test_finds_what_analyze_finds_in_its_film(recorded):
    document, _, film = recorded
    (result,) = document["results"]

    again = hiprom.analyze(film, protocol="seated_er")

    assert [rep["side"] for rep in result["reps"]] == list(again.reps["side"])
    live = np.array([rep["end_range"] for rep in result["reps"]])
    assert len(live) == 3
    assert_allclose(live.mean(), again.reps["end_range"].mean(), atol=0.5)
    assert_allclose(live, again.reps["end_range"], atol=1.0)


@pytest.mark.load
def test_the_film_holds_every_picture_of_its_source(recorded):
    *_, film = recorded

    with open_video(film) as video, open_video(SAMPLE) as source:
        times_s = [frame.time_s for frame in video.frames()]
        source_s = [frame.time_s for frame in source.frames()]

    assert video.reading.warnings == ()
    assert len(times_s) >= len(source_s) - 1
    kept_s = np.array(source_s[-len(times_s) :])
    assert_allclose(times_s, kept_s - kept_s[0], atol=1e-4)


@pytest.mark.load
def test_its_landmarks_lie_on_the_clock_of_the_film(recorded):
    *_, film = recorded
    track, facts = read_landmarks(film.with_suffix("") / "landmarks.parquet")

    with open_video(film) as video:
        times_s = {frame.time_s for frame in video.frames()}

    assert set(track.time_s) <= times_s
    assert facts["recording"]["frames_seen"] == len(track)


@pytest.mark.load
def test_it_writes_all_that_analyze_writes_and_joins_the_history(recorded, place):
    document, _, film = recorded
    folder = film.with_suffix("")

    names = {path.name for path in folder.iterdir()}

    assert names == {
        *("reps.csv", "frames.csv", "summary.json", "landmarks.parquet"),
        *("report.html", "overlay.mp4"),
    }
    assert document["results"][0]["trial"] == 1
    history = run(place, *HIPROM, "history", "P01", "--json")
    (progress,) = json.loads(history.stdout)["measures"]
    mean = pd.read_csv(folder / "reps.csv")["end_range"].mean()
    assert_allclose(progress["sessions"][0]["mean"], mean, atol=0.01)


@pytest.mark.load
def test_the_film_analysed_later_is_the_same_trial(recorded, place):
    *_, film = recorded

    run(
        place,
        *(*HIPROM, "analyze", str(film), "--protocol", "seated_er", "--no-overlay"),
        *("--subject", "P01", "--out", "later"),
    )

    history = run(place, *HIPROM, "history", "P01", "--json")
    (progress,) = json.loads(history.stdout)["measures"]
    assert [session["reps"] for session in progress["sessions"]] == [3]


@pytest.mark.load
def test_it_tells_what_stays_where_and_leads_through_the_test(recorded):
    _, said, film = recorded

    assert "Nothing is sent anywhere" in said
    assert str(film.parent) in said
    assert "Swing your foot slowly inwards" in said
    assert "Hold it there" in said
    assert "\x1b" not in said


@pytest.mark.faults
def test_ctrl_c_keeps_what_was_recorded_and_marks_it(place):
    process = begun(place, "stopped", at_least=1_500_000)

    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)

    assert process.returncode == 0, said
    film = film_in(place, "stopped")
    summary = json.loads((film.with_suffix("") / "summary.json").read_text())
    assert summary["recording"]["ended"] == "it was stopped by hand"
    assert sum(side["reps"] for side in summary["sides"].values()) >= 1


@pytest.mark.faults
def test_a_killed_recording_leaves_a_film_that_plays_and_can_be_analysed(place):
    process = begun(place, "killed", at_least=1_500_000)

    process.kill()
    process.wait()

    process.stdout.close()
    process.stderr.close()
    trial = hiprom.analyze(film_in(place, "killed"), protocol="seated_er")
    assert len(trial.reps) >= 1
    assert trial.summary["video"]["duration_s"] > 5


def test_an_empty_room_is_told_and_leaves_no_film(place, refused, tmp_path):
    empty = clips.make_clip(tmp_path / "empty.mp4", frames=60)

    said = refused(*words(empty, "--out", "empty"))

    assert "No test was begun. A person was found in 0%" in said
    assert not list((place[0] / "empty").iterdir())


def test_a_camera_that_is_not_there_is_told_in_one_message(refused):
    said = refused("record", "--headless", "--camera-index", "97")

    assert "Error:" in said
    assert "97" in said
    assert "[" not in said.partition("Error:")[2]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is Linux's")
def test_without_a_window_nobody_is_filmed_who_did_not_agree(refused, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    filmed = ("record", "--quiet", "--camera-index", "97")

    for answer in ("n\n", None):
        said = refused(*filmed, answer=answer)
        assert "Your camera films you" in said
        assert "Aborted" in said
        assert "camera 97" not in said.lower()
    assert "camera 97" in refused(*filmed, answer="y\n").lower()


def test_a_source_that_is_no_video_is_told_in_one_message(refused):
    said = refused(*words(__file__, "--out", "none"))

    assert "test_record_command.py" in said
