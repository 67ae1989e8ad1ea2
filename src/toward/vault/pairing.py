"""How two people become two here, and how either leaves.

One makes an invitation: six words and a QR code. The other types them, sees who invites, and agrees; the first sees
who answered, and agrees too. Only then is there a shared space. Each pins the other's keys in their own private
space, where nobody with the disk can exchange them. The words authenticate the exchange: what each sends of their
keys is sealed under them.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from toward.errors import AlreadyPaired, CodeSpent, Damaged, NotFound, SpaceClosed
from toward.journal.kinds import Id, Key, Line, PartnerKnown, SpaceLeft
from toward.vault import accounts, codes, couples, keys, wordlist
from toward.vault.codes import Carried
from toward.vault.tables import members, spaces

if TYPE_CHECKING:
    from toward.vault import Vault
    from toward.vault.session import Session


class Card(msgspec.Struct, frozen=True, array_like=True):
    """What one sends the other of oneself when pairing."""

    space: Id
    person: Id
    name: Line
    sign_key: Key
    box_key: Key


class Pairing(NamedTuple):
    """Where a person stands.

    ``invited``: the words are out. ``answered``: somebody has answered and is to be confirmed. ``accepted``: this
    person has answered an invitation and waits for the other. ``words`` and ``name`` are empty where they do not
    apply.
    """

    state: Literal["alone", "invited", "answered", "accepted", "paired"]
    words: str = ""
    name: str = ""
    expires_ms: int = 0


def _card(session: Session, space: bytes) -> Card:
    ring = session.keyring
    return Card(space, ring.person, session.name, ring.sign_public, ring.box_public)


def invite(session: Session) -> Pairing:
    """Make an invitation, replacing an earlier one. Raises ``AlreadyPaired`` for somebody in a couple."""
    vault, now = session.vault, session.vault.now_ms()
    words = wordlist.new_code()
    card = _card(session, keys.random_id())
    with vault.database.write() as connection:
        if couples.is_paired(connection, session.person):
            raise AlreadyPaired
        codes.sweep(connection, now)
        _drop_mine(connection, session.person, now)
        carried = Carried(
            by=session.person,
            sealed=keys.seal(codes.wrap(words), msgspec.msgpack.encode(card)),
            words=keys.seal(_own_key(session), words.encode()),
        )
        codes.put(connection, codes.Sort.INVITE, words, carried, now + codes.INVITE_MS)
    return Pairing("invited", words, "", now + codes.INVITE_MS)


def _own_key(session: Session) -> bytes:
    return keys.derive(session.keyring.space_keys[session.keyring.newest], "invitation words")


def _drop_mine(connection: sa.Connection, person: bytes, now_ms: int) -> None:
    for code_id, _, carried in list(codes.each(connection, codes.Sort.INVITE, now_ms)):
        if carried.by == person:
            codes.spend(connection, code_id)


def take_back(session: Session) -> None:
    """Withdraw one's invitation, or one's answer to one, before both have agreed."""
    now = session.vault.now_ms()
    with session.vault.database.write() as connection:
        for code_id, _, carried in list(codes.each(connection, codes.Sort.INVITE, now)):
            if session.person in {carried.by, carried.to}:
                codes.spend(connection, code_id)


def who_invites(vault: Vault, words: str) -> Card:
    """Whose invitation this is, without using it up. Raises ``BadInput`` for words that are none, ``CodeSpent``."""
    code = wordlist.tidy_code(words)
    with vault.database.read() as connection:
        carried = codes.peek(connection, codes.Sort.INVITE, code, vault.now_ms())
    if carried.to:
        raise CodeSpent
    card = _open_card(code, carried.sealed)
    if card is None:
        raise CodeSpent
    return card


def _open_card(code: str, sealed: bytes) -> Card | None:
    """A card sealed under a code's words, or None where somebody scribbled on it."""
    try:
        return msgspec.msgpack.decode(keys.unseal(codes.wrap(code), sealed), type=Card)
    except (Damaged, msgspec.MsgspecError, ValueError, RecursionError):
        return None


def accept(session: Session, words: str) -> Pairing:
    """Answer an invitation. It works once; the one who invited still has to agree."""
    vault = session.vault
    card = who_invites(vault, words)
    if card.person == session.person:
        msg = "this is your own invitation"
        raise CodeSpent(msg)
    code = wordlist.tidy_code(words)
    session.write(_pin(card))
    reply = keys.seal(codes.wrap(code), msgspec.msgpack.encode(_card(session, card.space)))
    with vault.database.write() as connection:
        if couples.is_paired(connection, session.person):
            raise AlreadyPaired
        carried = codes.peek(connection, codes.Sort.INVITE, code, vault.now_ms())
        if carried.to:
            raise CodeSpent
        codes.change(connection, codes.find(code), msgspec.structs.replace(carried, to=session.person, reply=reply))
    return Pairing("accepted", "", card.name)


def _pin(card: Card) -> PartnerKnown:
    return PartnerKnown(
        space=card.space, person=card.person, name=card.name, sign_key=card.sign_key, box_key=card.box_key
    )


def standing(session: Session) -> Pairing:
    """Where this person stands now."""
    if session.partner is not None and session.partner.open:
        return Pairing("paired", "", session.partner.name)
    found = _mine(session)
    if found is None:
        return Pairing("alone")
    _, expires_ms, carried, words = found
    if carried.by != session.person:
        pin = next(reversed(session.ledger.pins.values()), None)
        return Pairing("accepted", "", "" if pin is None else pin.name, expires_ms)
    card = _open_card(words, carried.reply) if carried.reply else None
    if card is not None:
        return Pairing("answered", words, card.name, expires_ms)
    return Pairing("invited", words, "", expires_ms)


def _mine(session: Session) -> tuple[bytes, int, Carried, str] | None:
    now = session.vault.now_ms()
    with session.vault.database.read() as connection:
        for code_id, expires_ms, carried in codes.each(connection, codes.Sort.INVITE, now):
            if carried.by == session.person:
                with contextlib.suppress(Damaged):
                    return code_id, expires_ms, carried, keys.unseal(_own_key(session), carried.words).decode()
            elif carried.to == session.person:
                return code_id, expires_ms, carried, ""
    return None


def confirm(session: Session) -> None:
    """Agree to whoever answered one's invitation: now there is a shared space. Raises ``NotFound`` if nobody has."""
    found = _mine(session)
    if found is None or not found[2].reply or found[2].by != session.person:
        raise NotFound
    code_id, _, carried, words = found
    card = _open_card(words, carried.reply)
    if card is None:
        raise NotFound
    # Pinned first: a crash after this line leaves a pin without a space, which means nothing.
    session.write(_pin(card))
    with session.vault.database.write() as connection:
        if couples.is_paired(connection, session.person) or couples.is_paired(connection, card.person):
            raise AlreadyPaired
        codes.spend(connection, code_id)
        today = accounts.day(session.vault.now_ms())
        connection.execute(sa.insert(spaces).values(id=card.space, sort=1, frozen=False, created_day=today))
        for place, person in enumerate(sorted((session.person, card.person))):
            connection.execute(sa.insert(members).values(space=card.space, person=person, place=place, left=False))
        couples.new_key(connection, session.keyring, card.space, 1, card.person, card.box_key)
    session.refresh()


def unpair(session: Session) -> None:
    """Leave the shared space: at once, alone, without a word to the other. It freezes; each may go on reading it."""
    if session.couple is None:
        raise SpaceClosed
    with session.vault.database.write() as connection:
        space = session.couple.space
        connection.execute(sa.update(spaces).where(spaces.c.id == space).values(frozen=True))
        connection.execute(
            sa.update(members).where(members.c.space == space, members.c.person == session.person).values(left=True)
        )
    # The columns above can be set back by whoever has the disk; this can't.
    session.write(SpaceLeft(space=space))
    session.refresh()
