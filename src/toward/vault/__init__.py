"""Keys, sealed rows, people, couples and sessions: the only room that reads or writes the database.

    vault = Vault.open(folder)
    arrival = vault.create_person("Mara", "a passphrase", setup=token, label="phone")
    session = vault.session(arrival.token)
    session.write(CheckIn(felt=4))

Everything is synchronous and thread-safe. The design, its attackers and its promises are in ``docs/threat-model.md``.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import sqlalchemy as sa

from toward.errors import CodeSpent
from toward.journal.kinds import Named
from toward.vault import accounts, backup, codes, identity, keys, sheets, wordlist
from toward.vault.accounts import Device, Live
from toward.vault.codes import Carried
from toward.vault.engine import MEMORY, Database, open_engine
from toward.vault.erased import finish_erasing
from toward.vault.keys import Kdf
from toward.vault.ledger import Ledgers
from toward.vault.session import Partner, Session
from toward.vault.store import SqlStore
from toward.vault.tables import people

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["Arrival", "Device", "Kdf", "Partner", "Session", "Vault"]


def wall_clock_ms() -> int:
    """UTC now, in milliseconds."""
    return time.time_ns() // 1_000_000


class Arrival(NamedTuple):
    """A new person's first session: the cookie's token, what the device keeps, and the twelve words for the sheet."""

    session: Session
    token: str
    device: Device
    sheet: str


class DeviceLink(NamedTuple):
    """Six words that bring a person's secret to a second device, once, until ``expires_ms``."""

    words: str
    expires_ms: int


class Vault:
    """An open data folder (or a database in memory, for invented people)."""

    def __init__(
        self,
        database: Database,
        folder: Path | None,
        *,
        kdf: Kdf = Kdf.MODERATE,
        now_ms: Callable[[], int] = wall_clock_ms,
    ) -> None:
        self.database = database
        self.folder = folder
        self.kdf = kdf
        self.now_ms = now_ms
        self.store = SqlStore(database)
        self.ledgers = Ledgers()

    @staticmethod
    def open(
        folder: Path,
        *,
        url: str | None = None,
        kdf: Kdf = Kdf.MODERATE,
        now_ms: Callable[[], int] = wall_clock_ms,
    ) -> Vault:
        """Open a data folder, with its SQLite file or the database at ``url``.

        Raises as ``engine.open_engine`` does.
        """
        database = open_engine(folder, url)
        if url == MEMORY:
            return Vault(database, None, kdf=kdf, now_ms=now_ms)
        finish_erasing(database, folder)
        return Vault(database, folder, kdf=kdf, now_ms=now_ms)

    def close(self) -> None:
        """Close the database and forget everything that was opened."""
        self.ledgers = Ledgers()
        self.database.close()

    def scrub(self) -> None:
        """Leave nothing on the disk of rows that were deleted."""
        backup.scrub(self.database)

    # ------------------------------------------------------------------------------------------ arriving

    def has_people(self) -> bool:
        """Whether anybody lives here yet."""
        with self.database.read() as connection:
            return connection.execute(sa.select(people.c.id).limit(1)).first() is not None

    def new_setup_token(self) -> str:
        """A fresh token for one first person; an earlier one is void."""
        token = secrets.token_urlsafe(24)
        with self.database.write() as connection:
            for code_id, _, _ in list(codes.each(connection, codes.Sort.SETUP, 0)):
                codes.spend(connection, code_id)
            codes.put(connection, codes.Sort.SETUP, token, Carried(), codes.NEVER_MS)
        return token

    def check_setup(self, token: str) -> bool:
        """Whether a setup token is good and unused."""
        try:
            with self.database.read() as connection:
                codes.peek(connection, codes.Sort.SETUP, token, self.now_ms())
        except CodeSpent:
            return False
        return True

    def create_person(
        self, name: str, passphrase: str, *, setup: str | None = None, invite: str | None = None, label: str = ""
    ) -> Arrival:
        """A new person, by the setup token (which is used up) or with a living invitation (which is not yet answered).

        Raises ``CodeSpent`` without either, ``BadInput`` for a name or passphrase that can't be used.
        """
        called, wanted = identity.check_name(name), identity.check_passphrase(passphrase)
        self._check_door(setup, invite)
        keyring = identity.new_keyring()
        secret = keys.random_bytes(identity.DEVICE_SECRET_BYTES)
        device = Device(keyring.person, keys.random_id(), secret)
        locked = identity.lock(keyring, wanted, secret, self.kdf)
        now = self.now_ms()
        with self.database.write() as connection:
            if setup is not None:
                codes.spend(connection, codes.find(setup))
            accounts.add_person(connection, keyring, locked, now)
            accounts.add_device(connection, keyring, device.id, label, now)
            token = accounts.begin_session(connection, keyring, device.id, now)
            sheets.keep(connection, accounts.find(token), token, secret, now)
        session = Session(self, Live(keyring, device.id, accounts.find(token)))
        session.write(Named(name=called))
        return Arrival(session, token, device, wordlist.to_sheet(secret))

    def _check_door(self, setup: str | None, invite: str | None) -> None:
        with self.database.read() as connection:
            if setup is not None:
                codes.peek(connection, codes.Sort.SETUP, setup, self.now_ms())
            elif invite is not None:
                codes.peek(connection, codes.Sort.INVITE, wordlist.tidy_code(invite), self.now_ms())
            else:
                raise CodeSpent

    # ---------------------------------------------------------------------------------------- signing in

    def sign_in(self, device: Device, passphrase: str, *, label: str = "") -> tuple[Session, str]:
        """Begin a session on a trusted device; returns it and the cookie's token.

        Raises ``WrongPassphrase``, or ``TooManyAttempts`` when this device has tried too often.
        """
        signed_in = accounts.sign_in(self.database, device, passphrase, label, self.now_ms())
        live = Live(signed_in.keyring, device.id, accounts.find(signed_in.token))
        return Session(self, live), signed_in.token

    def recover(self, sheet: str) -> Device:
        """What a recovery sheet makes of this device; sign in with it and the passphrase.

        Raises ``BadInput``, ``WrongPassphrase``.
        """
        return accounts.person_of_sheet(self.database, sheet)

    def session(self, token: str, *, tz_min: int = 0) -> Session | None:
        """The session of a cookie's token, or None."""
        live = accounts.resume(self.database, token, self.now_ms())
        return None if live is None else Session(self, live, tz_min=tz_min)

    def link_device(self, session: Session, secret: bytes) -> DeviceLink:
        """Six words (or a QR code) by which another device of the same person gets its secret."""
        words, expires_ms = wordlist.new_code(), self.now_ms() + codes.DEVICE_MS
        carried = Carried(sealed=keys.seal(codes.wrap(words), msgspec.msgpack.encode((session.person, secret))))
        with self.database.write() as connection:
            codes.sweep(connection, self.now_ms())
            codes.put(connection, codes.Sort.DEVICE, words, carried, expires_ms)
        return DeviceLink(words, expires_ms)

    def take_link(self, words: str) -> Device:
        """Use up a device link; sign in with the result and the passphrase. Raises ``CodeSpent``, ``BadInput``."""
        code = wordlist.tidy_code(words)
        with self.database.write() as connection:
            carried = codes.peek(connection, codes.Sort.DEVICE, code, self.now_ms())
            codes.spend(connection, codes.find(code))
        person, secret = msgspec.msgpack.decode(keys.unseal(codes.wrap(code), carried.sealed), type=tuple[bytes, bytes])
        return Device(person, keys.random_id(), secret)

    # ------------------------------------------------------------------------------- backup and checking

    def backup(self, target: Path, *, progress: Callable[[int, int], None] | None = None) -> None:
        """Write one file from which ``restore`` makes this home again; see ``vault.backup``."""
        backup.backup(self.database, target, progress=progress)

    @staticmethod
    def restore(
        archive: Path,
        folder: Path,
        *,
        url: str | None = None,
        force: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        """Put a backup in place of a data folder's database; see ``vault.backup``."""
        backup.restore(archive, folder, url=url, force=force, progress=progress)

    def people(self) -> list[bytes]:
        """The ids of everybody who lives here."""
        with self.database.read() as connection:
            return [bytes(row.id) for row in connection.execute(sa.select(people.c.id))]
