"""Killed or cut short at any moment: what was acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vault.crash_writer import ACK_BYTES, pair
from tests.vault.sealed_rows import new_id, new_space
from toward.vault.engine import FILE_NAME, Database, open_engine
from toward.vault.store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterator

ROUNDS = 100
WRITERS = 2
PATIENCE_S = 20.0


class Writer(NamedTuple):
    """One running writer: its process, and the file of what was promised."""

    process: int
    author: bytes
    acks: Path

    def promised(self) -> int:
        """The last seq that was acknowledged."""
        with contextlib.suppress(FileNotFoundError):
            told = self.acks.read_bytes()
            return int.from_bytes(told[len(told) - ACK_BYTES :], "big") if told else 0
        return 0


@pytest.fixture
def nursery() -> Iterator[subprocess.Popen[str]]:
    """The process that forks writers."""
    program = Path(__file__).with_name("crash_writer.py")
    with subprocess.Popen(
        [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(PATIENCE_S)


def start(nursery: subprocess.Popen[str], folder: Path, spaces: tuple[bytes, bytes], author: bytes) -> Writer:
    """Fork a writer."""
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    acks = folder.parent / f"{author.hex()}.acks"
    print(folder, spaces[0].hex(), spaces[1].hex(), author.hex(), acks, sep="\t", file=nursery.stdin, flush=True)
    return Writer(int(nursery.stdout.readline()), author, acks)


def wait_until_dead(process: int) -> None:
    """A killed process holds its locks until it is gone."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.001)
    pytest.fail("a killed writer is still there")


def heads_if_whole(database: Database, spaces: tuple[bytes, bytes], seen: dict[bytes, int]) -> dict[bytes, int]:
    """Both spaces' heads, after checking that every row since ``seen`` is whole and that pairs landed together."""
    store = SqlStore(database)
    heads = store.heads(spaces[0])
    assert store.heads(spaces[1]) == heads
    for place, space in enumerate(spaces):
        expected = [
            pair(spaces, author, seq)[place]
            for author, head in sorted(heads.items())
            for seq in range(seen.get(author, 0) + 1, head + 1)
        ]
        assert store.read(space, seen) == expected
    return heads


def check_structure(database: Database) -> None:
    """SQLite itself finds nothing wrong."""
    with database.read() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").first() is None


def test_no_acknowledged_row_is_lost_to_a_kill(tmp_path: Path, nursery: subprocess.Popen[str]) -> None:
    """Two writers, killed at random moments, two hundred kills in all: after each, the next start is clean."""
    folder = tmp_path / "data"
    with closing(open_engine(folder)) as database:
        spaces = new_space(database), new_space(database)
    authors = [new_id() for _ in range(WRITERS)]
    chance, heads = random.Random(20), dict[bytes, int]()
    for turn in range(ROUNDS):
        before = {author: heads.get(author, 0) for author in authors}
        writers = [start(nursery, folder, spaces, author) for author in authors]
        # Some die while they open the database; of the others, the first append of the round has been promised.
        deadline = time.monotonic() + (0.01 if turn % 10 == 9 else PATIENCE_S)
        while any(writer.promised() <= before[writer.author] for writer in writers) and time.monotonic() < deadline:
            time.sleep(0.001)
        for writer in writers:
            time.sleep(chance.random() * 0.03)
            os.kill(writer.process, signal.SIGKILL)
        for writer in writers:
            wait_until_dead(writer.process)
        with closing(open_engine(folder)) as database:
            heads = heads_if_whole(database, spaces, heads)
            for writer in writers:
                # At most one append was on its way: written, and its acknowledgement not yet.
                assert heads.get(writer.author, 0) - writer.promised() in {0, 1}
            if turn % 20 == 19:
                check_structure(database)
    assert min(heads[author] for author in authors) >= ROUNDS // 2


# ----------------------------------------------------------------------------------------- a log cut short


class Torn(NamedTuple):
    """A database as a power cut may leave it: the file, its log, and what had been written by where in the log."""

    folder: Path
    spaces: tuple[bytes, bytes]
    author: bytes
    ends: list[int]


@pytest.fixture(scope="module")
def torn(tmp_path_factory: pytest.TempPathFactory) -> Torn:
    """Ten appends in the file, fifteen in its log."""
    home = tmp_path_factory.mktemp("torn")
    author, ends = new_id(), list[int]()
    with closing(open_engine(home / "data")) as database:
        spaces = new_space(database), new_space(database)
        store = SqlStore(database)
        for seq in range(1, 26):
            if seq == 11:
                with database.plain() as connection:
                    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                    connection.exec_driver_sql("PRAGMA wal_autocheckpoint=0")
            store.append(pair(spaces, author, seq))
            if seq >= 11:
                ends.append((home / "data" / f"{FILE_NAME}-wal").stat().st_size)
        (home / "left").mkdir()
        for name in (FILE_NAME, f"{FILE_NAME}-wal"):
            shutil.copy(home / "data" / name, home / "left" / name)
    return Torn(home / "left", spaces, author, ends)


def reopened(torn: Torn, log: bytes) -> int:
    """Open a copy with that log; returns how many appends are there, all of them whole, and appends one more."""
    folder = torn.folder.parent / "again"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(torn.folder / FILE_NAME, folder / FILE_NAME)
    (folder / f"{FILE_NAME}-wal").write_bytes(log)
    with closing(open_engine(folder)) as database:
        head = heads_if_whole(database, torn.spaces, {})[torn.author]
        SqlStore(database).append(pair(torn.spaces, torn.author, head + 1))
        assert heads_if_whole(database, torn.spaces, {}) == {torn.author: head + 1}
        check_structure(database)
    return head


@settings(max_examples=60)
@given(data=st.data())
def test_a_log_cut_anywhere_opens_on_what_was_whole(torn: Torn, data: st.DataObject) -> None:
    """Cut after any byte, exactly the appends that end before the cut are there: no more, no fewer, none by half."""
    log = (torn.folder / f"{FILE_NAME}-wal").read_bytes()
    assert torn.ends[-1] == len(log)
    near = st.sampled_from(torn.ends).flatmap(lambda end: st.integers(end - 2, end + 2))
    cut = data.draw(st.integers(0, len(log)) | near.map(lambda at: min(at, len(log))))
    assert reopened(torn, log[:cut]) == 10 + sum(end <= cut for end in torn.ends)


@settings(max_examples=40)
@given(data=st.data())
def test_a_log_with_a_wrong_byte_opens_on_what_is_before_it(torn: Torn, data: st.DataObject) -> None:
    """A byte that the disk got wrong ends the log at the append before it."""
    log = bytearray((torn.folder / f"{FILE_NAME}-wal").read_bytes())
    at = data.draw(st.integers(0, len(log) - 1))
    log[at] ^= data.draw(st.integers(1, 255))
    whole = 10 + sum(end <= at for end in torn.ends)
    # The log's header is 32 bytes. Its checkpoint counter is not used on opening, but all of it is under a checksum.
    assert reopened(torn, bytes(log)) == (10 if at < 32 else whole)
