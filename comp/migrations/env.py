"""Runs migrations on the connection that `comp.store.schema` hands over, in its transaction."""

from alembic import context
from sqlmodel import SQLModel

import comp.models  # noqa: F401 - registers the tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=False,
)
context.run_migrations()
