"""The history in one file: whole again elsewhere, nothing believed, nothing lost.

F34 of the table of attacks, and kills in the middle of a restore.
"""

import hashlib
import json
import random
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
import recordings
from recordings import NOON, trial, write

from hiprom import backup
from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.core.jobs import JobSpec
from hiprom.errors import HipromError, InputError
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store

HERE = Path(__file__).parent
CAMERA = """schema = "hiprom.camera/1"
name = "webcam"
date = "2026-05-04"
rms_px = 0.1
[picture]
width_px = 640
height_px = 480
[lens]
focal_px = [602.0, 604.5]
centre_px = [327.0, 233.0]
distortion = [0.0, 0.0, 0.0, 0.0, 0.0]
"""


@pytest.fixture(autouse=True)
def home(folder, monkeypatch):
    monkeypatch.setenv("HIPROM_HOME", str(folder))
    return folder


@pytest.fixture
def url():
    """SQLite: a server's backups are its administrator's."""


@pytest.fixture
def out(tmp_path):
    return tmp_path / "kept.zip"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """What a backup of one person holds."""
    place = tmp_path_factory.mktemp("sound")
    with pytest.MonkeyPatch.context() as patch, Store.open(None, place) as store:
        patch.setenv("HIPROM_HOME", str(place))
        live(store)
        backup.back_up(place / "sound.zip", store)
    return (place / "sound.zip").read_bytes()


def live(store, code="P01", landmarks=write):
    """Keep something of every kind."""
    store.put_subject(Subject(code, "Ä <b>", "female", 1984))
    saved = store.save_trial(code, trial(), landmarks).trial
    store.exclude_rep(saved.trial_id, "right", "hip_rotation_deg", 2, "slipped")
    store.add_diary(code, DiaryEntry(NOON, 3, "groin", practised_min=7.5))
    store.put_programme(code, Programme((3, 4), drills=("clamshell",), red_flags=()))
    cameras = store.folder / "cameras"
    cameras.mkdir(exist_ok=True)
    (cameras / "webcam.toml").write_text(CAMERA)
    return saved


def all_of(store, code="P01"):
    """Everything that is kept of somebody, in a form that can be compared."""
    trials = store.trials(code)
    return (
        store.subject(code),
        [(t.recorded_at, t.summary, recordings.alike(t.reps)) for t in trials],
        [store.landmarks(t.trial_id).read_bytes() for t in trials],
        store.diary(code),
        store.programme(code),
    )


def test_a_history_is_whole_again_elsewhere(store, out, tmp_path, monkeypatch):
    live(store)
    contents = backup.back_up(out, store)
    before = all_of(store)
    monkeypatch.setenv("HIPROM_HOME", str(tmp_path / "elsewhere"))
    with Store.open(None, tmp_path / "elsewhere") as other:
        restored = backup.restore(out, other)

        assert all_of(other) == before
        assert other.fsck() == ()
    assert restored.aside is None
    assert (tmp_path / "elsewhere" / "cameras" / "webcam.toml").exists()
    assert restored.contents == contents
    assert (contents.people, contents.sessions, contents.trials) == (1, 1, 1)
    assert contents.cameras == ("webcam",)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [path.name for path in out.parent.glob(".*")] == []


def test_what_was_there_is_kept_aside_and_can_be_put_back(store, out, home):
    live(store)
    backup.back_up(out, store)
    live(store, "P02", lambda path: path.write_bytes(b"of another leg"))
    later = all_of(store, "P02")
    (home / "cameras" / "webcam.toml").write_text(CAMERA.replace("0.1", "0.4"))

    aside = backup.restore(out, store).aside

    assert [each.subject.code for each in store.subjects()] == ["P01"]
    assert store.fsck() == ()  # the other's landmarks went with her rows
    assert "rms_px = 0.1" in (home / "cameras" / "webcam.toml").read_text()
    backup.restore(aside, store)
    assert all_of(store, "P02") == later
    assert "rms_px = 0.4" in (home / "cameras" / "webcam.toml").read_text()


def test_videos_stay_asked_for(store, out):
    live(store, "P02", lambda path: path.write_bytes(b"so that numbers differ"))
    kept = live(store)
    backup.back_up(out, store)
    batch = open_batch(store, "/results")
    specs = [
        JobSpec(f"/films/{name}.mp4", name, subject=whose)
        for name, whose in (("one", "P01"), ("two", None), ("three", "P03"))
    ]
    batch.add([Asked(spec, "settings", "fingerprint", 1.0) for spec in specs])
    (job,) = [each for each in batch.claim(3) if each.spec.name == "one"]
    batch.finish(job.job_id, trial_id=kept.trial_id)
    store.forget("P02")
    backup.restore(out, store)

    jobs = {each.spec.name: each for each in open_batch(store, "/results").jobs()}
    assert {name: each.spec.subject for name, each in jobs.items()} == {
        "one": "P01",
        "two": None,
        "three": "P03",
    }
    (trial_of_hers,) = store.trials("P01")
    assert jobs[job.spec.name].trial_id == trial_of_hers.trial_id


def test_whoever_is_forgotten_is_in_no_backup_either(store, out, home):
    live(store)
    backup.back_up(out, store)
    aside = backup.restore(out, store).aside
    left = home / "backups" / ".unfinished-of-a-kill"
    left.mkdir()
    (left / "hiprom.sqlite").write_bytes(b"P01")
    store.put_subject(Subject("P02"))

    assert aside.exists()
    store.forget("P01")

    assert list((home / "backups").iterdir()) == []


def test_an_older_history_is_brought_up_to_date(store, out, tmp_path):
    old = tmp_path / "old.sqlite"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript((HERE / "oldest.sqlite.sql").read_text())
    live(store)
    backup.back_up(out, store)
    packed = rewritten(out, {"hiprom.sqlite": old.read_bytes()}, landmarks=False)
    said = manifest_of(packed)
    rewritten(packed, {}, missing=1)

    assert said["schema"] == "hiprom.backup/1"
    restored = backup.restore(packed, store)
    assert restored.contents.people >= 1
    assert len(store.trials("OLD-1")[0].reps) == 3


def manifest_of(path):
    with ZipFile(path) as packed:
        return json.loads(packed.read("manifest.json"))


def rewritten(path, changes, landmarks=True, extra=(), lie=True, **of_manifest):
    """Write a backup anew with other entries; the manifest goes along with the lie."""
    with ZipFile(path) as packed:
        entries = {info.filename: packed.read(info) for info in packed.infolist()}
    said = json.loads(entries.pop("manifest.json"))
    entries |= changes
    if not landmarks:
        entries = {n: c for n, c in entries.items() if not n.startswith("landmarks")}
    if lie:
        said["files"] = {n: hashlib.sha256(c).hexdigest() for n, c in entries.items()}
    with ZipFile(path, "w", ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)
        packed.writestr("manifest.json", json.dumps(said | of_manifest))
        for info, content in extra:
            packed.NameToInfo.pop(info.filename, None)  # else Python warns of it
            packed.writestr(info, content)
    return path


def link(name):
    info = ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def changed(path, statement):
    """Return the database of a backup after a statement."""
    place = path.with_suffix(".changed")
    with ZipFile(path) as packed:
        place.write_bytes(packed.read("hiprom.sqlite"))
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(statement)
        connection.commit()
    return {"hiprom.sqlite": place.read_bytes()}


CRAFTED = {
    "no zip": (lambda p: p.write_bytes(b"PK not really"), "no zip file"),
    "cut": (lambda p: p.write_bytes(p.read_bytes()[:-400]), "no zip file"),
    "a path upwards": (
        lambda p: rewritten(p, {"../../etc/cron.d/x": b"x"}),
        r"'\.\./\.\./etc/cron\.d/x'",
    ),
    "an absolute path": (lambda p: rewritten(p, {"/etc/x": b"x"}), "'/etc/x'"),
    "a path upwards as landmarks": (
        lambda p: rewritten(p, {"landmarks/../../x.parquet": b"x"}),
        "which none has",
    ),
    "another camera's place": (
        lambda p: rewritten(p, {"cameras/..toml": CAMERA.encode()}),
        "which none has",
    ),
    "a link": (
        lambda p: rewritten(p, {}, extra=[(link("cameras/x.toml"), "/etc/passwd")]),
        "not a plain file",
    ),
    "twice": (
        lambda p: rewritten(p, {}, extra=[(ZipInfo("cameras/webcam.toml"), b"x")]),
        "which none has",
    ),
    "a bomb": (
        lambda p: rewritten(p, {"hiprom.sqlite": bytes(20_000_000)}),
        "would unpack to too much",
    ),
    "a large camera": (
        lambda p: rewritten(p, {"cameras/x.toml": bytes(200_000)}),
        "would unpack to too much",
    ),
    "not what was written": (
        lambda p: rewritten(p, {"cameras/webcam.toml": b"other"}, lie=False),
        "is not what was written",
    ),
    "no list": (lambda p: rewritten(p, {}, files=7), "cannot be read"),
    "another list": (lambda p: rewritten(p, {}, files={}), "lists other files"),
    "another schema": (lambda p: rewritten(p, {}, schema="x/1"), "speaks of 'x'"),
    "a newer schema": (
        lambda p: rewritten(p, {}, schema="hiprom.backup/2"),
        "newer hiprom",
    ),
    "without landmarks": (
        lambda p: rewritten(p, {}, landmarks=False),
        "not those of its trials",
    ),
    "no database": (
        lambda p: rewritten(p, {"hiprom.sqlite": b"SQLite format 3" * 999}),
        "damaged",
    ),
    "a newer database": (
        lambda p: rewritten(
            p, changed(p, "UPDATE hiprom_revision SET version_num = '9999'")
        ),
        "newer hiprom",
    ),
    "another program's database": (
        lambda p: rewritten(p, changed(p, "DROP TABLE hiprom_revision")),
        "another program",
    ),
    "rows without a person": (
        lambda p: rewritten(p, changed(p, "UPDATE diary SET subject_id = 99")),
        "refers to none",
    ),
    "landmarks elsewhere": (
        lambda p: rewritten(
            p, changed(p, "UPDATE trials SET landmarks_sha256 = '../../../etc/x'")
        ),
        "names its landmarks wrongly",
    ),
    "no moment": (
        lambda p: rewritten(p, changed(p, "UPDATE diary SET noted_at = 'noon'")),
        "hiprom cannot read",
    ),
}


# Close relatives of others in the list.
RELATED = {"cut", "an absolute path", "no list", "another list", "another schema"}
KINDS = [
    pytest.param(kind, marks=[pytest.mark.slow] if kind in RELATED else [])
    for kind in CRAFTED
]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_backup_is_refused_and_changes_nothing(
    kind, store, out, home, sound
):
    craft, words = CRAFTED[kind]
    live(store)
    out.write_bytes(sound)
    craft(out)
    before, files = all_of(store), set(home.rglob("*.parquet"))

    with pytest.raises(HipromError, match=words):
        backup.restore(out, store)

    assert all_of(store) == before
    assert set(home.rglob("*.parquet")) == files
    assert not list(home.rglob(".unfinished*"))
    assert not (home.parent / "etc").exists()


def test_entries_that_overlap_are_refused(store, out):
    """One block of data under two names, as the smallest bombs have it."""
    live(store)
    backup.back_up(out, store)
    content = out.read_bytes()
    with ZipFile(out) as packed:
        mine, other = packed.getinfo("hiprom.sqlite"), packed.getinfo("manifest.json")
    at = content.rindex(b"manifest.json") - 46 + 42
    place = mine.header_offset.to_bytes(4, "little")
    size = (mine.compress_size + len(content)).to_bytes(4, "little")
    crafted = bytearray(content)
    crafted[at : at + 4] = place
    crafted[at - 22 : at - 18] = size
    out.write_bytes(crafted)

    with pytest.raises(InputError, match=r"overlap|no zip file"):
        backup.restore(out, store)
    assert other.header_offset != mine.header_offset


def test_a_missing_or_altered_landmarks_file_is_told(store, out):
    saved = live(store)
    store.landmarks(saved.trial_id).write_bytes(b"something else")
    assert backup.back_up(out, store).missing == 1
    assert backup.look_into(out, store).landmarks == 0
    backup.restore(out, store)
    assert [fault.kind for fault in store.fsck()] in ([], ["altered"])


def test_a_camera_that_cannot_be_read_is_no_hindrance(store, out, home):
    live(store)
    cameras = home / "cameras"
    (cameras / "broken.toml").write_text("schema = 1")
    (cameras / "Küche.toml").write_text(CAMERA)
    (cameras / "large.toml").write_bytes(bytes(200_000))
    assert backup.back_up(out, store).cameras == ("broken", "webcam")
    shutil.rmtree(cameras)

    backup.restore(out, store)

    assert [each.name for each in cameras.iterdir()] == ["webcam.toml"]


@pytest.mark.slow
def test_many_trials_alike_are_no_bomb(store, out):
    """What compresses best of all that hiprom writes comes back."""
    summary = {"words": ["the same sentence once more"] * 400}
    for number in range(150):
        new = trial(video=recordings.video(f"{number:02x}"), summary=summary)
        store.save_trial("P01", new)
    contents = backup.back_up(out, store)

    with ZipFile(out) as packed:
        info = packed.getinfo("hiprom.sqlite")
    assert info.file_size > 1_000_000
    assert info.file_size / info.compress_size > 30
    assert backup.look_into(out, store) == contents


def test_postgresql_is_left_to_its_server(postgresql, home, out, sound):
    with Store.open(postgresql.ready(), home) as store:
        store.put_subject(Subject("P07"))
        with pytest.raises(InputError, match="pg_dump"):
            backup.back_up(out, store)
        out.write_bytes(sound)
        with pytest.raises(InputError, match="pg_restore"):
            backup.restore(out, store)

        assert [each.subject.code for each in store.subjects()] == ["P07"]


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours catches it."""


SLOWER_STEPS = (
    "unsettled.note",
    "restoring.write_archive",
    "restoring._put_landmarks",
    "restoring._ask_again",
    "restoring._require_whole",
)


@pytest.mark.parametrize(
    "step",
    [
        *("restoring._exchange", "unsettled.settle"),
        *(pytest.param(each, marks=pytest.mark.slow) for each in SLOWER_STEPS),
    ],
)
def test_a_restore_left_after_any_step_loses_nothing(
    step, store, out, home, monkeypatch
):
    live(store, "P02", lambda path: path.write_bytes(b"of the other"))
    backup.back_up(out, store)
    store.forget("P02")
    live(store)
    before = all_of(store)
    module, name = step.split(".")
    place = f"hiprom.store.{module}.{name}"
    whole = __import__(f"hiprom.store.{module}", fromlist=[name]).__dict__[name]

    def dies(*given, **more):
        whole(*given, **more)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(place, dies)
        with pytest.raises(Killed):
            backup.restore(out, store)

    with Store.open(None, home) as again:
        codes = [each.subject.code for each in again.subjects()]
        assert codes == (["P02"] if step == "unsettled.settle" else ["P01"])
        assert {fault.kind for fault in again.fsck()} <= {"orphan", "leftover"}
        if codes == ["P01"]:
            assert all_of(again) == before
        backup.restore(out, again)
        assert [each.subject.code for each in again.subjects()] == ["P02"]
        assert {fault.kind for fault in again.fsck()} <= {"leftover"}


RESTORES = """
import sys
from pathlib import Path
from hiprom import backup
from hiprom.store.store import Store

with Store.open(None, Path(sys.argv[1])) as store:
    print("ready", flush=True)
    backup.restore(Path(sys.argv[2]), store)
"""


@pytest.mark.faults
def test_a_killed_restore_leaves_the_old_history_or_the_new(home, out, made):
    chance = random.Random(25)
    home.mkdir()
    shutil.copy(made, home)
    with Store.open(None, home) as store:
        for number in range(8):
            store.save_trial(
                "P02",
                trial(video=recordings.video(f"{number:x}"[-1] + "0"), side="left"),
                lambda path, n=number: path.write_bytes(b"%d" % n * 50_000),
            )
        backup.back_up(out, store)
        store.forget("P02")
        live(store)
        old = all_of(store)
    saved = home.with_name("saved")
    shutil.copytree(home, saved)
    for _ in range(25):
        shutil.rmtree(home)
        shutil.copytree(saved, home)
        program = subprocess.Popen(
            [sys.executable, "-c", RESTORES, home, out], stdout=subprocess.PIPE
        )
        program.stdout.readline()
        time.sleep(chance.uniform(0, 0.4))
        program.send_signal(signal.SIGKILL)
        program.communicate()

        with Store.open(None, home) as store:
            codes = [each.subject.code for each in store.subjects()]
            assert {fault.kind for fault in store.fsck()} <= {"orphan", "leftover"}
            if codes == ["P01"]:
                assert all_of(store) == old
                continue
            assert codes == ["P02"]
            (aside,) = (home / "backups").glob("hiprom-*.zip")
            backup.restore(aside, store)
            assert all_of(store) == old


@pytest.mark.faults
def test_a_backup_is_of_one_moment_while_others_write(home, out, made):
    """The rows and the landmarks in it always fit together."""
    home.mkdir()
    shutil.copy(made, home)
    writer = subprocess.Popen(
        [sys.executable, HERE / "writer.py", "", home, "w"], stdout=subprocess.PIPE
    )
    try:
        writer.stdout.readline()
        with Store.open(None, home) as store:
            for _ in range(2):
                contents = backup.back_up(out, store)
                found = backup.look_into(out, store)
                assert found == contents or found.created_at != contents.created_at
                assert (found.missing, found.landmarks) == (0, found.trials)
    finally:
        writer.kill()
        writer.communicate()


def test_entries_are_stored_as_written(store, out):
    live(store)
    backup.back_up(out, store)
    with ZipFile(out) as packed:
        kinds = {i.filename.split("/")[0]: i.compress_type for i in packed.infolist()}
    assert kinds["landmarks"] == ZIP_STORED
    assert kinds["hiprom.sqlite"] == ZIP_DEFLATED
