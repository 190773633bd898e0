"""Tests for hiprom.store.erase: of a subject who is forgotten, no byte is left."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import recordings
from recordings import NOON, saved_rep, trial

from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.core.jobs import JobSpec
from hiprom.errors import StoreUnavailable, UnknownSubject
from hiprom.store import engine
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store

TRACES = {
    "the code": "PATIENT-4711",
    "the name": "Wilhelmine Überall",
    "the video": "wilhelmines linke Hüfte.mp4",
    "the note": "it pinched on the stairs to the attic",
    "the reason": "slid off the green chair",
    "the flag": "a_flag_of_hers",
    "the landmarks": "hers alone, frame after frame",
    "the facts": "her own telephone",
    "the protocol": "a protocol of her own",
    "the results": "/ward 7/Überall, Wilhelmine",
    "the job": "her-film-of-may",
    "the failure": "her knee was too straight",
}


def landmarks(words):
    return lambda path: path.write_bytes(words.encode() * 3000)


def live(store, number=0):
    """Keep everything that can be kept of her, and something of somebody else."""
    code = TRACES["the code"]
    store.put_subject(Subject(code, TRACES["the name"], "female", 1931, "both"))
    film = recordings.Video(
        TRACES["the video"], f"{number:064}", facts={"phone": TRACES["the facts"]}
    )
    new = trial(
        video=film,
        protocol=TRACES["the protocol"],
        reps=(saved_rep(1), saved_rep(2, flags=(TRACES["the flag"],))),
        summary={"subject": code},
    )
    kept = store.save_trial(code, new, landmarks(TRACES["the landmarks"])).trial
    which = (kept.trial_id, "right", "hip_rotation_deg", 2)
    store.exclude_rep(*which, TRACES["the reason"])
    store.add_diary(code, DiaryEntry(NOON, 4, note=TRACES["the note"]))
    store.put_programme(code, Programme(drills=(TRACES["the protocol"],)))
    batch = open_batch(store, TRACES["the results"])
    spec = JobSpec(f"/films/{TRACES['the video']}", TRACES["the job"], subject=code)
    batch.add([Asked(spec, "settings", "fingerprint", 1.0)])
    batch.fail(batch.claim(1)[0].job_id, TRACES["the failure"])
    store.save_trial("P02", trial(), landmarks("somebody else's"))
    store.save_trial("P03", trial(video=film), landmarks(TRACES["the landmarks"]))
    store.forget("P03")


def traces(folder):
    """Return what of her is still to be found, byte for byte, and where."""
    return [
        (what, path.name)
        for path in folder.rglob("*")
        if path.is_file()
        for what, words in TRACES.items()
        if words.encode() in path.read_bytes() or words in path.name
    ]


def test_what_is_kept_of_her_can_be_found_in_the_folder(folder):
    with Store.open(None, folder) as store:
        live(store)

    assert {what for what, _ in traces(folder)} == set(TRACES)


def test_nothing_is_left_of_who_is_forgotten(store, folder):
    live(store)

    erased = store.forget(TRACES["the code"])

    assert traces(folder) == []
    assert (erased.sessions, erased.trials, erased.reps) == (1, 1, 2)
    assert (erased.landmarks, erased.backups, erased.jobs) == (1, 0, 1)
    assert erased.videos == (TRACES["the video"],)
    with pytest.raises(UnknownSubject):
        store.subject(TRACES["the code"])
    with store._database.reading() as connection:
        for table, rows in {
            **dict.fromkeys(("subjects", "sessions", "trials", "videos"), 1),
            **dict.fromkeys(("diary", "programmes", "exclusions"), 0),
            "reps": 3,
            "compensations": 6,
            "unsettled_landmarks": 0,
        }.items():
            count = connection.exec_driver_sql(f"SELECT count(*) FROM {table}")  # noqa: S608
            assert count.scalar() == rows, table


def test_others_keep_everything(store):
    live(store)
    before = repr(store.trials("P02"))

    store.forget(TRACES["the code"])

    assert repr(store.trials("P02")) == before
    assert store.fsck() == ()
    again = store.save_trial("P02", trial(side="left"), landmarks("more of mine"))
    assert again.is_new


def test_a_file_and_a_video_that_two_share_stay_with_the_other(store):
    words = landmarks("the same leg")
    one = store.save_trial("P01", trial(), words).trial
    store.save_trial("P02", trial(), words)

    erased = store.forget("P02")

    assert erased.landmarks == 0
    assert store.landmarks(one.trial_id).exists()
    assert store.trials("P01")[0].video == "größe & Höhe.mp4"
    assert store.fsck() == ()


def test_the_server_keeps_no_old_pages_either(postgresql, folder):
    url = postgresql.empty()
    with Store.open(url, folder) as store:
        live(store)
        name = url.rpartition("/")[2]
        postgresql.execute("CHECKPOINT")
        place = "SELECT pg_relation_filepath('subjects')"
        (file,) = postgresql.execute(place, name).fetchone()
        pages = (postgresql.folder / "data" / file).parent
        assert traces(pages)

        store.forget(TRACES["the code"])
        postgresql.execute("CHECKPOINT")

        assert traces(pages) == []


class TestBackups:
    def old(self, folder, code):
        """Lay a copy into the backups, as an upgrade would have."""
        (folder / "backups").mkdir(parents=True, exist_ok=True)
        copy = folder / "backups" / f"hiprom-0001-{code}.sqlite"
        with Store.open(None, folder) as store:
            store.put_subject(Subject(code))
            if code == "with her":
                live(store)
            with store._database.outside_transactions() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
        return copy

    def test_that_hold_her_go_and_others_stay(self, folder):
        without = self.old(folder, "without her")
        with_her = self.old(folder, "with her")

        with Store.open(None, folder) as store:
            erased = store.forget(TRACES["the code"])

        assert erased.backups == 1
        assert without.exists()
        assert not with_her.exists()
        assert traces(folder) == []

    def test_that_an_upgrade_made_go_too(self, folder):
        folder.mkdir()
        script = (Path(__file__).parent / "oldest.sqlite.sql").read_text()
        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as connection:
            connection.executescript(script)

        with Store.open(None, folder) as store:
            assert len(list((folder / "backups").iterdir())) == 1
            erased = store.forget("OLD-1")

        assert erased.backups == 1
        for words in ("OLD-1", "Erna Ölmann", "größe & Höhe.mp4", "it pinched"):
            for path in folder.rglob("*"):
                assert not path.is_file() or words.encode() not in path.read_bytes()

    def test_that_nobody_can_read_go_as_well(self, folder):
        with Store.open(None, folder) as store:
            live(store)
            (folder / "backups").mkdir()
            broken = folder / "backups" / "hiprom-0001-broken.sqlite"
            broken.write_text("something with PATIENT-4711")
            unfinished = folder / "backups" / ".unfinished-hiprom-0001.sqlite"
            unfinished.write_text("PATIENT-4711")

            store.forget(TRACES["the code"])

        assert traces(folder) == []


def test_old_pages_that_a_reader_holds_are_named_and_go_the_next_time(
    folder, monkeypatch
):
    monkeypatch.setattr(engine, "BUSY_S", 0.2)
    with Store.open(None, folder) as store:
        live(store)
        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM reps").fetchone()
            with pytest.raises(StoreUnavailable, match="rows are erased, but another"):
                store.forget(TRACES["the code"])

        with pytest.raises(UnknownSubject):
            store.forget(TRACES["the code"])

        assert traces(folder) == []


def test_an_orphan_of_a_killed_save_goes_with_her(store, folder, monkeypatch):
    class Killed(BaseException):
        pass

    def dies(*_anything):
        raise Killed

    live(store)
    with monkeypatch.context() as patch:
        patch.setattr("hiprom.store.unsettled.strike", dies)
        with pytest.raises(Killed):
            store.save_trial(
                TRACES["the code"],
                trial(),
                landmarks(TRACES["the landmarks"] + " again"),
            )
    (folder / "landmarks" / ".arriving-dead.parquet").write_text(TRACES["the code"])

    store.forget(TRACES["the code"])

    assert traces(folder) == []
