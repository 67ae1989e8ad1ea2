"""Backups: whole and of one moment while the database is used, from either engine into either, never silently wrong."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.sealed_rows import line, new_id, new_person, new_space, row
from toward.errors import BadInput, Conflict, NotFound, UnreadableFile
from toward.vault import erased
from toward.vault.backup import backup, check, restore
from toward.vault.engine import FILE_NAME, MEMORY, Database, open_engine
from toward.vault.erased import erased_ids, key_of, remember_erased, remove_erased
from toward.vault.store import SqlStore
from toward.vault.tables import (
    LEFT_OUT_OF_BACKUPS,
    Sort,
    attempts,
    codes,
    devices,
    entries,
    members,
    metadata,
    people,
    sessions,
    slots,
    space_keys,
    spaces,
)

if TYPE_CHECKING:
    from pathlib import Path


def fill(database: Database, *, rows: int = 5) -> tuple[bytes, bytes, bytes, bytes, bytes]:
    """Two people with private spaces, a shared one, and something in every table; returns people and spaces."""
    ann, ben = new_person(database), new_person(database)
    anns, bens, shared = new_space(database), new_space(database), new_space(database, sort=Sort.COUPLE)
    with database.write() as connection:
        for place, person in enumerate((ann, ben)):
            own = (anns, bens)[place]
            for space in (own, shared):
                connection.execute(members.insert().values(space=space, person=person, place=place, left=False))
                connection.execute(
                    space_keys.insert().values(space=space, key_id=1, person=person, sealed=os.urandom(80))
                )
            connection.execute(devices.insert().values(id=new_id(), person=person, label=b"phone", added_day=20_000))
            connection.execute(slots.insert().values(person=person, key_id=1, version=3, ciphertext=os.urandom(4096)))
            connection.execute(
                sessions.insert().values(
                    find=os.urandom(32), person=person, device=new_id(), wrapped=b"w", started_day=1, seen_day=1
                )
            )
        connection.execute(codes.insert().values(find=os.urandom(32), sort=0, expires_ms=2**41, payload=b"p", state=0))
        connection.execute(attempts.insert().values(bucket=os.urandom(32), count=1, until_ms=2**41))
    store = SqlStore(database)
    for person, own in ((ann, anns), (ben, bens)):
        store.append([*line(own, person, rows, size=4200), *line(shared, person, rows, size=500)])
    return ann, ben, anns, bens, shared


def everything(database: Database, *, kept: bool = True) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables that a backup keeps, or of those that it leaves out."""
    with database.read() as connection:
        return {
            table.name: [tuple(found) for found in connection.execute(sa.select(table).order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if kept is (table not in LEFT_OUT_OF_BACKUPS)
        }


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


def everything_in(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The same of a data folder."""
    with closing(open_engine(folder)) as database:
        return everything(database)


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


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A good backup of a small home."""
    home = tmp_path_factory.mktemp("good")
    with closing(open_engine(home / "data")) as database:
        fill(database)
        backup(database, home / "kept")
    return home / "kept"


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


# --------------------------------------------------------------------------------------- what was erased


def test_erasing_a_person_takes_all_that_is_theirs_alone(tmp_path: Path) -> None:
    """Their keys, devices, sessions and private space go; what both had together stays, frozen, for the other."""
    with closing(open_engine(tmp_path)) as database:
        ann, ben, anns, bens, shared = fill(database)
        before = everything(database)
        with database.write() as connection:
            remove_erased(connection, [ann])
        after, doors = everything(database), everything(database, kept=False)
        assert [found[0] for found in after["people"]] == [ben]
        assert [found[1] for found in after["devices"]] == [ben]
        assert [found[1] for found in doors["sessions"]] == [ben]
        assert [found[0] for found in after["slots"]] == [ben]
        assert {(found[0], found[2]) for found in after["space_keys"]} == {(bens, ben), (shared, ben)}
        assert {found[0]: found[2] for found in after["spaces"]} == {bens: False, shared: True}
        assert after["entries"] == [found for found in before["entries"] if found[1] != anns]
        assert (shared, ann, 0, True) in after["members"]
        with database.write() as connection:
            remove_erased(connection, [ann, new_id()])
        assert everything(database) == after
        with database.write() as connection:
            remove_erased(connection, [ben])
        # Nobody has a key to the shared space any more.
        assert not any(everything(database)[name] for name in ("people", "spaces", "members", "space_keys", "entries"))


def test_forgetting_what_was_shared_takes_one_key(tmp_path: Path) -> None:
    """Deleting one's own key leaves the other's; when the last key goes, so does the space."""
    with closing(open_engine(tmp_path)) as database:
        ann, ben, _, _, shared = fill(database)
        with database.write() as connection:
            remove_erased(connection, [key_of(shared, ann)])
        assert {found[2] for found in everything(database)["space_keys"] if found[0] == shared} == {ben}
        assert len(everything(database)["people"]) == 2
        assert shared in {found[1] for found in everything(database)["entries"]}
        with database.write() as connection:
            remove_erased(connection, [key_of(shared, ben)])
        assert shared not in {found[0] for found in everything(database)["spaces"]}
        assert shared not in {found[1] for found in everything(database)["entries"]}


@pytest.mark.parametrize("target", ["file", "postgresql"])
def test_an_older_backup_does_not_bring_the_erased_back(
    request: pytest.FixtureRequest, tmp_path: Path, target: str
) -> None:
    """What was erased after a backup was made is taken out again when that backup is restored here."""
    url = request.getfixturevalue("pg_url") if target == "postgresql" else None
    with closing(open_engine(tmp_path / "data", url)) as database:
        ann, ben, _, _, shared = fill(database)
        backup(database, tmp_path / "kept")
        with database.write() as connection:
            remember_erased(tmp_path / "data", [ann, key_of(shared, ben)])
            remove_erased(connection, [ann, key_of(shared, ben)])
        after = everything(database)
    restore(tmp_path / "kept", tmp_path / "data", url=url, force=True)
    with closing(open_engine(tmp_path / "data", url)) as database:
        assert everything(database) == after
        with database.read() as connection:
            assert connection.execute(sa.select(entries.c.id).where(entries.c.space == shared)).first() is None
            assert connection.execute(sa.select(spaces.c.id)).all() != []


@given(batches=st.lists(st.sets(st.binary(min_size=16, max_size=16) | st.binary(min_size=32, max_size=32)), max_size=5))
def test_the_erased_are_remembered_and_their_order_is_not(
    tmp_path_factory: pytest.TempPathFactory, batches: list[set[bytes]]
) -> None:
    """Whatever was erased together or one after another, the list holds all of it, sorted, for its owner only."""
    one, two = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    for batch in batches:
        remember_erased(one, batch)
    for batch in reversed(batches):
        remember_erased(two, batch)
    assert erased_ids(one) == erased_ids(two) == frozenset().union(*batches)
    if batches:
        assert (one / erased.FILE_NAME).read_bytes() == (two / erased.FILE_NAME).read_bytes()
        assert stat.S_IMODE((one / erased.FILE_NAME).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", ["hello", "abcd", "00" * 15, "é" * 32])
def test_a_list_that_was_changed_stops_the_restore(archive: Path, tmp_path: Path, content: str) -> None:
    """If the list of the erased can't be read, nothing is restored: silence would bring people back."""
    (tmp_path / erased.FILE_NAME).write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableFile):
        restore(archive, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [erased.FILE_NAME]
