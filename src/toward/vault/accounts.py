"""People and their sessions: arriving, signing in, the sheet, trusted devices, and what opens a keyring.

A session is a random token in a cookie. ``HKDF(token, "find")`` finds its row, ``HKDF(token, "wrap")`` opens the
keyring in it. So any worker serves any request, a restart signs nobody out, and nothing on disk opens without a
cookie, or a passphrase and a device secret.
"""

from __future__ import annotations

import itertools
import secrets
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from toward.errors import Damaged, NotFound, WrongPassphrase
from toward.vault import attempts, identity, keys, sheets, wordlist
from toward.vault.identity import Keyring, Locked
from toward.vault.keys import Kdf
from toward.vault.tables import devices, members, people, sessions, slots, spaces

if TYPE_CHECKING:
    from toward.vault.engine import Database

DAY_MS = 86_400_000
IDLE_DAYS = 60
SLOT_BYTES = 8192
LABEL_BYTES = 64
LONGEST_LABEL = LABEL_BYTES - 2
"""Bytes in UTF-8."""


class Device(NamedTuple):
    """What a trusted device keeps in its cookie for one person."""

    person: bytes
    id: bytes
    secret: bytes


class SignedIn(NamedTuple):
    """A session just begun: the token for the cookie, and the keys."""

    token: str
    keyring: Keyring


class Trusted(NamedTuple):
    """A session or device as its owner sees it in Settings. ``started`` and ``seen`` are days since 1970."""

    find: bytes
    label: str
    started: int
    seen: int
    this: bool


def day(now_ms: int) -> int:
    """Whole days since 1970: the finest time that stands in plain columns."""
    return now_ms // DAY_MS


def find(token: str) -> bytes:
    """Under which id a session is kept."""
    return keys.derive(token.encode(), "session find")


def _wrap(token: str) -> bytes:
    return keys.derive(token.encode(), "session wrap")


def label_key(keyring: Keyring) -> bytes:
    """The key for the names of one's devices."""
    return keys.derive(keyring.space_keys[min(keyring.space_keys)], "device labels")


def slot_key(keyring: Keyring) -> bytes:
    """The key of one's slot."""
    return keys.derive(keyring.space_keys[keyring.newest], "slot")


# ------------------------------------------------------------------------------------------------ arriving


def add_person(connection: sa.Connection, keyring: Keyring, locked: Locked, now_ms: int) -> None:
    """The rows of a new person: themself, their private space, an empty slot."""
    connection.execute(
        sa.insert(people).values(
            id=keyring.person,
            sign_key=keyring.sign_public,
            box_key=keyring.box_public,
            keyring_version=1,
            created_day=day(now_ms),
            **_columns(locked),
        )
    )
    connection.execute(sa.insert(spaces).values(id=keyring.space, sort=0, frozen=False, created_day=day(now_ms)))
    connection.execute(sa.insert(members).values(space=keyring.space, person=keyring.person, place=0, left=False))
    connection.execute(
        sa.insert(slots).values(
            person=keyring.person, key_id=keyring.newest, version=1, ciphertext=seal_slot(keyring, b"")
        )
    )


def _columns(locked: Locked) -> dict[str, object]:
    return {
        "salt": locked.salt,
        "kdf": int(locked.kdf),
        "keyring": locked.sealed,
        "device_check": locked.device_check,
    }


def add_device(connection: sa.Connection, keyring: Keyring, device: bytes, label: str, now_ms: int) -> None:
    """Trust a device. One that would be called like another of theirs gets a number."""
    connection.execute(sa.delete(devices).where(devices.c.id == device))
    theirs = connection.execute(sa.select(devices.c.id, devices.c.label).where(devices.c.person == keyring.person))
    taken = {open_label(keyring, bytes(one.id), one.label) for one in theirs}
    names = itertools.chain([label], (f"{label} {number}" for number in itertools.count(2)))
    free = next(name for name in names if not label or name not in taken)
    connection.execute(
        sa.insert(devices).values(
            id=device,
            person=keyring.person,
            label=seal_label(keyring, device, free),
            added_day=day(now_ms),
        )
    )


def seal_label(keyring: Keyring, device: bytes, label: str) -> bytes:
    """The name of a device, sealed and padded: "Mara's phone" is nobody else's business, nor how long it is."""
    padded = label.encode()[:LONGEST_LABEL].decode(errors="ignore").encode().ljust(LABEL_BYTES, b"\0")
    return keys.seal(label_key(keyring), padded, device)


def open_label(keyring: Keyring, device: bytes, sealed: bytes) -> str:
    """The name of a device; empty for one that does not open: whoever owns the machine may have put it there."""
    try:
        return keys.unseal(label_key(keyring), sealed, device).rstrip(b"\0").decode(errors="replace")
    except Damaged:
        return ""


def begin_session(connection: sa.Connection, keyring: Keyring, device: bytes, now_ms: int) -> str:
    """A new session; its token is returned once and kept nowhere."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        sa.insert(sessions).values(
            find=find(token),
            person=keyring.person,
            device=device,
            wrapped=keys.seal(_wrap(token), keyring.pack(), find(token)),
            started_day=day(now_ms),
            seen_day=day(now_ms),
        )
    )
    return token


# ---------------------------------------------------------------------------------------------- signing in


def open_keyring(
    database: Database, person: bytes, passphrase: str, secret: bytes, device: bytes, now_ms: int
) -> Keyring:
    """The person's keys. Raises ``WrongPassphrase`` or ``TooManyAttempts``; tries count per device."""
    with database.read() as connection:
        row = connection.execute(sa.select(people).where(people.c.id == person)).first()
        known = connection.execute(
            sa.select(devices.c.id).where(devices.c.id == device, devices.c.person == person)
        ).first()
    if row is None:
        raise WrongPassphrase
    locked = Locked(row.salt, Kdf(row.kdf), row.keyring, row.device_check)
    if not keys.same(identity.device_check(secret), locked.device_check):
        msg = "this device does not hold this person's secret"
        raise WrongPassphrase(msg)
    place = attempts.bucket(person, device if known else b"sheet")
    attempts.count(database, place, now_ms)
    keyring = identity.unlock(person, locked, passphrase, secret)
    attempts.forgive(database, place)
    return keyring


def sign_in(database: Database, device: Device, passphrase: str, label: str, now_ms: int) -> SignedIn:
    """Begin a session on a device that holds the person's secret; it is trusted from now on."""
    keyring = open_keyring(database, device.person, passphrase, device.secret, device.id, now_ms)
    with database.write() as connection:
        known = connection.execute(
            sa.select(devices.c.id).where(devices.c.id == device.id, devices.c.person == device.person)
        ).first()
        if known is None:
            add_device(connection, keyring, device.id, label, now_ms)
        return SignedIn(begin_session(connection, keyring, device.id, now_ms), keyring)


def person_of_sheet(database: Database, words: str) -> Device:
    """Whose recovery sheet this is, as a device to sign in with.

    Raises ``BadInput`` for a slip, ``WrongPassphrase`` if nobody's.
    """
    secret = wordlist.from_sheet(words)
    check = identity.device_check(secret)
    with database.read() as connection:
        row = connection.execute(sa.select(people.c.id).where(people.c.device_check == check)).first()
    if row is None:
        msg = "nobody here has this sheet"
        raise WrongPassphrase(msg)
    return Device(bytes(row.id), keys.random_id(), secret)


class Live(NamedTuple):
    """A session found by its token."""

    keyring: Keyring
    device: bytes
    find: bytes


def resume(database: Database, token: str, now_ms: int) -> Live | None:
    """The session of a token, or None if it is unknown, revoked, or idle for more than ``IDLE_DAYS``."""
    found = find(token)
    with database.read() as connection:
        row = connection.execute(sa.select(sessions).where(sessions.c.find == found)).first()
    today = day(now_ms)
    if row is None or today - row.seen_day > IDLE_DAYS:
        return None
    try:
        keyring = Keyring.unpack(keys.unseal(_wrap(token), row.wrapped, found))
    except Damaged:
        return None
    if row.seen_day != today:
        with database.write() as connection:
            connection.execute(sa.update(sessions).where(sessions.c.find == found).values(seen_day=today))
    return Live(keyring, bytes(row.device), found)


def trusted(database: Database, keyring: Keyring, this: bytes) -> list[Trusted]:
    """The person's sessions with the names of their devices, this one first."""
    with database.read() as connection:
        found = connection.execute(
            sa.select(sessions, devices.c.label)
            .join(devices, devices.c.id == sessions.c.device, isouter=True)
            .where(sessions.c.person == keyring.person)
        ).all()
    listed = []
    for row in found:
        label = open_label(keyring, bytes(row.device), row.label) if row.label else ""
        listed.append(Trusted(bytes(row.find), label, row.started_day, row.seen_day, bytes(row.find) == this))
    return sorted(listed, key=lambda one: (not one.this, -one.seen, one.find))


def revoke(database: Database, keyring: Keyring, found: bytes) -> None:
    """End one of one's own sessions and stop trusting its device. Raises ``NotFound`` for somebody else's."""
    with database.write() as connection:
        row = connection.execute(
            sa.select(sessions.c.device).where(sessions.c.find == found, sessions.c.person == keyring.person)
        ).first()
        if row is None:
            raise NotFound
        connection.execute(sa.delete(sessions).where(sessions.c.find == found))
        sheets.put_away(connection, [found])
        others = connection.execute(sa.select(sessions.c.find).where(sessions.c.device == row.device)).first()
        if others is None:
            connection.execute(sa.delete(devices).where(devices.c.id == row.device, devices.c.person == keyring.person))


def end(database: Database, found: bytes) -> None:
    """Sign out: the session goes, the device stays trusted."""
    with database.write() as connection:
        connection.execute(sa.delete(sessions).where(sessions.c.find == found))
        sheets.put_away(connection, [found])


# ------------------------------------------------------------------------------------- changing what opens


def relock(connection: sa.Connection, keyring: Keyring, locked: Locked, keep: bytes | None) -> list[bytes]:
    """Write new locks for a person and end all their sessions but ``keep``; returns the ended ones."""
    changed = connection.execute(
        sa.update(people)
        .where(people.c.id == keyring.person)
        .values(
            sign_key=keyring.sign_public,
            box_key=keyring.box_public,
            keyring_version=people.c.keyring_version + 1,
            **_columns(locked),
        )
    )
    if changed.rowcount != 1:
        raise NotFound
    ended = [
        bytes(row.find)
        for row in connection.execute(sa.select(sessions.c.find).where(sessions.c.person == keyring.person))
        if bytes(row.find) != keep
    ]
    if ended:
        connection.execute(sa.delete(sessions).where(sessions.c.find.in_(ended)))
        sheets.put_away(connection, ended)
    return ended


# ------------------------------------------------------------------------------------------------ the slot


def seal_slot(keyring: Keyring, data: bytes) -> bytes:
    """The slot's bytes on disk: one size whatever is in it, new bytes each time."""
    if len(data) > SLOT_BYTES - 4:
        msg = f"a slot holds {SLOT_BYTES - 4} bytes"
        raise ValueError(msg)
    padded = len(data).to_bytes(4, "big") + data.ljust(SLOT_BYTES - 4, b"\0")
    return keys.seal(slot_key(keyring), padded, b"slot" + keyring.person)


def open_slot(connection: sa.Connection, keyring: Keyring) -> bytes:
    """What the slot holds; nothing where somebody scribbled on it, or every page and all writing would fail with it."""
    row = connection.execute(sa.select(slots).where(slots.c.person == keyring.person)).first()
    if row is None:
        return b""
    try:
        padded = keys.unseal(slot_key(keyring), row.ciphertext, b"slot" + keyring.person)
    except Damaged:
        return b""
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")]


def rewrite_slot(connection: sa.Connection, keyring: Keyring, data: bytes | None = None) -> None:
    """Seal the slot anew, with ``data`` or with what it held: on every write, so that a change shows nothing."""
    held = open_slot(connection, keyring) if data is None else data
    sealed = {"ciphertext": seal_slot(keyring, held), "key_id": keyring.newest}
    changed = connection.execute(sa.update(slots).where(slots.c.person == keyring.person).values(**sealed))
    if changed.rowcount == 0:
        connection.execute(sa.insert(slots).values(person=keyring.person, version=1, **sealed))
