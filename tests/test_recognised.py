"""`--protocol auto`: kept landmarks whose test is told, asked for, or refused."""

import json
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from stick_people import FACING, filmed, squat
from synthetic import reps_trace, seated_joints
from typer.testing import CliRunner

import hiprom
from hiprom.cli import app
from hiprom.errors import MeasurementError, TestNotClear
from hiprom.report.landmarks import read_landmarks, write_landmarks

GOLDEN = Path(__file__).parent / "golden" / "seated_er_right.parquet"


@pytest.fixture
def both_ways(tmp_path):
    """Landmarks of a leg that swings out and in: either seated test may be meant."""
    time_s, angle, _ = reps_trace((30.0, -30.0, 32.0, -31.0))
    track = filmed(seated_joints(angle) @ FACING.T, time_s)
    _, facts = read_landmarks(GOLDEN)
    path = tmp_path / "both_ways.parquet"
    write_landmarks(path, track, facts)
    return path


def test_a_test_that_is_recognised_is_measured_like_one_that_is_named():
    told = hiprom.analyze_landmarks(GOLDEN, protocol="auto")
    named = hiprom.analyze_landmarks(GOLDEN, protocol="seated_er")

    assert told.reps.equals(named.reps)
    assert told.summary["protocol"] == named.summary["protocol"]
    assert told.summary["recognised"]["is_sure"]
    assert told.summary["recognised"]["sureness"]["seated_er"] > 0.9
    assert "recognised" not in named.summary


def test_without_anybody_to_ask_the_likeliest_are_named(both_ways):
    with pytest.raises(TestNotClear, match=r"seated_.r, but .*; seated_.r, but "):
        hiprom.analyze_landmarks(both_ways, protocol="auto")


def test_who_is_asked_decides(both_ways):
    asked = []

    def answer(recognition):
        asked.append([each.protocol for each in recognition.likely])
        return "seated_er"

    trial = hiprom.analyze_landmarks(both_ways, protocol="auto", ask=answer)

    assert [sorted(each) for each in asked] == [["seated_er", "seated_ir"]]
    assert trial.measurement.protocol.name == "seated_er"
    assert not trial.summary["recognised"]["is_sure"]


def test_nobody_in_view_is_said_as_for_any_test(tmp_path):
    track, facts = read_landmarks(GOLDEN)
    empty = replace(track, image_px=np.full_like(track.image_px, np.nan))
    write_landmarks(tmp_path / "empty.parquet", empty, facts)

    with pytest.raises(hiprom.HipromError, match="A person was found in 0%"):
        hiprom.analyze_landmarks(tmp_path / "empty.parquet", protocol="auto")


def words(path, out, *more):
    options = ["--protocol", "auto", "--from-landmarks", "--out", str(out), "--no-save"]
    return ["analyze", str(path), *options, *more]


def test_a_script_is_told_in_one_message_and_in_json(both_ways, tmp_path):
    result = CliRunner().invoke(app, words(both_ways, tmp_path / "out", "--json"))

    assert result.exit_code == 1
    (failure,) = json.loads(result.stdout)["failures"]
    assert "Say which it is, for example --protocol seated_" in failure["error"]
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").iterdir())


def test_a_person_at_a_terminal_is_asked(both_ways, tmp_path):
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    end, inner = pty.openpty()
    code = "from hiprom.cli import app; app()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, *words(both_ways, tmp_path / "out")],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    os.close(inner)
    written = b""

    def read():
        nonlocal written
        with suppress(OSError):  # the other end was closed
            while some := os.read(end, 65536):
                written += some
                if b"Its number, or its name" in written and b"squat!" not in written:
                    os.write(end, b"squat!\n2\n")

    reader = threading.Thread(target=read)
    reader.start()
    assert process.wait(timeout=60) == 0
    reader.join(timeout=10)
    os.close(end)

    text = re.sub(r"\x1b\[[\d;?]*[A-Za-z]|\r", "", written.decode())
    second = re.search(r"^  2  (\w+)", text, re.MULTILINE).group(1)
    assert "Needed is 1 to 2, or one of seated_ir" in text
    (summary,) = (tmp_path / "out").rglob("summary.json")
    assert json.loads(summary.read_text())["protocol"]["name"] == second


def test_a_refusal_names_the_test_that_it_looks_like(tmp_path):
    _, facts = read_landmarks(GOLDEN)
    path = tmp_path / "squat.parquet"
    time_s, body = squat()
    write_landmarks(path, filmed(body, time_s), facts)

    with pytest.raises(MeasurementError, match=r"try --protocol squat\.$") as refusal:
        hiprom.analyze_landmarks(path, protocol="seated_ir")

    assert isinstance(refusal.value.__cause__, type(refusal.value))
