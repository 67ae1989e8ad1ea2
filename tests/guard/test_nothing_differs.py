"""What a partner can see, read from the disk or time: the same, whatever somebody did with the safety check."""

from __future__ import annotations

import re
import statistics
import time
from typing import TYPE_CHECKING, Final

import pytest
import sqlalchemy as sa

from tests.pages.rooms import Rooms
from toward.vault import portable
from toward.web.pages.before import QUESTIONS

if TYPE_CHECKING:
    from pathlib import Path


ASKED: Final = 200
WITHIN_S: Final = 0.005
PAGES: Final = ("/", "/turn", "/settle", "/ours", "/within", "/settings", "/pause", "/check-in/kept")
KEPT: Final = {"do": "keep", "own-2": "y", "own-5": "y", "own-plan": "a plan of many words " * 40}
VISIT: Final = {"do": "visit", "own-2": "y"}
STAMPED: Final = re.compile(r"[0-9a-f]{32,}|[A-Za-z0-9+/]{22}==|toward-outbox\" content=\"[^\"]*\"")


class Home(Rooms):
    """A home on a disk in which both have written, so that there is something to read."""

    def __init__(self, folder: Path) -> None:
        """Mara and Lin, with the same history in each home."""
        super().__init__(folder)
        self.mara, self.lin = self.couple()
        for person in (self.mara, self.lin):
            self.phone(person).post("/before", data={"answer": "hard", "to": "/"})
            self.phone(person).post("/check-in", data={"felt": "4", "words": "as it is", "share": "on"})

    def goes_on(self) -> None:
        """What comes after: Mara writes as she would have."""
        self.phone(self.mara).post("/check-in", data={"felt": "5", "words": "a new day"})

    def rows(self) -> dict[str, list[tuple[object, ...]]]:
        """Every table, row by row in its order: sizes where bytes are sealed, values where they are plain."""
        with self.vault.database.read() as connection:
            names = sorted(sa.inspect(connection).get_table_names())
            return {name: _rows(connection, name) for name in names}

    def size(self) -> int:
        """How many pages the database takes."""
        with self.vault.database.read() as connection:
            return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())

    def seen(self) -> dict[str, tuple[int, str]]:
        """Lin's pages, without the names of things that are drawn by chance."""
        phone = self.phone(self.lin)
        answers = {path: phone.get(path, follow_redirects=True) for path in PAGES}
        return {path: (answer.status_code, STAMPED.sub("*", answer.text)) for path, answer in answers.items()}

    def exported(self) -> str:
        """Lin's file."""
        return STAMPED.sub("*", portable.export(self.again(self.lin)).decode())


def _rows(connection: sa.Connection, name: str) -> list[tuple[object, ...]]:
    table = sa.table(name)
    by_chance = "WITHOUT ROWID" in str(
        connection.execute(sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": name}).scalar_one()
    )
    order = [] if by_chance else [sa.text("rowid")]
    rows = [
        tuple(len(value) if isinstance(value, bytes) else value for value in row)
        for row in connection.execute(sa.select(sa.text("*")).select_from(table).order_by(*order))
    ]
    return sorted(rows, key=repr) if by_chance else rows  # there, random ids are the order


def did(folder: Path, *sent: dict[str, str]) -> Home:
    """A home in which Mara sent these to the check and spent the rest of two moments on something else of her own.

    Opening the check is nothing at all: there is no request to make. Keeping is one more thing that she wrote.
    """
    home = Home(folder)
    phone = home.phone(home.mara)
    for form in sent:
        assert phone.post("/before", data=form).status_code == 303
    for _ in range(2 - len(sent)):
        assert phone.post("/within/three-breaths").status_code == 303
    home.goes_on()
    return home


@pytest.fixture
def homes(tmp_path: Path) -> dict[str, Home]:
    """One home for each thing that a person may do with the check."""
    return {
        "opened it, or never did": did(tmp_path / "0"),
        "kept an answer": did(tmp_path / "1", KEPT),
        "used it for a visit": did(tmp_path / "2", VISIT),
        "kept and forgot": did(tmp_path / "3", KEPT, {"do": "forget"}),
    }


def test_pages_rows_sizes_order_and_exports_are_the_same(homes: dict[str, Home]) -> None:
    """Whatever was done with the check, everything but sealed bytes is equal: to the page, to the row, to the order."""
    never, *others = (
        (home.rows(), home.size(), home.seen(), home.exported(), home.rows(), home.size()) for home in homes.values()
    )
    for other in others:
        for had, has in zip(never, other, strict=True):
            assert has == had


def test_the_comparison_sees_what_is_not_the_same(tmp_path: Path) -> None:
    """One check-in more shows in the rows: the test above can fail."""
    one, other = did(tmp_path / "1"), did(tmp_path / "2")
    other.goes_on()
    assert one.rows() != other.rows()


def test_nobodys_own_file_tells_it(homes: dict[str, Home]) -> None:
    """Mara's own export holds neither answer nor plan: a partner may ask to see it."""
    home = homes["kept an answer"]
    text = portable.export(home.again(home.mara)).decode()
    assert "a plan of many words" not in text
    assert not re.search(r"own-\d|\"(?:check|asked|afraid|plan)\"", text)


def test_one_cannot_tell_by_the_clock(homes: dict[str, Home]) -> None:
    """200 of Lin's requests to each home, in turn: the middle times lie within five thousandths of a second."""
    times: dict[str, list[float]] = {name: [] for name in homes}
    phones = {name: home.phone(home.lin) for name, home in homes.items()}
    for number in range(ASKED + 10):
        for name, phone in phones.items():
            start = time.perf_counter()
            phone.get("/turn")
            if number >= 10:  # the first are slower: templates are read
                times[name].append(time.perf_counter() - start)
    middles = [statistics.median(taken) for taken in times.values()]
    assert max(middles) - min(middles) < WITHIN_S


def test_the_two_ways_of_sending_look_alike(tmp_path: Path) -> None:
    """One address, one status, one way on and one kind of headers, whether before a door or out of the check."""
    home = Home(tmp_path)
    phone = home.phone(home.mara)
    forms = ({"answer": "hard"}, {"answer": "afraid", "visit": "on"}, KEPT, VISIT, {"do": "keep"}, {"do": "visit"})
    answers = [phone.post("/before", data=form) for form in forms]
    shapes = {
        (one.status_code, one.headers["location"], tuple(sorted(one.headers)), len(one.content)) for one in answers
    }
    assert len(shapes) == 1
    assert len(QUESTIONS) == 9
