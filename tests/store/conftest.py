"""A history on SQLite, and the same on a real PostgreSQL server of our own."""

import shutil
import tempfile
from pathlib import Path

import pytest
from postgresql_server import running_server

from hiprom.store.store import Store


@pytest.fixture(scope="session")
def postgresql():
    """The server, started once; skipped where Debian's binaries are not installed."""
    with running_server() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request):
    """None for SQLite in the data folder, or the URL of a fresh PostgreSQL database."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgresql").ready()


@pytest.fixture
def folder():
    """Where a data folder is to be; in memory, if there is room: no disk is waited for.

    Nothing here cuts the power, and whoever is only killed leaves the same either way.
    """
    memory = Path("/dev/shm")  # noqa: S108
    roomy = memory.exists() and shutil.disk_usage(memory).free > 500e6
    with tempfile.TemporaryDirectory(
        prefix="hiprom-store-", dir=memory if roomy else None
    ) as place:
        yield Path(place) / "home"


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """An SQLite history that has its tables already, to be copied."""
    folder = tmp_path_factory.mktemp("made")
    Store.open(None, folder).close()
    return folder / "hiprom.sqlite"


@pytest.fixture
def store(url, folder, made):
    if url is None:
        folder.mkdir(mode=0o700)
        shutil.copy(made, folder)
    with Store.open(url, folder) as opened:
        yield opened
