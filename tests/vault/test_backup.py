"""Backups: whole and of one moment while the database is used, from either engine into either, never silently wrong."""

from __future__ import annotations

import contextlib
import sqlite3
import stat
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.homes import everything, everything_in, fill
from tests.vault.sealed_rows import line, new_id, new_person, new_space, row
from toward.errors import BadInput, Conflict, NotFound, UnreadableFile
from toward.vault.backup import backup, check, restore
from toward.vault.engine import FILE_NAME, MEMORY, open_engine
from toward.vault.store import SqlStore
from toward.vault.tables import (
    people,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("target", ["file", "postgresql"])
@pytest.mark.parametrize("source", ["file", "memory", "postgresql"])
def test_a_backup_restores_into_either_engine(
    request: pytest.FixtureRequest, tmp_path: Path, source: str, target: str
) -> None:
    """What is worth keeping comes back row for row, what opens doors does not, and life goes on from there."""
    address = request.getfixturevalue("pg_url") if "postgresql" in {source, target} else None
    url = {"file": None, "memory": MEMORY, "postgresql": address}
    with closing(open_engine(tmp_path / "data", url[source])) as database:
        ann, _, anns, _, _ = fill(database)
        before = everything(database)
        backup(database, tmp_path / "kept")
    check(tmp_path / "kept")
    into = tmp_path / "new"
    # From PostgreSQL into PostgreSQL it is the same server here, with people in it.
    restore(tmp_path / "kept", into, url=url[target], force=source == target)
    with closing(open_engine(into, url[target])) as database:
        assert everything(database) == before
        assert not any(everything(database, kept=False).values())
        SqlStore(database).append(line(anns, ann, 1, start=6))


def test_a_backup_is_one_private_file_that_says_how_far_it_is(tmp_path: Path) -> None:
    """Nothing lies beside it, only its owner reads it, and progress runs to the end without stepping back."""
    steps: list[tuple[int, int]] = []
    (tmp_path / "kept").mkdir()
    with closing(open_engine(tmp_path / "data")) as database:
        fill(database, rows=600)
    backup(tmp_path / "data", tmp_path / "kept" / "one", progress=lambda done, total: steps.append((done, total)))
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["one"]
    assert stat.S_IMODE((tmp_path / "kept" / "one").stat().st_mode) == 0o600
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1] == sum(len(rows) for rows in everything_in(tmp_path / "data").values())
    assert len(steps) > 5


def test_a_backup_is_one_moment_while_others_write(tmp_path: Path) -> None:
    """With a writer at work the whole time, each backup holds whole appends and is a prefix of the next."""
    with closing(open_engine(tmp_path / "data")) as database:
        one, two, author = new_space(database), new_space(database), new_id()
        store, stop = SqlStore(database), threading.Event()

        def write() -> None:
            seq = 0
            while not stop.is_set():
                seq += 1
                store.append([row(one, author, seq), row(two, author, seq)])

        writer = threading.Thread(target=write)
        writer.start()
        try:
            heads: list[int] = []
            for number in range(5):
                # Rows land while the backup reads: the progress callback waits for them.
                backup(database, tmp_path / f"{number}", progress=lambda *_: wait_for_more(store, one))
                restore(tmp_path / f"{number}", tmp_path / f"restored{number}")
                with closing(open_engine(tmp_path / f"restored{number}")) as restored:
                    there = SqlStore(restored)
                    assert there.heads(one) == there.heads(two)
                    heads.append(there.changes(one))
        finally:
            stop.set()
            writer.join()
        assert heads == sorted(set(heads))


def wait_for_more(store: SqlStore, space: bytes) -> None:
    """Return when at least one more row has landed."""
    landed = threading.Event()
    cancel = store.watch(space, lambda _: landed.set())
    assert landed.wait(10)
    cancel()


# ------------------------------------------------------------------------------------------- what is refused


def test_nothing_is_written_over(archive: Path, tmp_path: Path) -> None:
    """A backup never replaces a file, and one that can't be made leaves none behind."""
    (tmp_path / "there").write_bytes(b"precious")
    with pytest.raises(BadInput):
        backup(archive.parent / "data", tmp_path / "there")
    assert (tmp_path / "there").read_bytes() == b"precious"
    with pytest.raises(BadInput):
        backup(archive.parent / "data", tmp_path / "no such folder" / "one")
    with pytest.raises(NotFound):
        backup(tmp_path / "empty", tmp_path / "one")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_a_backup_that_breaks_off_leaves_nothing(archive: Path, tmp_path: Path) -> None:
    """When it is interrupted, neither a half file nor its name is left."""

    def interrupt(*_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(archive.parent / "data", tmp_path / "one", progress=interrupt)
    assert list(tmp_path.iterdir()) == []


def test_people_are_not_replaced_by_accident(archive: Path, tmp_path: Path) -> None:
    """A home with people in it is replaced only when asked to; a home without people is."""
    with closing(open_engine(tmp_path)) as database:
        person = new_person(database)
    with pytest.raises(Conflict):
        restore(archive, tmp_path)
    with closing(open_engine(tmp_path)) as database, database.write() as connection:
        assert connection.execute(sa.select(people.c.id)).scalars().all() == [person]
        connection.execute(people.delete())
    restore(archive, tmp_path)
    with pytest.raises(Conflict):
        restore(archive, tmp_path)
    restore(archive, tmp_path, force=True)
    assert everything_in(tmp_path) == everything_in(archive.parent / "data")


def test_people_on_a_server_are_not_replaced_by_accident(archive: Path, tmp_path: Path, pg_url: str) -> None:
    """The same on PostgreSQL."""
    with closing(open_engine(tmp_path, pg_url)) as database:
        fill(database)
        before = everything(database)
        with pytest.raises(Conflict):
            restore(archive, tmp_path, url=pg_url)
        assert everything(database) == before
        restore(archive, tmp_path, url=pg_url, force=True)
        assert everything(database) == everything_in(archive.parent / "data")
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("idle", [True, False])
def test_a_running_server_is_not_pulled_away(archive: Path, tmp_path: Path, *, idle: bool) -> None:
    """While the database is open, even idle, a restore refuses, and the server goes on writing."""
    with closing(open_engine(tmp_path)) as database:
        space, ann = new_space(database), new_id()
        if idle:
            with pytest.raises(Conflict, match="stop"):
                restore(archive, tmp_path, force=True)
        else:
            with database.write(), pytest.raises(Conflict, match="stop"):
                restore(archive, tmp_path, force=True)
        SqlStore(database).append(line(space, ann, 2))
    assert len(everything_in(tmp_path)["entries"]) == 2
    restore(archive, tmp_path, force=True)


def test_a_damaged_database_can_be_replaced(archive: Path, tmp_path: Path) -> None:
    """What a backup is for: garbage in the database's place gives way, but only when asked to."""
    (tmp_path / FILE_NAME).write_bytes(b"garbage " * 1000)
    (tmp_path / f"{FILE_NAME}-wal").write_bytes(b"old log")
    with pytest.raises(Conflict, match="damaged"):
        restore(archive, tmp_path)
    restore(archive, tmp_path, force=True)
    assert everything_in(tmp_path) == everything_in(archive.parent / "data")


@settings(max_examples=60)
@given(data=st.data())
def test_no_wrong_byte_goes_unnoticed(
    archive: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """Any byte changed, or the end missing: the backup is refused, or the change was where nothing is kept."""
    whole = archive.read_bytes()
    home = tmp_path_factory.mktemp("bad")
    if data.draw(st.booleans()):
        bad = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        bad = whole[:at] + bytes([whole[at] ^ data.draw(st.integers(1, 255))]) + whole[at + 1 :]
    (home / "bad").write_bytes(bad)
    with contextlib.suppress(UnreadableFile):
        restore(home / "bad", home / "new")
        assert everything_in(home / "new") == everything_in(archive.parent / "data")
        return
    assert not (home / "new").exists()


def test_a_lost_row_is_noticed(archive: Path, tmp_path: Path) -> None:
    """A backup that is a sound database, but lacks a row or has one changed, is refused."""
    for number, change in enumerate(
        ["DELETE FROM entries WHERE seq = 3", "UPDATE slots SET version = 2", "UPDATE spaces SET frozen = 1"]
    ):
        bad = tmp_path / f"{number}"
        bad.write_bytes(archive.read_bytes())
        with closing(sqlite3.connect(bad)) as connection:
            connection.execute(change)
            connection.commit()
        with pytest.raises(UnreadableFile, match="damaged"):
            check(bad)


@pytest.mark.parametrize(
    ("content", "reason"), [(None, "missing"), (b"", "foreign"), (b"a letter", "damaged"), ("sqlite", "foreign")]
)
def test_what_is_no_backup_is_named(tmp_path: Path, content: bytes | str | None, reason: str) -> None:
    """Nothing, an empty file, a text and somebody else's database are each told apart from a backup."""
    path = tmp_path / "archive"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE contents (name, rows, digest)")
            connection.commit()
    with pytest.raises(UnreadableFile) as caught:
        restore(path, tmp_path / "new")
    assert caught.value.reason == reason
    assert not (tmp_path / "new").exists()


def test_a_newer_backup_asks_for_an_update(archive: Path, tmp_path: Path) -> None:
    """A backup in a later form is not guessed at."""
    newer = tmp_path / "newer"
    newer.write_bytes(archive.read_bytes())
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("PRAGMA user_version=2")
    with pytest.raises(UnreadableFile, match="update"):
        restore(newer, tmp_path / "new")
