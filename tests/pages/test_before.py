"""Hard, or afraid? What the answer changes, what it must not change, and what of it can be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import words
from toward.vault.tables import entries, slots
from toward.web.page import Page
from toward.web.pages import before
from toward.web.safe_slot import SafeSlot, keep_answer, read_slot

if TYPE_CHECKING:
    from starlette.responses import Response

    from toward.web.context import Context

QUESTION = words("safety.question.title")


def door(ctx: Context) -> Response:
    """A page behind the gate."""
    return before.gate(ctx, "turn") or ctx.json({"in": True})


@pytest.fixture
def behind(rooms: Rooms) -> Rooms:
    """A home with one more page, and the gate before it."""
    from toward.web.app import create_app
    from toward.web.pages import pages

    rooms.app = create_app(rooms.vault, pages=[*pages(), Page("/door", get=door)], now_ms=lambda: rooms.now_ms)
    return rooms


def test_asks_once_before_the_door_and_then_no_more(behind: Rooms) -> None:
    """The first visit asks, under the door's own address; after any answer the door is open."""
    mara = behind.arrive("Mara")
    phone = behind.phone(mara)
    asked = phone.get("/door")
    assert asked.status_code == 200
    assert QUESTION in asked.text
    answer = phone.post("/before", data={"answer": "unsaid", "to": "/door", "place": "turn"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/before/next?to=%2Fdoor")
    assert 'href="/door"' in phone.get(answer.headers["location"]).text
    assert phone.get("/door").json() == {"in": True}
    behind.now_ms += 1000 * HOUR_MS
    assert phone.get("/door").json() == {"in": True}


def test_without_an_answer_it_asks_again_in_place(behind: Rooms) -> None:
    """Nothing is written, and where one was going is not lost."""
    mara = behind.arrive("Mara")
    again = behind.phone(mara).post("/before", data={"to": "/door", "place": "turn", "visit": "on"})
    assert again.status_code == 400
    assert 'value="/door"' in again.text
    assert read_slot(behind.again(mara)) == SafeSlot()


def _footprint(rooms: Rooms, person: bytes) -> tuple[int, int, int]:
    with rooms.vault.database.read() as connection:
        rows = connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar_one()
        slot = connection.execute(sa.select(slots).where(slots.c.person == person)).one()
    return rows, len(slot.ciphertext), slot.version


@pytest.mark.parametrize("visit", [{}, {"visit": "on"}])
def test_every_answer_leaves_the_same_trace(behind: Rooms, visit: dict[str, str]) -> None:
    """The same rows, the same size of slot, the same addresses, titles and cookies, whatever was answered."""
    traces = []
    for answer in ("hard", "afraid", "unsaid"):
        person = behind.arrive(answer.title())
        rows, *_ = _footprint(behind, person.session.person)
        phone = behind.phone(person)
        sent = phone.post("/before", data={"answer": answer, "to": "/door", **visit})
        after = phone.get(sent.headers["location"])
        title = after.text[after.text.index("<title>") : after.text.index("</title>")]
        now_rows, *slot = _footprint(behind, person.session.person)
        headers = sorted(set(after.headers) - {"content-length"})
        traces.append((now_rows - rows, slot, sent.status_code, sent.headers["location"], title, headers))
    assert traces[0] == traces[1] == traces[2]
    assert traces[0][0] == 1, "a slot that changed without a row would say what was asked here"


def test_the_partner_sees_nothing_of_it(behind: Rooms) -> None:
    """Every page of the other stays as it was, to the byte."""
    mara, lin = behind.couple()
    seen = [behind.phone(lin).get(path).text for path in ("/", "/check-in", "/within/care")]
    behind.phone(mara).post("/before", data={"answer": "afraid", "to": "/"})
    assert [behind.phone(lin).get(path).text for path in ("/", "/check-in", "/within/care")] == seen


def test_afraid_changes_what_is_suggested_and_not_what_opens(behind: Rooms) -> None:
    """Care comes first on home and nothing asks for tenderness; the door, home's check-in and the pause stay."""
    mara, _ = behind.couple()
    phone = behind.phone(mara)
    phone.post("/check-in", data={"felt": "6", "body": "open"})
    assert words("guide.remember_first.title") in phone.get("/").text
    phone.post("/before", data={"answer": "afraid", "to": "/door"})
    after = said(phone.get("/before/next?to=/door").text)
    assert words("safety.before.afraid") in after
    assert words("safety.afraid.play_along") in after
    home = phone.get("/").text
    assert words("guide.own_care.title") in home
    assert 'href="/pause"' in home
    assert "afraid" not in said(home)
    assert "safe" not in said(home).lower()
    assert phone.get("/door").json() == {"in": True}


def test_a_few_minutes_later_nothing_speaks_to_the_answer(behind: Rooms) -> None:
    """Whoever takes the phone and goes back finds the door and not the answer."""
    mara = behind.arrive("Mara")
    phone = behind.phone(mara)
    phone.post("/before", data={"answer": "afraid", "to": "/door"})
    behind.now_ms += before.SHOWN_MS
    assert phone.get("/before/next?to=/door").headers["location"] == "/door"
    for answer in ("afraid", "hard"):
        assert f'value="{answer}" checked' not in phone.get("/before").text


def test_only_for_this_visit_is_forgotten_in_an_hour(behind: Rooms) -> None:
    """Within the hour it holds; then it is as if nothing had been asked."""
    mara = behind.arrive("Mara")
    phone = behind.phone(mara)
    phone.post("/before", data={"answer": "afraid", "to": "/door", "visit": "on"})
    behind.now_ms += HOUR_MS - 1000
    assert phone.get("/door").json() == {"in": True}
    behind.now_ms += 1000
    assert QUESTION in phone.get("/door").text
    assert words("guide.own_care.title") not in said(phone.get("/").text)


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", "/a?b=//c"]
)
def test_leads_on_within_this_app_only(behind: Rooms, to: str) -> None:
    """Any other place is home."""
    phone = behind.phone(behind.arrive("Mara"))
    sent = phone.post("/before", data={"answer": "hard", "to": to})
    assert sent.headers["location"] == "/before/next?to=%2F"
    assert 'class="button primary" href="/"' in phone.get("/before/next", params={"to": to}).text


@given(st.binary(max_size=200))
def test_a_slot_that_can_not_be_read_is_asked_again(data: bytes) -> None:
    """Whatever lies there, no page breaks on it."""

    class Held:
        def slot(self) -> bytes:
            return data

    assert isinstance(read_slot(Held()), SafeSlot)  # type: ignore[arg-type]


@given(st.sampled_from(before.ANSWERS), st.integers(0, 10**15), st.booleans())
def test_what_is_kept_is_read_back(answer: Any, now_ms: int, for_visit: bool) -> None:  # noqa: ANN401, FBT001 - drawn
    """An answer survives its slot, and one for a visit ends with the visit."""
    held = b""

    class Slot:
        def slot(self) -> bytes:
            return held

        def keep_in_slot(self, data: bytes) -> None:
            nonlocal held
            held = data

    keep_answer(Slot(), answer, now_ms, for_visit=for_visit)  # type: ignore[arg-type]
    found = read_slot(Slot())  # type: ignore[arg-type]
    asked = found.now(now_ms)
    assert asked is not None
    assert asked.answer == answer
    assert (found.now(now_ms + HOUR_MS) is None) == for_visit


def test_the_words_before_the_door_say_nothing() -> None:
    """The title under which all of this happens could stand before anything."""
    assert "afraid" not in words("safety.before.title").lower()
