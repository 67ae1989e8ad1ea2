"""The self-check: nothing is kept unless asked for, what is kept opens by passphrase, each button does what it says."""

from __future__ import annotations

from base64 import urlsafe_b64decode
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.rooms import HOUR_MS, PASSPHRASE, said
from toward.catalogue import words
from toward.vault.accounts import SLOT_BYTES
from toward.web import safe_slot
from toward.web.cookies import TrustedPerson, pack_people
from toward.web.pages.before import QUESTIONS, SHOWN_MS
from toward.web.safe_slot import Check, Hardness, SafeSlot, YesNo, read_slot

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.pages.rooms import Rooms
    from toward.vault import Arrival

PLAN = "Ana knows. The bag is at work."
SIGNS = {"own-2": "y", "own-4": "n", "own-5": "y", "own-plan": PLAN}
CHECKS = st.builds(
    Check,
    at_ms=st.integers(0, 2**45),
    answers=st.lists(st.sampled_from(get_args(YesNo)), max_size=9).map(tuple),
    plan=st.text(max_size=safe_slot.MOST_PLAN),
    over=st.booleans(),
)


class Held:
    """A slot, and nothing else of a session."""

    def __init__(self) -> None:
        self.data = b""

    def slot(self) -> bytes:
        """What it holds."""
        return self.data

    def keep_in_slot(self, data: bytes) -> None:
        """Hold it."""
        self.data = data


def trusted(rooms: Rooms, person: Arrival) -> TestClient:
    """A phone that keeps the person's half of the key."""
    phone = rooms.phone(person)
    device = person.device
    value = pack_people([TrustedPerson(device.person, device.id, device.secret, person.session.name)])
    assert urlsafe_b64decode(value + "===")
    phone.cookies.set("toward-device", value)
    return phone


def test_unsent_nothing_is_kept(rooms: Rooms) -> None:
    """Every page holds the check, and reading pages writes nothing."""
    mara = rooms.arrive("Mara")
    html = rooms.phone(mara).get("/").text
    for name in QUESTIONS:
        assert words(f"safety.check.{name}").replace("'", "&#39;") in html
    assert read_slot(rooms.again(mara)) == SafeSlot()


def test_for_a_visit_the_gate_holds_an_hour_and_the_check_is_not_kept(rooms: Rooms) -> None:
    """No answer and no word of the plan is in the slot; the hour over, it is as before."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    sent = phone.post("/before", data={"do": "visit", **SIGNS})
    held = read_slot(rooms.again(mara))
    assert held.check is None
    assert PLAN.encode() not in rooms.again(mara).slot()
    assert words("safety.check.held") in said(phone.get(sent.headers["location"]).text)
    assert words("guide.own_care.title") in said(phone.get("/").text)
    rooms.now_ms += HOUR_MS
    assert words("guide.own_care.title") not in said(phone.get("/").text)


def test_kept_it_holds_until_forgotten_and_no_answer_at_a_door_lifts_it(rooms: Rooms) -> None:
    """Somebody may stand beside them at the door."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    sent = phone.post("/before", data={"do": "keep", **SIGNS})
    assert words("safety.check.kept") in said(phone.get(sent.headers["location"]).text)
    for answer in ({"answer": "hard"}, {"answer": "unsaid", "visit": "on"}, {"do": "visit", "own-1": "n"}):
        phone.post("/before", data=answer)
        rooms.now_ms += 3 * HOUR_MS
        assert words("guide.own_care.title") in said(phone.get("/").text)
    phone.post("/before", data={"do": "forget"})
    assert read_slot(rooms.again(mara)).check is None
    assert words("guide.own_care.title") not in said(phone.get("/").text)


def test_what_was_with_someone_else_and_is_over_sets_no_gate(rooms: Rooms) -> None:
    """It is kept as it was said."""
    mara = rooms.arrive("Mara")
    phone = rooms.phone(mara)
    phone.post("/before", data={"do": "keep", **SIGNS, "own-over": "on"})
    assert read_slot(rooms.again(mara)).check is not None
    assert words("guide.own_care.title") not in said(phone.get("/").text)


def test_what_was_kept_opens_by_passphrase_only(rooms: Rooms) -> None:
    """Asked of everybody; a wrong one shows nothing and asks again; the right one shows answers and plan."""
    mara = rooms.arrive("Mara")
    phone = trusted(rooms, mara)
    phone.post("/before", data={"do": "keep", **SIGNS})
    asked = phone.post("/before", data={"do": "show"})
    assert asked.status_code == 200
    assert PLAN not in asked.text
    wrong = phone.post("/before", data={"do": "open", "passphrase": "something else entirely"})
    assert wrong.status_code >= 400
    assert PLAN not in wrong.text
    assert 'type="password"' in wrong.text
    right = phone.post("/before", data={"do": "open", "passphrase": PASSPHRASE})
    shown = said(right.text)
    assert PLAN in shown
    assert words("safety.check.year_2") in shown
    assert words("safety.check.now_1") in shown
    assert words("safety.check.year_4") not in shown
    assert right.headers["cache-control"] == "no-store"


def test_whether_anything_is_kept_shows_only_behind_the_passphrase(rooms: Rooms) -> None:
    """Before it, the page is the same to the byte for whoever kept something and whoever did not."""
    mara, lin = rooms.arrive("Mara"), rooms.arrive("Lin")
    for person in (mara, lin):
        trusted(rooms, person).post("/before", data={"answer": "hard"})
    trusted(rooms, mara).post("/before", data={"do": "keep", **SIGNS})
    pages = [trusted(rooms, person).post("/before", data={"do": "show"}).text for person in (mara, lin)]
    assert said(pages[0]) == said(pages[1])
    empty = trusted(rooms, lin).post("/before", data={"do": "open", "passphrase": PASSPHRASE})
    assert words("safety.check.nothing") in said(empty.text)


def test_a_browser_without_the_key_says_so(rooms: Rooms) -> None:
    """There is nothing to type a passphrase into."""
    phone = rooms.phone(rooms.arrive("Mara"))
    for do in ("show", "open"):
        page = phone.post("/before", data={"do": do, "passphrase": PASSPHRASE})
        assert words("safety.check.elsewhere").replace("'", "&#39;") in page.text
        assert 'type="password"' not in page.text


def test_minutes_later_the_page_after_it_is_empty(rooms: Rooms) -> None:
    """Whoever takes the phone and goes back finds home."""
    phone = rooms.phone(rooms.arrive("Mara"))
    sent = phone.post("/before", data={"do": "keep", **SIGNS})
    rooms.now_ms += SHOWN_MS
    assert phone.get(sent.headers["location"]).headers["location"] == "/"


@pytest.mark.parametrize("bad", [{"own-1": "maybe"}, {"own-plan": "x" * 1501}, {"do": "else"}])
def test_what_does_not_fit_is_not_kept(rooms: Rooms, bad: dict[str, str]) -> None:
    """A form that no page sends changes nothing."""
    mara = rooms.arrive("Mara")
    assert rooms.phone(mara).post("/before", data={"do": "keep", **bad}).status_code in {400, 413}
    assert read_slot(rooms.again(mara)) == SafeSlot()


@given(CHECKS, st.sampled_from(get_args(Hardness)), st.integers(0, 2**45), st.booleans())
def test_a_check_is_read_back_fits_the_slot_and_holds(
    check: Check,
    answer: Hardness,
    now_ms: int,
    for_visit: bool,  # noqa: FBT001 - drawn
) -> None:
    """Whatever was ticked and in whatever script: kept whole, and not lifted by an answer given after it."""
    held = Held()
    safe_slot.keep_check(held, check)  # type: ignore[arg-type]
    safe_slot.keep_answer(held, answer, now_ms, for_visit=for_visit)  # type: ignore[arg-type]
    assert read_slot(held).check == check  # type: ignore[arg-type]
    assert len(held.data) <= SLOT_BYTES - 4
    assert read_slot(held).afraid(now_ms) == (check.signs or answer == "afraid")  # type: ignore[arg-type]


@given(st.sampled_from(get_args(Hardness)), st.sampled_from(get_args(Hardness)), st.integers(0, 2**45))
def test_an_answer_for_a_visit_gives_way_to_the_one_before_it(first: Hardness, then: Hardness, now_ms: int) -> None:
    """What was said under somebody's eyes, for this visit, does not outlast it."""
    held = Held()
    safe_slot.keep_answer(held, first, now_ms, for_visit=False)  # type: ignore[arg-type]
    safe_slot.keep_answer(held, then, now_ms, for_visit=True)  # type: ignore[arg-type]
    assert read_slot(held).afraid(now_ms) == (then == "afraid")  # type: ignore[arg-type]
    assert read_slot(held).afraid(now_ms + HOUR_MS) == (first == "afraid")  # type: ignore[arg-type]
