"""A batch of real videos killed at random moments: what it comes to is not changed.

Five kills in CI; ``HIPROM_KILLS=25 HIPROM_CLIPS=10 pytest -m faults`` makes 25.
"""

import csv
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from clips import shortened

ROOT = Path(__file__).parents[2]
FILMS = sorted((ROOT / "calibration" / "benchmark").glob("seated_ir_*.mp4"))
KILLS = int(os.environ.get("HIPROM_KILLS", "5"))
CLIPS = int(os.environ.get("HIPROM_CLIPS", "3"))
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
pytestmark = [
    pytest.mark.faults,
    pytest.mark.model,
    pytest.mark.xdist_group("dask"),
]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """A list of short clips, each of a person of its own."""
    folder = tmp_path_factory.mktemp("clips")
    rows = [["video", "subject", "recorded_at"]]
    for number, film in enumerate(FILMS[:CLIPS]):
        shortened(folder / film.name, film)
        rows.append([film.name, f"P{number:02d}", "2026-05-04"])
    path = folder / "manifest.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def batch(home, model_file, *words):
    environment = os.environ | {
        "HIPROM_HOME": str(home),
        "HIPROM_MODEL": str(model_file),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.Popen(
        [*HIPROM, "batch", *map(str, words), "--workers", "2"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def ended_well(process):
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert "Traceback" not in said


def kept(home):
    """The trials in the history: how many, and of how many videos."""
    with closing(sqlite3.connect(home / "hiprom.sqlite")) as connection:
        return connection.execute(
            "SELECT count(*), count(DISTINCT video_id), count(DISTINCT subject_id)"
            " FROM trials"
        ).fetchone()


def test_kills_at_random_moments_change_nothing(manifest, model_file, tmp_path):
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    began_s = time.monotonic()
    ended_well(batch(tmp_path / "home_calm", model_file, manifest, "--out", calm))
    longest_s = 1.2 * (time.monotonic() - began_s)
    chance = random.Random(6)
    home = tmp_path / "home_killed"

    kills = rounds = 0
    while kills < KILLS:
        process = batch(home, model_file, manifest, "--resume", "--out", killed)
        try:
            process.communicate(timeout=chance.uniform(0.5, longest_s))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
            continue
        rounds += 1
        # All was done: begin with a part of it again.
        for clip in sorted(manifest.parent.glob("*.mp4"))[rounds % 2 :: 2]:
            clip.touch()
    ended_well(batch(home, model_file, manifest, "--resume", "--out", killed))

    for name in ("reps.csv", "summary.csv", "summary.xlsx"):
        assert (killed / name).read_bytes() == (calm / name).read_bytes(), name
    assert kept(home) == kept(tmp_path / "home_calm") == (CLIPS, CLIPS, CLIPS)
    # Nothing is left of what was being written.
    assert [path.name for path in killed.glob(".*")] == []
