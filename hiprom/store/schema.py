"""A database as it was found -> one with today's tables, or a refusal.

A database that is up to date is known by one row, so that opening it costs nothing.
Alembic is loaded only for a new database or an older one.
"""

from __future__ import annotations

import time
from pathlib import Path

from sqlalchemy import Connection, column, inspect, select, table
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from hiprom.errors import StoreDamaged, StoreError, StoreNotOurs
from hiprom.store.backups import back_up
from hiprom.store.engine import BUSY_S, Database

# The last of the files in migrations/versions; a test keeps it true.
NEWEST = "0004"
# Where the database says which revision it has; a name of our own, so that no other
# program's tables are taken for ours.
VERSION_TABLE = "hiprom_revision"


def bring_up_to_date(database: Database, folder: Path) -> None:
    """Make the tables in an empty database, or bring older ones up to date.

    An older SQLite database is copied into ``folder/backups`` first. Either all steps
    are taken or none, and of several processes only one takes them.

    Raises
    ------
    StoreNotOurs
        If the database is another program's, or was written by a newer hiprom.
    StoreDamaged, StoreUnavailable
        If it cannot be read or written.
    StoreError
        If a step cannot be taken; the database is as it was.
    """
    with database.reading() as connection:
        found = revision(connection, database.place)
    if found == NEWEST:
        return
    if database.file is not None:
        _write_ahead(database)
    with database.migrating() as connection:
        found = revision(connection, database.place)
        if found == NEWEST:  # another process was quicker
            return
        copy = back_up(database, folder, found) if found else None
        try:
            _migrate(connection)
        except (IntegrityError, OperationalError, ProgrammingError) as error:
            kept = f" A copy of it is {copy}." if copy else ""
            raise StoreError(
                f"{database.place} could not be brought from schema {found or 'none'} "
                f"to {NEWEST}: {str(error.orig).splitlines()[0]}. It was left as it "
                f"was.{kept} Free some space if the disk is full, or report this."
            ) from error


def revision(connection: Connection, place: str) -> str | None:
    """Return the revision of the tables; None for a database without any.

    Raises
    ------
    StoreNotOurs, StoreDamaged
        If this hiprom must leave the database alone.
    """
    inspector = inspect(connection)
    if not inspector.has_table(VERSION_TABLE):
        if not inspector.get_table_names():
            return None
        raise StoreNotOurs(
            f"{place} holds another program's tables, not hiprom's. Name an empty "
            "database or hiprom's own; this one was left as it is."
        )
    marks = table(VERSION_TABLE, column("version_num"))
    found = connection.execute(select(marks.c.version_num)).scalar()
    if found is None:
        raise StoreDamaged(
            f"{place} does not say which version of hiprom wrote it. It was left as it "
            "is: put a backup in its place."
        )
    if str(found) > NEWEST:
        raise StoreNotOurs(
            f"{place} was written by a newer hiprom (schema {found}; this one knows "
            f"{NEWEST}). Update hiprom; the database was left as it is."
        )
    return str(found)


def _write_ahead(database: Database) -> None:
    """Let readers go on while somebody writes; the file remembers it.

    SQLite does not wait for others here by itself, so we do.
    """
    patience = time.monotonic() + BUSY_S
    while True:
        with database.outside_transactions() as connection:
            try:
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            except OperationalError:
                if time.monotonic() > patience:
                    raise
            else:
                return
        time.sleep(0.02)


def _migrate(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "hiprom.store:migrations")
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)
