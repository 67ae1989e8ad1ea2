"""The devices that hold one's secret: what Settings lists and what it can take away.

A device whose owner is signed out is listed as well: a phone that somebody added while one looked away must not vanish
from sight by signing out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from toward.errors import Damaged, NotFound
from toward.vault import keys, sheets
from toward.vault.accounts import label_key
from toward.vault.tables import devices, sessions

if TYPE_CHECKING:
    from toward.vault.identity import Keyring
    from toward.vault.session import Session


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
    owned = [
        Owned(
            bytes(row.id), _label(keyring, bytes(row.id), row.label), row.added_day, row.seen, row.id == session.device
        )
        for row in found
    ]
    return sorted(owned, key=lambda one: (not one.this, -(one.seen or 0), -one.added, one.id))


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


def _label(keyring: Keyring, device: bytes, sealed: bytes) -> str:
    try:
        return keys.unseal(label_key(keyring), sealed, device).rstrip(b"\0").decode(errors="replace")
    except Damaged:
        return ""
