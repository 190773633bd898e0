"""Trials measured elsewhere or earlier -> those parts of them that are new.

A rep is known by its subject, protocol, instrument, time and name of the recording,
side, quantity and number: what reps.csv says of it. So the same table may be imported
again, or after its videos were saved, and adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from hiprom.core.history import SavedRep
from hiprom.errors import InputError
from hiprom.store.new_trial import NewTrial, Video, require_whole
from hiprom.store.rep_rows import insert_reps, key, read_reps, same
from hiprom.store.subjects import subject_id_made
from hiprom.store.tables import trials
from hiprom.store.trial_rows import insert_trials

# What tells one recording of a subject from another, without the video.
_Recording = tuple[str, str, datetime, str]


@dataclass(frozen=True)
class Imported:
    """What an import added.

    Attributes
    ----------
    trials, reps : int
        New ones; a rep counts once for each of its quantities.
    known : int
        Reps that were there before.
    differing : int
        Those of them that say something else than the ones that were there, which
        were left as they are.
    """

    trials: int
    reps: int
    known: int
    differing: int


def import_trials(
    connection: Connection, code: str, given: Iterable[NewTrial]
) -> Imported:
    """Add what is new in `given`, as the one writer."""
    whole = _joined(given)
    code_id = subject_id_made(connection, code)
    places, kept = _kept(connection, code_id)
    fresh: list[NewTrial] = []
    added: list[tuple[int, str, SavedRep]] = []
    known = differing = 0
    for recording, trial in whole.items():
        mine = kept.get(recording, {})
        new = tuple(each for each in trial.reps if key(each) not in mine)
        known += len(trial.reps) - len(new)
        differing += sum(
            not same(each, mine[key(each)]) for each in trial.reps if key(each) in mine
        )
        if recording in places:
            place = places[recording]
            added += [(place, trial.protocol, each) for each in new]
        elif new:
            fresh.append(replace(trial, reps=new))
    insert_trials(connection, code_id, fresh)
    insert_reps(connection, added)
    reps = len(added) + sum(len(each.reps) for each in fresh)
    return Imported(len(fresh), reps, known, differing)


def _joined(given: Iterable[NewTrial]) -> dict[_Recording, NewTrial]:
    """Return one trial for each recording, whole; the same rep twice is one.

    A table knows a video by its name alone.
    """
    joined: dict[_Recording, NewTrial] = {}
    numbered: dict[_Recording, dict[tuple[str, str, int], SavedRep]] = {}
    for trial in given:
        require_whole(trial)
        recording = _recording(trial)
        joined.setdefault(recording, trial)
        reps = numbered.setdefault(recording, {})
        for each in trial.reps:
            first = reps.setdefault(key(each), each)
            if first is not each and not same(first, each):
                raise InputError(
                    f"Rep {each.rep.number} on the {each.side} side at "
                    f"{trial.recorded_at.isoformat()} is there twice, with different "
                    "numbers. Give each rep of a recording a number of its own."
                )
    return {
        recording: replace(
            trial,
            video=Video(trial.video_name) if trial.video else None,
            reps=tuple(numbered[recording].values()),
        )
        for recording, trial in joined.items()
    }


def _recording(trial: NewTrial) -> _Recording:
    return trial.protocol, trial.instrument, trial.recorded_at, trial.video_name


def _kept(
    connection: Connection, code_id: int
) -> tuple[
    dict[_Recording, int], dict[_Recording, dict[tuple[str, str, int], SavedRep]]
]:
    """Return what is there: earlier imports to add to, and the reps of all trials."""
    chosen = select(trials.c.id).where(trials.c.subject_id == code_id)
    by_trial = read_reps(connection, chosen)
    places: dict[_Recording, int] = {}
    kept: dict[_Recording, dict[tuple[str, str, int], SavedRep]] = {}
    rows = connection.execute(
        select(
            trials.c.id,
            trials.c.protocol,
            trials.c.instrument,
            trials.c.recorded_at,
            trials.c.video_name,
            trials.c.video_id,
        ).where(trials.c.subject_id == code_id)
    )
    for trial_id, protocol, instrument, recorded_at, name, video_id in rows:
        recording = (protocol, instrument, recorded_at, name)
        reps = kept.setdefault(recording, {})
        reps |= {key(each): each for each in by_trial.get(trial_id, ())}
        if video_id is None:
            places[recording] = trial_id
    return places, kept
