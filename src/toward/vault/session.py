"""One signed-in person: what they may read and write. Everything the pages do goes through here.

A session is made anew for each request out of a token; what it has opened lives in the ledger, which stays.
``refresh`` reads on, releases what is to be released, and only then lets anything new be seen.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from toward.errors import Conflict, NotFound, SpaceClosed
from toward.journal import codec
from toward.journal.kinds import (
    Body,
    CheckIn,
    Entry,
    Hello,
    Memory,
    Offer,
    Released,
    Unknown,
    Withdrawn,
)
from toward.journal.visibility import said_by
from toward.vault import accounts, couples, keys, offers, rows
from toward.vault.store import Row
from toward.vault.tables import entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from toward.journal.projections import Life
    from toward.vault import Vault
    from toward.vault.accounts import Live
    from toward.vault.couples import Couple
    from toward.vault.ledger import Match
    from toward.vault.portable import Kept

TRIES = 8
MOST_ASKED = 500
Sealable = CheckIn | Memory | Withdrawn


class Partner:
    """The other of the two, as this person knows them."""

    def __init__(self, couple: Couple, name: str) -> None:
        self.person = couple.pin.person
        self.space = couple.space
        self.open = couple.open
        self.name = name or couple.pin.name


class Session:
    """A signed-in person. ``tz_min`` is the offset of their clock from UTC in minutes, for what they write."""

    def __init__(self, vault: Vault, live: Live, *, tz_min: int = 0) -> None:
        self.vault = vault
        self.keyring = live.keyring
        self.device = live.device
        self.find = live.find
        self.tz_min = tz_min
        self.ledger = vault.ledgers.of(live.find, live.keyring.person, vault.now_ms())
        self.couple: Couple | None = None
        self.refresh()

    # ------------------------------------------------------------------------------------------- reading

    @property
    def person(self) -> bytes:
        """The person's id."""
        return self.keyring.person

    @property
    def name(self) -> str:
        """What they are called."""
        return self.life.my_name

    @property
    def partner(self) -> Partner | None:
        """The other, or None for somebody on their own. ``partner.open`` is false once either has left."""
        return None if self.couple is None else Partner(self.couple, self.life.partner_name)

    @property
    def life(self) -> Life:
        """Everything this person may know, folded up to the last ``refresh``."""
        return self.ledger.life

    @property
    def entries(self) -> list[Entry]:
        """All entries that this person may read, in the order in which they were read."""
        return self.ledger.entries

    @property
    def live_key(self) -> bytes:
        """The key of the couple's live room. Raises ``SpaceClosed`` where there is none."""
        if self.couple is None or not self.couple.open:
            raise SpaceClosed
        return self.couple.live_key

    def seated(self) -> tuple[int, int] | None:
        """What a place in the couple's live room stands on, to compare later: another answer, and the place is lost.

        None once this session has ended or either of the two has left.
        """
        if self.couple is None:
            return None
        with self.vault.database.read() as connection:
            return couples.seated(connection, self.find, self.person, self.couple.space)

    def refresh(self) -> None:
        """Read on; greet a new partner; release answers that both have given."""
        with self.ledger.lock:
            for _ in range(TRIES):
                self._read_on()
                is_open = self.couple is not None and self.couple.open
                matches = self.ledger.matches(self.vault.now_ms()) if is_open else []
                if not matches:
                    break
                for match in matches:
                    self._release(match)
            self.ledger.show_released()
            self._greet()

    def _read_on(self) -> None:
        self.ledger.read_private(self.keyring, self.vault.store)
        self._load_couple()
        given_up: frozenset[bytes] = frozenset()
        for _ in range(TRIES):
            couple = self.couple
            if couple is None or not couple.keys:
                return
            announced = self.ledger.announced
            stopped = self.ledger.read_shared(self.keyring, couple, self.vault.store, given_up)
            if not stopped and self.ledger.announced == announced:
                return
            self._load_couple()  # the partner's new keys may have brought a new shared one, for what is written next
            if stopped and self.couple is not None and self.couple.keys.keys() == couple.keys.keys():
                given_up = self.ledger.stuck

    def _load_couple(self) -> None:
        with self.vault.database.read() as connection:
            couple = couples.load(
                connection, self.keyring, self.ledger.pins, self.ledger.signers, frozenset(self.ledger.left)
            )
        self.couple = couple
        if couple is not None and self.ledger.begins_anew(couple.space):
            self.ledger.read_private(self.keyring, self.vault.store)

    def _greet(self) -> None:
        """Tell the other what one is called, once a space is open and whenever the name has changed."""
        if self.couple is None or not self.couple.open:
            return
        if self.life.couple.my_name != self.name:
            self.write(Hello(name=self.name))

    # ------------------------------------------------------------------------------------------- writing

    def write(
        self, body: Body, *, at_ms: int | None = None, tz_min: int | None = None, entry_id: bytes | None = None
    ) -> Entry:
        """Append one entry to the space where its kind belongs, durably.

        A check-in, memory or withdrawal also makes its offer (see ``vault.offers``). A private one may bring the id
        under which it was written elsewhere. Raises ``BadInput`` if the body breaks a limit of its kind,
        ``SpaceClosed`` for a shared kind without an open shared space, ``Conflict`` where an id is taken.
        """
        codec.check(body)
        at = self.vault.now_ms() if at_ms is None else at_ms
        tz = self.tz_min if tz_min is None else tz_min
        with self.ledger.lock:
            for _ in range(TRIES):
                try:
                    written = self._append(body, at, tz, entry_id)
                except Conflict as error:
                    # For one's own writing a partner who has just left only means that nothing is offered.
                    if isinstance(error, SpaceClosed) and body.SPACE == "shared":
                        raise
                    self._read_on()
                    continue
                self._read_on()
                return next(entry for entry in reversed(self.entries) if entry.id == written)
        msg = "other devices write without a pause"
        raise Conflict(msg)

    def write_with(self, body: Body, also: Callable[[sa.Connection], None]) -> None:
        """Append one shared entry together with what ``also`` changes, or neither.

        ``also`` runs while nobody else writes, and the partner has written nothing that is not read. Raises as
        ``write`` does.
        """
        with self.ledger.lock:
            for _ in range(TRIES):
                row = self._shared_row(body, keys.random_id(), self.vault.now_ms(), self.tz_min)
                check = self._unseen_check()

                def both(connection: sa.Connection, check: Callable[[sa.Connection], None] = check) -> None:
                    check(connection)
                    also(connection)

                try:
                    self.vault.store.append([row], also=both)
                except SpaceClosed:
                    raise
                except Conflict:
                    self._read_on()
                    continue
                return
        msg = "other devices write without a pause"
        raise Conflict(msg)

    def put_back(self, batch: Sequence[Kept]) -> None:
        """Append entries of a file to one's private space as they were, offering nothing to anybody: all, or none."""
        with self.ledger.lock:
            for _ in range(TRIES):
                after, sealed = self.ledger.head(self.keyring.space, self.person), list[Row]()
                for one in batch:
                    sealed += self._private_rows(one.body, one.at_ms, one.tz_min, one.id, after + len(sealed))
                try:
                    self.vault.store.append(
                        sealed, also=lambda connection: accounts.rewrite_slot(connection, self.keyring)
                    )
                except Conflict:
                    self._read_on()
                    continue
                self._read_on()
                return
        msg = "other devices write without a pause, or bring in the same file"
        raise Conflict(msg)

    def standing(self, ids: Iterable[bytes]) -> set[bytes]:
        """Return those of *ids* under which there is a row already, in whoever's space."""
        wanted, found = list(ids), set[bytes]()
        with self.vault.database.read() as connection:
            for start in range(0, len(wanted), MOST_ASKED):
                asked = sa.select(entries.c.id).where(entries.c.id.in_(wanted[start : start + MOST_ASKED]))
                found.update(bytes(row.id) for row in connection.execute(asked))
        return found

    def withdraw(self, entry_id: bytes) -> None:
        """Take an offered answer back.

        To the other it is as if it had never been; once both have opened it is too late.
        """
        with self.ledger.lock:
            if self.ledger.offered_topic(entry_id) is None:
                raise NotFound
            self.write(Withdrawn(entry=entry_id))

    def _append(self, body: Body, at_ms: int, tz_min: int, entry_id: bytes | None = None) -> bytes:
        if body.SPACE == "shared":
            row = self._shared_row(body, keys.random_id(), at_ms, tz_min)
            self.vault.store.append([row])
            return row.id
        extra: list[Row] = []
        check: Callable[[sa.Connection], None] | None = None
        if isinstance(body, Sealable) and self.couple is not None and self.couple.open:
            body, offer = self._sealed(body, at_ms)
            extra = [self._shared_row(offer, body.offer or b"", at_ms, tz_min)]
            check = self._unseen_check()
        private = self._private_rows(body, at_ms, tz_min, entry_id)

        def also(connection: sa.Connection) -> None:
            if check is not None:
                check(connection)
            accounts.rewrite_slot(connection, self.keyring)

        self.vault.store.append([*private, *extra], also=also)
        return private[0].id

    def _sealed(self, body: Sealable, at_ms: int) -> tuple[Sealable, Offer]:
        """The body with the secret half of an offer, and the offer: of one shape whether anything is offered or not."""
        content: offers.Content | None = None
        if isinstance(body, Withdrawn):
            topic = self.ledger.offered_topic(body.entry)
            content = None if topic is None else offers.Content(topic, None)
        elif body.share:
            said = said_by(body)
            content = offers.Content(said.topic, said)
        made, offer_id = offers.make(content, self.ledger.waiting(at_ms)), keys.random_id()
        return msgspec.structs.replace(body, seal=made.secret, offer=offer_id), made.offer

    def _unseen_check(self) -> Callable[[sa.Connection], None]:
        """Inside the transaction.

        That the partner has not written since the offer was made, so that one of two is second.
        """
        couple = self.couple
        if couple is None:
            raise SpaceClosed
        seen = self.ledger.head(couple.space, couple.pin.person)

        def check(connection: sa.Connection) -> None:
            newest = sa.select(sa.func.max(entries.c.seq)).where(
                entries.c.space == couple.space, entries.c.author == couple.pin.person
            )
            if (connection.execute(newest).scalar() or 0) != seen:
                msg = "the partner has written in between"
                raise Conflict(msg)

        return check

    def _release(self, match: Match) -> None:
        """Write my answer for the partner; only after that is theirs shown to me."""
        released = Released(offer=match.mine.offer, answers=match.theirs, said=match.mine.said)
        row = self._shared_row(released, keys.random_id(), self.vault.now_ms(), self.tz_min)
        with contextlib.suppress(Conflict):
            self.vault.store.append([row])

    def _private_rows(
        self, body: Body | Unknown, at_ms: int, tz_min: int, entry_id: bytes | None = None, after: int | None = None
    ) -> list[Row]:
        first = rows.Address(
            id=entry_id or keys.random_id(),
            space=self.keyring.space,
            author=self.person,
            seq=(self.ledger.head(self.keyring.space, self.person) if after is None else after) + 1,
            key_id=self.keyring.newest,
        )
        return rows.seal_private(self.keyring.space_keys[first.key_id], first, codec.encode(at_ms, tz_min, body))

    def _shared_row(self, body: Body, entry_id: bytes, at_ms: int, tz_min: int) -> Row:
        couple = self.couple
        if couple is None or not couple.open:
            raise SpaceClosed
        at = rows.Address(
            id=entry_id,
            space=couple.space,
            author=self.person,
            seq=self.ledger.head(couple.space, self.person) + 1,
            key_id=couple.newest,
        )
        return rows.seal_shared(couple.keys[at.key_id], self.keyring.sign_secret, at, codec.encode(at_ms, tz_min, body))

    # ---------------------------------------------------------------------------------------- the session

    def sign_out(self) -> None:
        """End this session and forget what it has opened; the device stays trusted."""
        accounts.end(self.vault.database, self.find)
        self.vault.ledgers.drop([self.find])

    def sessions(self) -> list[accounts.Trusted]:
        """Where this person is signed in, here first."""
        return accounts.trusted(self.vault.database, self.keyring, self.find)

    def revoke(self, find: bytes) -> None:
        """End another of one's sessions and stop trusting its device. Raises ``NotFound`` if it is not one's own."""
        accounts.revoke(self.vault.database, self.keyring, find)
        self.vault.ledgers.drop([find])

    # -------------------------------------------------------------------------------------- the safe slot

    def slot(self) -> bytes:
        """What this person keeps in their fixed-size slot; empty at first."""
        with self.vault.database.read() as connection:
            return accounts.open_slot(connection, self.keyring)

    def keep_in_slot(self, data: bytes) -> None:
        """Keep something in the slot, beside a row that says nothing new.

        On disk it is one more thing that this person wrote: a slot that changed alone would say that they were asked
        about their safety, and answered.
        """
        with self.ledger.lock:
            for _ in range(TRIES):
                private = self._private_rows(self.life.preferences, self.vault.now_ms(), self.tz_min)
                try:
                    self.vault.store.append(
                        private, also=lambda connection: accounts.rewrite_slot(connection, self.keyring, data)
                    )
                except Conflict:
                    self._read_on()
                    continue
                self._read_on()
                return
        msg = "other devices write without a pause"
        raise Conflict(msg)
