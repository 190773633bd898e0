"""Tests for hiprom.batch.leftovers: what killed workers leave, and nothing else."""

import tempfile

import pytest

from hiprom.batch.leftovers import sweep
from hiprom.report.folder import result_folder
from hiprom.report.whole_file import whole_file


class Killed(BaseException):
    """Stands for the end of the process."""


def die_while_writing(out, name):
    with result_folder(out, name) as folder:
        (folder / "reps.csv").write_text("half")
        raise Killed


def test_what_a_killed_worker_leaves_is_removed(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("hiprom.report.folder.shutil.rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            die_while_writing(tmp_path, "knee_1")
    with whole_file(tmp_path / "reps.csv") as unfinished:
        unfinished.write_text("whole")
        (tmp_path / unfinished.name.replace(unfinished.name[-4:], "0000")).touch()
    assert len(list(tmp_path.glob(".*"))) == 2

    sweep(tmp_path, {"knee_1"})

    assert [path.name for path in tmp_path.iterdir()] == ["reps.csv"]


def test_nothing_else_is_touched(tmp_path):
    theirs = {
        tmp_path / ".git",
        tmp_path / ".other.abcd1234",
        tmp_path / "knee_1",
        tmp_path / ".knee_1.notes",
    }
    for folder in theirs:
        folder.mkdir()
    (tmp_path / ".hiprom-notes").touch()

    sweep(tmp_path, {"knee_1"})

    assert set(tmp_path.iterdir()) == theirs | {tmp_path / ".hiprom-notes"}


def test_unfinished_folders_are_named_as_the_system_names_them(tmp_path):
    for _ in range(200):
        made = tempfile.mkdtemp(prefix=".knee_1.", dir=tmp_path)
    assert made
    sweep(tmp_path, {"knee_1"})

    assert list(tmp_path.iterdir()) == []
