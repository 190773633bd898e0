"""A sample video through the real pose model, as a person would run it."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import av
import clips
import numpy as np
import pandas as pd
import pytest

import hiprom
from hiprom.errors import LegsNotReadable, NoReps
from hiprom.report import folder

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]
SAMPLES = Path(__file__).parents[1] / "sample_videos"
# The largest error of a rep's end-range on the two samples when last measured, with
# room for another processor's rounding (docs/accuracy.md).
WORST_DEG = 3.0


def truth(name):
    """(side, [(plateau start, plateau end, true end-range)]) of a sample."""
    facts = json.loads((SAMPLES / f"{name}.json").read_text())
    angles = pd.read_csv(SAMPLES / f"{name}.csv")
    column = angles[f"{facts['side']}_hip_rotation_deg"]
    plateaus = [(rep["peak_start_s"], rep["peak_end_s"]) for rep in facts["reps"]]
    return facts["side"], [
        (start, end, column[angles["time_s"].between(start, end)].median())
        for start, end in plateaus
    ]


@pytest.fixture(scope="module")
def trial(tmp_path_factory, estimator):
    """The internal rotation sample, measured once with all its files."""
    out = tmp_path_factory.mktemp("results")
    return hiprom.analyze(
        SAMPLES / "seated_ir_left.mp4", out=out, subject="P 7", estimator=estimator
    )


def assert_every_rep_is_found(reps, name):
    side, plateaus = truth(name)
    assert list(reps["side"]) == [side] * len(plateaus)
    for rep, (start, end, angle) in zip(reps.itertuples(), plateaus, strict=True):
        assert rep.start_s < (start + end) / 2 < rep.end_s
        assert abs(rep.end_range - angle) < WORST_DEG


def test_every_internal_rotation_is_found_and_none_invented(trial):
    assert_every_rep_is_found(trial.reps, "seated_ir_left")


@pytest.mark.parametrize("every", [2, pytest.param(1, marks=pytest.mark.slow)])
def test_every_external_rotation_is_found_and_none_invented(estimator, tmp_path, every):
    sample = SAMPLES / "seated_er_right.mp4"
    if every > 1:  # as a slower camera would have filmed it
        path = tmp_path / sample.name
        sample = clips.shortened(path, sample, begin_s=0.0, seconds=99.0, every=every)

    trial = hiprom.analyze(sample, protocol="seated_er", estimator=estimator)

    assert_every_rep_is_found(trial.reps, "seated_er_right")
    assert (trial.reps["end_range"] < 0).all()


def test_the_contract_s_files_are_there_and_agree(trial):
    reps = pd.read_csv(trial.folder / "reps.csv")
    frames = pd.read_csv(trial.folder / "frames.csv")
    summary = json.loads((trial.folder / "summary.json").read_text())

    assert sorted(path.name for path in trial.folder.iterdir()) == sorted(folder.FILES)
    assert list(reps.columns)[:7] == (
        ["video", "subject", "recorded_at", "protocol", "side", "rep", "quantity"]
    )
    assert set(reps["subject"]) == {"P 7"}
    assert len(frames) == summary["video"]["frames"] == 504
    assert summary["sides"]["left"]["valid_reps"] == len(reps) == 3
    assert abs(summary["sides"]["left"]["mean"] - reps["end_range"].mean()) < 0.01
    assert summary["isolation"]["is_isolated"]
    assert summary["video"]["sha256"] == trial.summary["video"]["sha256"]


def test_the_report_asks_the_network_for_nothing(trial):
    asked = []

    class Links(HTMLParser):
        def handle_starttag(self, _tag, attributes):
            asked.extend(
                value
                for key, value in attributes
                if key in ("src", "href") and not value.startswith(("data:", "#"))
            )

    page = (trial.folder / "report.html").read_text()
    Links().feed(page)

    assert asked == []
    assert not re.search(r"url\((?!['\"]?(#|data:))", page)
    assert "not a diagnosis" in page.lower()


def test_the_overlay_plays_frame_for_frame_at_the_video_s_own_times(trial):
    with av.open(trial.folder / "overlay.mp4") as film:
        stream = film.streams.video[0]
        times_s = [frame.time for frame in film.decode(stream)]

        assert stream.codec_context.name == "h264"
        assert (stream.width, stream.height) == (640, 480)
    assert np.abs(np.array(times_s) - trial.track.time_s).max() < 1e-3


def test_kept_landmarks_give_the_same_reps_without_the_video(trial, tmp_path):
    again = hiprom.analyze_landmarks(
        trial.folder / "landmarks.parquet", out=tmp_path, subject="P 7"
    )

    pd.testing.assert_frame_equal(again.reps, trial.reps)
    assert again.folder.name == "seated_ir_left"
    assert not (again.folder / "overlay.mp4").exists()


@pytest.mark.slow
def test_the_same_video_twice_is_the_same_to_the_bit(tmp_path, estimator):
    clip = clips.make_clip(
        tmp_path / "one.mp4", pictures=sample_frames("seated_ir_left", 170)
    )

    first, second = (hiprom.analyze(clip, estimator=estimator).track for _ in range(2))

    for field in ("time_s", "image_px", "world_m", "visibility", "chords_px", "light"):
        assert getattr(first, field).tobytes() == getattr(second, field).tobytes()


def test_the_wrong_side_says_which_side_moved(trial):
    with pytest.raises(NoReps, match=r"right side, but the left leg moved"):
        hiprom.analyze_landmarks(trial.folder / "landmarks.parquet", side="right")


def sample_frames(name, count):
    with av.open(SAMPLES / f"{name}.mp4") as video:
        for _, frame in zip(range(count), video.decode(video=0), strict=False):
            yield frame.to_ndarray(format="rgb24")


def test_legs_out_of_the_picture_say_what_to_change(tmp_path, estimator):
    waist_up = [rgb[:290] for rgb in sample_frames("seated_ir_left", 60)]
    clip = clips.make_clip(tmp_path / "waist.mp4", pictures=waist_up)

    with pytest.raises(LegsNotReadable, match=r"outside the picture.*Step back"):
        hiprom.analyze(clip, estimator=estimator)


def test_a_recording_cut_off_at_half_is_measured_and_flagged(tmp_path, estimator):
    every_other = list(sample_frames("seated_ir_left", 260))[::2]
    whole = clips.make_clip(tmp_path / "whole.mkv", pictures=every_other, fps=15)
    half = clips.cut(tmp_path / "half.mkv", whole, 0.6)

    trial = hiprom.analyze(half, estimator=estimator)

    assert any("% of its declared duration" in w for w in trial.summary["warnings"])
    assert len(trial.reps) >= 1


@pytest.mark.parametrize("size", ["16k", "360k"])
def test_a_full_disk_is_one_message_and_nothing_half_written(
    trial, tmp_path, model_file, size
):
    del model_file
    # A real full disk: a file system of that size, mounted for one process alone.
    script = (
        f'mount -t tmpfs -o size={size} none "$1" || exit 77; '
        '"$2" -c "from hiprom.cli import app; app()" analyze "$3" --from-landmarks '
        '--out "$1/out"; code=$?; ls -A "$1/out" >&2; exit $code'
    )
    landmarks = trial.folder / "landmarks.parquet"
    run = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script),
            *("sh", tmp_path, sys.executable, landmarks),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 77 or "unshare" in run.stderr:
        pytest.skip("this system lets nobody mount a small disk of their own")

    assert run.returncode == 1, run.stderr
    assert run.stdout == ""
    (line,) = run.stderr.splitlines()
    assert line.startswith("Error: Could not write ")
    assert "disk is full" in line
    assert "Free some space" in line


def test_ctrl_c_ends_the_pose_process_and_leaves_no_files(tmp_path, model_file):
    del model_file
    out = tmp_path / "out"
    command = [sys.executable, "-c", "from hiprom.cli import app; app()", "analyze"]
    video = str(SAMPLES / "seated_ir_left.mp4")
    running = subprocess.Popen(
        [*command, video, "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        children = wait_for_children(running.pid, out)
        time.sleep(1.0)
        # What a terminal does: the whole foreground group is told.
        os.killpg(running.pid, signal.SIGINT)
        stdout, stderr = running.communicate(timeout=20)
    finally:
        running.kill()

    assert running.returncode == 1
    assert stdout == ""
    assert stderr == "Stopped. Nothing unfinished was kept.\n"
    assert list(out.iterdir()) == []
    assert not any(Path(f"/proc/{child}").exists() for child in children)


def wait_for_children(pid, out):
    """The process ids of `pid`'s children, once it has begun to measure."""
    tasks = Path(f"/proc/{pid}/task/{pid}/children")
    for _ in range(600):
        children = tasks.read_text().split()
        if children and out.exists():
            return children
        time.sleep(0.05)
    raise AssertionError("the pose process never started")


@pytest.mark.slow
def test_a_test_that_was_named_wrongly_is_noticed(estimator):
    """A clamshell looks to the seated test like one before a camera that leans."""
    film = SAMPLES.parent / "calibration" / "benchmark" / "clamshell_02.mp4"

    wrong = hiprom.analyze(film, protocol="seated_ir", estimator=estimator)
    right = hiprom.analyze(film, protocol="clamshell", estimator=estimator)

    first, *_ = wrong.summary["warnings"]
    assert first.startswith("It looks like another test, clamshell: try --protocol")
    assert not [line for line in right.summary["warnings"] if "looks like" in line]
