"""What lies on the disk beside the rows: nothing that was only in memory, and nothing that was deleted."""

from __future__ import annotations

import base64
import os
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from nacl.secret import SecretBox
from sqlalchemy import exc

from tests.vault.grep_disk import Find, find_bytes
from tests.vault.sealed_rows import line, new_id, new_person, new_space, row
from toward.errors import Conflict, TowardError, Unavailable
from toward.vault import engine
from toward.vault.backup import backup, restore, scrub
from toward.vault.engine import FILE_NAME, open_engine
from toward.vault.store import SqlStore
from toward.vault.tables import codes, entries, people, sessions

SAID = "I was afraid you would leave"


# ------------------------------------------------------------------------------------------- the search itself


@given(before=st.binary(max_size=40), needle=st.binary(min_size=6, max_size=40), after=st.binary(max_size=40))
def test_the_search_finds_what_was_planted(
    tmp_path_factory: pytest.TempPathFactory, before: bytes, needle: bytes, after: bytes
) -> None:
    """In the middle of anything, plain or as hex or base64, a needle is found and its form is named."""
    folder = tmp_path_factory.mktemp("haystack")
    hay = before + needle + after
    for form, content in {
        "plain": hay,
        "hex": hay.hex().encode(),
        "base64": base64.b64encode(hay),
    }.items():
        (folder / "hay").write_bytes(content)
        assert form in {found.form for found in find_bytes(folder, [needle])}


def test_the_search_sees_names_block_borders_and_wide_letters(tmp_path: Path) -> None:
    """A needle across two blocks, in a file's name, in a folder's name and in UTF-16 is found; a missing one is not."""
    (tmp_path / "deep" / "needle-folder").mkdir(parents=True)
    (tmp_path / "deep" / "a-needle-b").touch()
    (tmp_path / "border").write_bytes(b"x" * ((1 << 20) - 3) + b"needle" + b"x" * 100)
    (tmp_path / "wide").write_bytes("a needle".encode("utf-16-le"))
    found = {(find.path.name, find.form) for find in find_bytes(tmp_path, ["needle", "thread"])}
    assert found == {("needle-folder", "plain"), ("a-needle-b", "plain"), ("border", "plain"), ("wide", "utf-16")}
    with pytest.raises(ValueError, match="by chance"):
        find_bytes(tmp_path, [b"short"])


# --------------------------------------------------------------------------------------------- on the disk


def test_sealed_words_are_nowhere_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Database, log, index, backup, restored copy and temporary folder hold the ciphertext and never the words."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("SQLITE_TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    caplog.set_level("DEBUG")
    box, ann = SecretBox(os.urandom(32)), new_id()
    sealed = [bytes(box.encrypt(f"{SAID} {number}".encode() * 20)) for number in range(50)]
    with closing(open_engine(tmp_path / "data")) as database:
        space, store = new_space(database), SqlStore(database)
        for seq, ciphertext in enumerate(sealed, start=1):
            store.append([row(space, ann, seq, ciphertext)])
        # While it is open, the log and the index are there too.
        assert {path.name for path in (tmp_path / "data").iterdir()} > {f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"}
        backup(database, tmp_path / "kept.toward")
        restore(tmp_path / "kept.toward", tmp_path / "elsewhere")
        assert find_bytes(tmp_path, [SAID]) == []
        holding = {find.path.name for find in find_bytes(tmp_path, [sealed[7][:40]])}
        assert holding == {f"{FILE_NAME}-wal", "kept.toward", FILE_NAME}
        with pytest.raises(Conflict):
            store.append([row(space, ann, 1, SAID.encode())])
    assert SAID not in caplog.text
    assert find_bytes(tmp_path, [SAID]) == []


def test_what_was_deleted_is_gone_after_scrubbing(tmp_path: Path) -> None:
    """Bytes of deleted rows are in neither file nor log, even while others use the database."""
    with closing(open_engine(tmp_path)) as database:
        space, staying, ann = new_space(database), new_space(database), new_id()
        person = new_person(database, keyring=b"a keyring that must not be found again")
        store = SqlStore(database)
        rows, others = line(space, ann, 200, size=4096), line(staying, ann, 50, size=4096)
        store.append(rows)
        store.append(others)
        needles = [
            b"a keyring that must",
            *(some.ciphertext[k : k + 32] for some in rows[::20] for k in (0, 1900, 4064)),
        ]
        assert {find.needle for find in find_bytes(tmp_path, needles)} == set(needles)
        with database.write() as connection:
            connection.execute(sa.delete(entries).where(entries.c.space == space))
            connection.execute(sa.delete(people).where(people.c.id == person))
        assert find_bytes(tmp_path, needles) != []
        scrub(database)
        assert find_bytes(tmp_path, needles) == []
        assert store.read(staying, {}) == others
        store.append(line(staying, ann, 1, start=51))


def test_scrubbing_says_so_when_a_reader_keeps_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a read that does not end, scrubbing gives up with an error rather than pretend; later it works."""
    monkeypatch.setattr(engine, "_PRAGMAS", (*engine._PRAGMAS, "PRAGMA busy_timeout=50"))
    with closing(open_engine(tmp_path)) as database, closing(open_engine(tmp_path)) as another:
        space, ann = new_space(database), new_id()
        SqlStore(database).append(line(space, ann, 3))
        with another.read() as connection:
            connection.execute(sa.select(entries.c.id)).all()
            with pytest.raises(Unavailable):
                scrub(database)
        scrub(database)
        assert (tmp_path / f"{FILE_NAME}-wal").stat().st_size == 0


def test_a_backup_never_held_what_opens_doors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions and codes are not in the file of a backup, not even as bytes of a deleted page."""
    wrapped, payload = b"wrapped keys of a session", b"payload of an invitation"
    with closing(open_engine(tmp_path / "data")) as database:
        person = new_person(database)
        with database.write() as connection:
            connection.execute(
                sessions.insert().values(
                    find=os.urandom(32), person=person, device=new_id(), wrapped=wrapped, started_day=1, seen_day=1
                )
            )
            connection.execute(
                codes.insert().values(find=os.urandom(32), sort=0, expires_ms=2**41, payload=payload, state=0)
            )
        (tmp_path / "kept").mkdir()
        on_the_way: list[list[Find]] = []
        move = Path.replace

        def look_and_move(path: Path, target: Path) -> Path:
            on_the_way.append(find_bytes(path.parent, [wrapped, payload]))
            return move(path, target)

        # The moment before the finished copy gets its name: what lies on the disk then counts too.
        monkeypatch.setattr(Path, "replace", look_and_move)
        backup(database, tmp_path / "kept" / "one")
        assert find_bytes(tmp_path / "data", [wrapped, payload]) != []
        assert on_the_way == [[]]
        assert find_bytes(tmp_path / "kept", [wrapped, payload]) == []
        assert find_bytes(tmp_path / "kept", [person]) != []


def test_an_error_of_the_database_names_no_content(tmp_path: Path) -> None:
    """What SQLAlchemy says when a statement fails does not hold the values it was given."""
    with closing(open_engine(tmp_path)) as database:
        with pytest.raises((TowardError, exc.SQLAlchemyError)) as caught, database.write() as connection:
            connection.execute(people.insert().values(id=new_id(), keyring=SAID.encode()))
        assert "people" in str(caught.value)
        assert SAID not in str(caught.value)


def test_scrubbing_a_server_keeps_what_stays(tmp_path: Path, pg_url: str) -> None:
    """On PostgreSQL the tables are written anew: they shrink, and what was not deleted is all there."""
    with closing(open_engine(tmp_path, pg_url)) as database:
        space, staying, ann = new_space(database), new_space(database), new_id()
        store, others = SqlStore(database), line(staying, ann, 5, size=4096)
        store.append(line(space, ann, 200, size=4096))
        store.append(others)
        size = sa.text("SELECT pg_total_relation_size('entries')")
        with database.write() as connection:
            before = connection.execute(size).scalar_one()
            connection.execute(sa.delete(entries).where(entries.c.space == space))
        scrub(database)
        with database.read() as connection:
            assert connection.execute(size).scalar_one() < before / 4
        assert store.read(staying, {}) == others
        store.append(line(staying, ann, 1, start=6))
