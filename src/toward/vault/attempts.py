"""How often a passphrase may be tried: counted per device and person, so that nobody can lock somebody else out.

A try from a device that does not hold the person's secret is refused before it costs anything and is not counted: it
could not succeed. A try with the secret but from a device not known (a recovery sheet) has a count of its own.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import sqlalchemy as sa

from toward.errors import TooManyAttempts
from toward.vault.tables import attempts

if TYPE_CHECKING:
    from toward.vault.engine import Database

FREE_TRIES = 5
FIRST_WAIT_MS = 60_000
LONGEST_WAIT_MS = 3_600_000


def bucket(person: bytes, device: bytes) -> bytes:
    """Where the tries of one device on one person are counted."""
    return hashlib.sha256(b"attempts|" + person + device).digest()


def count(database: Database, place: bytes, now_ms: int) -> None:
    """Count a try before it is made, so that many at once do not slip by.

    Raises ``TooManyAttempts`` while one has to wait.
    """
    with database.write() as connection:
        row = connection.execute(
            sa.select(attempts.c.bucket, attempts.c.count, attempts.c.until_ms).where(attempts.c.bucket == place)
        ).first()
        tries = int(row[1]) if row else 0
        until_ms = int(row[2]) if row else 0
        if until_ms > now_ms:
            raise TooManyAttempts(retry_after_s=-(-(until_ms - now_ms) // 1000))
        tries += 1
        over = tries - FREE_TRIES
        until_ms = now_ms + min(FIRST_WAIT_MS << min(over, 10), LONGEST_WAIT_MS) if over >= 0 else 0
        connection.execute(sa.delete(attempts).where(attempts.c.bucket == place))
        connection.execute(sa.insert(attempts).values(bucket=place, count=tries, until_ms=until_ms))


def forgive(database: Database, place: bytes) -> None:
    """The right words: the count starts anew."""
    with database.write() as connection:
        connection.execute(sa.delete(attempts).where(attempts.c.bucket == place))
