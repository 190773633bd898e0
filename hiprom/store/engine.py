"""A database URL -> connections: many that read, one at a time that writes.

Every connection keeps the same promises: what was committed is on the disk, a row's
subject exists, and what was deleted is overwritten.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError

from hiprom.errors import InputError, StoreDamaged, StoreUnavailable
from hiprom.store.refusals import plainly

# What the data folder holds.
FILE_NAME = "hiprom.sqlite"
LANDMARKS = "landmarks"
BACKUPS = "backups"
# How long one writer waits for another.
BUSY_S = 5.0
# Any number, the same in every hiprom: who holds it is PostgreSQL's one writer.
_WRITER = 0x686970726F6D
# How each kind of transaction begins in SQLite. A migration may build a table anew, and
# dropping the old one must not take along what refers to it.
_BEGINNINGS = {
    "read": ("BEGIN",),
    "write": ("BEGIN IMMEDIATE",),
    "migrate": ("PRAGMA foreign_keys=OFF", "BEGIN IMMEDIATE"),
    "none": (),
}
_write_json = partial(json.dumps, ensure_ascii=False, allow_nan=False)


class Database:
    """One SQLite file, or one database of a PostgreSQL server.

    Parameters
    ----------
    url : str or None
        ``sqlite:///…`` or ``postgresql+psycopg://…``; None for ``hiprom.sqlite`` in
        `folder`.
    folder : Path
        The data folder.

    Attributes
    ----------
    place : str
        The database in words for a message: a path, or server and name. Never the
        URL, which may hold a password.
    file : Path or None
        SQLite's file; None for PostgreSQL.

    Raises
    ------
    InputError
        If the URL names no database that hiprom can use.
    StoreDamaged
        If the file is empty, and was not always.
    StoreUnavailable
        If the file cannot be made, or the driver of PostgreSQL is missing.
    """

    def __init__(self, url: str | None, folder: Path) -> None:
        at = _understood(url, folder)
        self.file: Path | None = None
        if at.get_backend_name() == "sqlite":
            assert at.database is not None
            self.file = Path(at.database)
            self.place = str(self.file)
            self._engine = _sqlite(at)
            with plainly(self.place):
                _make_private(self.file, folder)
        else:
            self.place = (
                f"PostgreSQL database {at.database or ''!r} on "
                f"{at.host or 'this machine'}:{at.port or 5432}"
            )
            self._engine = _postgresql(at)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment of the database, to its end."""
        with self._connected("read", "REPEATABLE READ") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield the connection of the only writer; commit on leaving well.

        What is read through it cannot be changed by anybody else meanwhile.
        """
        with self._begun("write") as connection:
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """Yield the only writer's connection, with tables free to be built anew."""
        try:
            with self._begun("migrate") as connection:
                yield connection
        finally:
            self.close()  # the next connection minds its foreign keys again

    @contextmanager
    def outside_transactions(self) -> Iterator[Connection]:
        """Yield a connection for what no transaction may hold: VACUUM, PRAGMA."""
        with self._connected("none", "AUTOCOMMIT") as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections; the next use makes new ones."""
        self._engine.dispose()

    @contextmanager
    def _connected(self, begins: str, isolation: str) -> Iterator[Connection]:
        options: dict[str, Any] = {"begins": begins}
        if self.file is None:
            options["isolation_level"] = isolation
        engine = self._engine.execution_options(**options)
        with plainly(self.place), engine.connect() as connection:
            yield connection

    @contextmanager
    def _begun(self, begins: str) -> Iterator[Connection]:
        engine = self._engine.execution_options(begins=begins)
        with plainly(self.place), engine.begin() as connection:
            if self.file is None:
                connection.execute(
                    text("SELECT pg_advisory_xact_lock(:writer)"), {"writer": _WRITER}
                )
            yield connection


def _understood(url: str | None, folder: Path) -> URL:
    """Return the URL, checked; its text is never repeated, it may hold a password."""
    if url is None:
        return URL.create("sqlite", database=str(folder / FILE_NAME))
    try:
        at = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError(
            "The database URL cannot be read. Write it like "
            "postgresql+psycopg://user:password@server:5432/hiprom."
        ) from None
    kind = at.get_backend_name()
    if kind == "sqlite" and at.database and at.database != ":memory:":
        return at.set(drivername="sqlite")
    if kind == "postgresql":
        return at.set(drivername="postgresql+psycopg")
    raise InputError(
        f"hiprom keeps its history in PostgreSQL or in an SQLite file, not in {kind!r} "
        "as the database URL says. Leave HIPROM_DB_URL unset for SQLite."
    )


def _make_private(file: Path, folder: Path) -> None:
    """Make an empty file that only its owner reads; SQLite's own files follow it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    elif not file.stat().st_size and (folder / LANDMARKS).exists():
        raise StoreDamaged(
            f"{file} is empty, though landmarks of trials lie beside it. Put a backup "
            "in its place, or delete it to begin anew."
        )


def _sqlite(at: URL) -> Engine:
    engine = create_engine(
        at,
        connect_args={"timeout": BUSY_S},
        json_serializer=_write_json,
    )

    @event.listens_for(engine, "connect")
    def promise(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say when a transaction begins
        for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        how = connection.get_execution_options().get("begins", "read")
        for statement in _BEGINNINGS[how]:
            connection.exec_driver_sql(statement)

    return engine


def _postgresql(at: URL) -> Engine:
    settings = {
        "synchronous_commit": "on",
        "lock_timeout": f"{BUSY_S * 1000:.0f}ms",
        "jit": "off",  # what we ask for is quicker to look up than to compile
    }
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    try:
        return create_engine(
            at,
            connect_args={"connect_timeout": 10, "options": options},
            json_serializer=_write_json,
            pool_pre_ping=True,
        )
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            "A PostgreSQL database needs the package psycopg, which is not installed. "
            "Run: pip install 'hiprom[postgres]'"
        ) from error
