"""The sheet's pages: a reload or a way back costs nobody their twelve words, and nobody else gets to see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pages.arriving import PASSPHRASE, PERSON, Home, follow, heading, invite, says, sheet_of
from toward.catalogue import words

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

NEW = "seven slow herons by the lake"
CHANGE = {"passphrase-now": PASSPHRASE, "passphrase": NEW, "passphrase-again": NEW, "name": "Mara"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with nobody in it."""
    return Home(tmp_path)


def shows_no_words(client: TestClient, path: str) -> bool:
    """Whether a page, after its redirects, is no sheet."""
    return '<ol class="words">' not in follow(client, path)


def arrived(home: Home) -> tuple[TestClient, str, str]:
    """Mara, whose sheet is before her: her browser, the sheet's address, and its words."""
    client = home.invited()
    at = client.post("/start/new", data=PERSON).headers["location"]
    return client, at, sheet_of(client.get(at).text)


def test_a_sheet_is_there_again_until_its_owner_has_it(home: Home) -> None:
    """Loaded again, left and come back to: the same words, on one page only; and once she says so, on none."""
    client, at, sheet = arrived(home)
    follow(client, "/")
    assert sheet_of(client.get(at).text) == sheet
    assert client.post("/start/new", data=PERSON).headers["location"] == "/"
    assert sheet_of(client.get(at).text) == sheet
    assert client.post(at).headers["location"] == "/pair"
    for path in ("/start/sheet", "/join/sheet", "/settings/known/sheet", "/settings/sheet"):
        assert shows_no_words(client, path)
    assert heading(follow(client, at)) == words("person.sheet.title")


def test_nobody_else_is_shown_a_sheet_that_waits(home: Home) -> None:
    """Not a stranger, not the other person, not another session of hers, not this browser once it is locked."""
    client, at, sheet = arrived(home)
    lin = home.person("Lin")[0]
    second = home.browser()
    second.post("/recover", data={"sheet": sheet, "passphrase": PASSPHRASE, "trust": "on"})
    for other in (home.browser(), lin, second):
        assert shows_no_words(other, at)
    client.post("/lock/now")
    assert shows_no_words(client, at)
    client.post("/sign-in", data={"passphrase": PASSPHRASE})
    assert shows_no_words(client, at)


def test_who_was_invited_can_load_their_sheet_again(home: Home) -> None:
    """The same for the second of two."""
    lin = home.browser()
    code = invite(home.person("Mara")[0])
    made = lin.post("/join", data={**PERSON, "code": code, "step": "person", "name": "Lin"})
    at = made.headers["location"]
    assert sheet_of(lin.get(at).text) == sheet_of(lin.get(at).text)
    assert says(lin.get(at).text, "pair.step", n=3, total=3)
    assert lin.post(at).headers["location"] == "/pair"
    assert shows_no_words(lin, at)


@pytest.mark.parametrize("trust", [{"trust": "on"}, {}])
def test_new_keys_on_any_browser_can_be_written_down_after_a_reload(home: Home, trust: dict[str, str]) -> None:
    """Where the browser keeps no half of the key, this sheet is all there is: it must not hang on one answer."""
    _, _, old = arrived(home)
    client = home.browser()
    client.post("/recover", data={"sheet": old, "passphrase": PASSPHRASE, **trust})
    at = client.post("/settings/known", data={**CHANGE, "sheet": old}).headers["location"]
    sheet = sheet_of(client.get(at).text)
    assert sheet_of(client.get(at).text) == sheet != old
    if not trust:
        assert sheet_of(follow(client, "/settings/sheet")) == sheet
    assert client.post(at).headers["location"] == "/settings"
    assert shows_no_words(client, at)
    assert home.browser().post("/recover", data={"sheet": sheet, "passphrase": NEW}).headers["location"] == "/"


def test_a_device_of_ones_own_says_the_words_again_for_the_passphrase(home: Home) -> None:
    """The right one shows them, a wrong one and none say why; many tries have to wait, as at the door."""
    client, sheet = home.person()
    assert 'name="passphrase-now"' in client.get("/settings/sheet").text
    shown = client.post("/settings/sheet", data={"passphrase-now": PASSPHRASE})
    assert sheet_of(shown.text) == sheet
    assert shown.headers["cache-control"] == "no-store"
    assert shows_no_words(client, "/settings/sheet")
    empty = client.post("/settings/sheet", data={"passphrase-now": ""})
    assert says(empty.text, "web.field.empty")
    for _ in range(5):
        wrong = client.post("/settings/sheet", data={"passphrase-now": "not this one"})
        assert wrong.status_code == 401
        assert says(wrong.text, "error.wrong_passphrase.title")
        assert '<ol class="words">' not in wrong.text
    assert client.post("/settings/sheet", data={"passphrase-now": PASSPHRASE}).status_code == 429


def test_a_browser_that_is_not_trusted_has_no_words_to_show(home: Home) -> None:
    """It says so, whatever is sent to it."""
    sheet = home.person()[1]
    client = home.browser()
    client.post("/recover", data={"sheet": sheet, "passphrase": PASSPHRASE})
    assert says(client.get("/settings/sheet").text, "yours.sheet.not_here")
    assert client.post("/settings/sheet", data={"passphrase-now": PASSPHRASE}).headers["location"] == "/settings/sheet"
