"""What every store promises, asked of a file, of memory and of a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.vault.sealed_rows import line, new_id, new_space, row
from toward.errors import Conflict, NotFound, SpaceClosed
from toward.vault.engine import MEMORY, Database, open_engine
from toward.vault.store import Row, SqlStore, Store
from toward.vault.tables import attempts, spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENGINES = ("file", "memory", "postgresql")


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A fresh database on each engine in turn."""
    url = {"file": None, "memory": MEMORY}.get(request.param) or (
        request.getfixturevalue("pg_url") if request.param == "postgresql" else None
    )
    opened = open_engine(tmp_path / "data", url)
    yield opened
    opened.close()


@pytest.fixture
def store(database: Database) -> Store:
    """The store on that database."""
    return SqlStore(database)


def freeze(database: Database, space: bytes) -> None:
    """Freeze a space as leaving does."""
    with database.write() as connection:
        connection.execute(sa.update(spaces).where(spaces.c.id == space).values(frozen=True))


def note(connection: sa.Connection) -> None:
    """Write something that is no entry, as a caller of ``append`` may."""
    connection.execute(attempts.insert().values(bucket=b"b" * 32, count=1, until_ms=2**40))


def notes(database: Database) -> int:
    """How many of those there are."""
    with database.read() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(attempts)).scalar_one()


# ----------------------------------------------------------------------------------- writing and reading


def test_what_was_appended_is_read_by_author_and_seq(database: Database, store: Store) -> None:
    """Rows come back byte for byte, ordered by author and then by seq, and only those of the space."""
    space, other = new_space(database), new_space(database)
    ann, ben = new_id(), new_id()
    of_ann, of_ben, elsewhere = line(space, ann, 3), line(space, ben, 2), line(other, ann, 1)
    store.append([of_ann[0], of_ben[0], of_ann[1]])
    store.append([elsewhere[0], of_ben[1], of_ann[2]])
    assert store.read(space, {}) == sorted([*of_ann, *of_ben], key=lambda found: (found.author, found.seq))
    assert store.read(other, {}) == elsewhere


def test_reading_goes_on_where_one_left_off(database: Database, store: Store) -> None:
    """``since`` leaves out what was seen of each author; who is not named is read from the start."""
    space, ann, ben = new_space(database), new_id(), new_id()
    of_ann, of_ben = line(space, ann, 5), line(space, ben, 2)
    store.append([*of_ann, *of_ben])
    assert store.read(space, {ann: 3, ben: 2}) == of_ann[3:]
    assert sorted(store.read(space, {ann: 5})) == sorted(of_ben)
    assert store.read(space, {ann: 99, ben: 99, new_id(): 1}) == []


@pytest.mark.parametrize("size", [0, 1, 4096, 300_000])
def test_bytes_of_any_size_come_back_unchanged(database: Database, store: Store, size: int) -> None:
    """Zero bytes, high bytes and rows over many pages are kept as they are."""
    space, ann = new_space(database), new_id()
    rows = line(space, ann, 1, size=size)
    store.append(rows)
    assert store.read(space, {}) == rows
    assert type(store.read(space, {})[0].ciphertext) is bytes


def test_a_space_nobody_wrote_to_is_empty(database: Database, store: Store) -> None:
    """An empty or unknown space reads as nothing."""
    for space in (new_space(database), new_id()):
        assert store.read(space, {}) == []
        assert store.heads(space) == {}
        assert store.changes(space) == 0


def test_heads_name_the_last_row_of_each_author(database: Database, store: Store) -> None:
    """Heads hold every author, also those whose ids are all zeroes or all ones."""
    space = new_space(database)
    authors = [bytes(16), b"\xff" * 16, new_id(), new_id()]
    for count, author in enumerate(authors, start=1):
        store.append(line(space, author, count))
    assert store.heads(space) == {author: count for count, author in enumerate(authors, start=1)}


# ------------------------------------------------------------------------------------------- all or nothing


@pytest.mark.parametrize("seq", [0, 1, 2, 4, -3, 2**31 - 1])
def test_only_the_next_row_is_taken(database: Database, store: Store, seq: int) -> None:
    """After two rows, every seq but 3 is a conflict and writes nothing."""
    space, ann = new_space(database), new_id()
    written = line(space, ann, 2)
    store.append(written)
    with pytest.raises(Conflict):
        store.append([row(space, ann, seq)])
    assert store.read(space, {}) == written


def test_one_bad_row_keeps_all_out(database: Database, store: Store) -> None:
    """An append over two spaces is one thing: a conflict in the second leaves the first untouched."""
    private, shared, ann = new_space(database), new_space(database), new_id()
    with pytest.raises(Conflict):
        store.append([row(private, ann, 1), row(shared, ann, 2)])
    with pytest.raises(Conflict):
        store.append([row(private, ann, 1), row(private, ann, 3)])
    assert store.read(private, {}) == store.read(shared, {}) == []


def test_an_id_is_taken_once(database: Database, store: Store) -> None:
    """The same id again is a conflict, in the same append, later, and in another space, and nothing is written."""
    space, other, ann = new_space(database), new_space(database), new_id()
    first = row(space, ann, 1)
    with pytest.raises(Conflict):
        store.append([first, first._replace(seq=2)])
    store.append([first])
    for again in (first, first._replace(seq=2), first._replace(space=other)):
        with pytest.raises(Conflict):
            store.append([row(space, new_id(), 1), again])
    assert store.read(space, {}) == [first]
    assert store.read(other, {}) == []


def test_a_frozen_space_is_read_and_not_written(database: Database, store: Store) -> None:
    """Once frozen, a space takes no row of anybody, nor does the rest of such an append go through."""
    private, shared, ann = new_space(database), new_space(database), new_id()
    before = line(shared, ann, 2)
    store.append(before)
    freeze(database, shared)
    with pytest.raises(SpaceClosed):
        store.append([row(private, ann, 1), row(shared, ann, 3)])
    assert store.read(shared, {}) == before
    assert store.read(private, {}) == []


def test_an_unknown_space_takes_nothing(store: Store) -> None:
    """There is no writing to a space that is not there."""
    with pytest.raises(NotFound):
        store.append([row(new_id(), new_id(), 1)])


def test_what_comes_with_the_rows_is_in_the_same_transaction(database: Database, store: Store) -> None:
    """``also`` sees the rows and lands with them; also without any rows."""
    space, ann = new_space(database), new_id()
    seen: list[int] = []

    def also(connection: sa.Connection) -> None:
        note(connection)
        seen.append(connection.execute(sa.text("SELECT count(*) FROM entries")).scalar_one())

    store.append(line(space, ann, 2), also=also)
    assert seen == [2]
    assert notes(database) == 1

    def forget(connection: sa.Connection) -> None:
        connection.execute(attempts.delete())

    store.append([], also=forget)
    assert notes(database) == 0


def test_nothing_is_written_when_what_comes_with_it_fails(database: Database, store: Store) -> None:
    """If ``also`` raises, neither the rows nor what it wrote are there; if a row is refused, ``also`` is not called."""
    space, ann = new_space(database), new_id()

    def fail(connection: sa.Connection) -> None:
        note(connection)
        raise Conflict("no")

    with pytest.raises(Conflict, match="no"):
        store.append([row(space, ann, 1)], also=fail)
    with pytest.raises(Conflict):
        store.append([row(space, ann, 7)], also=note)
    assert store.read(space, {}) == []
    assert notes(database) == 0


# -------------------------------------------------------------------------------------------- the change feed


def test_changes_grow_with_each_row(database: Database, store: Store) -> None:
    """The number of a space grows by what was written to it, and by nothing else."""
    space, other, ann, ben = new_space(database), new_space(database), new_id(), new_id()
    store.append([*line(space, ann, 2), *line(space, ben, 1)])
    assert store.changes(space) == 3
    store.append(line(other, ann, 4))
    with pytest.raises(Conflict):
        store.append(line(space, ann, 1))
    assert store.changes(space) == 3


def test_a_watcher_hears_of_its_space_and_can_read_it(database: Database, store: Store) -> None:
    """A watcher is called once per append to its space, after it, and never after it has stopped."""
    space, other, ann = new_space(database), new_space(database), new_id()
    heard: list[tuple[bytes, int]] = []
    cancel = store.watch(space, lambda changed: heard.append((changed, len(store.read(changed, {})))))
    store.append([*line(space, ann, 2), *line(other, ann, 1)])
    store.append(line(other, ann, 1, start=2))
    with pytest.raises(Conflict):
        store.append(line(space, ann, 1))
    assert heard == [(space, 2)]
    cancel()
    cancel()
    store.append(line(space, ann, 1, start=3))
    assert heard == [(space, 2)]


def test_a_watcher_that_fails_disturbs_nobody(
    database: Database, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The writer and the other watchers go on, and the log names the sort of error and nothing it says."""
    space, ann = new_space(database), new_id()
    heard: list[bytes] = []

    def fail(_: bytes) -> None:
        raise ValueError("what somebody said")

    store.watch(space, fail)
    store.watch(space, heard.append)
    store.append(line(space, ann, 1))
    assert heard == [space]
    assert "ValueError" in caplog.text
    assert "said" not in caplog.text


# ------------------------------------------------------------------------------------------ against a model


class StoreMachine(RuleBasedStateMachine):
    """Any sequence of calls leaves the store equal to lists in a dictionary."""

    def __init__(self, store: Store, database: Database, reopen: Callable[[], tuple[Store, Database]]) -> None:
        super().__init__()
        self.store, self.database, self.reopen = store, database, reopen
        self.model: dict[bytes, dict[bytes, list[Row]]] = {}
        self.frozen: set[bytes] = set()
        self.authors = [bytes([k]) * 16 for k in (0, 7, 255)]
        self.ids: list[bytes] = []

    @initialize()
    def spaces(self) -> None:
        """Two spaces, new for each run, since the database is shared by the runs."""
        self.model = {new_space(self.database): {} for _ in range(2)}

    @rule(data=st.data())
    def append(self, data: st.DataObject) -> None:
        """Append a few rows, some of them wrong, and expect the model's answer."""
        here = sorted(self.model)
        wishes = data.draw(
            st.lists(
                st.tuples(
                    st.sampled_from(here),
                    st.sampled_from(self.authors),
                    st.sampled_from([1, 1, 1, 1, 1, 0, 2]),
                    st.binary(max_size=40),
                    st.sampled_from([False] * 9 + [True]),
                ),
                min_size=1,
                max_size=4,
            )
        )
        rows: list[Row] = []
        heads = {(space, author): len(rows) for space, found in self.model.items() for author, rows in found.items()}
        ordered = True
        for space, author, step, ciphertext, old_id in wishes:
            seq = heads.get((space, author), 0) + step
            ordered = ordered and step == 1
            heads[space, author] = seq
            known = [*self.ids, *(some.id for some in rows)]
            rows.append(Row(known[-1] if old_id and known else new_id(), space, author, seq, 1, ciphertext))
        ids = [some.id for some in rows]
        fresh = len({*ids}) == len(ids) and not {*ids} & {*self.ids}
        if {some.space for some in rows} & self.frozen:
            with pytest.raises(SpaceClosed):
                self.store.append(rows)
        elif not (ordered and fresh):
            with pytest.raises(Conflict):
                self.store.append(rows)
        else:
            self.store.append(rows)
            self.ids.extend(ids)
            for some in rows:
                self.model[some.space].setdefault(some.author, []).append(some)

    @rule(data=st.data())
    def freeze(self, data: st.DataObject) -> None:
        """Freeze or open a space."""
        space = data.draw(st.sampled_from(sorted(self.model)))
        self.frozen ^= {space}
        with self.database.write() as connection:
            frozen = space in self.frozen
            connection.execute(sa.update(spaces).where(spaces.c.id == space).values(frozen=frozen))

    @rule()
    def restart(self) -> None:
        """Close and open the database, where it outlives that."""
        self.store, self.database = self.reopen()

    @rule(data=st.data())
    def read_on(self, data: st.DataObject) -> None:
        """Read from anywhere."""
        space = data.draw(st.sampled_from(sorted(self.model)))
        since = data.draw(st.dictionaries(st.sampled_from(self.authors), st.integers(0, 6)))
        expected = [
            some for author in sorted(self.model[space]) for some in self.model[space][author][since.get(author, 0) :]
        ]
        assert self.store.read(space, since) == expected

    @invariant()
    def equal(self) -> None:
        """Heads, changes and rows are the model's."""
        for space, found in self.model.items():
            assert self.store.heads(space) == {author: len(rows) for author, rows in found.items()}
            assert self.store.changes(space) == sum(len(rows) for rows in found.values())
            assert self.store.read(space, {}) == [some for author in sorted(found) for some in found[author]]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_store_is_a_dictionary_of_lists(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> None:
    """Hypothesis finds no sequence of calls, wrong ones and restarts included, that tells the store from the model."""
    url = request.getfixturevalue("pg_url") if engine == "postgresql" else {"memory": MEMORY}.get(engine)
    opened = [open_engine(tmp_path / "data", url)]

    def reopen() -> tuple[Store, Database]:
        if engine != "memory":
            opened[0].close()
            opened[0] = open_engine(tmp_path / "data", url)
        return SqlStore(opened[0]), opened[0]

    run_state_machine_as_test(
        lambda: StoreMachine(SqlStore(opened[0]), opened[0], reopen),  # type: ignore[arg-type]
        settings=settings(max_examples=10 if engine == "postgresql" else 25, stateful_step_count=15),
    )
    opened[0].close()
