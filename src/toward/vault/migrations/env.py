"""Runs the steps on the connection, and inside the transaction, that ``schema`` hands over."""

from __future__ import annotations

from alembic import context

from toward.vault.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
