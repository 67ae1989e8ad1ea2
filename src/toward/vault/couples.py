"""The shared space as one person knows it: who the other is, whether it is still open, and the keys to it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, NamedTuple

import sqlalchemy as sa

from toward.errors import Damaged
from toward.journal.kinds import PartnerKnown
from toward.vault import keys
from toward.vault.tables import members, sessions, space_keys, spaces
from toward.vault.trust import Signers, grant, take_grant

if TYPE_CHECKING:
    from toward.vault.identity import Keyring


SPARE_NUMBERS: Final = 64
"""Keys are numbered 1, 2, 3. Under a number far beyond how many there are, a partner could give a last key for ever."""


class Couple(NamedTuple):
    """A shared space. ``open`` is false once either has left; ``keys`` is empty if this person gave up reading it."""

    space: bytes
    pin: PartnerKnown
    open: bool
    keys: dict[int, bytes]

    @property
    def newest(self) -> int:
        """The key id under which new rows are written."""
        return max(self.keys)

    @property
    def live_key(self) -> bytes:
        """The key of the couple's live room."""
        return keys.derive(self.keys[self.newest], "live room")


def load(
    connection: sa.Connection,
    keyring: Keyring,
    pins: dict[bytes, PartnerKnown],
    known: Signers | None,
    left: frozenset[bytes] = frozenset(),
) -> Couple | None:
    """The newest space that this person confirmed and that names both; None if they are on their own.

    A space in ``left`` is closed, though the database (which a partner may hold) says that it is open.
    ``known`` is what was learnt of the partner's keys so far, so that a key granted after a rotation is taken too.
    """
    for space, pin in reversed(pins.items()):
        row = connection.execute(
            sa.select(spaces.c.frozen, members.c.left)
            .join(members, members.c.space == spaces.c.id)
            .where(spaces.c.id == space, members.c.person == keyring.person)
        ).first()
        if row is None:
            continue
        signers = known if known is not None and known.partner == pin.person else Signers(keyring, pin)
        given = connection.execute(
            sa.select(space_keys).where(space_keys.c.space == space, space_keys.c.person == keyring.person)
        ).all()
        held = {}
        for key in given:
            if not 0 < key.key_id <= len(given) + SPARE_NUMBERS:
                continue
            # A key from somebody unknown is left aside, not fatal: its giver's new key may stand in a row not read yet.
            with contextlib.suppress(Damaged):
                held[int(key.key_id)] = take_grant(keyring, space, key.key_id, key.sealed, signers.givers())
        return Couple(space, pin, not row.frozen and not row.left and space not in left and bool(held), held)
    return None


def is_paired(connection: sa.Connection, person: bytes) -> bool:
    """Whether a person is in a shared space that is still open."""
    return (
        connection.execute(
            sa.select(members.c.space)
            .join(spaces, spaces.c.id == members.c.space)
            .where(
                members.c.person == person, members.c.left.is_(False), spaces.c.frozen.is_(False), spaces.c.sort == 1
            )
        ).first()
        is not None
    )


def seated(connection: sa.Connection, session: bytes, person: bytes, space: bytes) -> tuple[int, int] | None:
    """The person's newest key number in an open space and how many there are; None without the session, or when left.

    It reads nothing of anybody's journal and opens no key, so that it can be asked again and again.
    """
    found = connection.execute(
        sa.select(sa.func.max(space_keys.c.key_id), sa.func.count(space_keys.c.key_id))
        .select_from(sessions)
        .join(members, members.c.person == sessions.c.person)
        .join(spaces, spaces.c.id == members.c.space)
        .join(space_keys, sa.and_(space_keys.c.space == spaces.c.id, space_keys.c.person == sessions.c.person))
        .where(
            sessions.c.find == session,
            sessions.c.person == person,
            spaces.c.id == space,
            spaces.c.frozen.is_(False),
            members.c.left.is_(False),
        )
    ).one()
    return None if found[1] == 0 else (int(found[0]), int(found[1]))


def new_key(
    connection: sa.Connection, mine: Keyring, space: bytes, key_id: int, partner: bytes, partner_box: bytes
) -> None:
    """Make a shared key and give it to both."""
    key = keys.random_key()
    for person, box in ((mine.person, mine.box_public), (partner, partner_box)):
        connection.execute(
            sa.insert(space_keys).values(
                space=space, key_id=key_id, person=person, sealed=grant(mine, space, key_id, key, person, box)
            )
        )


def next_number(connection: sa.Connection, couple: Couple) -> int:
    """The number for a new key: above all that are held, and free of whatever else stands in the database."""
    rows = connection.execute(sa.select(space_keys.c.key_id).where(space_keys.c.space == couple.space))
    taken = {int(row.key_id) for row in rows}
    number = couple.newest + 1
    while number in taken:
        number += 1
    return number


def regrant(connection: sa.Connection, old: dict[int, bytes], mine: Keyring, space: bytes) -> None:
    """Seal the shared keys that one holds to one's own new key pair."""
    for key_id, key in old.items():
        connection.execute(
            sa.update(space_keys)
            .where(space_keys.c.space == space, space_keys.c.key_id == key_id, space_keys.c.person == mine.person)
            .values(sealed=grant(mine, space, key_id, key, mine.person, mine.box_public))
        )
