"""A measured recording -> a trial in the history, once, with its landmarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, select

from hiprom.core.history import SavedTrial
from hiprom.store import corrections, unsettled
from hiprom.store.corrections import Wrong
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
    *,
    wrong: Wrong | None = None,
) -> Saved:
    """Keep a trial: first its file, then its rows, all or nothing.

    `wrong` gives way to it in the same step.
    """
    require_whole(new)
    with database.reading() as connection:
        earlier = _earlier(connection, code, new)
    if earlier is not None and wrong is None:
        return Saved(earlier, is_new=False)
    if earlier is not None or write_landmarks is None:
        with database.writing() as connection:
            return _save(connection, code, new, None, wrong)
    with files.arriving(write_landmarks) as arriving:
        with database.writing() as connection:
            unsettled.settle(connection, files)
            unsettled.note(connection, [arriving.sha256])
        with database.writing() as connection:
            saved = _save(connection, code, new, arriving.sha256, wrong)
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
    connection: Connection,
    code: str,
    new: NewTrial,
    landmarks_sha256: str | None,
    wrong: Wrong | None,
) -> Saved:
    """Save in the one writer's transaction: nobody comes between look and insert."""
    earlier = _earlier(connection, code, new)
    if earlier is None:
        code_id = subject_id_made(connection, code)
        (trial_id,) = insert_trials(connection, code_id, [new], landmarks_sha256)
    else:
        trial_id = earlier.trial_id
    if wrong is not None:
        corrections.set_aside(connection, wrong, trial_id)
    (trial,) = read_chosen(
        connection, select(trials.c.id).where(trials.c.id == trial_id)
    )
    return Saved(trial, is_new=earlier is None)
