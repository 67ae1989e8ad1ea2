"""The line about a heart on the page after a practice, and what is left in the journal."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import words
from toward.journal.kinds import HeartHeard, Settled, Together
from toward.live import Note
from toward.live.events import HeartNote, HeartRecord
from toward.web.live_seat import alone_seat_of, entry_of, seat_of

if TYPE_CHECKING:
    from toward.vault import Arrival

BREATH = Settled(practice="breathe_together", how="together", minutes=3)


def after(rooms: Rooms, person: Arrival, heart: HeartHeard | None, query: str = "") -> str:
    """What the page after a breath says."""
    rooms.again(person).write(BREATH)
    if heart is not None:
        rooms.again(person).write(heart)
    return said(rooms.phone(person).get("/settle/done" + query).text).replace("&#39;", "'")


def test_two_hearts_are_told_honestly(rooms: Rooms) -> None:
    """Who slowed by how much, when they moved together, and what else that may be."""
    mara, _ = rooms.couple()
    heart = HeartHeard(
        source="strap",
        minutes=6,
        heard=0.9,
        slowed=6.2,
        they_slowed=3.8,
        together="above",
        moved_from=(2.1,),
        moved_to=(5.0,),
    )
    text = after(rooms, mara, heart)
    assert words("settle.heart.both_slowed", partner="Lin", n=6, m=4) in text
    assert words("settle.heart.above", when=words("settle.heart.minutes", n=3, m=5)) in text
    assert "rhythm" in text


@pytest.mark.parametrize(
    ("heart", "keys"),
    [
        (HeartHeard(source="strap", minutes=3, heard=0.9, slowed=0.4), ["same"]),
        (HeartHeard(source="strap", minutes=3, heard=0.4, slowed=-3.4), ["sped", "poor"]),
        (HeartHeard(source="camera", minutes=1, heard=0.9), ["short"]),
        (HeartHeard(source="strap", minutes=3, heard=1, slowed=4, they_slowed=-2, together="chance"), ["chance"]),
        (HeartHeard(source="strap", minutes=2, heard=1, slowed=4, together="little"), ["slowed", "little"]),
    ],
)
def test_what_is_not_sure_is_said_so(rooms: Rooms, heart: HeartHeard, keys: list[str]) -> None:
    """Little change is no change; a poor signal, a short time and chance are called by their names."""
    mara, _ = rooms.couple()
    text = after(rooms, mara, heart)
    for key in keys:
        assert words(f"settle.heart.{key}", n=round(abs(heart.slowed or 0))) in text


def test_without_a_heart_there_is_no_word_of_one(rooms: Rooms) -> None:
    """Nothing is missing; where the line is still being made, there is a way to it; an old line is not today's."""
    mara, lin = rooms.couple()
    assert words("settle.heart.after") not in after(rooms, mara, None)
    assert words("settle.heart.comes") in after(rooms, mara, None, "?heart=1")
    rooms.again(lin).write(HeartHeard(source="strap", minutes=3, heard=1, slowed=4))
    rooms.now_ms += HOUR_MS
    assert words("settle.heart.after") not in after(rooms, lin, None)


def beats() -> HeartRecord:
    """A heart that was heard for three minutes."""
    at = tuple(850.0 * i for i in range(200))
    return HeartRecord(source="strap", from_ms=0, to_ms=180_000, beats_ms=at)


def test_a_line_is_its_own_persons_alone(rooms: Rooms) -> None:
    """What the room asks to be kept for Mara is in her private space; Lin's pages do not change by a byte."""
    mara, lin = rooms.couple()
    before = rooms.phone(lin).get("/ours").text
    seat = seat_of(rooms.again(mara))
    assert seat is not None
    assert seat.note is not None
    asyncio.run(_kept(seat.note, HeartNote("conn", beats())))
    (line,) = rooms.again(mara).life.hearts
    assert line.heard > 0.9
    assert not line.kept
    (entry,) = [one for one in rooms.again(mara).entries if isinstance(one.body, HeartHeard)]
    assert not entry.shared
    assert rooms.again(lin).life.hearts == ()
    assert not any(isinstance(one.body, HeartHeard) for one in rooms.again(lin).entries)
    assert rooms.phone(lin).get("/ours").text == before


async def _kept(note: object, asked: HeartNote | Note) -> None:
    await note(asked)  # type: ignore[operator]


def test_one_alone_has_a_seat_that_keeps_hearts_and_nothing_else(rooms: Rooms) -> None:
    """A room of one's own, as long as the session lasts, which no partner's key opens."""
    solo = rooms.arrive("Solo")
    lasting = [True]
    seat = alone_seat_of(rooms.again(solo), lambda: lasting[0])
    other = alone_seat_of(rooms.again(rooms.arrive("Other")), lambda: True)
    assert seat.note is not None
    assert seat.key != other.key
    assert alone_seat_of(rooms.again(solo), lambda: True).key == seat.key
    asyncio.run(_kept(seat.note, Note("conn", "breath", 3, "together")))
    assert rooms.again(solo).life.hearts == ()
    asyncio.run(_kept(seat.note, HeartNote("conn", beats())))
    lasting[0] = False
    asyncio.run(_kept(seat.note, HeartNote("conn", beats())))
    assert len(rooms.again(solo).life.hearts) == 1
    assert seat_of(rooms.again(solo)) is None


def test_a_practice_is_kept_as_before() -> None:
    """For both, and with nothing of a heart."""
    assert entry_of(Note("conn", "breath", 3, "together")) == Together(practice="breath", minutes=3)


def test_only_pages_with_a_heart_may_ask_for_one(rooms: Rooms) -> None:
    """The two pages of the breath, and no other."""
    mara, _ = rooms.couple()
    phone = rooms.phone(mara)
    for path, may in (("/settle/alone", True), ("/settle/together", True), ("/settle", False), ("/", False)):
        policy = phone.get(path).headers["permissions-policy"]
        assert ("bluetooth=(self)" in policy) is ("camera=(self)" in policy) is may, path
