"""Reminders: where a browser takes messages, and what is sent there when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "reminders",
        sa.Column("device", sa.LargeBinary(16), nullable=False),
        sa.Column("endpoint", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("device", name="pk_reminders"),
        sa.ForeignKeyConstraint(["device"], ["devices.id"], name="fk_reminders_device", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "pushes",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("device", sa.LargeBinary(16), nullable=False),
        sa.Column("due", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pushes"),
        sa.ForeignKeyConstraint(["device"], ["reminders.device"], name="fk_pushes_device", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_pushes_device", "pushes", ["device"])
    op.create_index("ix_pushes_due", "pushes", ["due"])
    op.create_table(
        "push_key",
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_push_key"),
        sqlite_with_rowid=False,
    )
