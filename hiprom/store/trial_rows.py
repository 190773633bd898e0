"""Trials <-> their rows: the session they fall into, their video and their reps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, Select, insert, select, update

from hiprom.core.history import SavedTrial
from hiprom.errors import InputError
from hiprom.store import corrections
from hiprom.store.new_trial import NewTrial, Video, plain
from hiprom.store.rep_rows import insert_reps, read_reps
from hiprom.store.tables import sessions, trials, videos


def read_trials(
    connection: Connection, code_id: int, *, protocol: str | None = None
) -> tuple[SavedTrial, ...]:
    """Return a subject's trials in order of time."""
    chosen = select(trials.c.id).where(trials.c.subject_id == code_id)
    if protocol is not None:
        chosen = chosen.where(trials.c.protocol == protocol)
    found = read_chosen(connection, chosen)
    return tuple(sorted(found, key=lambda each: (each.recorded_at, each.trial_id)))


def read_landmarks_sha256(connection: Connection, trial_id: int) -> str | None:
    """Return what a trial's landmarks are named by; None if it was saved without."""
    mine = select(trials.c.landmarks_sha256).where(trials.c.id == trial_id)
    row = connection.execute(mine).first()
    if row is None:
        raise InputError(f"There is no trial {trial_id} in the history.")
    sha256: str | None = row.landmarks_sha256
    return sha256


def insert_trials(
    connection: Connection,
    code_id: int,
    new: Sequence[NewTrial],
    landmarks_sha256: str | None = None,
) -> list[int]:
    """Insert trials that are not there yet, with their reps; return their ids."""
    if not new:
        return []
    visits = _sessions_made(connection, code_id, new)
    rows = [
        {
            "subject_id": code_id,
            "session_id": visits[each.recorded_at.date()],
            "video_id": _video_id_made(connection, each.video),
            "source_sha256": each.source_sha256,
            "settings_sha256": each.settings_sha256,
            "protocol": each.protocol,
            "side": each.side,
            "instrument": each.instrument,
            "video_name": each.video_name,
            "recorded_at": each.recorded_at,
            "analysed_at": each.analysed_at,
            "duration_s": None if math.isnan(each.duration_s) else each.duration_s,
            "parameters": plain(each.parameters),
            "software": plain(each.software),
            "model_sha256": each.model_sha256,
            "camera": plain(each.camera),
            "summary": plain(each.summary),
            "landmarks_sha256": landmarks_sha256,
        }
        for each in new
    ]
    made = insert(trials).returning(trials.c.id, sort_by_parameter_order=True)
    ids = list(connection.execute(made, rows).scalars())
    insert_reps(
        connection,
        [
            (trial_id, each.protocol, saved)
            for trial_id, each in zip(ids, new, strict=True)
            for saved in each.reps
        ],
    )
    return ids


def read_chosen(connection: Connection, chosen: Select[int]) -> list[SavedTrial]:
    """Return the trials whose ids `chosen` selects."""
    rows = connection.execute(
        select(
            trials.c.id,
            trials.c.session_id,
            trials.c.recorded_at,
            trials.c.protocol,
            trials.c.instrument,
            trials.c.video_name,
            trials.c.duration_s,
            trials.c.summary,
        ).where(trials.c.id.in_(chosen))
    ).all()
    by_trial = read_reps(connection, chosen)
    aside = corrections.reasons(connection, chosen)
    return [
        SavedTrial(
            trial_id=row.id,
            session_id=row.session_id,
            recorded_at=row.recorded_at,
            protocol=row.protocol,
            instrument=row.instrument,
            video=row.video_name,
            duration_s=math.nan if row.duration_s is None else row.duration_s,
            reps=tuple(by_trial.get(row.id, ())),
            summary=row.summary,
            set_aside=aside.get(row.id),
        )
        for row in rows
    ]


def _sessions_made(
    connection: Connection, code_id: int, new: Sequence[NewTrial]
) -> dict[date, int]:
    """Return the session of each day, made where there was none."""
    mine = select(sessions.c.day, sessions.c.id, sessions.c.started_at)
    visits: dict[date, int] = {}
    starts: dict[date, datetime] = {}
    rows = connection.execute(mine.where(sessions.c.subject_id == code_id))
    for day, session_id, started_at in rows:
        visits[day], starts[day] = session_id, started_at
    for each in sorted(new, key=lambda trial: trial.recorded_at):
        day = each.recorded_at.date()
        if day not in visits:
            made = insert(sessions).values(
                subject_id=code_id, day=day, started_at=each.recorded_at
            )
            visits[day] = connection.execute(made.returning(sessions.c.id)).scalar_one()
            starts[day] = each.recorded_at
        elif each.recorded_at < starts[day]:
            connection.execute(
                update(sessions)
                .where(sessions.c.id == visits[day])
                .values(started_at=each.recorded_at)
            )
            starts[day] = each.recorded_at
    return visits


def _video_id_made(connection: Connection, video: Video | None) -> int | None:
    if video is None or not video.sha256:
        return None
    mine = select(videos.c.id).where(videos.c.sha256 == video.sha256)
    found = connection.execute(mine).scalar()
    if found is not None:
        return found
    made = insert(videos).values(
        sha256=video.sha256,
        name=video.name,
        bytes=video.bytes,
        facts=plain(video.facts),
    )
    return connection.execute(made.returning(videos.c.id)).scalar_one()
