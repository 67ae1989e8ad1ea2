"""Not this one: it rests, nobody is asked why, and the other's pages know nothing of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import Rooms
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Memory, StepPutBy

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from toward.vault import Arrival

DAY_MS = 86_400_000


@pytest.fixture
def rooms(tmp_path: Path) -> Rooms:
    """A home."""
    return Rooms(tmp_path)


def look_in(rooms: Rooms, person: Arrival) -> str:
    """Check in with an open body and look at Now."""
    person.session.write(CheckIn(felt=5, body="open"))
    page: str = rooms.phone(person).get("/").text
    return page


def offered(page: str) -> str:
    """What may be put by on a page; empty for nothing."""
    before, found, after = page.partition('name="step" value="')
    del before
    return after.split('"')[0] if found else ""


def test_what_is_put_by_rests_for_a_week(rooms: Rooms) -> None:
    """It is gone at once, for a week, and is remembered in the person's own space alone."""
    mara, lin = rooms.couple()
    mara.session.write(Memory(words="rain"))
    lins = rooms.phone(lin)
    before = lins.get("/ours").text
    name = ""
    for _ in range(8):
        page = look_in(rooms, mara)
        if name := offered(page):
            break
        rooms.now_ms += DAY_MS
    assert name
    phone: TestClient = rooms.phone(mara)
    answer = phone.post("/put-by", data={"step": name}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert offered(phone.get("/").text) != name
    assert mara.session.life.put_by.of(name)
    assert lins.get("/ours").text == before
    for _ in range(6):
        rooms.now_ms += DAY_MS
        assert offered(look_in(rooms, mara)) != name


def test_only_what_stands_there_can_be_put_by(rooms: Rooms) -> None:
    """A form from another day writes nothing."""
    mara = rooms.arrive("Mara")
    rooms.phone(mara).post("/put-by", data={"step": "check_in"})
    assert mara.session.life.put_by.of("check_in") is None
    assert words("now.home.put_by") not in rooms.phone(mara).get("/").text
    assert StepPutBy(step="within").SPACE == "private"
