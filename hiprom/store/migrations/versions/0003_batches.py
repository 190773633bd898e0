"""Batches with the process at work on each, and jobs that say what they are.

The table of jobs that came before was never written to, and goes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables of batches and jobs."""
    op.drop_table("jobs")
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True),
        _text("out"),
        sa.Column("asked", sa.Integer, nullable=False),
        _text("created_at"),
        _text("head_host", nullable=True),
        _text("head_machine", nullable=True),
        sa.Column("head_pid", sa.Integer),
        _text("head_started", nullable=True),
        _text("head_since", nullable=True),
        _text("heartbeat_at", nullable=True),
        sa.UniqueConstraint("out"),
    )
    by_code_points = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "jobs",
        sa.Column("id", sa.Integer, primary_key=True),
        _part_of("batches", "batch_id", nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("name", by_code_points, nullable=False),
        _text("video"),
        _text("protocol"),
        _text("side"),
        _part_of("subjects", "subject_id"),
        _text("recorded_at", nullable=True),
        _text("camera", nullable=True),
        _text("settings_sha256"),
        _text("fingerprint"),
        sa.Column("weight", sa.Double, nullable=False),
        _text("state"),
        sa.Column("attempts", sa.Integer, nullable=False),
        _text("reason"),
        _part_of("trials", "trial_id"),
        _text("worker"),
        _text("started_at", nullable=True),
        _text("ended_at", nullable=True),
        sa.Column("taken_s", sa.Double),
        sa.Column("frames", sa.Integer),
        sa.UniqueConstraint("batch_id", "name"),
    )
    queue = ["batch_id", "asked", "state", "weight", "id"]
    op.create_index("ix_jobs_queue", "jobs", queue)
    for column in ("subject_id", "trial_id"):
        op.create_index(f"ix_jobs_{column}", "jobs", [column])


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _part_of(table: str, name: str, *, nullable: bool = True) -> sa.Column[int]:
    """Return a column for the row of `table` that this one is erased with."""
    return sa.Column(
        name,
        sa.Integer,
        sa.ForeignKey(f"{table}.id", ondelete="CASCADE"),
        nullable=nullable,
    )
