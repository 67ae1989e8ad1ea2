"""Home and check-in: what is written, what opens, and what looks the same to the other."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.rooms import HOUR_MS, Rooms, said
from toward.catalogue import words
from toward.journal.kinds import CheckIn, Invitation, PauseCalled, Source
from toward.web.pages.check_in import QUESTIONS, extra_on

if TYPE_CHECKING:
    from toward.vault import Arrival

NOTHING = words("now.home.nothing_to_open")
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@given(DAYS, st.sampled_from(QUESTIONS), st.booleans())
def test_asks_little_and_each_in_turn(day: date, question: str, together: bool) -> None:  # noqa: FBT001 - drawn
    """In three days: one question, the direct ones where there are two, and a day of nothing; never two at once."""
    extras = [
        extra_on(day + timedelta(days=n), question, together=together, asked=False)  # type: ignore[arg-type]
        for n in range(3)
    ]
    assert sum(extra.presence for extra in extras) == (1 if together else 0)
    assert sum(extra.question is not None for extra in extras) == (1 if together else 2)
    assert all(not (extra.question and extra.presence) for extra in extras)
    assert not any(any(extra_on(day, question, together=together, asked=True)) for _ in range(1))  # type: ignore[arg-type]


def test_names_no_source_before_there_is_one_and_leads_to_the_ladder(rooms: Rooms) -> None:
    """A first evening: no word that only Within explains, and the ladder one tap away while nobody has looked yet."""
    mara = rooms.arrive("Mara")
    fresh = said(rooms.phone(mara).get("/").text)
    assert words("now.home.no_source") in fresh
    assert words("now.home.source") not in fresh
    assert words("now.checkin.rung_link") in fresh
    rooms.again(mara).write(Source(sort="nature", words="the old oak"))
    later = said(rooms.phone(mara).get("/").text)
    assert words("now.home.source") in later
    assert words("now.home.no_source") not in later


def test_one_tap_and_done_is_enough(rooms: Rooms) -> None:
    """A number alone is a check-in, private, with nothing offered."""
    mara, _ = rooms.couple()
    answer = rooms.phone(mara).post("/check-in", data={"felt": "4", "words": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/check-in/kept")
    latest = rooms.again(mara).life.checkins.latest
    assert latest is not None
    assert (latest.body.felt, latest.body.share, latest.offered) == (4, False, False)


def test_writes_all_that_was_filled_in(rooms: Rooms) -> None:
    """Each field arrives as what it is; an answer without its question is none."""
    mara, _ = rooms.couple()
    full = {"felt": "2", "body": "shut", "question": "matter", "answer": "no", "there": "no", "moved": "pulled"}
    rooms.phone(mara).post("/check-in", data={**full, "words": " far\r\naway ", "share": "on"})
    rooms.phone(mara).post("/check-in", data={"felt": "2", "answer": "no"})
    second, first = (answer.body for answer in rooms.again(mara).life.checkins.own)
    assert (first.body, first.question, first.answer, first.there) == ("shut", "matter", "no", False)
    assert (first.moved, first.words, first.share) == ("pulled", "far\naway", True)
    assert (second.question, second.answer) == (None, None)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"felt": "0"}, {"felt": "8"}, {"felt": "x"}, {"felt": "3", "body": "bored"}, {"felt": "3", "there": "1"}],
)
def test_what_does_not_fit_comes_back_with_what_was_typed(rooms: Rooms, wrong: dict[str, str]) -> None:
    """Nothing is written and nothing that was typed is lost."""
    mara = rooms.arrive("Mara")
    answer = rooms.phone(mara).post("/check-in", data={**wrong, "words": "a long & heavy day"})
    assert answer.status_code == 400
    assert "a long &amp; heavy day" in answer.text
    assert rooms.again(mara).life.checkins.latest is None


def test_alone_there_is_nobody_to_share_with(rooms: Rooms) -> None:
    """Whatever is sent, a person alone offers nothing, and their pages speak of nobody."""
    mara = rooms.arrive("Mara")
    rooms.phone(mara).post("/check-in", data={"felt": "3", "share": "on"})
    latest = rooms.again(mara).life.checkins.latest
    assert latest is not None
    assert not latest.body.share
    for path in ("/", "/check-in", "/check-in/kept"):
        page = rooms.phone(mara).get(path).text
        assert 'name="share"' not in page
        assert NOTHING not in page
        assert "None" not in said(page)


def test_unanswered_private_shared_and_withdrawn_look_the_same(rooms: Rooms) -> None:
    """Whatever one does, the home and the check-in of the other stay the same to the byte."""
    mara, lin = rooms.couple()
    rooms.phone(lin).post("/check-in", data={"felt": "6", "words": "mine"})

    def pages_of_lin() -> list[str]:
        return [rooms.phone(lin).get(path).text for path in ("/", "/check-in", "/check-in/kept")]

    before = pages_of_lin()
    assert NOTHING in before[0]
    phone = rooms.phone(mara)
    phone.post("/check-in", data={"felt": "1", "words": "only for me"})
    assert pages_of_lin() == before
    phone.post("/check-in", data={"felt": "2", "words": "for you", "share": "on"})
    assert pages_of_lin() == before
    latest = rooms.again(mara).life.checkins.latest
    assert latest is not None
    assert latest.offered
    phone.post("/check-in/take-back", data={"entry": latest.id.hex()})
    assert pages_of_lin() == before
    taken = rooms.again(mara).life.checkins.latest
    assert taken is not None
    assert taken.withdrawn


def _share(rooms: Rooms, person: Arrival, felt: int, text: str) -> None:
    rooms.phone(person).post("/check-in", data={"felt": str(felt), "body": "open", "words": text, "share": "on"})


def test_opens_as_words_when_both_have_shared(rooms: Rooms) -> None:
    """Each sees the other's words and the word for how it felt; no number of theirs is anywhere."""
    mara, lin = rooms.couple()
    _share(rooms, mara, 3, "I missed you")
    assert NOTHING in rooms.phone(mara).get("/").text
    _share(rooms, lin, 6, "Me too")
    rooms.phone(mara).get("/")  # whose answer came first; now each has the other's
    for me, theirs, felt in ((mara, "Me too", "safe"), (lin, "I missed you", "guarded")):
        for path in ("/", "/check-in/kept"):
            page = said(rooms.phone(me).get(path).text)
            assert theirs in page
            assert felt in page
            assert NOTHING not in page
            assert not re.search(r"\d", page)


def test_what_has_opened_can_not_be_taken_back(rooms: Rooms) -> None:
    """Too late is not an error: the page shows what opened."""
    mara, lin = rooms.couple()
    _share(rooms, mara, 3, "I missed you")
    entry = rooms.again(mara).life.checkins.own[0].id.hex()
    _share(rooms, lin, 6, "Me too")
    rooms.phone(mara).get("/")
    assert rooms.phone(mara).post("/check-in/take-back", data={"entry": entry}).status_code == 303
    assert "Me too" in rooms.phone(mara).get("/check-in/kept").text
    assert rooms.phone(mara).post("/check-in/take-back", data={"entry": "ab" * 16}).status_code == 404


def test_a_day_later_nothing_is_left_of_it_on_home(rooms: Rooms) -> None:
    """What opened yesterday has its place elsewhere; home asks anew."""
    mara, lin = rooms.couple()
    _share(rooms, mara, 3, "I missed you")
    _share(rooms, lin, 6, "Me too")
    rooms.now_ms += 24 * HOUR_MS
    page = rooms.phone(lin).get("/").text
    assert "I missed you" not in page
    assert NOTHING in page
    assert 'name="felt"' in page
    assert rooms.phone(lin).get("/check-in/kept").headers["location"] == "/check-in"


def test_in_a_pause_there_is_one_thing_on_the_page(rooms: Rooms) -> None:
    """Both see the pause and nothing that asks anything; afterwards home says that the time has come."""
    mara, lin = rooms.couple()
    rooms.again(lin).write(Invitation(door="reach", words="Sit with me?"))
    rooms.again(mara).write(PauseCalled(until_ms=rooms.now_ms + HOUR_MS))
    for person in (mara, lin):
        page = rooms.phone(person).get("/").text
        assert "Pause until" in page
        assert 'name="felt"' not in page
        assert words("now.home.waiting_open") not in said(page)
        assert NOTHING not in page
    rooms.now_ms += HOUR_MS + 1
    page = rooms.phone(lin).get("/").text
    assert words("guide.pause_return.title") in page
    assert 'href="/pause"' in page


def test_something_waits_without_its_words(rooms: Rooms) -> None:
    """That something waits is all there is to see, with its address, whatever state one is in."""
    mara, lin = rooms.couple()
    sent = rooms.again(lin).write(Invitation(door="reach", words="Sit with me?"))
    for body in (None, "revved", "open"):
        if body:
            rooms.phone(mara).post("/check-in", data={"felt": "5", "body": body})
        page = rooms.phone(mara).get("/").text
        assert page.count(f"/turn/open/{sent.id.hex()}") == 1
        assert "Sit with me" not in page


@pytest.mark.parametrize(("body", "path"), [("revved", "/settle/alone"), ("shut", "/settle/move")])
def test_a_body_in_alarm_is_led_to_settle(rooms: Rooms, body: str, path: str) -> None:
    """Home and the page after a check-in lead there, with the reason."""
    mara, _ = rooms.couple()
    rooms.phone(mara).post("/check-in", data={"felt": "2", "body": body})
    for page in ("/", "/check-in/kept"):
        assert f'class="button primary" href="{path}"' in rooms.phone(mara).get(page).text


def test_home_in_another_app_keeps_its_prefix(rooms: Rooms) -> None:
    """No address of these pages leaves the place where the app is mounted."""
    from tests.web.stand import browser
    from toward.web.app import create_app

    mara, _ = rooms.couple()
    rooms.again(mara).write(CheckIn(felt=4))
    inner = create_app(rooms.vault, base="/look/a", demo=lambda: rooms.again(mara), now_ms=lambda: rooms.now_ms)
    phone = browser(create_app(rooms.vault, inside={"/look/a": inner}))
    for path in ("/", "/check-in", "/check-in/kept", "/ladder", "/within", "/within/care", "/moments", "/before"):
        page = phone.get(f"/look/a{path}")
        assert page.status_code == 200, path
        main = page.text[page.text.index("<main") :]
        assert not re.findall(r'(?:href|action)="(?!/look/a/|tel:)[^"]*"', main), path
