"""`hiprom backup` and `hiprom restore` as they are typed."""

import pytest
from typer.testing import CliRunner

from hiprom.cli import app


def run(*words, **more):
    return CliRunner().invoke(app, [str(word) for word in words], **more)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HIPROM_DB_URL", raising=False)
    return tmp_path / "home"


def test_what_was_backed_up_is_there_again(tmp_path):
    out = tmp_path / "history.zip"
    run("diary", "P01", "--minutes", "5", "--note", "stairs")
    kept = run("backup", out)
    run("diary", "P02", "--minutes", "5")
    asked = run("restore", out, input="n\n")
    still = run("history").stdout
    done = run("restore", out, "--yes")

    assert "people: 1, sessions: 0, trials: 0, cameras: 0" in kept.stderr
    assert asked.exit_code == 1
    assert "what is kept now (people: 2, trials: 0)?" in asked.stderr
    assert "P02" in still
    assert done.exit_code == 0, done.stderr
    assert "What was there before: " in done.stderr
    assert "P02" not in run("history").stdout


def test_what_cannot_be_written_or_read_is_said(tmp_path):
    text = tmp_path / "text.zip"
    text.write_text("no zip")

    assert "There is no folder" in run("backup", tmp_path / "no" / "x.zip").stderr
    assert "is not a backup" in run("restore", text, "--yes").stderr
    assert "There is no file" in run("restore", tmp_path / "gone.zip").stderr
