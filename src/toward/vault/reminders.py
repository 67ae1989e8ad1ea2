"""Reminders of a device: what it wants, sealed; and what is to be sent to it, so that nobody learns why.

The sender works without a session, so what it needs is plain: an endpoint, a due time in steps of five minutes, and the
bytes to send. Which kinds are wanted, the subscription's keys and whether a message will open at all are sealed or can
only be told by the browser itself (``web.push.plan``).

Rows are claimed by deleting them. So of several workers one sends, nobody needs a lease, and a crash in between loses
a reminder rather than sending it twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import msgspec
import sqlalchemy as sa
from msgspec import Meta, Struct

from toward.vault import keys
from toward.vault.tables import devices, push_key, pushes, reminders, sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from toward.vault.engine import Database
    from toward.vault.identity import Keyring
    from toward.vault.session import Session

STEP_MS: Final = 5 * 60_000
LATEST_STEPS: Final = 6
"""A reminder that is more than half an hour late is none; it is dropped."""
SEALED_BYTES: Final = 1024
MOST_ENDPOINT: Final = 600
QUIET_FROM: Final = 22 * 60
QUIET_TO: Final = 7 * 60

Minute = Annotated[int, Meta(ge=0, lt=24 * 60)]


class Wishes(Struct, frozen=True, kw_only=True):
    """What a person wants on one device, at minutes of their day, and what only their browser and they know.

    ``check_in`` and ``waiting`` are None where they are off. ``planned`` says for what the present plan was made.
    """

    p256dh: Annotated[bytes, Meta(min_length=65, max_length=65)]
    auth: Annotated[bytes, Meta(min_length=16, max_length=16)]
    secret: bytes
    check_in: Minute | None = None
    waiting: Minute | None = None
    pause: bool = False
    quiet_from: Minute = QUIET_FROM
    quiet_to: Minute = QUIET_TO
    tz_min: int = 0
    planned: str = ""


class Wanted(NamedTuple):
    """A device of one's own that wants reminders."""

    device: bytes
    endpoint: str
    wishes: Wishes


class Push(NamedTuple):
    """One message: when it is due, in steps since 1970, and its bytes."""

    due: int
    body: bytes


class Claimed(NamedTuple):
    """One message to be sent now."""

    device: bytes
    endpoint: str
    body: bytes


def step_of(at_ms: int) -> int:
    """The step in which a moment lies."""
    return at_ms // STEP_MS


def wanted(session: Session) -> list[Wanted]:
    """What this person wants, on each of their devices."""
    asked = sa.select(reminders).join(devices, devices.c.id == reminders.c.device)
    with session.vault.database.read() as connection:
        found = connection.execute(asked.where(devices.c.person == session.person)).all()
    return [
        Wanted(bytes(row.device), bytes(row.endpoint).decode(), _open(session.keyring, bytes(row.device), row.sealed))
        for row in found
    ]


def keep(session: Session, one: Wanted, plan: Iterable[Push]) -> None:
    """Keep what a device of one's own wants, with a fresh plan in the place of the one before."""
    sealed = _seal(session.keyring, one.device, one.wishes)
    rows = [{"id": keys.random_id(), "device": one.device, "due": push.due, "body": push.body} for push in plan]
    with session.vault.database.write() as connection:
        owned = sa.and_(devices.c.id == one.device, devices.c.person == session.person)
        if connection.execute(sa.select(devices.c.id).where(owned)).first() is None:
            return  # taken off the list in this moment
        connection.execute(sa.delete(reminders).where(reminders.c.device == one.device))
        row = {"device": one.device, "endpoint": one.endpoint.encode(), "sealed": sealed}
        connection.execute(sa.insert(reminders).values(**row))
        if rows:
            connection.execute(sa.insert(pushes), rows)


def forget(database: Database, device: bytes) -> None:
    """Send nothing to a device any more."""
    with database.write() as connection:
        connection.execute(sa.delete(reminders).where(reminders.c.device == device))


def claim(database: Database, now_ms: int) -> list[Claimed]:
    """Take what is due, so that nobody else sends it.

    What is too late is taken and not sent, nor is what would go to a device where its owner has signed out.
    """
    now = step_of(now_ms)
    signed_in = sa.exists().where(sessions.c.device == pushes.c.device)
    due = pushes.c.due <= now
    with database.read() as connection:
        if connection.execute(sa.select(pushes.c.id).where(due).limit(1)).first() is None:
            return []
    with database.write() as connection:
        found = connection.execute(
            sa.select(pushes, reminders.c.endpoint)
            .join(reminders, reminders.c.device == pushes.c.device)
            .where(due, signed_in)
        ).all()
        connection.execute(sa.delete(pushes).where(due))
    return [
        Claimed(bytes(row.device), bytes(row.endpoint).decode(), bytes(row.body))
        for row in found
        if row.due >= now - LATEST_STEPS
    ]


def house_key(database: Database, make: Callable[[], bytes]) -> bytes:
    """The secret by which this house signs what it sends; made at the first question."""
    with database.read() as connection:
        found = connection.execute(sa.select(push_key.c.secret)).scalar()
    if found is None:
        with database.write() as connection:
            found = connection.execute(sa.select(push_key.c.secret)).scalar()
            if found is None:
                found = make()
                connection.execute(sa.insert(push_key).values(place=0, secret=found))
    return bytes(found)


def _key(keyring: Keyring) -> bytes:
    return keys.derive(keyring.space_keys[keyring.newest], "reminders")


def _seal(keyring: Keyring, device: bytes, wishes: Wishes) -> bytes:
    packed = msgspec.msgpack.encode(wishes)
    padded = len(packed).to_bytes(4, "big") + packed.ljust(SEALED_BYTES - 4, b"\0")
    return keys.seal(_key(keyring), padded, device)


def _open(keyring: Keyring, device: bytes, sealed: bytes) -> Wishes:
    padded = keys.unseal(_key(keyring), sealed, device)
    return msgspec.msgpack.decode(padded[4 : 4 + int.from_bytes(padded[:4], "big")], type=Wishes)
