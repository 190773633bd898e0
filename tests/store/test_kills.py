"""A writer killed at any moment: what it said was kept is there, whole.

Five kills in every run; ``pytest -m faults`` makes 25.
"""

import hashlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
import recordings
from recordings import trial, write

from hiprom.store import unsettled
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.store import Store

HERE = Path(__file__).parent


def started(url, folder, name):
    return subprocess.Popen(
        [sys.executable, HERE / "writer.py", url or "", folder, name],
        stdout=subprocess.PIPE,
        text=True,
    )


def killed_after(writer, lines, seconds):
    """Kill a writer some time after it has said so much; return all it said."""
    said = [writer.stdout.readline() for _ in range(lines)]
    time.sleep(seconds)
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    said += rest.splitlines(keepends=True)
    return [line.split() for line in said if line.endswith("\n")]


def sums_of_videos(store):
    with store._database.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT t.id, v.sha256 FROM trials t JOIN videos v ON v.id = t.video_id"
        )
        return {row.id: row.sha256 for row in rows}


def kill_and_look(url, folder, rounds, at_once):
    """Kill crowds of writers on the same history, and look at it each time."""
    chance = random.Random(rounds)
    acknowledged = {}
    for turn in range(rounds):
        names = [f"writer {turn} {number}" for number in range(at_once)]
        writers = [started(url, folder, name) for name in names]
        for writer in writers:
            said = killed_after(writer, 1, chance.uniform(0, 0.15))
            acknowledged |= {int(trial_id): sha256 for trial_id, sha256 in said}
        with Store.open(url, folder) as store:
            kept = {each.trial_id: each for each in store.trials("P01")}
            videos = sums_of_videos(store)
            for trial_id, sha256 in acknowledged.items():
                assert videos[trial_id] == sha256
            for trial_id, each in kept.items():
                assert recordings.alike(each.reps) == recordings.alike(trial().reps)
                landmarks = store.landmarks(trial_id)
                content = landmarks.read_bytes()
                assert hashlib.sha256(content).hexdigest() == landmarks.stem
            assert {fault.kind for fault in store.fsck()} <= {"leftover", "orphan"}
    with Store.open(url, folder) as store:
        store.save_trial("P02", trial(), write)

        assert store.fsck() == ()
        assert len(acknowledged) >= rounds * at_once


def test_five_kills_lose_nothing(folder):
    kill_and_look(None, folder, 1, 5)


@pytest.mark.faults
@pytest.mark.parametrize(("rounds", "at_once"), [(25, 1), (5, 5)])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_25_kills_lose_nothing(kind, rounds, at_once, folder, request):
    url = None
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").ready()

    kill_and_look(url, folder, rounds, at_once)


class TestASaveThatDiesHalfway:
    """Each at its own moment, as a kill at that moment would leave it."""

    class Killed(BaseException):
        """Stands for the end of the process: nothing of ours catches it."""

    def test_before_the_row_leaves_an_orphan_that_the_next_save_removes(
        self, store, monkeypatch
    ):
        with monkeypatch.context() as patch:
            patch.setattr("hiprom.store.unsettled.strike", self.dies)
            with pytest.raises(self.Killed):
                store.save_trial("P01", trial(), write)
        (fault,) = store.fsck()
        subjects = store.subjects()
        store.save_trial("P02", trial(), lambda path: path.write_bytes(b"others"))

        assert fault.kind == "orphan"
        assert subjects == ()
        assert not Path(fault.where).exists()
        assert store.fsck() == ()

    def test_an_orphan_of_the_same_landmarks_is_used_again(self, store, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr("hiprom.store.unsettled.strike", self.dies)
            with pytest.raises(self.Killed):
                store.save_trial("P01", trial(), write)

        saved = store.save_trial("P01", trial(), write)

        assert saved.is_new
        assert store.landmarks(saved.trial.trial_id).read_bytes()
        assert store.fsck() == ()

    def test_another_save_forgets_no_file_that_is_still_to_come(self, store, folder):
        database, files = store._database, LandmarkFiles(folder)
        sha256 = "0" * 64
        with database.writing() as connection:
            unsettled.note(connection, [sha256])
        store.save_trial("P02", trial(), write)
        orphan = files.path(sha256)
        orphan.parent.mkdir()
        orphan.write_bytes(b"came, and its row did not")

        store.save_trial("P02", trial(side="left"), write)

        assert not orphan.exists()

    def dies(self, *_anything):
        raise self.Killed


@pytest.mark.parametrize(
    "rounds", [1, pytest.param(12, marks=pytest.mark.faults)], ids=str
)
def test_a_killed_upgrade_leaves_the_old_tables_or_the_new(folder, rounds):
    script = (HERE / "oldest.sqlite.sql").read_text()
    code = (
        "import sys; from pathlib import Path; from hiprom.store.store import Store;"
        "import alembic.command; print('ready', flush=True);"
        "Store.open(None, Path(sys.argv[1]))"
    )
    chance = random.Random(rounds)
    for _ in range(rounds):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as connection:
            connection.executescript(script)
        upgrade = subprocess.Popen(
            [sys.executable, "-c", code, folder], stdout=subprocess.PIPE
        )
        upgrade.stdout.readline()
        time.sleep(chance.uniform(0, 0.12))
        upgrade.kill()
        upgrade.communicate()

        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as connection:
            ask = connection.execute
            (version,) = ask("SELECT version_num FROM hiprom_revision").fetchone()
            new = ask("SELECT 1 FROM sqlite_master WHERE name = 'batches'").fetchone()
        assert (version, new) in {("0001", None), ("0004", (1,))}
        with Store.open(None, folder) as store:
            assert len(store.trials("OLD-1")[0].reps) == 3
        copies = [path.name for path in (folder / "backups").iterdir()]
        assert [name for name in copies if name.startswith("hiprom-0001")]
        assert [name for name in copies if name.startswith(".")] == []
