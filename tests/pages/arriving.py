"""What the tests of arriving stand on: a home in memory behind real forms, and what a page says."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from tests.web.stand import browser
from toward.catalogue import words
from toward.vault import Kdf, Vault
from toward.web.app import create_app
from toward.web.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.applications import Starlette
    from starlette.testclient import TestClient

PASSPHRASE = "a quiet lamp at the window"
PERSON = {"name": "Mara", "passphrase": PASSPHRASE, "passphrase-again": PASSPHRASE}


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
        assert client.post("/start/new", data={**PERSON, "name": name}).headers["location"] == "/start/sheet"
        sheet = sheet_of(client.get("/start/sheet").text)
        assert client.post("/start/sheet").headers["location"] == "/pair"
        return client, sheet

    def couple(self) -> tuple[TestClient, TestClient]:
        """Two browsers of two who have joined."""
        one = self.person("Mara")[0]
        other = self.person("Lin")[0]
        other.post("/join", data={"code": invite(one), "step": "agree"})
        one.post("/pair", data={"do": "agree", "name": "Lin"})
        return one, other


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
