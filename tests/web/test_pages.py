"""How a page behaves, whatever it is about: who gets in, what is shown again, what is carried through signing in."""

from __future__ import annotations

import re
from functools import cache
from html import unescape
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.stand import FakePartner, FakeSession, FakeVault, app_of, browser, demo_of, set_cookies
from toward.catalogue import words
from toward.web.cookies import TrustedPerson, pack_people

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.testclient import TestClient

MARA = TrustedPerson(b"m" * 16, b"d" * 16, b"s" * 16, "Mara")
SOLO = TrustedPerson(b"o" * 16, b"d" * 16, b"s" * 16, "Solo")
FORM = {"words": "line one\nline <two>", "body": "open", "felt": "3"}


class Fields(HTMLParser):
    """The fields of a page's form as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.action = ""
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field."""
        have = dict(attrs)
        if have.get("form") or have.get("id") == "own-check":
            return  # the self-check's, which is on every page
        if tag == "form":
            self.action = have.get("action") or ""
        elif tag == "textarea":
            self._name = have.get("name") or ""
            self.found[self._name] = ""
        elif tag == "input" and have.get("type") != "radio":
            self.found[have.get("name") or ""] = have.get("value") or ""

    def handle_data(self, data: str) -> None:
        """Add to the open text area."""
        if self._name:
            self.found[self._name] += data

    def handle_endtag(self, tag: str) -> None:
        """Close a text area; a browser drops the line break it begins with and sends the others as CR LF."""
        if tag == "textarea" and self._name:
            self.found[self._name] = re.sub(r"\r?\n", "\r\n", self.found[self._name].removeprefix("\n"))
            self._name = ""


@pytest.fixture
def vault() -> FakeVault:
    """People in memory."""
    return FakeVault()


@pytest.fixture
def app(vault: FakeVault) -> Starlette:
    """The app over them."""
    return app_of(vault)


# ------------------------------------------------------------------------------------------ who gets in


def test_a_page_for_a_person_asks_who_it_is(app: Starlette) -> None:
    """Without a session, or with one that has ended, signing in comes first and carries the address."""
    for cookies in ({}, {"session": "ended"}):
        answer = browser(app, **cookies).get("/note?week=3")
        assert answer.status_code == 401
        assert Fields(answer.text).found["carry-to"] == "/note?week=3"


def test_an_empty_house_begins_at_the_start(app: Starlette, vault: FakeVault) -> None:
    """Nobody can sign in where nobody lives."""
    vault.people = False
    assert browser(app).get("/note").headers["location"] == "/start"


def test_setting_up_takes_the_link_of_the_terminal(app: Starlette) -> None:
    """The link becomes a cookie; another link, or none, is spent."""
    client = browser(app)
    assert client.get("/made").status_code == 410
    assert client.get("/setup/another").status_code == 410
    opened = client.get("/setup/setup-token")
    assert opened.headers["location"] == "/start"
    assert "HttpOnly" in set_cookies(opened)["toward-setup"]
    assert client.get("/made").status_code == 200


def test_a_page_for_two_leads_one_alone_to_pairing(app: Starlette) -> None:
    """Nothing is refused to somebody alone; they are shown where two begin."""
    assert browser(app, session="solo-token").get("/ours").headers["location"] == "/pair"
    assert browser(app, session="mara-token").get("/ours").status_code == 200


def test_a_script_gets_data_instead_of_a_page(app: Starlette) -> None:
    """Signing in is for people; a script is told that it is needed."""
    answer = browser(app).get("/note", headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert answer.json()["error"]["key"] == "sign_in_needed"


def test_the_clock_of_the_browser_is_the_session_s(app: Starlette) -> None:
    """What "today" is follows from it."""
    assert browser(app, session="mara-token", tz="120").get("/").json()["tz"] == 120


# --------------------------------------------------------------------------------------- shown once more


@cache
def one_app() -> tuple[FakeVault, Starlette]:
    """An app for many examples: making one takes longer than asking it."""
    vault = FakeVault()
    return vault, app_of(vault)


@settings(max_examples=40)
@given(typed=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=41, max_size=200).map(str.strip))
def test_nothing_that_was_typed_is_lost(typed: str) -> None:
    """A form that is not taken comes back with every word in it, and says beside the field what to change."""
    vault, app = one_app()
    vault.mara.written.clear()
    answer = browser(app, session="mara-token").post("/note", data={"words": typed, "body": "open"})
    if answer.status_code == 303:  # it was short enough once it had been trimmed
        assert len(vault.mara.written) == 1
        return
    assert answer.status_code == 400
    assert Fields(answer.text).found["words"] == typed.replace("\n", "\r\n")
    assert 'value="open" checked' in answer.text
    assert vault.mara.written == []


def test_the_reason_stands_beside_its_field(app: Starlette) -> None:
    """In the catalogue's words."""
    answer = browser(app, session="mara-token").post("/note", data={"words": "x" * 50, "body": "open"})
    assert f"words: {words('web.field.too_long', n=50, max=40)}" in unescape(answer.text)
    answer = browser(app, session="mara-token").post("/note", data={"words": "x", "body": "sideways"})
    assert f"body: {words('web.field.choose')}" in unescape(answer.text)


@pytest.mark.parametrize(
    ("typed", "status", "key"),
    [("closed", 409, "space_closed"), ("often", 429, "too_many_attempts"), ("crash", 500, "unknown")],
)
def test_whatever_goes_wrong_the_words_come_back(app: Starlette, typed: str, status: int, key: str) -> None:
    """Not only the writer's slips: a conflict, a limit and a fault of ours keep the words on the page too."""
    answer = browser(app, session="mara-token").post("/note", data={"words": typed, "body": "open"})
    assert answer.status_code == status
    assert Fields(answer.text).found["words"] == typed
    assert words(f"error.{key}.title") in unescape(answer.text)


def test_a_passphrase_is_never_shown_again(app: Starlette) -> None:
    """It is the one thing that has to be typed twice."""
    answer = browser(app, session="mara-token").post("/note", data={"words": "", "passphrase": "open sesame"})
    assert answer.status_code == 400
    assert "sesame" not in answer.text


def test_what_was_kept_before_is_there_until_something_is_typed(app: Starlette) -> None:
    """The kept text fills the field; an emptied field stays empty."""
    client = browser(app, session="mara-token")
    assert Fields(client.get("/note").text).found["words"] == "as kept before"
    assert Fields(client.post("/note", data={"words": "", "body": "open"}).text).found["words"] == ""


# ------------------------------------------------------------------------------------------- carried on


def interrupted(app: Starlette, *, trusted: TrustedPerson | None = MARA) -> tuple[TestClient, Fields]:
    """A form sent after the session has ended, and the sign-in page that came back."""
    cookies = {"device": pack_people([trusted])} if trusted else {}
    client = browser(app, session="ended", **cookies)
    answer = client.post("/note", data={**FORM, "passphrase-new": "secret words", "sheet": "secret words"})
    assert answer.status_code == 401
    assert "secret words" not in answer.text
    return client, Fields(answer.text)


def test_a_session_that_ends_in_the_middle_costs_nobody_a_word(app: Starlette, vault: FakeVault) -> None:
    """Signing in carries the form, even past a slip in the passphrase, and its writer sends it again."""
    client, form = interrupted(app)
    slip = client.post(form.action, data={**form.found, "who": "mara", "passphrase": "open simsim"})
    assert slip.status_code == 401
    form = Fields(slip.text)
    shown = client.post(form.action, data={**form.found, "who": "mara", "passphrase": "open sesame"})
    assert shown.status_code == 200
    assert vault.mara.written == []  # nothing is sent by itself
    again = Fields(shown.text)
    assert again.action == "/note"
    client.cookies.set("toward-session", "mara-token")
    assert client.post(again.action, data=again.found).status_code == 303
    assert vault.mara.written == [("line one\nline <two>", "open", 3)]


@pytest.mark.parametrize("trusted", [MARA, None])
def test_what_one_typed_is_not_given_to_the_other(app: Starlette, trusted: TrustedPerson | None) -> None:
    """On one phone between two, whoever signs in gets only what is known to be theirs."""
    client, form = interrupted(app, trusted=trusted)
    answer = client.post(form.action, data={**form.found, "who": "solo", "passphrase": "open sesame"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_signing_in_leads_on_to_the_page_that_was_asked_for(app: Starlette) -> None:
    """With its query; for somebody else it leads home."""
    for trusted, to in ((SOLO, "/note?week=3"), (MARA, "/")):
        client = browser(app, device=pack_people([trusted]))
        form = Fields(client.get("/note?week=3").text)
        answer = client.post(form.action, data={**form.found, "who": "solo", "passphrase": "open sesame"})
        assert answer.headers["location"] == to


@pytest.mark.parametrize("to", ["//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nx: y", "evil", ""])
def test_signing_in_leads_nowhere_else(app: Starlette, to: str) -> None:
    """An address of another site is not carried."""
    data = {"carry-to": to, "carry-for": "", "carry-form": "", "who": "solo", "passphrase": "open sesame"}
    assert browser(app).post("/sign-in", data=data).headers["location"] == "/"


# ------------------------------------------------------------------------------------------ left quickly


def test_a_browser_that_was_left_shows_nothing_anywhere(app: Starlette) -> None:
    """Every page is the same empty one, for an hour or until somebody comes back on purpose."""
    client = browser(app, session="mara-token")
    left = client.get("/leave")
    assert left.headers["location"] == "/"
    assert "HttpOnly" not in set_cookies(left)["toward-away"]
    empty = client.get("/note").text
    for path in ("/", "/sign-in", "/ours", "/note?week=3", "/start"):
        assert client.get(path).text == empty
    for secret in ("Mara", "Lin", "Toward", "toward", "stylesheet", "script"):
        assert secret not in empty
    assert words("web.away.title") in empty
    assert client.get("/back").headers["location"] == "/"
    assert "Mara" in client.get("/").text


def test_leaving_the_look_around_leaves_all_of_it(vault: FakeVault) -> None:
    """Its link empties the pages around it as well."""
    inner = app_of(vault, base="/look/a", demo=demo_of(vault.mara))
    client = browser(app_of(vault, inside={"/look/a": inner}), session="mara-token")
    left = client.get("/look/a/leave")
    assert left.headers["location"] == "/"
    assert "Path=/;" in set_cookies(left)["toward-away"]
    assert "Mara" not in client.get("/").text
    assert "Mara" not in client.get("/look/a/").text


# --------------------------------------------------------------------------------------------- mounted


def test_below_a_prefix_every_address_has_it(vault: FakeVault) -> None:
    """Pages, forms and redirects of the look-around stay in it, and it needs no cookie."""
    invented = FakeSession(b"i" * 16, "Invented", FakePartner(b"j" * 16, "Made up"))
    inner = app_of(vault, base="/look/a", demo=demo_of(invented))
    client = browser(app_of(vault, inside={"/look/a": inner}))
    assert client.get("/look/a/").json() == {"me": "Invented", "tz": 0, "url": "/look/a/note"}
    page = client.get("/look/a/note")
    assert Fields(page.text).action == "/look/a/note"
    addresses = re.findall(r'(?:href|action|src)="(/[^"]*)"', page.text)
    assert len(addresses) > 5
    assert all(address.startswith(("/look/a/", "/static/")) for address in addresses)
    assert client.post("/look/a/note", data=FORM).headers["location"] == "/look/a/note?kept=1"
    assert len(invented.written) == 1
    assert client.get("/").status_code == 401


def test_the_names_of_a_page_are_its_reader_s(app: Starlette) -> None:
    """The offline page, which a browser keeps, has none."""
    offline = browser(app, session="mara-token").get("/offline").text
    assert "Mara" not in offline
    assert offline == browser(app).get("/offline").text
