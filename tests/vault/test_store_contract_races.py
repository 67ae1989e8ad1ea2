"""Many writers at once: each "next" row has exactly one winner, and what is decided inside ``write`` stays true."""

from __future__ import annotations

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from sqlalchemy import exc

from tests.vault.sealed_rows import line, new_id, new_space, row
from toward.errors import Conflict, SpaceClosed, TowardError
from toward.vault.engine import MEMORY, Database, open_engine
from toward.vault.store import SqlStore
from toward.vault.tables import attempts, spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WRITERS = 6
ROWS = 20


@pytest.fixture(params=["file", "memory", "postgresql"])
def url(request: pytest.FixtureRequest) -> str | None:
    """The address of each engine in turn."""
    if request.param == "postgresql":
        address: str = request.getfixturevalue("pg_url")
        return address
    return MEMORY if request.param == "memory" else None


@pytest.fixture
def database(url: str | None, tmp_path: Path) -> Iterator[Database]:
    """A fresh database there."""
    opened = open_engine(tmp_path / "data", url)
    yield opened
    opened.close()


def at_once(work: Callable[[], object], *, writers: int = WRITERS) -> list[object]:
    """Run the same work on several threads that start together."""
    gate = threading.Barrier(writers)

    def run() -> object:
        gate.wait(10)
        return work()

    with ThreadPoolExecutor(writers) as pool:
        return [done.result(60) for done in [pool.submit(run) for _ in range(writers)]]


def race(database: Database, space: bytes, author: bytes, rows: int = ROWS) -> list[int]:
    """Be another device of the same person: write the next row again and again; returns the seqs won."""
    store, won = SqlStore(database), list[int]()
    while True:
        seq = store.heads(space).get(author, 0) + 1
        if seq > rows:
            return won
        try:
            store.append([row(space, author, seq)])
            won.append(seq)
        except Conflict:
            continue


def race_from_outside(folder: Path, url: str | None, space: bytes, author: bytes) -> list[int]:
    """The same from a process of its own."""
    with closing(open_engine(folder, url)) as database:
        return race(database, space, author)


def test_each_row_has_one_winner_among_threads(database: Database) -> None:
    """Every seq is won once, by one thread, and the rows are without gaps."""
    space, ann = new_space(database), new_id()
    won = at_once(lambda: race(database, space, ann))
    assert sorted(seq for seqs in won if isinstance(seqs, list) for seq in seqs) == list(range(1, ROWS + 1))
    assert [found.seq for found in SqlStore(database).read(space, {})] == list(range(1, ROWS + 1))


def test_each_row_has_one_winner_among_processes(url: str | None, database: Database, tmp_path: Path) -> None:
    """The same between workers, which share nothing but the database."""
    if url == MEMORY:
        assert database.path is None  # nothing that another process could open
        return
    space, ann = new_space(database), new_id()
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        won = list(pool.map(partial(race_from_outside, tmp_path / "data", url, space), [ann] * 3, timeout=60))
    assert sorted(seq for seqs in won for seq in seqs) == list(range(1, ROWS + 1))
    assert [found.seq for found in SqlStore(database).read(space, {})] == list(range(1, ROWS + 1))


def test_appends_over_two_spaces_do_not_wait_for_each_other_forever(database: Database) -> None:
    """Half the threads name the spaces in the other order; all come through, each with both rows."""
    one, two = new_space(database), new_space(database)
    store, turn = SqlStore(database), iter(range(WRITERS))

    def write() -> None:
        author = new_id()
        order = (one, two) if next(turn) % 2 else (two, one)
        for seq in range(1, 11):
            store.append([row(space, author, seq) for space in order])

    at_once(write)
    assert store.changes(one) == store.changes(two) == WRITERS * 10


def test_what_is_read_in_a_write_stays_true_until_it_ends(database: Database) -> None:
    """Counting up by reading and writing loses no count on any engine: ``write`` is alone, also beside appends."""
    space, store = new_space(database), SqlStore(database)
    with database.write() as connection:
        connection.execute(attempts.insert().values(bucket=b"b" * 32, count=0, until_ms=0))

    def count_up(connection: sa.Connection) -> None:
        count = connection.execute(sa.select(attempts.c.count)).scalar_one()
        connection.execute(sa.update(attempts).values(count=count + 1))

    def work() -> None:
        author = new_id()
        for seq in range(1, 11):
            with database.write() as connection:
                count_up(connection)
            store.append([row(space, author, seq)], also=count_up)
            store.append(line(new_space(database), author, 2))

    at_once(work)
    with database.read() as connection:
        assert connection.execute(sa.select(attempts.c.count)).scalar_one() == WRITERS * 20


def test_nothing_gets_into_a_space_after_it_was_frozen(database: Database) -> None:
    """A row is either in before the space closes, or refused; the count at closing is the count forever."""
    space, store = new_space(database), SqlStore(database)
    closed = threading.Event()

    def write() -> int:
        author, written = new_id(), 0
        while True:
            try:
                store.append([row(space, author, written + 1)])
            except SpaceClosed:
                return written
            written += 1
            if written == 3:
                closed.wait(10)

    def close() -> int:
        with database.write() as connection:
            connection.execute(sa.update(spaces).values(frozen=True))
        count = store.changes(space)
        closed.set()
        return count

    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(write) for _ in range(2)]
        at_closing = pool.submit(close).result(30)
        assert sum(done.result(30) for done in writing) == at_closing == store.changes(space)


def test_a_read_is_one_snapshot(url: str | None, database: Database) -> None:
    """Rows that land while a read is open are not seen by it, and seen by the next."""
    space, ann = new_space(database), new_id()
    store = SqlStore(database)
    count = sa.text("SELECT count(*) FROM entries")
    with ThreadPoolExecutor(1) as pool:
        with database.read() as connection:
            before = connection.execute(count).scalar_one()
            landing = pool.submit(store.append, line(space, ann, 3))
            if url != MEMORY:  # there, the writer waits for the reader instead
                landing.result(30)
            assert connection.execute(count).scalar_one() == before == 0
        landing.result(30)
    assert store.changes(space) == 3


def test_a_read_can_write_nothing(database: Database) -> None:
    """Writing inside ``read`` is refused by the engine itself, and the next write works again."""
    with pytest.raises((TowardError, exc.DBAPIError)), database.read() as connection:
        connection.execute(attempts.delete())
    new_space(database)


def test_transactions_do_not_nest(database: Database) -> None:
    """Opening a second transaction inside another says what to do, instead of waiting for itself."""
    with pytest.raises(RuntimeError, match="pass its connection"), database.write(), database.read():
        pass
    new_space(database)
