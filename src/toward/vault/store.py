"""The store: sealed rows, appended in order and read from where one left off.

A row's ``seq`` counts from 1 for each author in each space, without gaps. That is the whole of the concurrency rule:
two writers who both hold "the next" row can't both have it, the slower one gets ``Conflict``, reads on and tries again.

The store never looks inside ``ciphertext`` and does not ask who is a member: that is for the keys to decide.
"""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, Protocol

import sqlalchemy as sa

from toward.errors import Conflict, NotFound, SpaceClosed
from toward.vault.tables import entries, spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from toward.vault.engine import Database

_log = logging.getLogger(__name__)

# Locks the space (PostgreSQL; SQLite has one writer) and asks all that decides about a row. On PostgreSQL the head is
# as old as the wait for the lock: a rival who was quicker meanwhile is then caught by the unique key.
_line = (
    sa.select(
        spaces.c.frozen,
        sa.select(sa.func.max(entries.c.seq))
        .where(entries.c.space == sa.bindparam("space"), entries.c.author == sa.bindparam("author"))
        .scalar_subquery(),
    )
    .where(spaces.c.id == sa.bindparam("space"))
    .with_for_update(of=spaces, key_share=True)
)
_rows = (
    sa.select(*(entries.c[name] for name in ("id", "space", "author", "seq", "key_id", "ciphertext")))
    .where(
        entries.c.space == sa.bindparam("space"),
        entries.c.author == sa.bindparam("author"),
        entries.c.seq > sa.bindparam("since"),
    )
    .order_by(entries.c.seq)
)
_insert = sa.insert(entries)
# GROUP BY would walk through the whole space. This jumps from author to author in the index, so asking "is there
# anything new?" costs the same after ten years. (Not min(author): PostgreSQL learnt min() of bytes in version 18 only.)
_heads = (
    sa.text("""
        WITH RECURSIVE authors(author) AS (
            SELECT (SELECT author FROM entries WHERE space = :space ORDER BY author LIMIT 1)
            UNION ALL
            SELECT (SELECT author FROM entries WHERE space = :space AND author > authors.author ORDER BY author LIMIT 1)
            FROM authors WHERE authors.author IS NOT NULL
        )
        SELECT author, (SELECT max(seq) FROM entries WHERE space = :space AND entries.author = authors.author) AS head
        FROM authors WHERE author IS NOT NULL
    """)
    .bindparams(sa.bindparam("space", type_=sa.LargeBinary))
    .columns(author=sa.LargeBinary, head=sa.Integer)
)


class Row(NamedTuple):
    """One sealed entry as it lies on the disk."""

    id: bytes
    space: bytes
    author: bytes
    seq: int
    key_id: int
    ciphertext: bytes


class Store(Protocol):
    """Where sealed rows are kept. Every implementation passes the same contract tests."""

    def append(self, rows: Sequence[Row], *, also: Callable[[sa.Connection], None] | None = None) -> None:
        """Write all rows, in any number of spaces, or none; on the disk when it returns.

        ``also`` runs in the same transaction, after the rows are in; if it raises, nothing was written. Raises
        ``Conflict`` when a row is not exactly the next of its author in its space or its id is taken, ``SpaceClosed``
        when the space is frozen, ``NotFound`` when there is no such space.
        """

    def read(self, space: bytes, since: Mapping[bytes, int]) -> list[Row]:
        """The rows after ``since`` (the last ``seq`` seen of each author; others from the start), by author and seq."""

    def heads(self, space: bytes) -> dict[bytes, int]:
        """The last ``seq`` of each author who has written in the space."""

    def changes(self, space: bytes) -> int:
        """A number that grows with each row written to the space by any worker: cheap to ask again and again."""

    def watch(self, space: bytes, callback: Callable[[bytes], None]) -> Callable[[], None]:
        """Call ``callback(space)`` after each append to it in this process; call what is returned to stop.

        The callback runs on the writer's thread once the write is durable: hand over and return. Appends of other
        workers do not reach it: there, ask ``changes`` when a page is asked for, or publish through the broker.
        """


class SqlStore:
    """The store on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        """Keep rows in ``database``."""
        self._database = database
        self._watchers: defaultdict[bytes, list[Callable[[bytes], None]]] = defaultdict(list)
        self._watching = threading.Lock()

    def append(self, rows: Sequence[Row], *, also: Callable[[sa.Connection], None] | None = None) -> None:
        """See :meth:`Store.append`."""
        # What `also` depends on is not known here, so it gets the transaction in which nobody else writes.
        transaction = self._database.write_beside if also is None else self._database.write
        with transaction() as connection:
            _check(connection, rows)
            if rows:
                try:
                    connection.execute(_insert, [row._asdict() for row in rows])
                except sa.exc.IntegrityError as error:
                    raise Conflict("an entry of this id, or in this place, is there already") from error
            if also is not None:
                also(connection)
        self._tell(sorted({row.space for row in rows}))

    def read(self, space: bytes, since: Mapping[bytes, int]) -> list[Row]:
        """See :meth:`Store.read`."""
        found: list[Row] = []
        with self._database.read() as connection:
            for author, head in sorted(_heads_in(connection, space).items()):
                seen = since.get(author, 0)
                if seen < head:
                    rows = connection.execute(_rows, {"space": space, "author": author, "since": seen})
                    found.extend(Row._make(row) for row in rows)
        return found

    def heads(self, space: bytes) -> dict[bytes, int]:
        """See :meth:`Store.heads`."""
        with self._database.read() as connection:
            return _heads_in(connection, space)

    def changes(self, space: bytes) -> int:
        """See :meth:`Store.changes`: because there are no gaps, the heads add up to the number of rows."""
        return sum(self.heads(space).values())

    def watch(self, space: bytes, callback: Callable[[bytes], None]) -> Callable[[], None]:
        """See :meth:`Store.watch`."""
        with self._watching:
            self._watchers[space].append(callback)

        def cancel() -> None:
            with self._watching:
                if callback in self._watchers.get(space, ()):
                    self._watchers[space].remove(callback)
                    if not self._watchers[space]:
                        del self._watchers[space]

        return cancel

    def _tell(self, changed: Sequence[bytes]) -> None:
        with self._watching:
            calls = [(callback, space) for space in changed for callback in self._watchers.get(space, ())]
        for callback, space in calls:
            try:
                callback(space)
            except Exception as error:  # noqa: BLE001  the row is written: this is not the writer's trouble
                _log.warning("a watcher failed with %s", type(error).__name__)


def _check(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Every space is open, and every row is the next of its author there."""
    heads: dict[tuple[bytes, bytes], int] = {}
    # In one order for all, or two appends over the same two spaces could wait for each other forever.
    for space, author in sorted({(row.space, row.author) for row in rows}):
        line = connection.execute(_line, {"space": space, "author": author}).first()
        if line is None:
            raise NotFound("there is no such space")
        frozen, head = line
        if frozen:
            raise SpaceClosed
        heads[space, author] = head or 0
    for row in rows:
        head = heads[row.space, row.author]
        if row.seq != head + 1:
            raise Conflict(f"entry {row.seq} does not follow entry {head}")
        heads[row.space, row.author] = row.seq


def _heads_in(connection: sa.Connection, space: bytes) -> dict[bytes, int]:
    return {bytes(author): head for author, head in connection.execute(_heads, {"space": space})}
