"""Landmark files that may stand without a row -> looked at again, and removed.

Put down before a file comes and before one goes, in the database whose file it is:
several databases may share a folder, and none touches what another has kept.
All of this is the business of the one process that writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.tables import trials, unsettled_landmarks

# A note without a file may be about one that is still to come, though not for long.
_PATIENCE = timedelta(days=1)


def note(connection: Connection, sums: Iterable[str]) -> None:
    """Put down that these files may lose, or not get, their rows."""
    known = set(connection.execute(select(unsettled_landmarks.c.sha256)).scalars())
    now = datetime.now(UTC)
    new = [{"sha256": sha256, "noted_at": now} for sha256 in sorted(set(sums) - known)]
    if new:
        connection.execute(insert(unsettled_landmarks), new)


def strike(connection: Connection, sha256: str) -> None:
    """Take a note back: the file has its row."""
    mine = unsettled_landmarks.c.sha256 == sha256
    connection.execute(delete(unsettled_landmarks).where(mine))


def settle(connection: Connection, files: LandmarkFiles) -> int:
    """Remove noted files without a row, and what dead processes left unfinished.

    Returns
    -------
    int
        How many whole files were removed.
    """
    for leftover in files.leftovers():
        leftover.unlink(missing_ok=True)
    removed = 0
    notes = connection.execute(
        select(unsettled_landmarks.c.sha256, unsettled_landmarks.c.noted_at)
    ).all()
    for sha256, noted_at in notes:
        has_row = select(trials.c.id).where(trials.c.landmarks_sha256 == sha256)
        if connection.execute(has_row).first() is None:
            if files.remove(sha256):
                removed += 1
            elif datetime.now(UTC) - noted_at < _PATIENCE:
                continue
        strike(connection, sha256)
    return removed
