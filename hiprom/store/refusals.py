"""What a database or the operating system refuses -> one StoreError with advice."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import exc

from hiprom.errors import StoreDamaged, StoreError, StoreUnavailable

# What to raise, what was found, what to do.
Refusal = tuple[type[StoreError], str, str]

_FULL: Refusal = (
    StoreUnavailable,
    "the disk is full.",
    "Free some space and run it again.",
)
_CLOSED = (
    StoreUnavailable,
    "you may not write there.",
    "Change the permissions, or set HIPROM_HOME to a folder of your own.",
)
_BUSY = (
    StoreUnavailable,
    "another program has been writing to it for several seconds.",
    "Wait until it has finished, and run it again.",
)
_DAMAGED = (
    StoreDamaged,
    "it is damaged, or not a database at all. It was left as it is.",
    "Look at it with `hiprom doctor --fsck`, or put a backup in its place.",
)
_NOT_LET_IN = (
    StoreUnavailable,
    "the server did not let us in.",
    "Check user, password and database in HIPROM_DB_URL.",
)

_UNREACHABLE = (
    StoreUnavailable,
    "the server does not answer.",
    "Check that it runs and that HIPROM_DB_URL names it, and run it again.",
)

# By SQLite's primary result codes.
_SQLITE: dict[str, Refusal] = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _CLOSED,
    "SQLITE_CANTOPEN": _CLOSED,
    "SQLITE_PERM": _CLOSED,
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_IOERR": (
        StoreUnavailable,
        "the disk could not be read or written; it may be full.",
        "Check the disk, free some space, and run it again.",
    ),
}
# By the SQLSTATE that PostgreSQL sends, or the class of it.
_POSTGRESQL: dict[str, Refusal] = {
    "53100": _FULL,
    "55P03": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "42501": _CLOSED,
    "25006": _CLOSED,
    "28": _NOT_LET_IN,
    "3D": _NOT_LET_IN,
    "08": _UNREACHABLE,
    "57": _UNREACHABLE,
    "XX001": _DAMAGED,
    "XX002": _DAMAGED,
}
_SYSTEM: dict[int, Refusal] = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EACCES: _CLOSED,
    errno.EPERM: _CLOSED,
    errno.EROFS: _CLOSED,
}


@contextmanager
def plainly(place: object) -> Iterator[None]:
    """Say in one sentence why `place` refused.

    A statement that the database does not understand is a bug of ours and passes.

    Raises
    ------
    StoreUnavailable
        If it could not be reached or written to.
    StoreDamaged
        If the database is not whole.
    StoreError
        If it refused for a reason of its own.
    """
    try:
        yield
    except exc.DBAPIError as error:
        refusal = _of_database(error)
        if refusal is None:
            raise
        kind, found, advice = refusal
        raise kind(f"{place}: {found} {advice}") from error
    except OSError as error:
        kind, found, advice = _SYSTEM.get(
            error.errno or 0,
            (
                StoreError,
                f"{error.strerror or error}.",
                "Choose another folder by HIPROM_HOME.",
            ),
        )
        where = error.filename or place
        raise kind(f"{where}: {found} {advice}") from error


def _of_database(error: exc.DBAPIError) -> Refusal | None:
    original = error.orig
    if isinstance(error, exc.DataError):
        words = str(original).splitlines()[0].rstrip(".")
        found = f"it cannot hold a value that was given: {words}."
        return StoreError, found, "Nothing was saved."
    if name := getattr(original, "sqlite_errorname", None):
        return _SQLITE.get("_".join(name.split("_")[:2]))
    if state := getattr(original, "sqlstate", None):
        return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
    if isinstance(error, exc.OperationalError):
        return _of_connection(str(original))
    return None


def _of_connection(words: str) -> Refusal:
    """Judge a connection that never stood by its words: it has no SQLSTATE.

    The words themselves may hold what nobody should read, and stay unsaid.
    """
    refused = ("authentication failed", "no password supplied", "does not exist")
    return _NOT_LET_IN if any(each in words for each in refused) else _UNREACHABLE
