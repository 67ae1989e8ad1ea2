"""The schema's version: tables made at once on a fresh database, migrations only where an older one is found.

A fresh database is made from ``tables.metadata`` and stamped with ``HEAD``, so that a first start does not load
Alembic; a test holds both ways to the same result. After changing ``tables``, add a file to ``migrations/versions`` and
raise ``HEAD``.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from toward.errors import Misconfigured
from toward.vault.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

    from toward.vault.engine import Database

HEAD: Final = "r0002"

# Alembic's own table, in a MetaData of its own: it is no part of the schema that migrations are compared with.
_versions = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def prepare(database: Database) -> None:
    """Bring the database to ``HEAD``, whatever it is now: empty, current or older.

    Raises ``Misconfigured`` when a newer version of Toward wrote it, or something that is not Toward.
    """
    with database.read() as connection:
        version = stored_version(connection)
    if version == HEAD:
        return
    if version is None:
        with database.write() as connection:
            # Asked again, because another worker may have been quicker.
            version = stored_version(connection)
            if version is None:
                make(connection)
                return
    if version != HEAD:
        _upgrade(database, version)


def stored_version(connection: sa.Connection) -> str | None:
    """The schema version of a database, or ``None`` for an empty one."""
    names = set(sa.inspect(connection).get_table_names())
    if _versions.name in names:
        version: str | None = connection.execute(sa.select(_versions.c.version_num)).scalar()
        if version is not None:
            return version
    if names & set(metadata.tables):
        raise Misconfigured("this database has tables, but not Toward's: give Toward a database of its own")
    return None


def make(connection: sa.Connection) -> None:
    """Create every table in an empty database and stamp it with ``HEAD``."""
    metadata.create_all(connection, checkfirst=False)
    _versions.create(connection, checkfirst=True)
    connection.execute(_versions.insert().values(version_num=HEAD))


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Alembic's settings, without an ini file; migrations run on ``connection``."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _upgrade(database: Database, version: str) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if version not in known:
        raise Misconfigured("a newer version of Toward wrote this database: update Toward")
    if not database.is_sqlite:
        with database.write() as connection:
            command.upgrade(alembic_config(connection), "head")
        return
    # SQLite changes a table by making it anew and dropping the old one; with foreign keys on, the drop would cascade.
    # The setting can't change inside a transaction, so this needs a connection that is its own.
    with database.plain() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            command.upgrade(alembic_config(connection), "head")
            _check_owners(connection)
            connection.exec_driver_sql("COMMIT")
        except BaseException:
            connection.exec_driver_sql("ROLLBACK")
            raise
        finally:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def _check_owners(connection: sa.Connection) -> None:
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise Misconfigured("the update would leave rows without their owner; nothing was changed")
