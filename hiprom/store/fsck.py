"""A database and its landmark files -> what does not fit together.

Only looked at: nothing is changed, and it is for a person to say what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from hiprom.errors import StoreDamaged
from hiprom.store.backups import unfinished
from hiprom.store.engine import Database
from hiprom.store.landmark_files import LandmarkFiles, sha256_of
from hiprom.store.refusals import plainly
from hiprom.store.tables import subjects, trials

Kind = Literal["damaged", "missing", "altered", "orphan", "leftover"]


@dataclass(frozen=True)
class Fault:
    """One thing that does not fit.

    Attributes
    ----------
    kind : str
        "damaged" (the database's own pages), "missing" (a trial without its landmarks),
        "altered" (landmarks that are not what was written), "orphan" (landmarks without
        a trial), "leftover" (unfinished files of a process that ended early).
    where : str
        A path, or the database in words.
    found, advice : str
        Sentences.
    """

    kind: Kind
    where: str
    found: str
    advice: str


def fsck(database: Database, files: LandmarkFiles, folder: Path) -> tuple[Fault, ...]:
    """Compare rows and files both ways, and check the pages of the database."""
    faults: list[Fault] = []
    try:
        faults += pages(database)
        with database.writing() as connection:  # while nobody puts a file in place
            rows = connection.execute(
                select(trials.c.landmarks_sha256, trials.c.id, subjects.c.code)
                .join(subjects, subjects.c.id == trials.c.subject_id)
                .order_by(trials.c.id)
            ).all()
            there = dict(files.settled())
    except StoreDamaged:
        return *faults, _damaged(database, "The database cannot be read to its end.")
    wanted = {sha256 for sha256, _, _ in rows if sha256}
    for sha256, trial_id, code in rows:
        if sha256 and sha256 not in there:
            faults.append(
                Fault(
                    "missing",
                    str(files.path(sha256)),
                    f"The landmarks of trial {trial_id} of {code} are gone.",
                    "Put the file back from a copy of the data folder; the numbers of "
                    "the trial are not touched.",
                )
            )
    faults += _altered({sha256: there[sha256] for sha256 in wanted & there.keys()})
    faults += [
        Fault(
            "orphan",
            str(path),
            "No trial in this database has these landmarks.",
            "Delete the file, unless another database uses this folder.",
        )
        for sha256, path in there.items()
        if sha256 not in wanted
    ]
    faults += [
        Fault(
            "leftover",
            str(path),
            "A process ended before this file was complete.",
            "It goes with the next trial that is saved, or upgrade; or delete it.",
        )
        for path in (*files.leftovers(), *unfinished(folder))
    ]
    return tuple(faults)


def pages(database: Database) -> list[Fault]:
    """Check an SQLite database by itself: its pages, and what its rows refer to."""
    if database.file is None:
        return []
    with database.reading() as connection:
        words = [
            str(line)
            for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars()
        ]
        strays = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    found = [f"SQLite says: {line}." for line in words if line != "ok"]
    found += [f"A row of {table} refers to none in {to}." for table, _, to, _ in strays]
    return [_damaged(database, each) for each in found]


def _damaged(database: Database, found: str) -> Fault:
    return Fault("damaged", database.place, found, "Put a backup in its place.")


def _altered(there: dict[str, Path]) -> list[Fault]:
    faults = []
    for sha256, path in there.items():
        with plainly(path):
            try:
                now = sha256_of(path)
            except FileNotFoundError:  # its subject was forgotten just now
                continue
        if now != sha256:
            faults.append(
                Fault(
                    "altered",
                    str(path),
                    "The landmarks are not what was written.",
                    "Put the file back from a copy of the data folder; the numbers of "
                    "the trial are not touched.",
                )
            )
    return faults
