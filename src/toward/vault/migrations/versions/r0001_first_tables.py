"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward; there is no way back but a backup."""
    op.create_table(
        "people",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sign_key", sa.LargeBinary(32), nullable=False),
        sa.Column("box_key", sa.LargeBinary(32), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("kdf", sa.SmallInteger(), nullable=False),
        sa.Column("keyring", sa.LargeBinary(), nullable=False),
        sa.Column("keyring_version", sa.Integer(), nullable=False),
        sa.Column("device_check", sa.LargeBinary(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "spaces",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sort", sa.SmallInteger(), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("created_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_spaces"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "devices",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("label", sa.LargeBinary(), nullable=False),
        sa.Column("added_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_devices_person", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_devices_person", "devices", ["person"])
    op.create_table(
        "sessions",
        sa.Column("find", sa.LargeBinary(32), nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("device", sa.LargeBinary(16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("started_day", sa.Integer(), nullable=False),
        sa.Column("seen_day", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("find", name="pk_sessions"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_sessions_person", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sessions_person", "sessions", ["person"])
    op.create_table(
        "members",
        sa.Column("space", sa.LargeBinary(16), nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("space", "person", name="pk_members"),
        sa.ForeignKeyConstraint(["space"], ["spaces.id"], name="fk_members_space", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_members_person", "members", ["person"])
    op.create_table(
        "space_keys",
        sa.Column("space", sa.LargeBinary(16), nullable=False),
        sa.Column("key_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("space", "key_id", "person", name="pk_space_keys"),
        sa.ForeignKeyConstraint(["space"], ["spaces.id"], name="fk_space_keys_space", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_space_keys_person", "space_keys", ["person"])
    op.create_table(
        "entries",
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("space", sa.LargeBinary(16), nullable=False),
        sa.Column("author", sa.LargeBinary(16), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_entries"),
        sa.ForeignKeyConstraint(["space"], ["spaces.id"], name="fk_entries_space", ondelete="CASCADE"),
        sa.UniqueConstraint("space", "author", "seq", name="uq_entries_space_author_seq"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "slots",
        sa.Column("person", sa.LargeBinary(16), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("ciphertext", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("person", name="pk_slots"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_slots_person", ondelete="CASCADE"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "codes",
        sa.Column("find", sa.LargeBinary(32), nullable=False),
        sa.Column("sort", sa.SmallInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("find", name="pk_codes"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "attempts",
        sa.Column("bucket", sa.LargeBinary(32), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name="pk_attempts"),
        sqlite_with_rowid=False,
    )
