"""Is everything well? What can be seen of a database without any key, and what one person's keys say of their own rows.

Nothing here changes anything, and nothing it finds names a person: findings are numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from toward.vault import couples, keys
from toward.vault.ledger import Ledger
from toward.vault.rows import PRIVATE_ROW_BYTES, SHARED_STEP_BYTES
from toward.vault.tables import Sort, devices, entries, members, people, sessions, slots, space_keys, spaces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from toward.vault import Vault
    from toward.vault.engine import Database
    from toward.vault.identity import Keyring


class Finding(NamedTuple):
    """Something that is not as it should be, and how often; the words are ``terminal.check.<key>``."""

    key: str
    n: int


class Own(NamedTuple):
    """What one person's keys open: how many entries they read, and how many rows stay shut."""

    read: int
    shut: int


def check(database: Database) -> tuple[Finding, ...]:
    """What is wrong in a database, without any key; nothing if all is well. (Its schema was looked at on opening.)"""
    with database.read() as connection:
        found = [Finding(key, look(connection)) for key, look in _LOOKS.items()]
        found += [Finding("broken", sum(1 for _ in _broken(connection)))] if database.is_sqlite else []
        return tuple(finding for finding in found if finding.n)


def check_own(vault: Vault, keyring: Keyring) -> Own:
    """How many of the rows that a person should be able to read open, are whole and bear their author's signature."""
    ledger = Ledger(keyring.person)
    ledger.read_private(keyring, vault.store)
    for _ in range(2):  # a partner's new key may stand in a row that is read in the first round
        with vault.database.read() as connection:
            couple = couples.load(connection, keyring, ledger.pins, ledger.signers)
        if couple is not None and couple.keys:
            ledger.read_shared(keyring, couple, vault.store)
    return Own(len(ledger.entries), len(ledger.damaged))


def _count(connection: sa.Connection, query: sa.Select[tuple[object, ...]]) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(query.subquery())).scalar_one())


def _broken(connection: sa.Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with its pages and indexes, and rows whose owner is gone."""
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            yield line
    yield from (str(row) for row in connection.exec_driver_sql("PRAGMA foreign_key_check"))


def _gaps(connection: sa.Connection) -> int:
    """Authors whose rows in a space are not numbered 1, 2, 3 and so on."""
    numbers = entries.c.seq
    broken = sa.or_(sa.func.min(numbers) != 1, sa.func.max(numbers) != sa.func.count(numbers))
    return _count(connection, sa.select(entries.c.space).group_by(entries.c.space, entries.c.author).having(broken))


def _sizes(connection: sa.Connection) -> int:
    """Rows of a size that sealing never makes."""
    size = sa.func.length(entries.c.ciphertext)
    private = sa.and_(spaces.c.sort == Sort.PRIVATE, size != PRIVATE_ROW_BYTES)
    shared = sa.and_(
        spaces.c.sort == Sort.COUPLE,
        sa.or_((size - keys.OVERHEAD) % SHARED_STEP_BYTES != 0, size <= keys.OVERHEAD),
    )
    joined = sa.select(entries.c.id).join(spaces, spaces.c.id == entries.c.space)
    return _count(connection, joined.where(sa.or_(private, shared)))


def _strangers(connection: sa.Connection) -> int:
    """Rows by somebody who was never a member of their space."""
    member = sa.exists().where(members.c.space == entries.c.space, members.c.person == entries.c.author)
    return _count(connection, sa.select(entries.c.id).where(~member))


def _ownerless(connection: sa.Connection) -> int:
    """Private spaces of nobody, shared ones that nobody has a key to, and keys of people who are in neither."""
    owner = sa.exists().where(members.c.space == spaces.c.id, members.c.person == people.c.id)
    key = sa.exists().where(space_keys.c.space == spaces.c.id)
    private = sa.and_(spaces.c.sort == Sort.PRIVATE, ~owner)
    shared = sa.and_(spaces.c.sort == Sort.COUPLE, ~key)
    member = sa.exists().where(members.c.space == space_keys.c.space, members.c.person == space_keys.c.person)
    return _count(connection, sa.select(spaces.c.id).where(sa.or_(private, shared))) + _count(
        connection, sa.select(space_keys.c.space).where(~member)
    )


def _incomplete(connection: sa.Connection) -> int:
    """People without a private space or a slot, or with keys of a wrong size."""
    own = (
        sa.exists()
        .where(members.c.person == people.c.id, members.c.space == spaces.c.id, spaces.c.sort == Sort.PRIVATE)
        .correlate(people)
    )
    slot = sa.exists().where(slots.c.person == people.c.id)
    short = sa.or_(
        sa.func.length(people.c.sign_key) != keys.KEY_BYTES, sa.func.length(people.c.box_key) != keys.KEY_BYTES
    )
    return _count(connection, sa.select(people.c.id).where(sa.or_(~own, ~slot, short)))


def _homeless(connection: sa.Connection) -> int:
    """Sessions on devices that are not known."""
    device = sa.exists().where(devices.c.id == sessions.c.device, devices.c.person == sessions.c.person)
    return _count(connection, sa.select(sessions.c.find).where(~device))


_LOOKS: Final[dict[str, Callable[[sa.Connection], int]]] = {
    "gaps": _gaps,
    "sizes": _sizes,
    "strangers": _strangers,
    "ownerless": _ownerless,
    "incomplete": _incomplete,
    "homeless": _homeless,
}
