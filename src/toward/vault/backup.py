"""A backup is one file: a fresh SQLite database that holds what is worth keeping, from whichever engine it came.

It is made by copying the kept tables in one snapshot, rather than the database file. So sessions and codes have never
been in it (nothing has to be wiped from a copy), and a backup of either engine restores into either. What is in a
backup is as sealed as what is on the disk.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final, cast

import msgspec
import sqlalchemy as sa

from toward.errors import BadInput, Conflict, NotFound, Unavailable, UnreadableFile
from toward.vault import schema
from toward.vault.engine import FILE_NAME, Database, open_engine, open_file, private_folder, sync_folder
from toward.vault.erased import erased_ids, remove_erased
from toward.vault.tables import LEFT_OUT_OF_BACKUPS, metadata, people

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    Progress = Callable[[int, int], None]

# "TWRD": tells a backup from any other SQLite file before a table is looked at.
APPLICATION_ID: Final = 0x54575244
FORMAT: Final = 1
_CHUNK: Final = 500
_KEPT: Final = tuple(table for table in metadata.sorted_tables if table not in LEFT_OUT_OF_BACKUPS)
_DAMAGED: Final = "this backup is damaged or not whole: take another"
_PEOPLE_THERE: Final = "there are people in this database: restoring would replace them, and takes --force"

# How many rows each table had, and a digest of them: bytes that rotted are found here, and not when two people open a
# memory. It is no seal against people: for that, each ciphertext authenticates itself.
_contents = sa.Table(
    "contents",
    sa.MetaData(),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(32), nullable=False),
    sqlite_with_rowid=False,
)


def backup(source: Database | Path, target: Path, *, progress: Progress | None = None) -> None:
    """Write a consistent copy of a database, or of a data folder's file, to the new file ``target`` while it is used.

    Sessions, codes and attempts are left out. ``progress(done, all)`` counts rows. Raises ``BadInput`` if ``target``
    exists or can't be made, ``NotFound`` if the folder has no database.
    """
    try:
        # Claims the name, so that nothing that is there is ever written over.
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        reason = "exists" if isinstance(error, FileExistsError) else "unwritable"
        raise BadInput(
            f"{target}: {error.strerror}. Choose another name or place", field="target", reason=reason
        ) from error
    partial = target.with_name(target.name + ".partial")
    _remove_file(partial)
    try:
        # The journal is in memory: a backup is one file that can be carried away, and a half one is thrown away.
        with (
            _opened(source) as database,
            closing(open_file(partial, journal="MEMORY")) as copy,
            database.read() as reading,
            copy.write() as writing,
        ):
            schema.make(writing)
            _contents.create(writing)
            _copy(reading, writing, progress)
            writing.execute(_contents.insert(), list(_listed(_raw(writing))))
            _mark(writing, APPLICATION_ID, FORMAT)
        partial.replace(target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    finally:
        _remove_file(partial)
    sync_folder(target.parent)


def restore(
    archive: Path, folder: Path, *, url: str | None = None, force: bool = False, progress: Progress | None = None
) -> None:
    """Put a backup in the place of the database of ``folder``, or of the PostgreSQL database at ``url``.

    What ``folder`` remembers as erased is taken out again. Raises ``UnreadableFile`` if the archive is not a whole
    backup, ``Conflict`` if there are people in the database already and ``force`` is not set, or if a server has its
    file open. Nothing was changed then.
    """
    check(archive)
    private_folder(folder)
    fresh = folder / (FILE_NAME + ".restoring")
    _remove_file(fresh)
    try:
        _copy_file(archive, fresh)
        with closing(open_file(fresh)) as database:
            # Brings an old backup to the present schema.
            schema.prepare(database)
            with database.write() as connection:
                _contents.drop(connection)
                _mark(connection, 0, 0)
                _clear(connection, LEFT_OUT_OF_BACKUPS)
                remove_erased(connection, erased_ids(folder))
            scrub(database)
            if url is not None:
                _pour(database, folder, url, force=force, progress=progress)
        if url is None:
            _put_in_place(fresh, folder / FILE_NAME, force=force)
            if progress is not None:
                progress(1, 1)
    finally:
        _remove_file(fresh)


def check(archive: Path) -> None:
    """Read a whole backup and compare it with what was written. Raises ``UnreadableFile`` with what to do."""
    if not archive.is_file():
        raise UnreadableFile(f"there is no file {archive}", field="archive", reason="missing")
    try:
        # immutable: neither locks nor journals beside a file that may lie on a read-only disk.
        address = f"{archive.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            _check_contents(connection)
    except (sqlite3.Error, ValueError, TypeError) as error:
        # A wrong byte may also be in a name or in the type of a value.
        raise UnreadableFile(_DAMAGED, field="archive", reason="damaged") from error


def scrub(database: Database) -> None:
    """After rows were deleted: leave nothing of them in the file or the log. Raises ``Unavailable`` if a reader stays.

    SQLite overwrites what is deleted, but the write-ahead log still holds the pages as they were. PostgreSQL writes its
    tables anew; its own log and backups are its keeper's.
    """
    with database.plain() as connection:
        if not database.is_sqlite:
            for table in metadata.sorted_tables:
                connection.exec_driver_sql(f"VACUUM (FULL) {table.name}")
            return
        connection.exec_driver_sql("VACUUM")
        if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar():
            raise Unavailable("something reads the database for a long time: try again in a minute")


# ----------------------------------------------------------------------------------------------- copying


def _mark(connection: sa.Connection, application: int, version: int) -> None:
    connection.exec_driver_sql(f"PRAGMA application_id={application}")
    connection.exec_driver_sql(f"PRAGMA user_version={version}")


@contextmanager
def _opened(source: Database | Path) -> Iterator[Database]:
    if isinstance(source, Database):
        yield source
        return
    if not (source / FILE_NAME).is_file():
        raise NotFound("there is no database in this folder")
    with closing(open_engine(source)) as database:
        yield database


def _copy(reading: sa.Connection, writing: sa.Connection, progress: Progress | None) -> None:
    total = sum(reading.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in _KEPT)
    done = 0
    for table in _KEPT:
        rows = reading.execute(
            sa.select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_CHUNK)
        )
        for chunk in rows.partitions():
            writing.execute(table.insert(), [row._asdict() for row in chunk])
            done += len(chunk)
            if progress is not None:
                progress(done, total)


def _raw(connection: sa.Connection) -> sqlite3.Connection:
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def _listed(connection: sqlite3.Connection) -> Iterator[dict[str, object]]:
    """What is in each table of a backup, the table of tables included: name, number of rows and digest."""
    master = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    tables = [row[1] for row in connection.execute(master) if row[0] == "table" and row[1] != _contents.name]
    yield _digested("sqlite_master", connection.execute(master))
    for name in tables:
        quoted = '"' + name.replace('"', '""') + '"'
        columns = connection.execute(f"PRAGMA table_info({quoted})").fetchall()
        key = ",".join(column[1] for column in sorted(columns, key=lambda column: column[5]) if column[5])
        yield _digested(name, connection.execute(f"SELECT * FROM {quoted} ORDER BY {key}"))  # noqa: S608  quoted above


def _digested(name: str, rows: Iterable[tuple[object, ...]]) -> dict[str, object]:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        count += 1
        digest.update(msgspec.msgpack.encode(row))
    return {"name": name, "rows": count, "digest": digest.digest()}


def _check_contents(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise UnreadableFile("this is not a backup of Toward", field="archive", reason="foreign")
    if connection.execute("PRAGMA user_version").fetchone()[0] > FORMAT:
        raise UnreadableFile("a newer Toward wrote this: update first", field="archive", reason="newer")
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise UnreadableFile(_DAMAGED, field="archive", reason="damaged")
    written = {name: (rows, digest) for name, rows, digest in connection.execute("SELECT * FROM contents")}
    if {table["name"]: (table["rows"], table["digest"]) for table in _listed(connection)} != written:
        raise UnreadableFile(_DAMAGED, field="archive", reason="damaged")


# --------------------------------------------------------------------------------------------- restoring


def _pour(database: Database, folder: Path, url: str, *, force: bool, progress: Progress | None) -> None:
    with closing(open_engine(folder, url)) as target, database.read() as reading, target.write() as writing:
        if not force and _has_people(writing):
            raise Conflict(_PEOPLE_THERE)
        _clear(writing, metadata.tables.values())
        _copy(reading, writing, progress)


def _put_in_place(fresh: Path, path: Path, *, force: bool) -> None:
    if path.exists():
        _let_go(path, force=force)
    _remove_file(path)
    fresh.replace(path)
    sync_folder(path.parent)


def _let_go(path: Path, *, force: bool) -> None:
    """Make sure that nobody uses the old file, and that nobody will miss it."""
    try:
        with closing(sqlite3.connect(path, timeout=0.5)) as old:
            # Leaving WAL needs the file for oneself alone: whoever has it open, even idle, makes this fail.
            old.execute("PRAGMA journal_mode=DELETE")
            names = {name for (name,) in old.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            found = people.name in names and old.execute("SELECT 1 FROM people").fetchone() is not None
    except sqlite3.OperationalError as error:
        raise Conflict("Toward has this database open: stop it first") from error
    except sqlite3.DatabaseError as error:
        if not force:
            raise Conflict("the database there is damaged: restoring would replace it") from error
        return
    if found and not force:
        raise Conflict(_PEOPLE_THERE)


def _has_people(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(people.c.id).limit(1)).first() is not None


def _clear(connection: sa.Connection, tables: Iterable[sa.Table]) -> None:
    for table in tables:
        connection.execute(table.delete())


def _copy_file(source: Path, target: Path) -> None:
    with source.open("rb") as reading, _new_file(target) as file:
        while block := reading.read(1 << 20):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _new_file(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb")


def _remove_file(path: Path) -> None:
    """Remove a SQLite file and what lies beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
