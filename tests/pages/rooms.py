"""A home in memory for the fast tests of pages: real vault, real pages, a clock that can be set, no browser."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.web.stand import browser
from toward.vault import Kdf, Vault, pairing
from toward.web.app import create_app

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.testclient import TestClient

    from toward.vault import Arrival, Session

PASSPHRASE = "a quiet lamp at the window"
NOON_MS = 1_764_000_000_000
HOUR_MS = 3_600_000
YOURS = (
    "/settings",
    "/settings/name",
    "/settings/breath",
    "/settings/guide",
    "/settings/shared",
    "/settings/devices",
    "/settings/sheet",
    "/settings/passphrase",
    "/settings/known",
    "/settings/export",
    "/settings/import",
    "/settings/erase",
)


class Rooms:
    """One home. ``now_ms`` is its clock."""

    def __init__(self, folder: Path) -> None:
        """Open it with nobody in it."""
        self.now_ms = NOON_MS
        self.vault = Vault.open(folder, url=":memory:", kdf=Kdf.TRIVIAL, now_ms=self._tick)
        self.app = create_app(self.vault, now_ms=lambda: self.now_ms)

    def _tick(self) -> int:
        """What is written one after the other has times one after the other."""
        self.now_ms += 1
        return self.now_ms

    def arrive(self, name: str) -> Arrival:
        """A new person."""
        return self.vault.create_person(name, PASSPHRASE, setup=self.vault.new_setup_token(), label="phone")

    def couple(self) -> tuple[Arrival, Arrival]:
        """Mara and Lin, who have paired."""
        mara, lin = self.arrive("Mara"), self.arrive("Lin")
        pairing.accept(lin.session, pairing.invite(mara.session).words)
        pairing.confirm(mara.session)
        lin.session.refresh()
        return mara, lin

    def phone(self, person: Arrival) -> TestClient:
        """A phone on which *person* is signed in."""
        return browser(self.app, session=person.token)

    def again(self, person: Arrival) -> Session:
        """Their session as it is now."""
        session = self.vault.session(person.token)
        assert session is not None
        return session


def said(html: str) -> str:
    """What stands in the page's main part, without its tags."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
