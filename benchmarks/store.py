"""How many durable writes a second the store makes, beside the bare driver doing the same insert in the same run.

    python benchmarks/store.py [--rows 1000] [--postgresql postgresql://user@host/empty_database]

One row of 4 KiB and one of 500 bytes per append, as a check-in makes them; each is synced before the next begins.
Each contender goes in turn, in rounds, so that a disk that is busy for a while is busy for all.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from toward.vault.engine import Database, open_engine
from toward.vault.store import Row, SqlStore
from toward.vault.tables import spaces

if TYPE_CHECKING:
    from collections.abc import Callable

    Append = Callable[[int], None]

ROUNDS = 10


def through_the_store(database: Database) -> Append:
    """Append as the application does."""
    one, two, author = (os.urandom(16) for _ in range(3))
    with database.write() as connection:
        for space in (one, two):
            connection.execute(spaces.insert().values(id=space, sort=0, frozen=False, created_day=20_000))
    store = SqlStore(database)

    def append(seq: int) -> None:
        store.append(
            [
                Row(os.urandom(16), one, author, seq, 1, os.urandom(4096)),
                Row(os.urandom(16), two, author, seq, 1, os.urandom(500)),
            ]
        )

    return append


def through_the_bare_driver(folder: Path, stack: ExitStack) -> Append:
    """Insert the same bytes into the same tables, with the same promises of the disk and none of the store's checks."""
    open_engine(folder).close()
    connection = stack.enter_context(closing(sqlite3.connect(folder / "toward.db", isolation_level=None)))
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    one, two, author = (os.urandom(16) for _ in range(3))
    connection.executemany("INSERT INTO spaces VALUES (?, 0, 0, 20000)", [(one,), (two,)])

    def append(seq: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            "INSERT INTO entries VALUES (?, ?, ?, ?, 1, ?)",
            [(os.urandom(16), one, author, seq, os.urandom(4096)), (os.urandom(16), two, author, seq, os.urandom(500))],
        )
        connection.execute("COMMIT")

    return append


def timed(append: Append, seqs: range) -> list[float]:
    """Seconds of each append."""
    times = []
    for seq in seqs:
        start = time.perf_counter()
        append(seq)
        times.append(time.perf_counter() - start)
    return times


def main() -> None:
    """Run the contenders in rounds and print one line for each."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rows", type=int, default=1000, help="durable appends for each contender (default 1000)")
    arguments.add_argument("--postgresql", metavar="URL", help="an empty PostgreSQL database to take part")
    arguments.add_argument("--folder", type=Path, help="where to write: a folder on the disk that matters")
    given = arguments.parse_args()
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=given.folder)))
        bare = "bare sqlite3"
        opened = {"store on SQLite": None, "store in memory": ":memory:", "store on PostgreSQL": given.postgresql}
        contenders = {bare: through_the_bare_driver(home / "bare", stack)} | {
            name: through_the_store(stack.enter_context(closing(open_engine(home / name, url))))
            for name, url in opened.items()
            if url is not None or name == "store on SQLite"
        }
        each = max(1, given.rows // ROUNDS)
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for turn in range(ROUNDS):
            for name, append in contenders.items():
                times[name] += timed(append, range(turn * each + 1, (turn + 1) * each + 1))
    per_second = {name: len(found) / sum(found) for name, found in times.items()}
    for name, found in times.items():
        median, worst = statistics.median(found), statistics.quantiles(found, n=100)[98]
        line = (
            f"{name:20} {per_second[name]:7.0f} appends/s   median {median * 1e3:6.2f} ms   p99 {worst * 1e3:6.2f} ms"
        )
        print(line, f"  {per_second[name] / per_second[bare]:5.2f} of {bare}")


if __name__ == "__main__":
    main()
