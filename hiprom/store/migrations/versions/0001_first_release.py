"""The first release: subjects, sessions, videos, trials, reps and what hangs on them.

Times are ISO 8601 text with their offset from UTC.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _people()
    _recordings()
    _repetitions()
    op.create_table(
        "calibrations",
        _key(),
        _text("name"),
        _text("camera"),
        _text("toml"),
        _text("created_at"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "unsettled_landmarks",
        sa.Column("sha256", sa.Text, primary_key=True),
        _text("noted_at"),
    )


def _people() -> None:
    op.create_table(
        "subjects",
        _key(),
        _text("code"),
        _text("display_name", nullable=True),
        _text("sex", nullable=True),
        sa.Column("birth_year", sa.Integer),
        _text("injured_side", nullable=True),
        _text("created_at"),
        sa.UniqueConstraint("code"),
    )
    op.create_table(
        "diary",
        _key(),
        _part_of("subjects", "subject_id"),
        _text("noted_at"),
        sa.Column("discomfort", sa.Integer),
        _text("place"),
        sa.Column("stopped_early", sa.Boolean, nullable=False),
        sa.Column("practised_min", sa.Double, nullable=False),
        _text("drill"),
        _text("note"),
    )
    op.create_index("ix_diary_subject_id", "diary", ["subject_id"])
    op.create_table(
        "programmes",
        _part_of("subjects", "subject_id", primary_key=True),
        sa.Column("sessions_least", sa.Integer, nullable=False),
        sa.Column("sessions_most", sa.Integer, nullable=False),
        sa.Column("minutes_least", sa.Double, nullable=False),
        sa.Column("minutes_most", sa.Double, nullable=False),
        sa.Column("drills", sa.JSON, nullable=False),
        sa.Column("red_flags", sa.JSON),
        _text("changed_at"),
    )


def _recordings() -> None:
    op.create_table(
        "sessions",
        _key(),
        _part_of("subjects", "subject_id"),
        sa.Column("day", sa.Date, nullable=False),
        _text("started_at"),
        sa.UniqueConstraint("subject_id", "day"),
    )
    op.create_table(
        "videos",
        _key(),
        _text("sha256"),
        _text("name"),
        sa.Column("bytes", sa.BigInteger),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "trials",
        _key(),
        _part_of("subjects", "subject_id"),
        _part_of("sessions", "session_id"),
        sa.Column("video_id", sa.Integer, sa.ForeignKey("videos.id")),
        _text("source_sha256"),
        _text("settings_sha256"),
        _text("protocol"),
        _text("side"),
        _text("instrument"),
        _text("video_name"),
        _text("recorded_at"),
        _text("analysed_at", nullable=True),
        sa.Column("duration_s", sa.Double),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("software", sa.JSON, nullable=False),
        _text("model_sha256"),
        sa.Column("camera", sa.JSON, nullable=False),
        sa.Column("summary", sa.JSON, nullable=False),
        _text("landmarks_sha256", nullable=True),
        sa.UniqueConstraint("subject_id", "source_sha256", "settings_sha256"),
    )
    for column in ("session_id", "video_id", "landmarks_sha256"):
        op.create_index(f"ix_trials_{column}", "trials", [column])


def _repetitions() -> None:
    numbers = (
        *("start_s", "peak_s", "end_s", "plateau_start_s", "plateau_end_s"),
        *("end_range", "end_range_low", "end_range_high", "neutral", "excursion"),
        *("hold_s", "raise_s", "lower_s", "peak_velocity"),
        *("shank_tilt_deg", "compensation_deg"),
    )
    op.create_table(
        "reps",
        _key(),
        _part_of("trials", "trial_id"),
        _text("side"),
        _text("quantity"),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, sa.Double) for name in numbers),
        _text("flags"),
        sa.Column("valid", sa.Boolean, nullable=False),
        sa.UniqueConstraint("trial_id", "side", "quantity", "number"),
    )
    op.create_table(
        "compensations",
        _part_of("reps", "rep_id", primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.Double),
        _text("unit"),
    )
    op.create_table(
        "exclusions",
        _key(),
        _part_of("reps", "rep_id"),
        _text("reason"),
        _text("at"),
        _text("undone_at", nullable=True),
    )
    op.create_index("ix_exclusions_rep_id", "exclusions", ["rep_id"])


def _key() -> sa.Column[int]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _part_of(table: str, name: str, *, primary_key: bool = False) -> sa.Column[int]:
    """Return a column for the row of `table` that this one is erased with."""
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=False,
        primary_key=primary_key,
    )
