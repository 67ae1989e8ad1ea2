"""Two people and a stranger in a vault of their own: the ground on which pairing, sealing and leaving are tested."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from toward.vault import Arrival, Kdf, Vault, pairing
from toward.vault.store import Row
from toward.vault.tables import entries

if TYPE_CHECKING:
    from toward.vault import Session

PASSPHRASE = "a quiet lamp at the window"
START_MS = 1_760_000_000_000


class Clock:
    """A clock that moves when told."""

    def __init__(self, now_ms: int = START_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        """The time."""
        return self.now_ms

    def pass_minutes(self, minutes: float) -> None:
        """Move on."""
        self.now_ms += int(minutes * 60_000)


class Home:
    """A vault with helpers to bring people into it."""

    def __init__(self, folder: Path | None = None, url: str | None = None) -> None:
        self.clock = Clock()
        self.folder = folder
        self.vault = Vault.open(
            folder or Path("/nonexistent"),
            url=url or (None if folder else ":memory:"),
            kdf=Kdf.TRIVIAL,
            now_ms=self.clock,
        )

    def arrive(self, name: str) -> Arrival:
        """A new person by a setup link."""
        return self.vault.create_person(name, PASSPHRASE, setup=self.vault.new_setup_token(), label=f"{name}'s phone")

    def pair(self, one: Session, other: Session) -> None:
        """Both agree."""
        words = pairing.invite(one).words
        pairing.accept(other, words)
        pairing.confirm(one)
        other.refresh()

    def couple(self) -> tuple[Arrival, Arrival]:
        """Two paired people."""
        one, other = self.arrive("Mara"), self.arrive("Lin")
        self.pair(one.session, other.session)
        return one, other


def rows_of(home: Home) -> list[Row]:
    """All rows on the disk."""
    with home.vault.database.read() as connection:
        return [Row._make(row) for row in connection.execute(sa.select(entries))]
