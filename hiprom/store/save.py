"""A measured recording -> a trial in the history, once, with its landmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from hiprom.core.history import SavedTrial
from hiprom.store import unsettled
from hiprom.store.engine import Database
from hiprom.store.landmark_files import LandmarkFiles
from hiprom.store.new_trial import NewTrial, require_whole
from hiprom.store.subjects import subject_id_made
from hiprom.store.tables import subjects, trials
from hiprom.store.trial_rows import insert_trials, read_chosen


@dataclass(frozen=True)
class Saved:
    """A trial as it is kept, and whether it was new.

    Where the same video with the same settings was saved before, `trial` is that one.
    """

    trial: SavedTrial
    is_new: bool


def save_trial(
    database: Database,
    files: LandmarkFiles,
    code: str,
    new: NewTrial,
    write_landmarks: Callable[[Path], None] | None,
) -> Saved:
    """Keep a trial: first its file, then its rows, all or nothing."""
    require_whole(new)
    with database.reading() as connection:
        earlier = _earlier(connection, code, new)
    if earlier is not None:
        return Saved(earlier, is_new=False)
    if write_landmarks is None:
        with database.writing() as connection:
            return _save(connection, code, new, None)
    with files.arriving(write_landmarks) as arriving:
        with database.writing() as connection:
            unsettled.settle(connection, files)
            unsettled.note(connection, [arriving.sha256])
        with database.writing() as connection:
            saved = _save(connection, code, new, arriving.sha256)
            if saved.is_new:
                files.settle(arriving)
                unsettled.strike(connection, arriving.sha256)
        return saved


def _earlier(connection: Connection, code: str, new: NewTrial) -> SavedTrial | None:
    same = (
        select(trials.c.id)
        .join(subjects, subjects.c.id == trials.c.subject_id)
        .where(
            subjects.c.code == code,
            trials.c.source_sha256 == new.source_sha256,
            trials.c.settings_sha256 == new.settings_sha256,
        )
    )
    return next(iter(read_chosen(connection, same)), None)


def _save(
    connection: Connection, code: str, new: NewTrial, landmarks_sha256: str | None
) -> Saved:
    """Save in the one writer's transaction: nobody comes between look and insert."""
    earlier = _earlier(connection, code, new)
    if earlier is not None:
        return Saved(earlier, is_new=False)
    code_id = subject_id_made(connection, code)
    (trial_id,) = insert_trials(connection, code_id, [new], landmarks_sha256)
    (trial,) = read_chosen(
        connection, select(trials.c.id).where(trials.c.id == trial_id)
    )
    return Saved(trial, is_new=True)
