"""Remembering: sealed until both have, opened by choice, and never a hint of what the other did."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.pages.test_settle import Home
from toward.catalogue import words
from toward.vault import pairing

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from toward.vault import Arrival

RAIN = "We got soaked & could not stop laughing <3"
TOAST = "Toast at midnight"
HOUR_MS = 3_600_000


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def main(client: TestClient, path: str = "/remember") -> str:
    """What a page says between its frame."""
    html = client.get(path).text
    return unescape(re.sub(r"\s+", " ", html.partition("<main")[2].partition("</main>")[0]))


def put_in(client: TestClient, text: str, go: str = "share") -> str:
    """Put a moment in; return where it leads."""
    answer = client.post("/remember", data={"words": text, "tone": "laughed", "go": go})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def take_back(client: TestClient) -> None:
    """Press "Take mine back"."""
    entry = re.search(r'name="entry" value="([0-9a-f]{32})"', client.get("/remember").text)
    assert entry
    assert client.post("/remember/take-back", data={"entry": entry[1]}).headers["location"] == "/remember"


def both(home: Home) -> tuple[TestClient, TestClient, Arrival, Arrival]:
    """Two phones of two people."""
    mara, lin = home.couple()
    return home.phone(mara), home.phone(lin), mara, lin


def test_alone_it_is_whole(home: Home) -> None:
    """A moment, a minute, enough; and it can be read again. Nothing speaks of a partner or of sealing."""
    solo = home.arrive("Solo")
    phone = home.phone(solo)
    html = main(phone)
    assert words("remember.intro.body_solo") in html
    assert words("remember.write.seal") not in html
    assert put_in(phone, RAIN, "keep") == "/remember/mine"
    html = main(phone, "/remember/mine")
    assert RAIN in html
    assert words("remember.open.breathe") in html
    assert "data-socket" not in html
    assert phone.post("/remember/enough", data={"minutes": "1.0"}).headers["location"] == "/remember/enough"
    assert words("remember.open.end") in main(phone, "/remember/enough")
    assert [(done.practice, done.how) for done in home.again(solo).life.practices] == [("remember", "alone")]
    assert RAIN in main(phone)


def test_alone_nothing_can_be_offered(home: Home) -> None:
    """A form that asks to share is kept private where there is nobody to share with."""
    solo = home.arrive("Solo")
    assert put_in(home.phone(solo), RAIN, "share") == "/remember/mine"
    latest = home.again(solo).life.memories.latest
    assert latest is not None
    assert not latest.body.share


def test_opens_for_both_once_both_are_in(home: Home) -> None:
    """Sealed, sealed, then both are here for both; and the words stay folded until they are opened."""
    mara, lin, *_ = both(home)
    assert put_in(mara, RAIN) == "/remember"
    assert words("remember.sealed.title") in main(mara)
    put_in(lin, TOAST)
    for phone, theirs, name in ((mara, TOAST, "Lin"), (lin, RAIN, "Mara")):
        html = main(phone)
        assert words("remember.open.together") in html
        folded = re.search(r'<div class="flow" data-opened hidden>(.*?)<div class="during', html)
        assert folded
        assert theirs in folded[1]
        assert theirs not in html.replace(folded[1], "")
        opened = main(phone, "/remember/open")
        assert RAIN in opened
        assert TOAST in opened
        assert words("remember.open.theirs", partner=name) in opened


def test_an_opened_pair_goes_into_the_quiet_list(home: Home) -> None:
    """After its minute a pair is not announced again, and stays to be read; the other's page is as it was."""
    mara, lin, me, _ = both(home)
    put_in(mara, RAIN)
    put_in(lin, TOAST)
    main(mara)
    home.now_ms += 60_000
    mara.post("/remember/enough", data={"minutes": "1.0", "met": "1"})
    html = main(mara)
    assert words("remember.open.together") not in html
    assert words("remember.earlier.pairs") in html
    assert TOAST in html
    assert words("remember.write.seal") in html
    assert home.again(me).life.practices[0].how == "together"
    assert words("remember.open.together") in main(lin)
    home.now_ms += HOUR_MS
    put_in(mara, "A second one")
    put_in(lin, "And another")
    assert words("remember.open.together") in main(mara)


def test_before_both_have_one_the_page_is_the_same_whatever_the_other_did(home: Home) -> None:
    """Unanswered, private and taken back: to the letter the same page, and the same small answer to the script."""
    mara, lin, *_ = both(home)
    put_in(mara, RAIN)
    untouched, news = main(mara), mara.get("/remember", headers={"accept": "application/json"}).text
    put_in(lin, TOAST, "keep")
    assert main(mara) == untouched
    assert mara.get("/remember", headers={"accept": "application/json"}).text == news == '{"state":"sealed"}'


def test_before_one_puts_one_in_nothing_shows_that_the_other_has(home: Home) -> None:
    """The page to write on does not change with what the other put in or took back."""
    mara, lin, *_ = both(home)
    untouched = main(mara)
    put_in(lin, TOAST)
    assert main(mara) == untouched
    take_back(lin)
    assert main(mara) == untouched


def test_taken_back_it_never_opens(home: Home) -> None:
    """Somebody who took theirs back before the other answered is not read, and the other hears of nothing."""
    mara, lin, *_ = both(home)
    put_in(mara, RAIN)
    take_back(mara)
    assert words("remember.write.label") in main(mara)
    put_in(lin, TOAST)
    for _ in range(2):
        assert words("remember.sealed.title") in main(lin)
        assert RAIN not in main(lin)
        assert TOAST not in main(mara)


def test_what_has_opened_stays_open(home: Home) -> None:
    """Taking back too late changes nothing, and the page shows how it is."""
    mara, lin, *_ = both(home)
    put_in(mara, RAIN)
    entry = re.search(r'name="entry" value="([0-9a-f]{32})"', mara.get("/remember").text)
    assert entry
    put_in(lin, TOAST)
    main(mara)
    assert mara.post("/remember/take-back", data={"entry": entry[1]}).status_code == 303
    assert words("remember.open.together") in main(mara)
    assert lin.post("/remember/take-back", data={"entry": entry[1]}).status_code == 404
    assert lin.post("/remember/take-back", data={"entry": "nonsense"}).status_code == 400


def test_a_moment_waits_a_day(home: Home) -> None:
    """Later it is its author's own, the page says so, and it can be put in once more without typing it again."""
    mara, lin, *_ = both(home)
    put_in(mara, RAIN)
    home.now_ms += 25 * HOUR_MS
    html = main(mara)
    assert words("remember.sealed.lapsed") in html
    put_in(lin, TOAST)
    assert words("remember.sealed.title") in main(lin)
    again = main(mara, "/remember?again=1")
    assert re.search(r"<textarea[^>]*> ?" + re.escape(RAIN), again)
    put_in(mara, RAIN)
    assert words("remember.open.together") in main(lin)
    assert words("remember.open.together") in main(mara)


def unasked(home: Home) -> tuple[TestClient, TestClient]:
    """Two phones of two who joined a moment ago, and were asked nothing yet."""
    mara, lin = home.arrive("Mara"), home.arrive("Lin")
    pairing.accept(lin.session, pairing.invite(mara.session).words)
    pairing.confirm(mara.session)
    return home.phone(mara), home.phone(lin)


@pytest.mark.parametrize("answer", ["hard", "afraid", "unsaid"])
@pytest.mark.parametrize("visit", [{}, {"visit": "on"}])
def test_asks_alone_before_writing_and_not_between_sealing_and_opening(
    home: Home, answer: str, visit: dict[str, str]
) -> None:
    """Each is asked once, before the form; whatever they say, it opens, seals, and opens together without a stop."""
    phones = unasked(home)
    for phone in phones:
        asked = main(phone)
        assert 'name="answer"' in asked
        assert 'name="words"' not in asked
        phone.post("/before", data={"answer": answer, "place": "settle", "to": "/remember", **visit})
        assert 'name="words"' in main(phone)
    for phone in phones:
        put_in(phone, RAIN)
    home.now_ms += 2 * HOUR_MS  # an answer for one visit has run out by now
    for phone in phones:
        assert words("remember.open.together") in main(phone)


def test_nobody_opens_with_the_other_who_was_never_asked(home: Home) -> None:
    """Whatever way their moments came in, the first thing for two has the question before it."""
    phones = unasked(home)
    for phone in phones:
        put_in(phone, TOAST)
    for phone in phones:
        assert 'name="answer"' in main(phone)
        phone.post("/before", data={"answer": "hard", "place": "settle", "to": "/remember"})
        assert words("remember.open.together") in main(phone)


def test_a_slip_in_the_form_is_shown_before_any_question(home: Home) -> None:
    """Words that do not fit yet are not swept away by what is asked."""
    phone, _ = unasked(home)
    answer = phone.post("/remember", data={"words": RAIN})
    assert answer.status_code == 400
    assert unescape(answer.text).count(RAIN) == 1
    assert 'name="answer"' not in answer.text


def test_alone_nothing_is_asked(home: Home) -> None:
    """Remembering for oneself is no joint session."""
    assert 'name="answer"' not in main(home.phone(home.arrive("Solo")))


def test_keeps_what_was_typed_when_it_is_too_long_or_empty(home: Home) -> None:
    """The page comes again with the words, and nothing is kept."""
    mara, _, me, _ = both(home)
    long = "so long " * 200
    answer = mara.post("/remember", data={"words": long, "go": "share"})
    assert answer.status_code == 400
    assert long.strip() in answer.text
    assert mara.post("/remember", data={"words": "  ", "go": "keep"}).status_code == 400
    assert mara.post("/remember", data={"words": RAIN}).status_code == 400
    assert home.again(me).life.memories.own == ()


def test_after_the_other_has_left_it_reads_right(home: Home) -> None:
    """A frozen space: earlier pairs stay to be read, what waited is one's own, and nothing offers to share."""
    mara, lin, me, _ = both(home)
    put_in(mara, RAIN)
    put_in(lin, TOAST)
    main(mara)
    pairing.unpair(home.again(me))
    assert mara.get("/remember").headers["location"] == "/remember/open"
    mara.post("/remember/enough", data={})
    html = main(mara)
    assert TOAST in html
    assert words("remember.write.seal") not in html
    assert words("remember.sealed.lapsed") not in html


def test_has_nothing_to_show_before_there_is_anything(home: Home) -> None:
    """The addresses of later moments lead back to the beginning."""
    phone = home.phone(home.arrive("Solo"))
    for path in ("/remember/mine", "/remember/open"):
        assert phone.get(path).headers["location"] == "/remember"
