"""The devices that hold one's secret: what Settings lists, what they are called, and what it can take away.

A device whose owner is signed out is listed as well: a phone that somebody added while one looked away must not vanish
from sight by signing out.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from toward.errors import BadInput, NotFound
from toward.vault import accounts, sheets
from toward.vault.tables import devices, sessions

if TYPE_CHECKING:
    from toward.vault.session import Session

MAX_LABEL: Final = 30


class Owned(NamedTuple):
    """A device. ``added`` and ``seen`` are days since 1970; ``seen`` is None where its owner is signed out.

    ``label`` is empty for one whose name does not open: the owner of the machine may have put it there.
    """

    id: bytes
    label: str
    added: int
    seen: int | None
    this: bool


def devices_of(session: Session) -> list[Owned]:
    """The person's devices: this one first, then by the day on which they were last used."""
    keyring = session.keyring
    with session.vault.database.read() as connection:
        found = connection.execute(
            sa.select(
                devices.c.id, devices.c.label, devices.c.added_day, sa.func.max(sessions.c.seen_day).label("seen")
            )
            .join(sessions, sessions.c.device == devices.c.id, isouter=True)
            .where(devices.c.person == keyring.person)
            .group_by(devices.c.id, devices.c.label, devices.c.added_day)
        ).all()
    owned = list[Owned]()
    for row in found:
        label = accounts.open_label(keyring, bytes(row.id), row.label)
        owned.append(Owned(bytes(row.id), label, row.added_day, row.seen, row.id == session.device))
    return sorted(owned, key=lambda one: (not one.this, -(one.seen or 0), -one.added, one.id))


def name_device(session: Session, device: bytes, label: str) -> None:
    """Call a device something.

    Raises ``BadInput`` for a name that does not fit, ``NotFound`` if the device is not one's own.
    """
    called = " ".join(unicodedata.normalize("NFC", label).split())
    if not called:
        raise BadInput(field="label", reason="empty")
    if len(called) > MAX_LABEL or len(called.encode()) > accounts.LONGEST_LABEL:
        raise BadInput(field="label", reason="long", most=min(MAX_LABEL, _letters_that_fit(called)))
    owned = sa.and_(devices.c.id == device, devices.c.person == session.person)
    sealed = accounts.seal_label(session.keyring, device, called)
    with session.vault.database.write() as connection:
        if connection.execute(sa.update(devices).where(owned).values(label=sealed)).rowcount != 1:
            raise NotFound


def _letters_that_fit(label: str) -> int:
    return len(label.encode()[: accounts.LONGEST_LABEL].decode(errors="ignore"))


def remove_device(session: Session, device: bytes) -> None:
    """Stop trusting a device and end the sessions there. Raises ``NotFound`` if it is not one's own.

    It still holds the secret, and with the passphrase it could come back. Only new keys end that (``rotation``).
    """
    person = session.person
    with session.vault.database.write() as connection:
        owned = sa.and_(devices.c.id == device, devices.c.person == person)
        if connection.execute(sa.delete(devices).where(owned)).rowcount != 1:
            raise NotFound
        there = sa.and_(sessions.c.device == device, sessions.c.person == person)
        ended = [bytes(row.find) for row in connection.execute(sa.select(sessions.c.find).where(there))]
        connection.execute(sa.delete(sessions).where(there))
        sheets.put_away(connection, ended)
    session.vault.ledgers.drop(ended)


def sign_out_elsewhere(session: Session) -> None:
    """End all of the person's sessions but this one; their devices stay trusted."""
    others = sa.and_(sessions.c.person == session.person, sessions.c.find != session.find)
    with session.vault.database.write() as connection:
        ended = [bytes(row.find) for row in connection.execute(sa.select(sessions.c.find).where(others))]
        connection.execute(sa.delete(sessions).where(others))
        sheets.put_away(connection, ended)
    session.vault.ledgers.drop(ended)
