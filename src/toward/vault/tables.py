"""The plain columns: one schema for SQLite and PostgreSQL.

What a partner who owns the machine may look at is what stands here, so each column is one that has to be plain: ids are
random, days are whole days since 1970, everything a person said is inside ``ciphertext``, ``keyring``, ``label`` or
``wrapped``.

No table has a rowid on SQLite: rows lie in the order of their random keys and not in the order in which they were
written.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    UniqueConstraint,
)

ID_BYTES: Final = 16
FIND_BYTES: Final = 32


class Sort(IntEnum):
    """What a space is: ``spaces.sort``."""

    PRIVATE = 0
    COUPLE = 1


# Named by rule, so that a later migration can name what it drops on either engine.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

people = Table(
    "people",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("sign_key", LargeBinary(32), nullable=False),
    Column("box_key", LargeBinary(32), nullable=False),
    Column("salt", LargeBinary, nullable=False),
    Column("kdf", SmallInteger, nullable=False),
    Column("keyring", LargeBinary, nullable=False),
    Column("keyring_version", Integer, nullable=False),
    Column("device_check", LargeBinary, nullable=False),
    Column("created_day", Integer, nullable=False),
    sqlite_with_rowid=False,
)

devices = Table(
    "devices",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("person", LargeBinary(ID_BYTES), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("label", LargeBinary, nullable=False),
    Column("added_day", Integer, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

sessions = Table(
    "sessions",
    metadata,
    Column("find", LargeBinary(FIND_BYTES), primary_key=True),
    Column("person", LargeBinary(ID_BYTES), ForeignKey("people.id", ondelete="CASCADE"), nullable=False),
    Column("device", LargeBinary(ID_BYTES), nullable=False),
    Column("wrapped", LargeBinary, nullable=False),
    Column("started_day", Integer, nullable=False),
    Column("seen_day", Integer, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

spaces = Table(
    "spaces",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("sort", SmallInteger, nullable=False),
    Column("frozen", Boolean, nullable=False),
    Column("created_day", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# Members, keys and entries name people without a foreign key: who stays keeps what was shared, when the other has
# erased themselves.
members = Table(
    "members",
    metadata,
    Column("space", LargeBinary(ID_BYTES), ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True),
    Column("person", LargeBinary(ID_BYTES), primary_key=True),
    Column("place", SmallInteger, nullable=False),
    Column("left", Boolean, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

space_keys = Table(
    "space_keys",
    metadata,
    Column("space", LargeBinary(ID_BYTES), ForeignKey("spaces.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", Integer, primary_key=True, autoincrement=False),
    Column("person", LargeBinary(ID_BYTES), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "person"),
    sqlite_with_rowid=False,
)

entries = Table(
    "entries",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("space", LargeBinary(ID_BYTES), ForeignKey("spaces.id", ondelete="CASCADE"), nullable=False),
    Column("author", LargeBinary(ID_BYTES), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("key_id", Integer, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    UniqueConstraint("space", "author", "seq"),
    sqlite_with_rowid=False,
)

slots = Table(
    "slots",
    metadata,
    Column("person", LargeBinary(ID_BYTES), ForeignKey("people.id", ondelete="CASCADE"), primary_key=True),
    Column("key_id", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("ciphertext", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

codes = Table(
    "codes",
    metadata,
    Column("find", LargeBinary(FIND_BYTES), primary_key=True),
    Column("sort", SmallInteger, nullable=False),
    Column("expires_ms", BigInteger, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("state", SmallInteger, nullable=False),
    sqlite_with_rowid=False,
)

attempts = Table(
    "attempts",
    metadata,
    Column("bucket", LargeBinary(FIND_BYTES), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# A device that wants reminders: where its browser's maker takes messages for it. What it wants, and when, is sealed.
reminders = Table(
    "reminders",
    metadata,
    Column("device", LargeBinary(ID_BYTES), ForeignKey("devices.id", ondelete="CASCADE"), primary_key=True),
    Column("endpoint", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What is sent to it, and when, in steps of five minutes since 1970. Most of these open for no device (``web.push``).
pushes = Table(
    "pushes",
    metadata,
    Column("id", LargeBinary(ID_BYTES), primary_key=True),
    Column("device", LargeBinary(ID_BYTES), ForeignKey("reminders.device", ondelete="CASCADE"), nullable=False),
    Column("due", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "device"),
    Index(None, "due"),
    sqlite_with_rowid=False,
)

# By which this house signs what it sends (RFC 8292): one row.
push_key = Table(
    "push_key",
    metadata,
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    Column("secret", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

# What a backup leaves out: everything that opens a door for somebody who finds the backup, or that is only true today.
LEFT_OUT_OF_BACKUPS: Final = frozenset({sessions, codes, attempts, reminders, pushes, push_key})
