"""Tests for hiprom.store.schema and engine: what is found is opened, or left alone."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import recordings
from recordings import trial, write

from hiprom.core.history import Programme, Subject
from hiprom.errors import (
    InputError,
    StoreDamaged,
    StoreError,
    StoreNotOurs,
    StoreUnavailable,
)
from hiprom.store import engine, schema
from hiprom.store.engine import Database
from hiprom.store.store import Store
from hiprom.store.tables import metadata

HERE = Path(__file__).parent
SECRET = "correct-horse"  # noqa: S105


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request):
    """None for SQLite in the data folder, or a PostgreSQL database without tables."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgresql").empty()


@pytest.fixture
def oldest(empty, folder):
    """The URL of a database as the first release left it."""
    folder.mkdir(mode=0o700)
    if empty is None:
        script = (HERE / "oldest.sqlite.sql").read_text()
        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as connection:
            connection.executescript(script)
        return None
    import psycopg

    script = (HERE / "oldest.postgresql.sql").read_text()
    with psycopg.connect(empty.replace("+psycopg", "")) as connection:
        connection.execute(script)
    return empty


@contextmanager
def hurried(monkeypatch):
    """Wait for other writers only briefly."""
    with monkeypatch.context() as patch:
        patch.setattr(engine, "BUSY_S", 0.2)
        patch.setattr(schema, "BUSY_S", 0.2)
        yield


@contextmanager
def closing_database(url, folder):
    database = Database(url, folder)
    try:
        yield database
    finally:
        database.close()


def revision(store):
    with store._database.reading() as connection:
        return schema.revision(connection, store.place)


def differences(store):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    options = {"version_table": schema.VERSION_TABLE, "compare_type": True}
    with store._database.reading() as connection:
        return compare_metadata(
            MigrationContext.configure(connection, opts=options), metadata
        )


def test_the_last_migration_is_the_one_that_the_quick_look_expects():
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "hiprom.store:migrations")

    assert ScriptDirectory.from_config(config).get_heads() == [schema.NEWEST]


class TestAnEmptyDatabase:
    def test_gets_the_tables_that_the_code_knows(self, empty, folder):
        with Store.open(empty, folder) as store:
            assert revision(store) == schema.NEWEST
            assert differences(store) == []
            assert store.subjects() == ()
        assert not (folder / "backups").exists()

    def test_is_made_once_by_processes_that_come_at_the_same_time(self, empty, folder):
        code = (
            "import sys; from pathlib import Path;"
            "from hiprom.store.store import Store;"
            "from hiprom.core.history import Subject; import alembic.command;"
            "print('ready', flush=True); sys.stdin.readline();"
            "store = Store.open(sys.argv[1] or None, Path(sys.argv[2]));"
            "store.put_subject(Subject(sys.argv[3]))"
        )
        crowd = [
            subprocess.Popen(
                [sys.executable, "-c", code, empty or "", folder, f"P{number}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for number in range(2)
        ]
        for each in crowd:
            each.stdout.readline()
        for each in crowd:
            each.stdin.write("go\n")
            each.stdin.flush()
        ends = [each.communicate(timeout=60) for each in crowd]

        assert [each.returncode for each in crowd] == [0] * 2, ends
        with Store.open(empty, folder) as store:
            assert len(store.subjects()) == 2
            assert differences(store) == []

    def test_of_sqlite_keeps_its_promises_on_every_connection(self, folder):
        with Store.open(None, folder) as store:
            for _ in range(2):
                with store._database.reading() as connection:
                    pragmas = {
                        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                        for name in (
                            *("journal_mode", "synchronous", "foreign_keys"),
                            *("busy_timeout", "secure_delete"),
                        )
                    }
                store.close()

                assert pragmas == {
                    "journal_mode": "wal",
                    "synchronous": 2,
                    "foreign_keys": 1,
                    "busy_timeout": 5000,
                    "secure_delete": 1,
                }


class TestTheOldestDatabase:
    def test_is_brought_up_to_date_with_all_that_it_held(self, oldest, folder):
        with Store.open(oldest, folder) as store:
            assert revision(store) == schema.NEWEST
            assert differences(store) == []
            assert store.subject("OLD-1") == Subject(
                "OLD-1", "Erna Ölmann", "female", 1958, "left"
            )
            (kept,) = store.trials("OLD-1")
            (note,) = store.diary("OLD-1")
            assert store.programme("OLD-1") == Programme(red_flags=("night_pain",))
        expected = recordings.alike(trial().reps)
        expected[1] = (*expected[1][:2], "slipped", *expected[1][3:])
        assert recordings.alike(kept.reps) == expected
        assert note.note == "it pinched"

    def test_of_sqlite_is_copied_first_and_the_copy_opens(self, folder):
        folder.mkdir()
        script = (HERE / "oldest.sqlite.sql").read_text()
        with closing(sqlite3.connect(folder / "hiprom.sqlite")) as connection:
            connection.executescript(script)

        Store.open(None, folder).close()
        Store.open(None, folder).close()

        (copy,) = (folder / "backups").iterdir()
        assert copy.name.startswith("hiprom-0001-20")
        assert copy.stat().st_mode & 0o777 == 0o600
        with closing(sqlite3.connect(copy)) as connection:
            old = connection.execute("SELECT version_num FROM hiprom_revision")
            assert old.fetchone() == ("0001",)
        again = folder / "again"
        again.mkdir()
        shutil.copy(copy, again / "hiprom.sqlite")
        with Store.open(None, again) as store:
            assert len(store.trials("OLD-1")) == 1

    def test_is_left_as_it_was_when_a_step_fails(self, oldest, folder):
        with closing_database(oldest, folder) as database:
            with database.writing() as connection:
                connection.exec_driver_sql("CREATE TABLE jobs (mine INTEGER)")

            with pytest.raises(StoreError, match="from schema 0001 to 0004") as caught:
                Store.open(oldest, folder)

            with database.reading() as connection:
                assert schema.revision(connection, "it") == "0001"
        if oldest is None:
            (copy,) = (folder / "backups").iterdir()
            assert f"A copy of it is {copy}" in str(caught.value)

    def test_is_upgraded_once_by_many_at_once(self, oldest, folder):
        code = (
            "import sys; from pathlib import Path;"
            "from hiprom.store.store import Store;"
            "print(len(Store.open(sys.argv[1] or None, Path(sys.argv[2]))"
            ".trials('OLD-1')))"
        )

        def opened(_):
            words = [sys.executable, "-c", code, oldest or "", folder]
            return subprocess.run(words, capture_output=True, text=True, check=False)

        with ThreadPoolExecutor(2) as crowd:
            ends = list(crowd.map(opened, range(2)))

        assert [end.stdout for end in ends] == ["1\n"] * 2, ends
        if oldest is None:
            assert len(list((folder / "backups").iterdir())) == 1

    def test_of_sqlite_may_have_a_table_built_anew_and_loses_nothing_that_refers_to_it(
        self, folder
    ):
        from alembic.migration import MigrationContext
        from alembic.operations import Operations

        with Store.open(None, folder) as store:
            store.save_trial("P01", trial())
            with store._database.migrating() as connection:
                steps = Operations(MigrationContext.configure(connection))
                with steps.batch_alter_table("subjects", recreate="always") as batch:
                    batch.alter_column("birth_year", new_column_name="born")

            assert len(store.trials("P01")[0].reps) == 3
            with store._database.reading() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


class TestWhatIsNotOurs:
    def test_a_newer_database_is_left_alone(self, store, url, folder):
        with store._database.writing() as connection:
            connection.exec_driver_sql("UPDATE hiprom_revision SET version_num='0999'")

        try:
            with pytest.raises(StoreNotOurs, match=r"newer hiprom \(schema 0999"):
                Store.open(url, folder)
        finally:
            with store._database.writing() as connection:
                connection.exec_driver_sql(
                    "UPDATE hiprom_revision SET version_num='0004'"
                )

    def test_another_programs_database_is_left_alone(self, empty, folder):
        folder.mkdir()
        with closing_database(empty, folder) as database:
            with database.writing() as connection:
                connection.exec_driver_sql("CREATE TABLE recipes (name TEXT)")

            with pytest.raises(StoreNotOurs, match="another program's tables"):
                Store.open(empty, folder)

            from sqlalchemy import inspect

            with database.reading() as connection:
                assert inspect(connection).get_table_names() == ["recipes"]


class TestDamage:
    @pytest.fixture
    def file(self, folder):
        with Store.open(None, folder) as store:
            for word in "abcdefgh":
                store.save_trial("P01", trial(video=recordings.video(word)), write)
        return folder / "hiprom.sqlite"

    def refused(self, file):
        before = file.read_bytes()
        with pytest.raises(StoreDamaged) as caught:
            Store.open(None, file.parent)
        assert file.read_bytes() == before
        assert str(file) in str(caught.value)
        return str(caught.value)

    def test_a_file_that_is_no_database(self, file):
        file.write_text("Tuesday, left hip\n" * 300)

        assert "not a database at all. It was left as it is." in self.refused(file)

    def test_a_database_cut_short(self, file):
        os.truncate(file, 5000)

        assert "damaged" in self.refused(file)

    def test_a_database_emptied_beside_its_landmarks(self, file):
        os.truncate(file, 0)

        assert "is empty, though landmarks" in self.refused(file)

    def test_damage_further_in_is_said_when_it_is_met(self, file):
        with closing(sqlite3.connect(file)) as connection:
            (page,) = connection.execute(
                "SELECT rootpage FROM sqlite_master WHERE name = 'reps'"
            ).fetchone()
        with file.open("r+b") as content:
            content.seek((page - 1) * 4096)
            content.write(b"\xa5" * 64)

        with Store.open(None, file.parent) as store:
            faults = store.fsck()
            with pytest.raises(StoreDamaged):
                store.trials("P01")

        assert {fault.kind for fault in faults} >= {"damaged"}
        assert all(str(file) in fault.where for fault in faults if fault.kind[0] == "d")


class TestRefusals:
    def test_a_writer_who_does_not_finish_is_waited_for_and_named(
        self, url, folder, monkeypatch
    ):
        with hurried(monkeypatch), Store.open(url, folder) as store:
            busy = store._database.writing()
            with busy, pytest.raises(StoreUnavailable, match="another program"):
                store.put_subject(Subject("P01"))
            store.put_subject(Subject("P01"))

            assert len(store.subjects()) == 1

    def test_readers_go_on_while_somebody_writes(self, store):
        store.put_subject(Subject("P01"))

        with store._database.writing():
            assert len(store.subjects()) == 1

    def test_a_reader_sees_one_moment_to_the_end(self, store):
        with store._database.reading() as connection:
            count = "SELECT count(*) FROM subjects"
            before = connection.exec_driver_sql(count).scalar()
            store.put_subject(Subject("P01"))

            assert connection.exec_driver_sql(count).scalar() == before == 0

    def test_a_server_that_is_not_there_is_named_without_its_password(self, folder):
        url = f"postgresql+psycopg://me:{SECRET}@127.0.0.1:1/hip?password={SECRET}"

        with pytest.raises(StoreUnavailable, match="does not answer") as caught:
            Store.open(url, folder)

        assert "'hip' on 127.0.0.1:1" in str(caught.value)
        assert SECRET not in str(caught.value)
        assert SECRET not in repr(caught.value.__cause__)

    @pytest.mark.parametrize("what", ["password", "database"])
    def test_a_server_that_lets_nobody_in(self, postgresql, folder, what):
        url = (
            postgresql.url("postgres", password=SECRET)
            if what == "password"
            else postgresql.url("nowhere")
        )

        with pytest.raises(StoreUnavailable, match="did not let us in") as caught:
            Store.open(url, folder)

        assert SECRET not in str(caught.value)
        assert postgresql.password not in str(caught.value)

    @pytest.mark.parametrize(
        ("url", "message"),
        [
            (f"mysql://me:{SECRET}@server/hip", "not in 'mysql'"),
            (f"://me:{SECRET}@server", "cannot be read"),
            (f"postgresql://me:{SECRET}@server:port/hip", "cannot be read"),
            ("sqlite://", "not in 'sqlite'"),
        ],
    )
    def test_a_url_that_cannot_be_used(self, url, message, folder):
        with pytest.raises(InputError, match=message) as caught:
            Store.open(url, folder)

        assert SECRET not in str(caught.value)

    def test_a_value_that_the_database_cannot_hold(self, store, url):
        if url is None:
            store.put_subject(Subject("P01", "a\0b"))

            assert store.subject("P01").display_name == "a\0b"
        else:
            with pytest.raises(StoreError, match="cannot hold a value"):
                store.put_subject(Subject("P01", "a\0b"))

            assert store.subjects() == ()

    def test_a_server_that_comes_back_is_found_again(self, postgresql, url, folder):
        if url is None:
            pytest.skip("SQLite has no server")
        with Store.open(url, folder) as store:
            store.put_subject(Subject("P01"))
            postgresql.stop()
            try:
                with pytest.raises(StoreUnavailable, match="does not answer"):
                    store.put_subject(Subject("P02"))
            finally:
                postgresql.start()
            store.put_subject(Subject("P02"))

            assert [each.subject.code for each in store.subjects()] == ["P01", "P02"]


class TestAFolderThatMayNotBeWritten:
    """As nobody: root may write everywhere."""

    @pytest.fixture
    def place(self):
        place = Path(tempfile.mkdtemp(prefix="hiprom-"))
        home = place / "home"
        with Store.open(None, home) as store:
            store.save_trial("P01", trial(), write)
        if os.getuid() == 0:
            for path in (place, *place.rglob("*")):
                os.chown(path, 65534, 65534)
            os.seteuid(65534)
        yield home
        if os.getuid() == 0:
            os.seteuid(0)
        shutil.rmtree(place)

    def test_refuses_in_one_line(self, place):
        place.chmod(0o500)

        with pytest.raises(StoreUnavailable, match="may not write there") as caught:
            Store.open(None, place)

        assert "\n" not in str(caught.value)

    def test_refuses_a_new_history(self, place):
        place.chmod(0o500)

        with pytest.raises(StoreUnavailable, match="may not write there"):
            Store.open(None, place / "new")

    def test_loses_nothing_where_only_landmarks_are_refused(self, place):
        (place / "landmarks").chmod(0o500)

        with Store.open(None, place) as store:
            with pytest.raises(StoreUnavailable, match="may not write there"):
                store.save_trial("P01", trial(side="left"), write)

            assert len(store.trials("P01")) == 1
            assert store.fsck() == ()


def test_opening_an_up_to_date_database_loads_no_alembic(folder):
    Store.open(None, folder).close()
    code = (
        "import sys; from pathlib import Path; from hiprom.store.store import Store;"
        "Store.open(None, Path(sys.argv[1])).subjects();"
        "print({'alembic', 'sqlalchemy.orm', 'pyarrow'} & set(sys.modules))"
    )

    end = subprocess.run(
        [sys.executable, "-c", code, folder], capture_output=True, text=True, check=True
    )

    assert end.stdout == "set()\n"
