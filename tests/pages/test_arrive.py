"""The first person: what the setup link opens, what a stranger gets, and every way back in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.pages.arriving import PASSPHRASE, PERSON, Home, follow, heading, invite, says, sheet_of
from toward.catalogue import words
from toward.vault.tables import metadata
from toward.web import strength

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PATHS = ("/", "/start", "/start/new", "/sign-in", "/join", "/recover", "/device", "/look", "/pair", "/settings/leave")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def typed_in(html: str, name: str) -> str:
    """What stands in a form's larger field."""
    found = re.search(rf'<textarea [^>]*name="{name}"[^>]*>\n([^<]*)</textarea>', html)
    assert found, html
    return found[1]


# ------------------------------------------------------------------------------------------- strangers


@pytest.mark.parametrize("path", PATHS)
def test_shows_a_stranger_nothing(home: Home, path: str) -> None:
    """Without the link every way in is the same neutral page: no name of a person, of this program, or a form."""
    html = follow(home.browser(), path)
    assert heading(html) == words("start.closed.title")
    assert "Toward" not in html
    assert "<form" not in html
    assert not says(html, "start.closed.way_in")


@pytest.mark.parametrize("path", ["/", "/start", "/start/new", "/sign-in", "/look", "/pair"])
def test_shows_a_stranger_only_that_there_is_a_way_in_once_people_are_there(home: Home, path: str) -> None:
    """With people, somebody who has a code or a sheet finds where to type it, and still no name."""
    home.person("Mara")
    html = follow(home.browser(), path)
    assert heading(html) == words("start.closed.title")
    assert says(html, "start.closed.way_in")
    assert "Mara" not in html
    assert "Toward" not in html


def test_a_guessed_setup_link_opens_nothing(home: Home) -> None:
    """A wrong token is refused and leaves no cookie; a cookie made up by hand is no link either."""
    home.vault.new_setup_token()
    client = home.browser()
    assert client.get("/setup/guessed").status_code == 410
    client.cookies.set("toward-setup", "guessed")
    assert heading(follow(client, "/start")) == words("start.closed.title")
    assert client.post("/start/new", data=PERSON).status_code == 200
    assert not home.vault.has_people()


def test_weighs_a_passphrase_only_for_somebody_who_may_set_one(home: Home) -> None:
    """The meter answers with the link or with an invitation, and a stranger gets nothing from it."""
    assert home.browser().post("/start/strength", data={"passphrase": "x"}).status_code == 400
    client = home.invited()
    weak = client.post("/start/strength", data={"passphrase": "password"}).json()
    assert weak == {"level": 0, "words": words("person.strength.very_weak")}
    assert client.post("/start/strength", data={"passphrase": PASSPHRASE}).json()["level"] == 4
    mara = home.person()[0]
    guest = home.browser().post("/start/strength", data={"passphrase": "Mara", "code": invite(mara)})
    assert guest.json()["level"] == 0


# -------------------------------------------------------------------------------------------- a person


def test_makes_a_person_once_by_the_link(home: Home) -> None:
    """The link leads to a name and a passphrase, these to a sheet that opens the space, and the link is spent."""
    client = home.invited()
    token = client.cookies["toward-setup"]
    assert says(client.get("/start").text, "start.welcome.begin")
    answer = client.post("/start/new", data=PERSON)
    assert answer.headers["location"] == "/start/sheet"
    shown = client.get("/start/sheet")
    sheet = sheet_of(shown.text)
    assert shown.headers["cache-control"] == "no-store"
    assert not home.vault.check_setup(token)
    assert home.vault.session(client.cookies["toward-session"]).name == "Mara"  # type: ignore[union-attr]
    assert home.vault.recover(sheet).person == home.vault.people()[0]
    assert client.get("/start").headers["location"] == "/"
    assert client.get("/start/new").headers["location"] == "/"
    second = home.browser()
    second.cookies.set("toward-setup", token)
    assert heading(follow(second, "/start/new")) == words("start.closed.title")


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"name": " "}, "name", "empty"),
        ({"passphrase": "short"}, "passphrase", "short"),
        ({"passphrase": "iloveyou1"}, "passphrase", "too_weak"),
        ({"passphrase": "MaraMaraMara", "passphrase-again": "MaraMaraMara"}, "passphrase", "too_weak"),
        ({"passphrase-again": "a quiet lamp at the door"}, "passphrase-again", "mismatch"),
    ],
)
def test_says_what_does_not_fit_and_keeps_the_link(home: Home, typed: dict[str, str], field: str, reason: str) -> None:
    """A slip shows the form again with the name, without the passphrase, with the same suggestion; nothing is spent."""
    client = home.invited()
    offered = re.search(r'name="passphrase-suggested" value="([a-z ]+)"', client.get("/start/new").text)
    assert offered
    answer = client.post("/start/new", data={**PERSON, "passphrase-suggested": offered[1], **typed})
    assert answer.status_code == 400
    assert says(answer.text, f"web.field.{reason}", least=8)
    assert f'id="{field}-error"' in answer.text
    assert f'value="{offered[1]}"' in answer.text
    assert PASSPHRASE not in answer.text
    if field != "name":
        assert 'value="Mara"' in answer.text
    assert not home.vault.has_people()
    assert client.post("/start/new", data=PERSON).headers["location"] == "/start/sheet"


def test_suggests_passphrases_that_it_would_take_itself() -> None:
    """Four words drawn at random, never the same ones, and strong by the same measure that refuses weak ones."""
    drawn = {strength.suggestion() for _ in range(20)}
    assert len(drawn) == 20
    for one in drawn:
        assert len(one.split()) == strength.SUGGESTED_WORDS
        strength.check(one)


# ------------------------------------------------------------------------------------ locking, signing in


def test_locks_and_opens_again(home: Home) -> None:
    """After locking nothing opens without the passphrase, and the name is still there to choose."""
    client = home.person()[0]
    token = client.cookies["toward-session"]
    assert client.post("/lock/now").headers["location"] == "/sign-in"
    assert home.vault.session(token) is None
    page = client.get("/pair")
    assert page.status_code == 401
    assert "Mara" in page.text
    wrong = client.post("/sign-in", data={"passphrase": "not this one"})
    assert wrong.status_code == 401
    assert says(wrong.text, "error.wrong_passphrase.title")
    assert client.post("/sign-in", data={"passphrase": PASSPHRASE}).headers["location"] == "/"
    assert client.get("/pair").status_code == 200
    assert client.get("/sign-in").headers["location"] == "/"


def test_makes_one_device_wait_after_many_tries(home: Home) -> None:
    """Six wrong tries say how long to wait; the right words have to wait as well, then open."""
    client = home.person()[0]
    client.post("/lock/now")
    for _ in range(5):
        client.post("/sign-in", data={"passphrase": "guess"})
    waits = client.post("/sign-in", data={"passphrase": PASSPHRASE})
    assert waits.status_code == 429
    assert says(waits.text, "error.too_many_attempts.way_out", minutes=1)
    home.clock.now_ms += 61_000
    assert client.post("/sign-in", data={"passphrase": PASSPHRASE}).status_code == 303


def test_carries_on_where_the_session_ended(home: Home) -> None:
    """A form sent after the session ended is offered again after signing in."""
    client = home.person()[0]
    client.post("/lock/now")
    stopped = client.post("/pair", data={"do": "invite"})
    assert stopped.status_code == 401
    assert says(stopped.text, "person.sign_in.kept_typed")
    carried = dict(re.findall(r'<textarea name="(carry-[a-z-]+)" hidden>\n(.*?)</textarea>', stopped.text))
    assert carried["carry-to"] == "/pair"
    again = client.post("/sign-in", data={"passphrase": PASSPHRASE, **carried})
    assert says(again.text, "web.again.title")
    assert 'action="/pair"' in again.text


def test_refuses_somebody_who_does_not_trust_this_device(home: Home) -> None:
    """An id that is not in the cookie can't be signed in as, whoever it is."""
    mara, _ = home.person("Mara")
    home.person("Lin")
    mara.post("/lock/now")
    other = next(one for one in home.vault.people() if one.hex() not in mara.get("/sign-in").text)
    assert mara.post("/sign-in", data={"who": other.hex(), "passphrase": PASSPHRASE}).status_code == 400


def test_opens_by_the_sheet_anywhere(home: Home) -> None:
    """Twelve words and the passphrase open the space; the device is trusted only where that is wished."""
    _, sheet = home.person()
    for trust in ({"trust": "on"}, {}):
        client = home.browser()
        answer = client.post("/recover", data={"sheet": sheet.upper(), "passphrase": PASSPHRASE, **trust})
        assert answer.headers["location"] == "/"
        assert ("toward-device" in client.cookies) == bool(trust)
        assert client.get("/pair").status_code == 200


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        (lambda sheet: sheet.rsplit(" ", 1)[0], 400, "web.field.count"),
        (lambda sheet: sheet.rsplit(" ", 1)[0] + " towardly", 400, "web.field.unknown"),
        (lambda _: "zoo " * 12, 400, "web.field.checksum"),
        (
            lambda _: "legal winner thank year wave sausage worth useful legal winner thank yellow",
            401,
            "error.wrong_passphrase.title",
        ),
    ],
)
def test_says_what_is_wrong_with_a_sheet(home: Home, change: Callable[[str], str], status: int, key: str) -> None:
    """A slip of the pen is named, in the words that were typed: nobody copies eleven right ones a second time."""
    _, sheet = home.person()
    typed = change(sheet)
    answer = home.browser().post("/recover", data={"sheet": typed, "passphrase": PASSPHRASE})
    assert answer.status_code == status
    assert says(answer.text, key, given=11, wanted=12, word="towardly")
    assert typed_in(answer.text, "sheet") == typed
    assert PASSPHRASE not in answer.text


def test_the_words_of_a_sheet_come_back_in_the_answer_and_nowhere_else(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Twelve right words with a wrong passphrase: in no header, cookie, address, log or row, and on no later page."""
    caplog.set_level("DEBUG")
    _, sheet = home.person()
    client = home.browser()
    answer = client.post("/recover", data={"sheet": sheet, "passphrase": "not this one"})
    assert answer.status_code == 401
    assert typed_in(answer.text, "sheet") == sheet
    assert answer.headers["cache-control"] == "no-store"
    assert sheet not in str(answer.headers)
    assert not client.cookies
    assert sheet not in caplog.text
    with home.vault.database.read() as connection:
        for table in metadata.sorted_tables:
            for row in connection.execute(table.select()):
                assert not [cell for cell in row if isinstance(cell, bytes) and sheet[:9].encode() in cell]
    assert typed_in(client.get("/recover").text, "sheet") == ""


def test_a_shared_computer_stays_untrusted_after_a_slip(home: Home) -> None:
    """Whoever took the tick away finds it away again; one that was left stays."""
    _, sheet = home.person()
    for kept in ({"trust": "on"}, {}):
        answer = home.browser().post("/recover", data={"sheet": sheet, "passphrase": "a slip", **kept})
        assert ('name="trust" value="on" checked' in answer.text) == bool(kept)
    assert 'name="trust" value="on" checked' in home.browser().get("/recover").text


def test_adds_a_second_device_once(home: Home) -> None:
    """The old device shows six words; the new one takes them, asks for the passphrase, and they are spent."""
    old = home.person()[0]
    assert says(old.get("/settings/device").text, "person.second.what")
    shown = old.post("/settings/device").text
    found = re.search(r'<p class="code">([a-z ]+)</p>', shown)
    assert found
    new = home.browser()
    assert new.post("/device", data={"code": found[1].replace(" ", "-")}).headers["location"] == "/sign-in"
    assert new.get("/pair").status_code == 401
    assert new.post("/sign-in", data={"passphrase": PASSPHRASE}).headers["location"] == "/"
    assert new.get("/pair").status_code == 200
    assert home.browser().post("/device", data={"code": found[1]}).status_code == 410
    assert "Mara" not in home.browser().post("/device", data={"code": found[1]}).text
