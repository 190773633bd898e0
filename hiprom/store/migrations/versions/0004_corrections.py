"""Which trial gave way to another measurement of it, why and by whom; who left out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table of corrections; of earlier judgements nobody is known."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "trial_id",
            sa.Integer,
            sa.ForeignKey("trials.id", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column(
            "instead_id", sa.Integer, sa.ForeignKey("trials.id", ondelete="SET NULL")
        ),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("undone_at", sa.Text),
    )
    for column in ("trial_id", "instead_id"):
        op.create_index(f"ix_corrections_{column}", "corrections", [column])
    op.add_column(
        "exclusions", sa.Column("who", sa.Text, nullable=False, server_default="")
    )
