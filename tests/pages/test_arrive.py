"""From a setup link to two people: what each form does, what a stranger gets, and what goes wrong kindly."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.web.stand import browser
from toward.catalogue import words
from toward.vault import Kdf, Vault, pairing
from toward.web import strength
from toward.web.app import create_app
from toward.web.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.testclient import TestClient

PASSPHRASE = "a quiet lamp at the window"
PERSON = {"name": "Mara", "passphrase": PASSPHRASE, "passphrase-again": PASSPHRASE}
PATHS = ("/", "/start", "/start/new", "/sign-in", "/join", "/recover", "/device", "/look", "/pair", "/settings/leave")


class Clock:
    """A clock that moves when told."""

    now_ms = 1_764_000_000_000

    def __call__(self) -> int:
        """The time."""
        return self.now_ms


class Home:
    """A vault in memory and the real app over it."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.vault = Vault.open(folder, url=":memory:", kdf=Kdf.TRIVIAL, now_ms=self.clock)
        self.app: Starlette = create_app(self.vault, settings=Settings(look_around=True), now_ms=self.clock)

    def browser(self) -> TestClient:
        """A new browser."""
        return browser(self.app)

    def invited(self) -> TestClient:
        """A browser that has opened a fresh setup link."""
        client = self.browser()
        assert client.get(f"/setup/{self.vault.new_setup_token()}").headers["location"] == "/start"
        return client

    def person(self, name: str = "Mara") -> tuple[TestClient, str]:
        """A browser in which somebody has just made their space, and their sheet."""
        client = self.invited()
        return client, sheet_of(client.post("/start/new", data={**PERSON, "name": name}).text)

    def couple(self) -> tuple[TestClient, TestClient]:
        """Two browsers of two who have joined."""
        one = self.person("Mara")[0]
        other = self.person("Lin")[0]
        other.post("/join", data={"code": invite(one), "step": "agree"})
        one.post("/pair", data={"do": "agree", "name": "Lin"})
        return one, other


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def sheet_of(html: str) -> str:
    """The twelve words on a sheet's page."""
    found = re.search(r'<ol class="words">(.*?)</ol>', html)
    assert found, html
    listed = re.findall(r"<li>([a-z]+)</li>", found[1])
    assert len(listed) == 12
    return " ".join(listed)


def invite(client: TestClient) -> str:
    """Invite, and return the six words that the page shows."""
    assert client.post("/pair", data={"do": "invite"}).headers["location"] == "/pair"
    found = re.search(r'<p class="code">([a-z ]+)</p>', client.get("/pair").text)
    assert found
    return found[1]


def says(html: str, key: str, **values: str | int) -> bool:
    """Whether a page shows the words under a key."""
    return words(key, **values) in unescape(html)


def heading(html: str) -> str:
    """The one heading of a page."""
    found = re.findall(r"<h1>(.*?)</h1>", html)
    assert len(found) == 1, html
    return unescape(found[0])


def follow(client: TestClient, path: str) -> str:
    """Open a page as a browser does, through its redirects."""
    html: str = client.get(path, follow_redirects=True).text
    return html


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
    sheet = sheet_of(answer.text)
    assert answer.headers["cache-control"] == "no-store"
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
    assert sheet_of(client.post("/start/new", data=PERSON).text)


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
    """A slip of the pen is named; the words themselves are not shown again."""
    _, sheet = home.person()
    typed = change(sheet)
    answer = home.browser().post("/recover", data={"sheet": typed, "passphrase": PASSPHRASE})
    assert answer.status_code == status
    assert says(answer.text, key, given=11, wanted=12, word="towardly")
    assert " ".join(typed.split()[:6]) not in answer.text


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


# ----------------------------------------------------------------------------------------------- joining


def test_two_join_by_six_words(home: Home) -> None:
    """Invite, type, see who invites, make a space, be asked about, and be two."""
    mara = home.person("Mara")[0]
    code = invite(mara)
    lin = home.browser()
    seen = lin.post("/join", data={"code": code.upper().replace(" ", ", ")}).text
    assert says(seen, "pair.accept.invites", partner="Mara")
    assert says(seen, "start.honest.host")
    assert says(lin.post("/join", data={"code": code, "step": "agree"}).text, "start.setup.title")
    made = lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    assert sheet_of(made.text)
    assert says(lin.get("/pair").text, "pair.confirm.waiting", partner="Mara")
    assert mara.get("/pair/state").json() == {"state": "answered"}
    assert says(mara.get("/pair").text, "pair.confirm.answered", partner="Lin")
    mara.post("/pair", data={"do": "agree", "name": "Lin"})
    assert says(mara.get("/pair").text, "pair.confirm.done", partner="Lin")
    assert says(lin.get("/pair").text, "pair.confirm.done", partner="Mara")
    assert home.browser().post("/join", data={"code": code}).status_code == 410


def test_says_no_to_the_wrong_person(home: Home) -> None:
    """The one who invited may stop; whoever answered is alone, and the words are spent."""
    mara, lin = home.person("Mara")[0], home.person("Lin")[0]
    code = invite(mara)
    assert lin.post("/join", data={"code": code, "step": "agree"}).headers["location"] == "/pair"
    mara.post("/pair", data={"do": "take_back"})
    for client in (mara, lin):
        assert client.get("/pair/state").json() == {"state": "alone"}
    mara.post("/pair", data={"do": "agree", "name": "Lin"})
    assert mara.get("/pair/state").json() == {"state": "alone"}


def test_agrees_only_to_the_person_that_was_shown(home: Home) -> None:
    """A yes to one name is no yes to another who has answered since."""
    mara, lin = home.person("Mara")[0], home.person("Lin")[0]
    lin.post("/join", data={"code": invite(mara), "step": "agree"})
    mara.post("/pair", data={"do": "agree", "name": "Kim"})
    assert mara.get("/pair/state").json() == {"state": "answered"}


def test_tells_the_time_until_when_a_code_works(home: Home) -> None:
    """As a time of day where the browser's clock is known, otherwise in minutes."""
    mara = home.person()[0]
    invite(mara)
    assert says(mara.get("/pair").text, "pair.code.expires", n=30)
    mara.cookies.set("toward-tz", "60")
    assert says(mara.get("/pair").text, "pair.code.until", time="17:30")
    home.clock.now_ms += 31 * 60_000
    assert mara.get("/pair/state").json() == {"state": "alone"}


@pytest.mark.parametrize(("typed", "key"), [("zoo qwerty", "web.field.unknown"), ("zoo zoo", "web.field.count")])
def test_names_a_slip_in_the_six_words(home: Home, typed: str, key: str) -> None:
    """What is wrong stands beside the field, with what was typed."""
    home.person()
    answer = home.browser().post("/join", data={"code": typed})
    assert answer.status_code == 400
    assert says(answer.text, key, given=2, wanted=6, word="qwerty")
    assert f'value="{typed}"' in answer.text


def test_somebody_in_a_couple_joins_nobody_else(home: Home) -> None:
    """The page says so, and nothing changes for anybody."""
    mara, _ = home.couple()
    kim = home.person("Kim")[0]
    answer = mara.post("/join", data={"code": invite(kim), "step": "agree"})
    assert answer.status_code == 409
    assert says(answer.text, "error.already_paired.title")
    assert kim.get("/pair/state").json() == {"state": "invited"}


def test_a_space_is_made_even_if_the_invitation_dies_in_the_same_second(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever typed a name and a passphrase gets their sheet, whatever became of the invitation."""
    mara = home.person("Mara")[0]
    code = invite(mara)
    really = pairing.accept

    def too_late(session: object, typed: str) -> pairing.Pairing:
        mara.post("/pair", data={"do": "take_back"})
        return really(session, typed)  # type: ignore[arg-type]

    monkeypatch.setattr("toward.web.pages.join.pairing.accept", too_late)
    lin = home.browser()
    assert sheet_of(lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"}).text)
    assert lin.get("/pair/state").json() == {"state": "alone"}


def test_one_phone_between_two(home: Home) -> None:
    """Handing over locks the first; the second makes a space on the same phone, hands back, and the first says yes."""
    phone = home.person("Mara")[0]
    before = phone.cookies["toward-session"]
    seen = phone.post("/pair/one-phone").text
    assert home.vault.session(before) is None
    found = re.search(r'name="code" value="([a-z ]+)"', seen)
    assert found
    assert phone.get("/pair").status_code == 401
    code = found[1]
    made = phone.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    assert sheet_of(made.text)
    assert says(phone.get("/pair").text, "pair.one_phone.give_back", partner="Mara")
    phone.post("/lock/now")
    page = phone.get("/sign-in").text
    ids = dict(re.findall(r'value="([0-9a-f]{32})".*?<b>(\w+)</b>', page))
    assert sorted(ids.values()) == ["Lin", "Mara"]
    who = next(one for one, name in ids.items() if name == "Mara")
    answer = phone.post("/sign-in", data={"who": who, "passphrase": PASSPHRASE})
    assert answer.headers["location"] == "/pair"
    phone.post("/pair", data={"do": "agree", "name": "Lin"})
    assert says(phone.get("/pair").text, "pair.confirm.done", partner="Lin")


# ----------------------------------------------------------------------------------------------- leaving


def test_leaves_at_once_and_alone_and_forgets_by_choice(home: Home) -> None:
    """One page, one press; each may go on reading until they give it up; the other's own choice stays theirs."""
    mara, lin = home.couple()
    assert says(mara.get("/settings/leave").text, "pair.unpair.notice")
    assert mara.post("/settings/leave", data={"do": "leave"}).headers["location"] == "/settings/leave"
    for client in (mara, lin):
        page = client.get("/settings/leave").text
        assert says(page, "pair.unpair.closed")
        assert says(page, "pair.unpair.forget_hint")
    mara.post("/settings/leave", data={"do": "leave"})
    mara.post("/settings/leave", data={"do": "forget"})
    assert says(mara.get("/settings/leave").text, "pair.unpair.forgotten")
    assert says(lin.get("/settings/leave").text, "pair.unpair.remains")
    assert says(mara.get("/pair").text, "pair.unpair.again")
    assert invite(mara)


def test_somebody_alone_has_nothing_to_leave(home: Home) -> None:
    """The page leads to joining, and a stray press does nothing."""
    mara = home.person()[0]
    assert mara.get("/settings/leave").headers["location"] == "/pair"
    assert mara.post("/settings/leave", data={"do": "forget"}).status_code == 303
