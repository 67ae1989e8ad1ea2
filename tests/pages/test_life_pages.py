"""Life events: kept for oneself, shown to both if asked, on one's own line, and taken back."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import Rooms, said
from toward.catalogue import words
from toward.journal.kinds import CheckIn, LifeEvent, LifeEventShown, Moment
from toward.vault import pairing, portable

if TYPE_CHECKING:
    from toward.vault import Arrival

DAY_MS = 86_400_000
FLOOD = {"label": "the flood", "sort": "world", "pull": "hard", "day": "2025-11-20"}


def main(html: str) -> str:
    """The main part as a person reads it."""
    return unescape(said(html))


def week(rooms: Rooms, person: Arrival) -> None:
    """A few days with a line."""
    for back in range(9):
        rooms.again(person).write(CheckIn(felt=4), at_ms=rooms.now_ms - back * DAY_MS)


def test_an_event_is_private_unless_it_is_shown(rooms: Rooms) -> None:
    """It stands on its writer's line alone; the other's pages and entries do not change."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        week(rooms, one)
    before = rooms.phone(lin).get("/ours/life").text
    assert rooms.phone(mara).post("/ours/life/new", data=FLOOD).status_code == 303
    assert [one.body for one in rooms.again(mara).entries][-1] == LifeEvent(**FLOOD)  # type: ignore[arg-type]
    for path in ("/ours/life", "/ours"):
        assert "the flood" in rooms.phone(mara).get(path).text
    assert rooms.phone(lin).get("/ours/life").text == before
    assert [mark.sort for mark in rooms.again(mara).life.line.marks] == ["hard"]


def test_what_is_shown_stands_on_both_lines_until_its_writer_takes_it_back(rooms: Rooms) -> None:
    """Both read it and whose it is; only its writer can take it back; then it is on neither."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        week(rooms, one)
    rooms.phone(mara).post("/ours/life/new", data={**FLOOD, "share": "on"})
    theirs = main(rooms.phone(lin).get("/ours/life?edit=1").text)
    assert "the flood" in theirs
    assert words("life.home.theirs", partner="Mara") in theirs
    assert words("life.home.take_back") not in theirs
    event = rooms.again(lin).life.events[0]
    assert rooms.phone(lin).post(f"/ours/life/{event.id.hex()}").status_code == 404
    assert rooms.phone(mara).post(f"/ours/life/{event.id.hex()}").status_code == 303
    for one in (mara, lin):
        assert "the flood" not in rooms.phone(one).get("/ours/life").text
        assert not rooms.again(one).life.line.marks


def test_one_of_ones_own_can_be_shown_later(rooms: Rooms) -> None:
    """It is then one event and not two."""
    mara, lin = rooms.couple()
    rooms.phone(mara).post("/ours/life/new", data=FLOOD)
    event = rooms.again(mara).life.events[0]
    rooms.phone(mara).post(f"/ours/life/{event.id.hex()}")
    for one in (mara, lin):
        assert [(e.label, e.shown) for e in rooms.again(one).life.events] == [("the flood", True)]


@pytest.mark.parametrize(
    "wrong", [{"label": ""}, {"pull": ""}, {"day": "2025-11-25"}, {"day": "soon"}, {"sort": "cat"}, {"label": "x" * 81}]
)
def test_refuses_what_is_no_event(rooms: Rooms, wrong: dict[str, str]) -> None:
    """Without words, or on a day to come, nothing is kept, and what was typed stays."""
    solo = rooms.arrive("Solo")
    again = rooms.phone(solo).post("/ours/life/new", data={**FLOOD, **wrong})
    assert again.status_code in {400, 413}
    assert not rooms.again(solo).life.events
    if "label" not in wrong:
        assert "the flood" in again.text


def test_alone_and_after_a_partner_has_left_nothing_is_shown_to_anybody(rooms: Rooms) -> None:
    """No word of showing where nobody is; asked for all the same, it is refused and not kept."""
    solo = rooms.arrive("Solo")
    page = main(rooms.phone(solo).get("/ours/life/new").text)
    assert words("life.new.share_hint") not in page
    refused = rooms.phone(solo).post("/ours/life/new", data={**FLOOD, "share": "on"})
    assert refused.status_code >= 400
    mara, lin = rooms.couple()
    rooms.phone(mara).post("/ours/life/new", data=FLOOD)
    event = rooms.again(mara).life.events[0]
    pairing.unpair(rooms.again(lin))
    assert rooms.phone(mara).post(f"/ours/life/{event.id.hex()}").status_code >= 400
    kinds = {type(one.body) for one in rooms.again(mara).entries}
    assert LifeEventShown not in kinds


def test_events_and_moments_are_marks_of_one_line_in_the_order_of_their_days(rooms: Rooms) -> None:
    """Hard, good and neither are told as moments tell them."""
    solo = rooms.arrive("Solo")
    session = rooms.again(solo)
    session.write(LifeEvent(label="twins", sort="birth", pull="both", day="2025-11-10"))
    session.write(Moment(label="a walk", sort="exit", day="2025-11-12"))
    session.write(LifeEvent(label="the job", sort="work", pull="good", day="2025-11-11"))
    session.write(LifeEvent(label="never", day="2025-02-31"))
    marks = session.life.line.marks
    assert [(mark.label, mark.sort) for mark in marks] == [
        ("twins", "life"),
        ("the job", "good"),
        ("a walk", "exit"),
        ("never", "hard"),
    ]


def test_what_was_shown_comes_along_as_a_keepsake(rooms: Rooms) -> None:
    """In another home it is told as what it was, on nobody's line."""
    mara, lin = rooms.couple()
    rooms.phone(lin).post("/ours/life/new", data={**FLOOD, "share": "on"})
    noor = rooms.arrive("Noor")
    portable.import_(rooms.again(noor), portable.export(rooms.again(mara)))
    page = main(rooms.phone(noor).get("/ours/keepsakes").text)
    assert "the flood" in page
    assert words("ours.keepsake.life") in page
    assert not rooms.again(noor).life.line.marks
