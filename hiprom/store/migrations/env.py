"""Alembic's steps -> the connection it is given, all within its one transaction."""

from __future__ import annotations

from alembic import context

from hiprom.store.schema import VERSION_TABLE
from hiprom.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
