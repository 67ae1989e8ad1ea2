"""Check-ins made offline arrive: each once, in order, at their own time, with the trace of any other check-in."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.pages.rooms import HOUR_MS, NOON_MS
from tests.pwa.sealing import note, sealed
from toward.errors import Damaged
from toward.journal.kinds import CheckIn, LinePoint, Offer
from toward.vault import keys, outbox
from toward.web import line_sharing
from toward.web.pages.outbox import MOST

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.pages.rooms import Rooms
    from toward.journal.kinds import Body, Entry
    from toward.vault import Session

JSON = {"accept": "application/json"}


def bring(phone: TestClient, *notes: dict[str, str]) -> list[str]:
    """Send notes; return the ids that need not be sent again."""
    answer = phone.post("/outbox", data={"notes": json.dumps(notes)}, headers=JSON)
    assert answer.status_code == 200, answer.text
    here: list[str] = answer.json()["here"]
    return here


def wrote(session: Session, *kinds: type[Body]) -> list[Entry]:
    """What somebody wrote of some kinds, in order."""
    return [entry for entry in session.entries if entry.mine and isinstance(entry.body, kinds)]


def test_arrives_once_in_order_at_its_own_time(rooms: Rooms) -> None:
    """Three notes of three days become three entries under their own ids, however often they are brought."""
    mara, phone = (found := rooms.arrive("Mara")), rooms.phone(found)
    ids = [f"{n:032x}" for n in (9, 3, 7)]
    times = [NOON_MS - hours * HOUR_MS for hours in (72, 48, 24)]
    notes = [
        note(mara.session, one, at_ms=at, tz_min=60, felt=str(felt), words=f"day {felt}")
        for felt, (one, at) in enumerate(zip(ids, times, strict=True), 1)
    ]
    assert bring(phone, *notes) == ids
    assert bring(phone, *notes) == ids
    assert bring(phone, notes[1]) == [ids[1]]
    kept = wrote(rooms.again(mara), CheckIn)
    assert [(one.id.hex(), one.at_ms, one.tz_min, one.body.words) for one in kept if isinstance(one.body, CheckIn)] == [
        (one, at, 60, f"day {felt}") for felt, (one, at) in enumerate(zip(ids, times, strict=True), 1)
    ]


def test_two_devices_at_once_make_no_double(rooms: Rooms) -> None:
    """The same notes and others, brought by two sessions of one person at the same time, are each there once."""
    mara = rooms.arrive("Mara")
    other, token = rooms.vault.sign_in(mara.device, "a quiet lamp at the window")
    notes = [note(mara.session, f"{n:032x}", at_ms=NOON_MS, felt="4") for n in range(12)]
    phones = [rooms.phone(mara), rooms.phone(mara._replace(session=other, token=token))]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: bring(phones[n % 2], *notes[n : n + 6]), [0, 3, 6, 0, 4, 6, 2, 5]))
    kept = [entry.id.hex() for entry in wrote(rooms.again(mara), CheckIn)]
    assert sorted(kept) == [f"{n:032x}" for n in range(12)]


def test_leaves_the_trace_of_any_check_in(rooms: Rooms) -> None:
    """One offer each, private even where sharing was ticked; a shared line gets its point on the day it was felt."""
    mara, lin = rooms.couple()
    for one in (mara, lin):
        line_sharing.agree(rooms.again(one), on=True)
    bring(rooms.phone(mara), note(mara.session, "a" * 32, at_ms=NOON_MS - 24 * HOUR_MS, felt="2", share="on"))
    session = rooms.again(mara)
    (kept,) = wrote(session, CheckIn)
    assert isinstance(kept.body, CheckIn)
    assert not kept.body.share
    assert [entry.id for entry in wrote(session, Offer)] == [kept.body.offer]
    (point,) = wrote(session, LinePoint)
    assert abs(point.at_ms - (NOON_MS - 24 * HOUR_MS)) < 12 * HOUR_MS


def test_a_clock_that_is_ahead_is_set_back(rooms: Rooms) -> None:
    """Nothing is written into the future."""
    mara = rooms.arrive("Mara")
    bring(rooms.phone(mara), note(mara.session, "b" * 32, at_ms=NOON_MS + 1000 * HOUR_MS, felt="5"))
    assert wrote(rooms.again(mara), CheckIn)[0].at_ms <= rooms.now_ms


def test_what_is_anothers_stays_where_it_is(rooms: Rooms) -> None:
    """A note sealed to Lin is not Mara's to keep or to throw away, nor is one under a wrong id."""
    mara, lin = rooms.couple()
    theirs = note(lin.session, "c" * 32, at_ms=NOON_MS, felt="5")
    swapped = {**note(mara.session, "d" * 32, at_ms=NOON_MS, felt="5"), "id": "e" * 32}
    assert bring(rooms.phone(mara), theirs, swapped) == []
    assert bring(rooms.phone(lin), theirs) == ["c" * 32]
    assert not wrote(rooms.again(mara), CheckIn)


@pytest.mark.parametrize(
    "form", [{}, {"felt": "9"}, {"felt": "4", "body": "tired"}, {"felt": "4", "words": "x" * 1001}]
)
def test_what_no_page_of_ours_made_is_dropped(rooms: Rooms, form: dict[str, str]) -> None:
    """A note that the form would refuse is not kept, and is not sent again for ever."""
    mara = rooms.arrive("Mara")
    assert bring(rooms.phone(mara), note(mara.session, "f" * 32, at_ms=NOON_MS, form=form)) == ["f" * 32]
    assert not wrote(rooms.again(mara), CheckIn)


@pytest.mark.parametrize("notes", ["", "{}", "[1]", '[{"id": "x", "sealed": ""}]', json.dumps([{}] * (MOST + 1))])
def test_what_is_no_list_of_notes_is_refused(rooms: Rooms, notes: str) -> None:
    """In the one shape of errors, and nothing is written."""
    mara = rooms.arrive("Mara")
    answer = rooms.phone(mara).post("/outbox", data={"notes": notes}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["key"]) == (400, "bad_input")


def test_without_a_session_it_stays(rooms: Rooms) -> None:
    """A session that has ended gets "sign in" and no word about what was brought."""
    mara, phone = (found := rooms.arrive("Mara")), rooms.phone(found)
    letter = note(mara.session, "a" * 32, at_ms=NOON_MS, felt="4")
    rooms.again(mara).sign_out()
    answer = phone.post("/outbox", data={"notes": json.dumps([letter])}, headers=JSON)
    assert answer.status_code == 401
    again, token = rooms.vault.sign_in(mara.device, "a quiet lamp at the window")
    assert bring(rooms.phone(mara._replace(session=again, token=token)), letter) == ["a" * 32]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.integers(0, 40), st.integers(1, 255))
def test_only_a_whole_note_opens(plain: bytes, at: int, flip: int) -> None:
    """Bytes that are no note, and a note with any byte of it changed, are damaged and nothing else."""
    pair = keys.box_pair()
    with pytest.raises(Damaged):
        outbox.open_note(pair, sealed(pair.public, plain))
    good = b'{"id":"%s","at_ms":1,"tz_min":0,"form":{"felt":"4"}}' % (b"a" * 32)
    box = bytearray(sealed(pair.public, good))
    assert outbox.open_note(pair, bytes(box)).form == {"felt": "4"}
    place = at * len(box) // 41
    assume((place, flip) != (31, 128))  # the one bit of a public key that X25519 does not read
    box[place] ^= flip
    with pytest.raises(Damaged):
        outbox.open_note(pair, bytes(box))
