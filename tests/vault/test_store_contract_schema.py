"""The schema: the same from either way of making it, never lost on the way, and private on the disk."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tests.vault.sealed_rows import line, new_id, new_space
from toward.errors import Damaged, Misconfigured, Unavailable
from toward.vault import engine, schema
from toward.vault.engine import FILE_NAME, Database, open_engine, open_file
from toward.vault.store import SqlStore
from toward.vault.tables import LEFT_OUT_OF_BACKUPS, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = schema.HEAD
STEP = '''"""A step for a test."""
from alembic import op
import sqlalchemy as sa
revision = "r9999"
down_revision = "{head}"
def upgrade():
    recreate = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    with op.batch_alter_table("spaces", recreate=recreate) as batch:
        batch.add_column(sa.Column("mood", sa.Integer(), nullable=False, server_default="7"))
    {more}
'''


@pytest.fixture(params=["file", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of each lasting engine in turn."""
    if request.param == "file":
        return None
    address: str = request.getfixturevalue("pg_url")
    return address


@pytest.fixture
def database(url: str | None, tmp_path: Path) -> Iterator[Database]:
    """A fresh database there."""
    opened = open_engine(tmp_path / "data", url)
    yield opened
    opened.close()


def described(connection: sa.Connection) -> dict[str, object]:
    """All that the engine knows of its tables, in comparable form."""
    inspector = sa.inspect(connection)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "indexes": sorted(map(str, inspector.get_indexes(table))),
        }
        for table in sorted(inspector.get_table_names())
    }


# ------------------------------------------------------------------------------------------ two ways, one schema


def test_migrations_lead_to_the_tables(database: Database) -> None:
    """Alembic finds nothing to do on a fresh database, and all steps from nothing end in the very same tables."""
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        made = described(connection)
    with database.write() as connection:
        for name in reversed([*(table.name for table in metadata.sorted_tables)]):
            connection.exec_driver_sql(f"DROP TABLE {name}")
        connection.exec_driver_sql("DROP TABLE alembic_version")
    with database.write() as connection:
        command.upgrade(schema.alembic_config(connection), "head")
    with database.read() as connection:
        assert described(connection) == made
        assert schema.stored_version(connection) == schema.HEAD


def test_the_head_is_the_last_step() -> None:
    """``HEAD`` names the last file in ``migrations/versions``, and there is one line of steps."""
    assert ScriptDirectory.from_config(schema.alembic_config()).get_heads() == [schema.HEAD]


def test_no_table_tells_the_order_of_writing(tmp_path: Path) -> None:
    """No table has a rowid, which would count rows in the order in which they came."""
    open_engine(tmp_path).close()
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as plain:
        made = dict(plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
    made.pop("alembic_version")
    assert set(made) == set(metadata.tables)
    assert all(re.search(r"WITHOUT ROWID\s*$", statement) for statement in made.values())


def test_backups_leave_out_what_opens_doors() -> None:
    """Whoever adds a table decides whether it belongs in a backup: this list is read, not guessed."""
    kept = {"people", "devices", "spaces", "members", "space_keys", "entries", "slots"}
    assert {table.name for table in LEFT_OUT_OF_BACKUPS} == set(metadata.tables) - kept


# ------------------------------------------------------------------------------------------------ older and newer


@pytest.fixture
def next_release(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A later version of Toward: the same steps and one more, in a folder where the test can write."""
    steps = tmp_path / "migrations"
    shutil.copytree(Path(schema.__file__).parent / "migrations", steps)
    before = schema.alembic_config

    def config(connection: sa.Connection | None = None) -> object:
        made = before(connection)
        made.set_main_option("script_location", str(steps))
        return made

    monkeypatch.setattr(schema, "alembic_config", config)
    monkeypatch.setattr(schema, "HEAD", "r9999")
    return steps / "versions" / "r9999_test.py"


def test_an_older_database_is_brought_up_with_all_its_rows(
    database: Database, url: str | None, tmp_path: Path, next_release: Path
) -> None:
    """A step that makes a parent table anew loses none of the rows that hang on it."""
    space, ann = new_space(database), new_id()
    rows = line(space, ann, 3)
    SqlStore(database).append(rows)
    database.close()
    next_release.write_text(STEP.format(head=HEAD, more="pass"), encoding="utf-8")
    with closing(open_engine(tmp_path / "data", url)) as later:
        assert SqlStore(later).read(space, {}) == rows
        with later.read() as connection:
            assert connection.exec_driver_sql("SELECT mood FROM spaces").scalars().all() == [7]
            assert schema.stored_version(connection) == "r9999"
        SqlStore(later).append(line(space, ann, 1, start=4))
        with later.plain() as connection:
            if later.is_sqlite:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_step_that_fails_changes_nothing(
    database: Database, url: str | None, tmp_path: Path, next_release: Path
) -> None:
    """An update that breaks off half-way leaves the old database, rows and version, as it was."""
    space, ann = new_space(database), new_id()
    rows = line(space, ann, 3)
    SqlStore(database).append(rows)
    with database.read() as connection:
        before = described(connection)
    next_release.write_text(STEP.format(head=HEAD, more="raise ZeroDivisionError"), encoding="utf-8")
    with pytest.raises(ZeroDivisionError):
        open_engine(tmp_path / "data", url)
    with database.read() as connection:
        assert described(connection) == before
        assert schema.stored_version(connection) == HEAD
    assert SqlStore(database).read(space, {}) == rows


def test_a_newer_database_is_left_alone(database: Database, url: str | None, tmp_path: Path) -> None:
    """A version this Toward does not know is not touched: it asks for an update."""
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'r8888'")
    with pytest.raises(Misconfigured, match="newer"):
        open_engine(tmp_path / "data", url)


def test_somebody_elses_tables_are_left_alone(tmp_path: Path) -> None:
    """A database that has a table of the same name, but is not Toward's, is not written to."""
    with closing(open_file(tmp_path / FILE_NAME)) as foreign, foreign.write() as connection:
        connection.exec_driver_sql("CREATE TABLE people (name TEXT)")
    with pytest.raises(Misconfigured, match="its own"):
        open_engine(tmp_path)


# ---------------------------------------------------------------------------------------------- opening


def test_a_first_start_does_not_load_alembic(tmp_path: Path) -> None:
    """Making a fresh database, and opening it again, leaves Alembic and its templates unimported."""
    program = (
        "import sys; from pathlib import Path; from toward.vault.engine import open_engine\n"
        "for _ in range(2): open_engine(Path(sys.argv[1])).close()\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'alembic', 'mako', 'psycopg'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "data")], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """Folder 0700, database, log and index 0600, also where they were open for all before."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o755)
    (folder / FILE_NAME).touch(mode=0o644)
    with closing(open_engine(folder)) as database:
        new_space(database)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert modes == {FILE_NAME: 0o600, f"{FILE_NAME}-wal": 0o600, f"{FILE_NAME}-shm": 0o600}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == [FILE_NAME]


def test_every_connection_is_durable_and_forgets(tmp_path: Path) -> None:
    """Each connection of the pool syncs every commit, overwrites what is deleted and keeps sorting in memory."""
    expected = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "temp_store": 2}
    with closing(open_engine(tmp_path)) as database:
        connections = [database.engine.connect() for _ in range(8)]
        for connection in connections:
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in expected}
            connection.close()
            assert found == expected


def test_postgresql_acknowledges_only_what_is_on_the_disk(pg_url: str, tmp_path: Path) -> None:
    """A server set to acknowledge early is asked to wait for the disk, on each connection."""
    with closing(open_engine(tmp_path, pg_url)) as database:
        for _ in range(3):
            with database.write() as connection:
                assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"


@pytest.mark.parametrize("url", ["mysql://somebody@somewhere/else", "sqlite:///file.db", "no address at all"])
def test_an_address_that_cannot_work_is_explained(tmp_path: Path, url: str) -> None:
    """Any other engine, or no address at all, is a setting to correct."""
    with pytest.raises(Misconfigured):
        open_engine(tmp_path, url)


def test_a_server_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    """No PostgreSQL at that address is the sort of trouble that may pass."""
    with pytest.raises(Unavailable):
        open_engine(tmp_path, f"postgresql://postgres@/nothing?host={tmp_path}")


def test_a_file_that_is_no_database_is_damaged(tmp_path: Path) -> None:
    """Garbage in the database's place is named, and not overwritten."""
    garbage = b"no database " * 1000
    (tmp_path / FILE_NAME).write_bytes(garbage)
    with pytest.raises(Damaged):
        open_engine(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == garbage


def test_a_folder_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    """A file where the folder should be is a setting to correct."""
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(Misconfigured, match="--data"):
        open_engine(tmp_path / "data")


def test_a_writer_that_is_stuck_does_not_stop_the_rest_forever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits too long for another writer, of this process or of another, is told to try again."""
    monkeypatch.setattr(engine, "WAIT_S", 0.05)
    monkeypatch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS, "PRAGMA busy_timeout=50"))
    with closing(open_engine(tmp_path)) as database, closing(open_engine(tmp_path)) as another:
        for waiting in (database, another):
            with ThreadPoolExecutor(1) as pool, database.write(), pytest.raises(Unavailable):
                pool.submit(new_space, waiting).result(10)
            new_space(waiting)


def test_a_file_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    """A folder in the place of the database is a setting to correct."""
    (tmp_path / FILE_NAME).mkdir()
    with pytest.raises(Misconfigured, match="can't be written"):
        open_engine(tmp_path)
