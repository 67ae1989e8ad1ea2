"""After "someone knows it": new keys of every sort, and nothing old that still opens what is on the disk.

A new passphrase alone does not help against somebody who has seen the old one and had the phone in their hand. So the
sheet, the signing and box keys and the private space's key are made anew, private rows are sealed again under the new
one, the shared space gets a new key for what comes, and every device but this one has to sign in with the new sheet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
import sqlalchemy as sa

from toward.errors import Conflict, SpaceClosed
from toward.journal.kinds import KeysChanged
from toward.vault import accounts, couples, identity, keys, rows, sheets, wordlist
from toward.vault.codes import Sort
from toward.vault.store import Row
from toward.vault.tables import codes, devices, entries, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.vault.identity import Keyring
    from toward.vault.session import Session


class Renewed(NamedTuple):
    """What the device keeps from now on, and the new sheet."""

    token: str
    device: accounts.Device
    sheet: str


def change_passphrase(session: Session, old: str, new: str, secret: bytes) -> None:
    """Another passphrase, the same keys and sheet; all other sessions end. Raises ``WrongPassphrase``, ``BadInput``."""
    vault = session.vault
    wanted = identity.check_passphrase(new)
    keyring = accounts.open_keyring(vault.database, session.person, old, secret, session.device, vault.now_ms())
    locked = identity.lock(keyring, wanted, secret, vault.kdf)
    with vault.database.write() as connection:
        ended = accounts.relock(connection, keyring, locked, keep=session.find)
    vault.ledgers.drop(ended)


def someone_knows(session: Session, old: str, new: str, secret: bytes, label: str) -> Renewed:
    """New passphrase, sheet, keys; old rows sealed again; every session ends and this device begins a new one."""
    vault, now = session.vault, session.vault.now_ms()
    wanted = identity.check_passphrase(new)
    before = accounts.open_keyring(vault.database, session.person, old, secret, session.device, now)
    both = identity.rotated(before)
    after = msgspec.structs.replace(both, space_keys={both.newest: both.space_keys[both.newest]})
    fresh = keys.random_bytes(identity.DEVICE_SECRET_BYTES)
    locked = identity.lock(after, wanted, fresh, vault.kdf)
    device = accounts.Device(before.person, keys.random_id(), fresh)
    ended, tokens = list[bytes](), list[str]()

    def renew(connection: sa.Connection) -> None:
        current = connection.execute(sa.select(people.c.sign_key).where(people.c.id == before.person)).scalar()
        if current != before.sign_public:
            raise Conflict
        held = accounts.open_slot(connection, before)
        ended.extend(accounts.relock(connection, after, locked, keep=None))
        _reseal(connection, before, after)
        accounts.rewrite_slot(connection, after, held)
        _rekey(connection, session, after)
        connection.execute(sa.delete(devices).where(devices.c.person == before.person))
        connection.execute(sa.delete(codes).where(codes.c.sort.not_in((Sort.SETUP, Sort.SHEET))))
        accounts.add_device(connection, after, device.id, label, now)
        tokens.append(accounts.begin_session(connection, after, device.id, now))
        sheets.keep(connection, accounts.find(tokens[-1]), tokens[-1], fresh, now)

    _announce(session, after, renew)
    token = tokens[-1]
    vault.ledgers.drop(ended)
    vault.scrub()
    return Renewed(token, device, wordlist.to_sheet(fresh))


def _announce(session: Session, after: Keyring, renew: Callable[[sa.Connection], None]) -> None:
    """Tell the partner of the new keys, under the old one so that they can follow, and ``renew``: both or neither.

    Keys that were announced and did not come about would make everything that follows unbelievable.
    """
    session.refresh()
    if session.couple is not None and session.couple.open:
        try:
            session.write_with(KeysChanged(sign_key=after.sign_public, box_key=after.box_public), renew)
        except SpaceClosed:  # the partner left in this very moment
            session.refresh()
        else:
            return
    with session.vault.database.write() as connection:
        renew(connection)


def _rekey(connection: sa.Connection, session: Session, after: Keyring) -> None:
    """One's own copies of the shared keys, sealed anew; and a new shared key for what comes."""
    couple, signers = session.couple, session.ledger.signers
    if couple is None or not couple.keys:
        return
    couples.regrant(connection, couple.keys, after, couple.space)
    if couple.open and signers is not None:
        number = couples.next_number(connection, couple)
        couples.new_key(connection, after, couple.space, number, couple.pin.person, signers.partner_box)


def _reseal(connection: sa.Connection, before: Keyring, after: Keyring) -> None:
    """Every private row under the new key, at the same place in the journal."""
    found = connection.execute(sa.select(entries).where(entries.c.space == before.space)).all()
    for one in found:
        row = Row(bytes(one.id), bytes(one.space), bytes(one.author), one.seq, one.key_id, one.ciphertext)
        if row.author != before.person or row.key_id not in before.space_keys:
            continue
        new = rows.move(before.space_keys[row.key_id], after.space_keys[after.newest], row, after.newest)
        connection.execute(
            sa.update(entries).where(entries.c.id == row.id).values(key_id=new.key_id, ciphertext=new.ciphertext)
        )
