"""A new sheet until its owner says "I have them": a page loaded again, or left by a slip, costs nobody the words.

They lie among the codes, sealed under the token of the session that made them: it stands in one browser's cookie and
nowhere on this machine. Gone with that word, with the session, or after a day; backups leave codes out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import sqlalchemy as sa

from toward.errors import Damaged
from toward.vault import codes, keys, wordlist
from toward.vault.codes import Carried, Sort
from toward.vault.tables import codes as table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.vault.session import Session

KEPT_MS: Final = 24 * 60 * codes.MINUTE_MS


def _find(session: bytes) -> bytes:
    """Under which id the sheet of a session is kept, so that the session can take it along when it ends."""
    return keys.derive(session, "sheet find")


def _wrap(token: str) -> bytes:
    return keys.derive(token.encode(), "sheet wrap")


def keep(connection: sa.Connection, session: bytes, token: str, secret: bytes, now_ms: int) -> None:
    """Keep the secret behind a new sheet for the session that made it: *session* is its id, *token* its cookie's."""
    codes.sweep(connection, now_ms)
    found = _find(session)
    carried = Carried(sealed=keys.seal(_wrap(token), secret, found))
    connection.execute(
        sa.insert(table).values(
            find=found,
            sort=int(Sort.SHEET),
            expires_ms=now_ms + KEPT_MS,
            payload=msgspec.msgpack.encode(carried),
            state=0,
        )
    )


def waiting(session: Session, token: str) -> str | None:
    """Return the twelve words that wait for this session; None once they are put away, or do not open."""
    found = _find(session.find)
    with session.vault.database.read() as connection:
        row = connection.execute(sa.select(table).where(table.c.find == found)).first()
    carried = codes.read(row.payload) if row is not None and row.expires_ms > session.vault.now_ms() else None
    if carried is None:
        return None
    try:
        return wordlist.to_sheet(keys.unseal(_wrap(token), carried.sealed, found))
    except (Damaged, ValueError):  # somebody scribbled on it
        return None


def have_them(session: Session) -> None:
    """Their owner says so: the words are gone from here."""
    with session.vault.database.write() as connection:
        put_away(connection, [session.find])


def put_away(connection: sa.Connection, sessions: Iterable[bytes]) -> None:
    """These sessions are over, or what they kept has been taken: nothing of it stays here."""
    connection.execute(sa.delete(table).where(table.c.find.in_([_find(one) for one in sessions])))
