"""The database behind the vault: a file in a folder, or a PostgreSQL server, with transactions that mean the same.

``Database.write()`` is alone: no other write runs beside it, on SQLite because there is one writer, on PostgreSQL
because of an advisory lock. So code that reads, decides and writes inside it is right on both. ``write_beside()`` lets
other ``write_beside()`` transactions run at the same time where the engine can; whoever uses it locks the rows that it
depends on. ``read()`` is one snapshot, and writing inside it is an error. A transaction that ended well is on the disk.

Transactions do not nest: pass the connection along instead. (Nested, the in-memory engine would wait for itself, and
the inner read would not see what the outer has written.)
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import QueuePool, StaticPool

from toward.errors import Damaged, Misconfigured, Unavailable
from toward.vault import schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine.interfaces import DBAPIConnection

FILE_NAME: Final = "toward.db"
MEMORY: Final = ":memory:"
WAIT_S: Final = 10.0

_BEGIN: Final = "toward_begin"
_WRITABLE: Final = ("PRAGMA query_only=OFF",)
# An arbitrary number; it only has to be the same in every worker.
_PG_WRITER: Final = 0x746F77617264
_ALONE: Final = sa.select(sa.func.pg_advisory_xact_lock(_PG_WRITER))
_BESIDE: Final = sa.select(sa.func.pg_advisory_xact_lock_shared(_PG_WRITER))
# WAL: readers and the writer do not wait for each other. FULL: each commit is synced before it returns (NORMAL would
# sync at checkpoints only). fullfsync makes the same true on macOS. secure_delete: what is deleted is overwritten with
# zeroes. temp_store: sorting and VACUUM never write rows to a temporary file.
_PRAGMAS: Final = (
    f"PRAGMA busy_timeout={int(WAIT_S * 1000)}",
    "PRAGMA synchronous=FULL",
    "PRAGMA fullfsync=ON",
    "PRAGMA checkpoint_fullfsync=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
)


class Database:
    """An open database with its schema in place. Thread-safe; ``path`` is the file, if there is one."""

    def __init__(self, engine: sa.Engine, *, path: Path | None = None) -> None:
        """Wrap an engine made by :func:`open_engine`."""
        self.engine = engine
        self.path = path
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._inside = threading.local()
        # Within one process a lock hands over at once and in turn; SQLite's own waiting polls, up to 100 ms apart.
        self._writer: AbstractContextManager[object] = _Turn() if self.is_sqlite else nullcontext()
        self._reader: AbstractContextManager[object] = (
            self._writer if self.is_sqlite and path is None else nullcontext()
        )
        if self.is_sqlite:
            self._readers = engine.execution_options(**{_BEGIN: ("PRAGMA query_only=ON", "BEGIN")})
            self._writers = engine.execution_options(**{_BEGIN: (*_WRITABLE, "BEGIN IMMEDIATE")})
            self._plain = engine.execution_options(**{_BEGIN: _WRITABLE})
        else:
            self._readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # Not REPEATABLE READ: there the snapshot is taken while waiting for the lock, and what the writer before
            # committed would not be seen.
            self._writers = engine.execution_options(isolation_level="READ COMMITTED")
            self._plain = engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """One consistent snapshot; nothing can be written."""
        with self._once(), self._reader, _spoken(), self._readers.connect() as connection, connection.begin() as begun:
            yield connection
            begun.rollback()

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """One transaction, alone among all writers; synced to the disk when the block has ended without an error."""
        with self._write(_ALONE) as connection:
            yield connection

    @contextmanager
    def write_beside(self) -> Iterator[sa.Connection]:
        """One transaction, beside others of its sort: lock the rows that it depends on."""
        with self._write(_BESIDE) as connection:
            yield connection

    @contextmanager
    def plain(self) -> Iterator[sa.Connection]:
        """A connection outside any transaction, alone among this process's writers: for VACUUM and the like."""
        with self._once(), self._writer, _spoken(), self._plain.connect() as connection:
            yield connection

    def close(self) -> None:
        """Close every connection. On SQLite the last one folds the write-ahead log into the file."""
        self.engine.dispose()

    @contextmanager
    def _write(self, lock: sa.Select[object]) -> Iterator[sa.Connection]:
        with self._once(), self._writer, _spoken(), self._writers.begin() as connection:
            if not self.is_sqlite:
                connection.execute(lock)
            yield connection

    @contextmanager
    def _once(self) -> Iterator[None]:
        if getattr(self._inside, "transaction", False):
            raise RuntimeError("already inside a transaction on this thread: pass its connection along")
        self._inside.transaction = True
        try:
            yield
        finally:
            self._inside.transaction = False


class _Turn:
    """A lock that gives up after ``WAIT_S``, so that a stuck writer becomes an error and not a stuck server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=WAIT_S):
            raise Unavailable("another write holds the database")

    def __exit__(self, *_: object) -> None:
        self._lock.release()


def open_engine(folder: Path, url: str | None = None) -> Database:
    """Open the database of a data folder, making folder, file and tables where there are none.

    ``url`` is ``None`` for the SQLite file ``toward.db`` in ``folder``, ``":memory:"`` for one that is gone when
    closed, or the address of a PostgreSQL database (``postgresql://user@host/name``). Raises ``Misconfigured`` for
    anything else and for a database of a newer version, ``Damaged`` for a file that is not a database, ``Unavailable``
    when nobody answers.
    """
    if url == MEMORY:
        database = Database(_sqlite_engine(None, "MEMORY"))
    elif url is None:
        private_folder(folder)
        database = open_file(folder / FILE_NAME)
    else:
        database = Database(_postgresql_engine(url))
    try:
        schema.prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def open_file(path: Path, *, journal: str = "WAL") -> Database:
    """Open or make a SQLite file as it is, without asking what is in it; readable for its owner only."""
    try:
        # Made here, because SQLite would make it readable for all; its -wal and -shm files take over the mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        path.chmod(0o600)
        sync_folder(path.parent)
    except OSError as error:
        raise Misconfigured(f"the database file can't be written ({error.strerror})") from error
    return Database(_sqlite_engine(path, journal), path=path)


def private_folder(folder: Path) -> None:
    """Make ``folder``, or make it readable for its owner only."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise Misconfigured(
            f"the data folder can't be made or is not yours ({error.strerror}): choose another with --data"
        ) from error


def _sqlite_engine(path: Path | None, journal: str) -> sa.Engine:
    if path is None:
        # One connection is one database here; Database makes its users take turns.
        engine = sa.create_engine(
            "sqlite://", poolclass=StaticPool, hide_parameters=True, connect_args={"check_same_thread": False}
        )
    else:
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            poolclass=QueuePool,
            pool_size=4,
            max_overflow=60,
            hide_parameters=True,
            connect_args={"check_same_thread": False},
        )
    event.listen(engine, "connect", partial(_set_pragmas, journal))
    event.listen(engine, "begin", _begin)
    return engine


def sync_folder(folder: Path) -> None:
    """Make a new or renamed file's name in ``folder`` survive a power cut."""
    if not hasattr(os, "O_DIRECTORY"):
        return  # Windows has no such thing, and does it by itself
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _set_pragmas(journal: str, connection: DBAPIConnection, _: object) -> None:
    # The driver's own transaction control begins before writes only, and never IMMEDIATE: `_begin` does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (*_PRAGMAS, f"PRAGMA journal_mode={journal}"):
        cursor.execute(pragma)
    cursor.close()


def _begin(connection: sa.Connection) -> None:
    # Past SQLAlchemy, which would take longer over these two than SQLite over the whole append.
    cursor = connection.connection.cursor()
    for statement in connection.get_execution_options().get(_BEGIN, (*_WRITABLE, "BEGIN")):
        cursor.execute(statement)
    cursor.close()


def _postgresql_engine(url: str) -> sa.Engine:
    try:
        parsed = sa.make_url(url)
    except exc.ArgumentError as error:
        raise Misconfigured("the database address can't be read: it looks like postgresql://user@host/name") from error
    if parsed.get_backend_name() not in {"postgresql", "postgres"}:
        raise Misconfigured(
            f"no engine for {parsed.get_backend_name()}: leave the address out for a file, or name a PostgreSQL server"
        )
    engine = sa.create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        pool_size=8,
        max_overflow=24,
        pool_pre_ping=True,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_session)
    return engine


def _set_session(connection: DBAPIConnection, _: object) -> None:
    # A server may be set to acknowledge before the disk has it; a stricter setting than "on" is left alone.
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = {int(WAIT_S * 1000)}")
    cursor.execute(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
    )
    cursor.close()
    connection.commit()


@contextmanager
def _spoken() -> Iterator[None]:
    """Turn what a database says about itself into the errors that Toward can explain."""
    try:
        yield
    except (exc.OperationalError, exc.TimeoutError, sqlite3.OperationalError) as error:
        raise Unavailable(f"the database does not answer ({type(getattr(error, 'orig', error)).__name__})") from error
    except (exc.DatabaseError, sqlite3.DatabaseError) as error:
        if type(getattr(error, "orig", error)) is sqlite3.DatabaseError:
            raise Damaged("the database file is damaged: restore the latest backup") from error
        raise
