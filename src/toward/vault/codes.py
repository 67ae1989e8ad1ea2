"""Codes that open one door once: the setup link, an invitation to pair, a link to a second device.

The server keeps ``HKDF(code, "find")`` to know a code again and seals what it carries under ``HKDF(code, "wrap")``:
who has the disk but not the words has nothing. A code dies when used, when its time is over, or when a newer one of
its sort replaces it.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from toward.errors import CodeSpent
from toward.vault import keys
from toward.vault.tables import codes

if TYPE_CHECKING:
    from collections.abc import Iterator

MINUTE_MS = 60_000
INVITE_MS = 30 * MINUTE_MS
DEVICE_MS = 10 * MINUTE_MS
NEVER_MS = 2**62


class Sort(IntEnum):
    """What a code opens."""

    SETUP = 0
    INVITE = 1
    DEVICE = 2
    SHEET = 3
    """Not a code that anybody types: see ``sheets``."""


class Carried(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """What lies behind a code.

    ``by`` and ``to`` are plain; ``sealed`` and ``reply`` open with the code's words only, ``words`` with the key of the
    person who made it.
    """

    by: bytes = b""
    sealed: bytes = b""
    words: bytes = b""
    to: bytes = b""
    reply: bytes = b""


def find(code: str) -> bytes:
    """Under which id a code is kept."""
    return keys.derive(code.encode(), "code find")


def wrap(code: str) -> bytes:
    """The key that opens what a code carries."""
    return keys.derive(code.encode(), "code wrap")


def put(connection: sa.Connection, sort: Sort, code: str, carried: Carried, expires_ms: int) -> None:
    """Keep a new code."""
    connection.execute(
        sa.insert(codes).values(
            find=find(code), sort=int(sort), expires_ms=expires_ms, payload=msgspec.msgpack.encode(carried), state=0
        )
    )


def change(connection: sa.Connection, code_id: bytes, carried: Carried) -> None:
    """Write what a code carries anew (a reply has come)."""
    connection.execute(sa.update(codes).where(codes.c.find == code_id).values(payload=msgspec.msgpack.encode(carried)))


def peek(connection: sa.Connection, sort: Sort, code: str, now_ms: int) -> Carried:
    """What a code carries, without using it up. Raises ``CodeSpent`` if it is unknown, used or out of time."""
    row = connection.execute(sa.select(codes).where(codes.c.find == find(code), codes.c.sort == int(sort))).first()
    if row is None or row.expires_ms <= now_ms:
        raise CodeSpent
    carried = read(row.payload)
    if carried is None:
        raise CodeSpent
    return carried


def read(payload: bytes) -> Carried | None:
    """What a code carries, or None where somebody scribbled on it."""
    try:
        return msgspec.msgpack.decode(payload, type=Carried)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def spend(connection: sa.Connection, code_id: bytes) -> None:
    """Make a code useless. Raises ``CodeSpent`` if it was already."""
    if connection.execute(sa.delete(codes).where(codes.c.find == code_id)).rowcount != 1:
        raise CodeSpent


def each(connection: sa.Connection, sort: Sort, now_ms: int) -> Iterator[tuple[bytes, int, Carried]]:
    """All living codes of a sort that can be read: id, time of expiry, what they carry."""
    for row in connection.execute(sa.select(codes).where(codes.c.sort == int(sort), codes.c.expires_ms > now_ms)):
        carried = read(row.payload)
        if carried is not None:
            yield bytes(row.find), int(row.expires_ms), carried


def sweep(connection: sa.Connection, now_ms: int) -> None:
    """Remove what is out of time."""
    connection.execute(sa.delete(codes).where(codes.c.expires_ms <= now_ms))
