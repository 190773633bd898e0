"""A real PostgreSQL server of our own."""

import ctypes
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from hiprom.store.store import Store

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Server:
    """A PostgreSQL server on loopback that ends with the tests, however they end."""

    def __init__(self, folder):
        self.folder = folder
        self.port = _free_port()
        self.password = secrets.token_hex(8)
        self._user = {"user": "postgres"} if os.getuid() == 0 else {}
        if self._user:
            shutil.chown(folder, "postgres")
        word = folder / "password"
        word.write_text(self.password)
        word.chmod(0o644)
        self._run(
            *("initdb", "-D", folder / "data", "-U", "hiprom", "-A", "scram-sha-256"),
            *("--pwfile", word, "--no-sync", "-E", "UTF8", "--locale", "C"),
        )
        self._numbers = itertools.count()
        self.start()
        self._ready = None

    def start(self):
        self._process = subprocess.Popen(
            [
                *(BINARIES[-1] / "postgres", "-D", self.folder / "data"),
                *("-p", str(self.port), "-h", "127.0.0.1", "-k", ""),
                *("-c", "fsync=off", "-c", "shared_buffers=16MB"),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_end_with_parent,  # noqa: PLW1509
            **self._user,
        )
        while not self._answers():
            time.sleep(0.05)

    def stop(self):
        self._process.send_signal(signal.SIGQUIT)  # at once: nothing here is kept
        self._process.wait(20)

    def url(self, database, password=None):
        word = password or self.password
        return f"postgresql+psycopg://hiprom:{word}@127.0.0.1:{self.port}/{database}"

    def empty(self):
        """Make a database and return its URL."""
        name = f"history_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def ready(self):
        """Return the URL of a database with empty tables, the same for all tests."""
        if self._ready is None:
            self._ready = self.empty()
            self._ready_name = self._ready.rpartition("/")[2]
            Store.open(self._ready, self.folder / "unused").close()
        self.execute(
            "DELETE FROM batches; DELETE FROM subjects; DELETE FROM videos;"
            "DELETE FROM unsettled_landmarks",
            self._ready_name,
        )
        return self._ready

    def execute(self, statement, database="postgres"):
        import psycopg

        with psycopg.connect(
            self.url(database).replace("+psycopg", ""), autocommit=True
        ) as connection:
            return connection.execute(statement)

    def _answers(self):
        assert self._process.poll() is None, "the server ended at once"
        with socket.socket() as door:
            if door.connect_ex(("127.0.0.1", self.port)):
                return False
        ready = self._run("pg_isready", "-h", "127.0.0.1", "-p", self.port, check=False)
        return ready.returncode == 0

    def _run(self, program, *words, check=True):
        return subprocess.run(
            [BINARIES[-1] / program, *map(str, words)],
            check=check,
            capture_output=True,
            cwd=self.folder,
            **self._user,
        )


def _free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def _end_with_parent():
    """Ask Linux to end the server if the tests are killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


@contextmanager
def running_server():
    """Yield a server; skip the test where Debian's binaries are not installed."""
    if not BINARIES:
        pytest.skip("PostgreSQL is not installed in /usr/lib/postgresql")
    pytest.importorskip("psycopg")
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.exists() and shutil.disk_usage(memory).free > 500e6
    folder = Path(
        tempfile.mkdtemp(prefix="hiprom-postgresql-", dir=memory if roomy else None)
    )
    server = None
    try:
        server = Server(folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
