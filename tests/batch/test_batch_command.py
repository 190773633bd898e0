"""`hiprom batch` as a person types it: real videos, kept landmarks, real kills."""

import csv
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from clips import shortened

from hiprom.usecases import analyze_landmarks

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = ROOT / "sample_videos"
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
pytestmark = [pytest.mark.model, pytest.mark.xdist_group("dask")]


@pytest.fixture(scope="module")
def place(tmp_path_factory, model_file):
    """A folder to work in, and an environment that keeps everything there."""
    folder = tmp_path_factory.mktemp("batch")
    home = {"HIPROM_HOME": str(folder / "home"), "HIPROM_MODEL": str(model_file)}
    return folder, os.environ | home


def hiprom(place, *words, code=0):
    folder, environment = place
    ended = subprocess.run(
        [*HIPROM, *map(str, words)],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def kept(place):
    """Return a folder of trials whose landmarks are kept, so many of each kind."""
    folder, _ = place
    for name in ("seated_ir_left", "seated_er_right"):
        analyze_landmarks(
            GOLDEN / f"{name}.parquet",
            protocol=name.rpartition("_")[0],
            out=folder / "one",
            name=name,
        )

    def copied(each):
        results = folder / f"{each} of each"
        for made in (folder / "one").iterdir():
            for number in range(each):
                shutil.copytree(made, results / f"{made.name}_{number:02d}")
        return results

    return copied


@pytest.fixture(scope="module")
def measured(place):
    """Two videos, measured: one repetition of a sample, and one that is no video."""
    folder, _ = place
    videos = folder / "videos"
    videos.mkdir()
    shortened(videos / "seated_ir_left.mp4", SAMPLES / "seated_ir_left.mp4")
    (videos / "no_video.mp4").write_text("this is text")

    ended = hiprom(
        place,
        *("batch", videos, "--out", "measured", "--no-overlay", "--workers", "1"),
        code=3,
    )

    return videos, folder / "measured", ended


def test_a_folder_of_videos_is_measured_and_what_fails_is_told(measured):
    _, out, ended = measured

    said = " ".join(ended.stdout.split())
    assert "1 done, 1 failed, 0 waiting" in said
    assert "no_video" in said
    assert "this is text, not a video" in said
    reps = rows(out / "reps.csv")
    assert [row["side"] for row in reps] == ["left"]
    told = {row["name"]: row["state"] for row in rows(out / "summary.csv")}
    assert told == {"no_video": "failed", "seated_ir_left": "done"}
    names = {path.name for path in (out / "seated_ir_left").iterdir()}
    assert {"reps.csv", "report.html", "landmarks.parquet"} <= names


def test_a_batch_is_gone_on_with_only_when_told_to(place, measured):
    videos, out, _ = measured
    before_s = (out / "seated_ir_left" / "reps.csv").stat().st_mtime

    refused = hiprom(place, "batch", videos, "--out", out, code=1)
    hiprom(
        place,
        *("batch", videos, "--out", out, "--no-overlay", "--resume"),
        *("--workers", "1"),
        code=3,
    )

    assert "holds a batch already: 1 done, 1 failed" in refused.stderr
    after_s = (out / "seated_ir_left" / "reps.csv").stat().st_mtime
    assert after_s == before_s


@pytest.mark.slow
def test_a_manifest_names_subjects_who_then_have_a_history(place):
    folder, _ = place
    template = hiprom(place, "batch", SAMPLES, "--manifest-template").stdout
    lines = template.splitlines()
    assert lines[0] == "video,subject,protocol,side,recorded_at,camera"
    chosen = next(line for line in lines if "seated_er_right" in line)
    video, _, *rest = chosen.split(",")
    manifest = folder / "manifest.csv"
    row = ",".join([str(SAMPLES / video), "P77", *rest[:2], "2026-05-04", ""])
    manifest.write_text(f"{lines[0]}\n{row}\n")

    hiprom(place, "batch", manifest, "--out", "listed", "--no-overlay")

    history = json.loads(hiprom(place, "history", "P77", "--json").stdout)
    (measure,) = history["measures"]
    assert [session["reps"] for session in measure["sessions"]] == [3]


def test_kept_landmarks_are_measured_anew_with_the_same_result(place, kept):
    folder, _ = place
    results = kept(3)

    ended = hiprom(place, "batch", results, "--reanalyse", "--out", "anew", "--json")

    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert events[0] | {"event": "started", "queued": 6} == events[0]
    assert events[-1]["event"] == "over"
    assert events[-1]["done"] == 6
    again = rows(folder / "anew" / "reps.csv")
    golden = rows(GOLDEN / "seated_er_right.reps.csv")
    mine = [row for row in again if row["protocol"] == "seated_er"][: len(golden)]
    assert [row["end_range"] for row in mine] == [row["end_range"] for row in golden]
    assert len(again) == 3 * (3 + len(golden))


def test_results_without_landmarks_are_refused(place, tmp_path):
    ended = hiprom(place, "batch", tmp_path, "--reanalyse", "--out", "none", code=1)

    assert "holds no results with landmarks.parquet" in ended.stderr


def test_an_open_scheduler_elsewhere_is_refused_before_anything_is_done(place):
    folder, _ = place

    ended = hiprom(
        place,
        *("batch", SAMPLES, "--out", "far", "--scheduler", "tcp://192.0.2.7:8786"),
        code=1,
    )

    assert "whoever reaches it could run anything there" in ended.stderr
    assert not (folder / "far").exists()


@pytest.mark.faults
def test_a_batch_killed_25_times_comes_to_the_same_tables(place, kept):
    folder, environment = place
    results = kept(12)
    hiprom(place, "batch", results, "--reanalyse", "--out", "calm")
    chance = random.Random(6)

    kills = 0
    while kills < 25:
        process = subprocess.Popen(
            [
                *(*HIPROM, "batch", str(results), "--reanalyse", "--resume"),
                *("--out", "killed", "--workers", "2"),
            ],
            env=environment,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(chance.uniform(0.5, 6.0))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            kills += 1
        else:
            # All was done: begin with a part of it again.
            for made in sorted((folder / "killed").glob("seated_*"))[::2]:
                (results / made.name / "landmarks.parquet").touch()
        process.wait()
    hiprom(place, "batch", results, "--reanalyse", "--out", "killed", "--resume")

    for name in ("reps.csv", "summary.csv", "summary.xlsx"):
        calm, killed = (folder / out / name for out in ("calm", "killed"))
        assert killed.read_bytes() == calm.read_bytes(), name


@pytest.fixture(scope="module")
def two_tests(place):
    """A list of two short clips that show different tests."""
    folder, _ = place
    clips = folder / "clips"
    clips.mkdir()
    rows = ["video,protocol"]
    for name in ("seated_ir_left", "seated_er_right"):
        shortened(clips / f"{name}.mp4", SAMPLES / f"{name}.mp4")
        rows.append(f"{name}.mp4,{name.rpartition('_')[0]}")
    (clips / "tests.csv").write_text("\n".join(rows))
    return clips / "tests.csv"


@pytest.mark.slow
def test_limits_give_a_video_up_and_not_the_batch(place, two_tests):
    words = ("batch", two_tests, "--out", "limited", "--no-overlay", "--resume")

    slow = hiprom(place, *words, "--timeout", 1, "--workers", 1, code=1)
    large = hiprom(place, *words, "--memory", 0.2, "--workers", 1, code=1)
    well = hiprom(place, *words, "--workers", 1)

    said = " ".join(slow.stdout.split())
    assert "0 done, 2 failed" in said
    assert "It took longer than 1 s. Cut the video to the test" in said
    said = " ".join(large.stdout.split())
    assert "GB of memory; 0.2 GB are allowed" in said
    assert "2 done, 0 failed, 0 waiting" in well.stdout
    told = rows(place[0] / "limited" / "summary.csv")
    assert [(row["protocol"], row["state"]) for row in told] == [
        ("seated_er", "done"),
        ("seated_ir", "done"),
    ]
    assert float(told[0]["mean"]) < 0 < float(told[1]["mean"])


def still_there(group):
    """What is left of a group of processes, once it had time to end."""
    until_s = time.monotonic() + 20
    while True:
        listed = subprocess.run(
            ["/usr/bin/pgrep", "-a", "-g", str(group)],
            check=False,
            capture_output=True,
            text=True,
        ).stdout
        if not listed or time.monotonic() > until_s:
            return listed
        time.sleep(0.5)


@pytest.mark.slow
@pytest.mark.skipif(not Path("/usr/bin/pgrep").exists(), reason="needs pgrep")
def test_ctrl_c_leaves_what_is_done_and_says_how_to_go_on(place, two_tests):
    folder, environment = place
    words = ["batch", str(two_tests), "--out", "stopped", "--no-overlay"]
    process = subprocess.Popen(
        [*HIPROM, *words, "--workers", "1", "--json"],
        env=environment,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stdout:
        if json.loads(line)["event"] == "ended":
            break
    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it, to all of them
    _, said = process.communicate(timeout=120)
    left = still_there(process.pid)
    again = hiprom(place, *words, "--resume")

    assert process.returncode == 1
    assert "Traceback" not in said
    assert "Stopped. What was done is kept in" in said
    assert "--resume" in said
    assert left == ""
    assert "2 done, 0 failed, 0 waiting" in again.stdout
