"""Two people who have joined, each with a browser that needs no Chromium, on a clock that moves when told."""

from __future__ import annotations

import re
import shutil
import tempfile
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.vault.couple import Home
from tests.web.stand import TestClient, browser
from toward.catalogue import words
from toward.vault import Arrival
from toward.web.app import create_app
from toward.web.safe_slot import keep_answer

if TYPE_CHECKING:
    from toward.journal.kinds import Body, Entry
    from toward.vault import Session


class Person(NamedTuple):
    """One of the two: their browser, and their session as the vault has it."""

    home: Home
    arrival: Arrival
    client: TestClient

    @property
    def session(self) -> Session:
        """Their session, read up to now."""
        found = self.home.vault.session(self.arrival.token)
        assert found is not None
        return found

    def get(self, path: str, status: int = 200) -> str:
        """A page as text, through redirects."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, (path, answer.status_code)
        html: str = unescape(answer.text)
        return html

    def post(self, path: str, **fields: str) -> str:
        """Send a form that is taken, and return where it leads."""
        answer = self.client.post(path, data=fields)
        assert answer.status_code == 303, unescape(answer.text)
        where: str = answer.headers["location"]
        return where

    def refused(self, path: str, *, status: int = 400, fields: dict[str, str] | None = None, **more: str) -> str:
        """Send a form that is not taken, and return the page that comes back."""
        answer = self.client.post(path, data={**(fields or {}), **more})
        assert answer.status_code == status
        html: str = unescape(answer.text)
        return html

    def wrote(self, *kinds: type[Body]) -> list[Entry]:
        """What they wrote of some kinds, in order."""
        return [entry for entry in self.session.entries if entry.mine and isinstance(entry.body, kinds)]


class _Made(tempfile.TemporaryDirectory[str]):
    """A data folder in which three people have arrived, to be copied: arriving is half of what a page's test costs."""

    def __init__(self) -> None:
        super().__init__(prefix="toward-two-")
        home = Home(Path(self.name))
        self.people = (*home.couple(), home.arrive("Solo"))
        for one in self.people:
            keep_answer(one.session, "hard", home.clock.now_ms, for_visit=False)
        home.vault.close()


_made_once = cache(_Made)


class Two:
    """Mara and Lin, who have joined, and Solo, who is alone."""

    def __init__(self, folder: Path) -> None:
        made = _made_once()
        shutil.copytree(made.name, folder, dirs_exist_ok=True)
        self.home = Home(folder)
        self.clock = self.home.clock
        self.app = create_app(self.home.vault, now_ms=self.clock)
        self.mara, self.lin, self.solo = map(self._person, made.people)

    def _person(self, before: Arrival) -> Person:
        session = self.home.vault.session(before.token)
        assert session is not None
        arrival = before._replace(session=session)
        return Person(self.home, arrival, browser(self.app, session=arrival.token, tz="0"))


def says(html: str, key: str, **values: str | int) -> bool:
    """Whether a page shows the words under a key."""
    return words(key, **values) in html


def links(html: str, start: str) -> list[str]:
    """The addresses on a page that begin with *start*."""
    return re.findall(rf'href="({re.escape(start)}[^"]*)"', html)
