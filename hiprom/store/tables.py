"""The tables of the history: what is kept of whom, and what hangs on what.

A subject has sessions, a session trials, a trial reps; erasing a subject takes all of
that along. Missing numbers are NULL. How the tables came to look like this is told in
`migrations`; a test compares both.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypedColumns,
    UniqueConstraint,
)

from hiprom.store.moment import Moment

# Every constraint has a name, so that a migration can take hold of it.
metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

Document = Mapping[str, Any]
# In the order of its code points, whatever the server's language is.
Name = Text().with_variant(Text(collation="C"), "postgresql")


def _belongs_to(table: str) -> ForeignKey:
    return ForeignKey(f"{table}.id", ondelete="CASCADE")


class SubjectColumns(TypedColumns):
    """A person; `code` is what the rest of the world knows."""

    id: Column[int] = Column(Integer, primary_key=True)
    code: Column[str] = Column(Text, nullable=False, unique=True)
    display_name: Column[str | None] = Column(Text)
    sex: Column[str | None] = Column(Text)
    birth_year: Column[int | None] = Column(Integer)
    injured_side: Column[str | None] = Column(Text)
    created_at: Column[datetime] = Column(Moment, nullable=False)


class SessionColumns(TypedColumns):
    """One visit: the trials of a subject on one day of their own calendar."""

    id: Column[int] = Column(Integer, primary_key=True)
    subject_id: Column[int] = Column(_belongs_to("subjects"), nullable=False)
    day: Column[date] = Column(Date, nullable=False)
    started_at: Column[datetime] = Column(Moment, nullable=False)


class VideoColumns(TypedColumns):
    """A video file, known by its contents."""

    id: Column[int] = Column(Integer, primary_key=True)
    sha256: Column[str] = Column(Text, nullable=False, unique=True)
    name: Column[str] = Column(Text, nullable=False)
    bytes: Column[int | None] = Column(BigInteger)
    facts: Column[Document] = Column(JSON, nullable=False)


class TrialColumns(TypedColumns):
    """One recording, measured with one choice of settings."""

    id: Column[int] = Column(Integer, primary_key=True)
    subject_id: Column[int] = Column(_belongs_to("subjects"), nullable=False)
    session_id: Column[int] = Column(
        _belongs_to("sessions"), nullable=False, index=True
    )
    video_id: Column[int | None] = Column(ForeignKey("videos.id"), index=True)
    source_sha256: Column[str] = Column(Text, nullable=False)
    settings_sha256: Column[str] = Column(Text, nullable=False)
    protocol: Column[str] = Column(Text, nullable=False)
    side: Column[str] = Column(Text, nullable=False)
    instrument: Column[str] = Column(Text, nullable=False)
    video_name: Column[str] = Column(Text, nullable=False)
    recorded_at: Column[datetime] = Column(Moment, nullable=False)
    analysed_at: Column[datetime | None] = Column(Moment)
    duration_s: Column[float | None] = Column(Double)
    parameters: Column[Document] = Column(JSON, nullable=False)
    software: Column[Document] = Column(JSON, nullable=False)
    model_sha256: Column[str] = Column(Text, nullable=False)
    camera: Column[Document] = Column(JSON, nullable=False)
    summary: Column[Document] = Column(JSON, nullable=False)
    landmarks_sha256: Column[str | None] = Column(Text, index=True)


class RepColumns(TypedColumns):
    """One rep, every number of `hiprom.core.measurement.Rep`; flags joined by ``;``."""

    id: Column[int] = Column(Integer, primary_key=True)
    trial_id: Column[int] = Column(_belongs_to("trials"), nullable=False)
    side: Column[str] = Column(Text, nullable=False)
    quantity: Column[str] = Column(Text, nullable=False)
    number: Column[int] = Column(Integer, nullable=False)
    start_s: Column[float | None] = Column(Double)
    peak_s: Column[float | None] = Column(Double)
    end_s: Column[float | None] = Column(Double)
    plateau_start_s: Column[float | None] = Column(Double)
    plateau_end_s: Column[float | None] = Column(Double)
    end_range: Column[float | None] = Column(Double)
    end_range_low: Column[float | None] = Column(Double)
    end_range_high: Column[float | None] = Column(Double)
    neutral: Column[float | None] = Column(Double)
    excursion: Column[float | None] = Column(Double)
    hold_s: Column[float | None] = Column(Double)
    raise_s: Column[float | None] = Column(Double)
    lower_s: Column[float | None] = Column(Double)
    peak_velocity: Column[float | None] = Column(Double)
    shank_tilt_deg: Column[float | None] = Column(Double)
    compensation_deg: Column[float | None] = Column(Double)
    flags: Column[str] = Column(Text, nullable=False)
    valid: Column[bool] = Column(Boolean, nullable=False)


class CompensationColumns(TypedColumns):
    """What else moved during a rep, from rest to hold."""

    rep_id: Column[int] = Column(_belongs_to("reps"), primary_key=True)
    name: Column[str] = Column(Text, primary_key=True)
    value: Column[float | None] = Column(Double)
    unit: Column[str] = Column(Text, nullable=False)


class ExclusionColumns(TypedColumns):
    """A person took a rep out of the reckoning, and perhaps back in: never erased."""

    id: Column[int] = Column(Integer, primary_key=True)
    rep_id: Column[int] = Column(_belongs_to("reps"), nullable=False, index=True)
    reason: Column[str] = Column(Text, nullable=False)
    who: Column[str] = Column(Text, nullable=False)
    at: Column[datetime] = Column(Moment, nullable=False)
    undone_at: Column[datetime | None] = Column(Moment)


class CorrectionColumns(TypedColumns):
    """A trial gave way to another measurement of its recording: never erased."""

    id: Column[int] = Column(Integer, primary_key=True)
    trial_id: Column[int] = Column(_belongs_to("trials"), nullable=False, index=True)
    instead_id: Column[int | None] = Column(
        ForeignKey("trials.id", ondelete="SET NULL"), index=True
    )
    reason: Column[str] = Column(Text, nullable=False)
    who: Column[str] = Column(Text, nullable=False)
    at: Column[datetime] = Column(Moment, nullable=False)
    undone_at: Column[datetime | None] = Column(Moment)


class DiaryColumns(TypedColumns):
    """What a person noted."""

    id: Column[int] = Column(Integer, primary_key=True)
    subject_id: Column[int] = Column(
        _belongs_to("subjects"), nullable=False, index=True
    )
    noted_at: Column[datetime] = Column(Moment, nullable=False)
    discomfort: Column[int | None] = Column(Integer)
    place: Column[str] = Column(Text, nullable=False)
    stopped_early: Column[bool] = Column(Boolean, nullable=False)
    practised_min: Column[float] = Column(Double, nullable=False)
    drill: Column[str] = Column(Text, nullable=False)
    note: Column[str] = Column(Text, nullable=False)


class ProgrammeColumns(TypedColumns):
    """What a person means to do; one each."""

    subject_id: Column[int] = Column(_belongs_to("subjects"), primary_key=True)
    sessions_least: Column[int] = Column(Integer, nullable=False)
    sessions_most: Column[int] = Column(Integer, nullable=False)
    minutes_least: Column[float] = Column(Double, nullable=False)
    minutes_most: Column[float] = Column(Double, nullable=False)
    drills: Column[list[str]] = Column(JSON, nullable=False)
    red_flags: Column[list[str] | None] = Column(JSON(none_as_null=True))
    changed_at: Column[datetime] = Column(Moment, nullable=False)


class CalibrationColumns(TypedColumns):
    """A camera profile, as the TOML text it was written in."""

    id: Column[int] = Column(Integer, primary_key=True)
    name: Column[str] = Column(Text, nullable=False, unique=True)
    camera: Column[str] = Column(Text, nullable=False)
    toml: Column[str] = Column(Text, nullable=False)
    created_at: Column[datetime] = Column(Moment, nullable=False)


class UnsettledLandmarksColumns(TypedColumns):
    """A landmarks file that may stand without its row: to be looked at, and removed.

    Entered before a file is put in place and when its row is erased; so neither a crash
    between file and row, nor one between row and file, leaves a file behind for good.
    """

    sha256: Column[str] = Column(Text, primary_key=True)
    noted_at: Column[datetime] = Column(Moment, nullable=False)


class BatchColumns(TypedColumns):
    """The videos whose results go to one place, and the process at work on them.

    `asked` counts how often the batch was asked for. `head_machine` and `head_started`
    tell the process from all others, where the system can; see `batch_lease`.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    out: Column[str] = Column(Text, nullable=False, unique=True)
    asked: Column[int] = Column(Integer, nullable=False)
    created_at: Column[datetime] = Column(Moment, nullable=False)
    head_host: Column[str | None] = Column(Text)
    head_machine: Column[str | None] = Column(Text)
    head_pid: Column[int | None] = Column(Integer)
    head_started: Column[str | None] = Column(Text)
    head_since: Column[datetime | None] = Column(Moment)
    heartbeat_at: Column[datetime | None] = Column(Moment)


class JobColumns(TypedColumns):
    """One video of a batch: what is asked of it, how far it is, why it failed.

    `asked` is the last time it was part of what its batch was asked for.
    """

    id: Column[int] = Column(Integer, primary_key=True)
    batch_id: Column[int] = Column(_belongs_to("batches"), nullable=False)
    asked: Column[int] = Column(Integer, nullable=False)
    name: Column[str] = Column(Name, nullable=False)
    video: Column[str] = Column(Text, nullable=False)
    protocol: Column[str] = Column(Text, nullable=False)
    side: Column[str] = Column(Text, nullable=False)
    subject_id: Column[int | None] = Column(_belongs_to("subjects"), index=True)
    recorded_at: Column[datetime | None] = Column(Moment)
    camera: Column[str | None] = Column(Text)
    settings_sha256: Column[str] = Column(Text, nullable=False)
    fingerprint: Column[str] = Column(Text, nullable=False)
    weight: Column[float] = Column(Double, nullable=False)
    state: Column[str] = Column(Text, nullable=False)
    attempts: Column[int] = Column(Integer, nullable=False)
    reason: Column[str] = Column(Text, nullable=False)
    trial_id: Column[int | None] = Column(_belongs_to("trials"), index=True)
    worker: Column[str] = Column(Text, nullable=False)
    started_at: Column[datetime | None] = Column(Moment)
    ended_at: Column[datetime | None] = Column(Moment)
    taken_s: Column[float | None] = Column(Double)
    frames: Column[int | None] = Column(Integer)


subjects = Table("subjects", metadata, SubjectColumns)
sessions = Table(
    "sessions", metadata, SessionColumns, UniqueConstraint("subject_id", "day")
)
videos = Table("videos", metadata, VideoColumns)
trials = Table(
    "trials",
    metadata,
    TrialColumns,
    UniqueConstraint("subject_id", "source_sha256", "settings_sha256"),
)
reps = Table(
    "reps",
    metadata,
    RepColumns,
    UniqueConstraint("trial_id", "side", "quantity", "number"),
)
compensations = Table("compensations", metadata, CompensationColumns)
exclusions = Table("exclusions", metadata, ExclusionColumns)
corrections = Table("corrections", metadata, CorrectionColumns)
diary = Table("diary", metadata, DiaryColumns)
programmes = Table("programmes", metadata, ProgrammeColumns)
calibrations = Table("calibrations", metadata, CalibrationColumns)
unsettled_landmarks = Table("unsettled_landmarks", metadata, UnsettledLandmarksColumns)
batches = Table("batches", metadata, BatchColumns)
jobs = Table(
    "jobs",
    metadata,
    JobColumns,
    UniqueConstraint("batch_id", "name"),
    # The next one to be claimed is found, not looked for; so are the counts.
    Index("ix_jobs_queue", "batch_id", "asked", "state", "weight", "id"),
)
