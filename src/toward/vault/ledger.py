"""One reader's journal, opened: rows in, entries folded into a ``Life``, kept in memory and read onwards.

A ledger holds opened words, so it lives in a small bounded cache and goes at sign-out or when idle. It trusts no row:
private rows must open under the reader's keys, shared rows must also bear their author's signature, checked once. A
row that fails is left out and counted, so that somebody who scribbles in the database can hide a row but not invent
one.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

from toward.errors import Damaged
from toward.journal import codec
from toward.journal.kinds import (
    CheckIn,
    Entry,
    KeysChanged,
    Memory,
    Offer,
    PartnerKnown,
    Released,
    Said,
    SpaceLeft,
    Topic,
    Withdrawn,
)
from toward.journal.opened import Opened
from toward.journal.projections import Life
from toward.journal.visibility import said_by
from toward.vault import offers, rows
from toward.vault.trust import Signers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.vault.couples import Couple
    from toward.vault.identity import Keyring
    from toward.vault.store import Row, Store


class Mine(NamedTuple):
    """An answer of one's own that was offered: the secret, and what it says."""

    offer: bytes
    entry: bytes
    secret: bytes
    topic: Topic
    said: Said
    at_ms: int


class Match(NamedTuple):
    """Both have answered: my offer, theirs, and what theirs says."""

    mine: Mine
    theirs: bytes
    said: Said
    at_ms: int


class Ledger:
    """The opened journal of one person: their private space and, if they are in a couple, its space."""

    def __init__(self, person: bytes) -> None:
        self.lock = threading.RLock()
        self.person = person
        self.used_ms = 0
        self._empty()

    def _empty(self) -> None:
        self.life = Life(self.person)
        self.pins: dict[bytes, PartnerKnown] = {}
        self.left: set[bytes] = set()
        self.damaged: set[bytes] = set()
        self.entries: list[Entry] = []
        self._heads: dict[bytes, dict[bytes, int]] = {}
        self._signers: Signers | None = None
        self._space: bytes | None = None
        self.stuck: frozenset[bytes] = frozenset()
        self._mine: dict[bytes, Mine] = {}
        self._theirs: dict[bytes, tuple[Offer, int]] = {}
        self._tried: dict[tuple[bytes, bytes], offers.Content | None] = {}
        self._released: dict[bytes, bytes] = {}
        self._answered: set[bytes] = set()

    def head(self, space: bytes, author: bytes) -> int:
        """The last sequence seen of an author in a space; 0 before the first."""
        return self._heads.get(space, {}).get(author, 0)

    def _advance(self, row: Row) -> None:
        heads = self._heads.setdefault(row.space, {})
        heads[row.author] = max(heads.get(row.author, 0), row.seq)

    # -------------------------------------------------------------------------------------- reading on

    def read_private(self, keyring: Keyring, store: Store) -> None:
        """Take what the person has written since the last look."""
        new = [
            row for row in store.read(keyring.space, self._heads.get(keyring.space, {})) if row.author == self.person
        ]
        damaged: list[bytes] = []
        for opened in rows.open_private(keyring.space_keys, new, damaged):
            self._take(opened, shared=False)
        for row in new:
            self._advance(row)
        self.damaged.update(damaged)

    def read_shared(
        self, keyring: Keyring, couple: Couple, store: Store, given_up: frozenset[bytes] = frozenset()
    ) -> bool:
        """Take what either of the two has written in the shared space since the last look.

        Stops an author at a row under a key that is not in ``couple.keys`` and returns True: the partner may just
        have announced new keys, so load the couple again and call once more. If that brought no key, the rows in
        ``stuck`` are to be ``given_up``, or a row under an invented key would stop its author for ever.
        """
        if self._space != couple.space:
            self._signers, self._space = Signers(keyring, couple.pin), couple.space
        if self._signers is None:
            return False
        stopped: set[bytes] = set()
        stuck: set[bytes] = set()
        for row in store.read(couple.space, self._heads.get(couple.space, {})):
            if row.key_id not in couple.keys and row.id not in given_up:
                stopped.add(row.author)
                stuck.add(row.id)
            if row.author in stopped:
                continue
            self._advance(row)
            try:
                opened = rows.open_shared(couple.keys, row)
                if not self._signers.accepts(opened):
                    self.damaged.add(row.id)
                    continue
                self._take(opened, shared=True)
            except Damaged:
                self.damaged.add(row.id)
        self.stuck = frozenset(stuck)
        return bool(stopped)

    def _take(self, opened: rows.Opened, *, shared: bool) -> None:
        try:
            decoded = codec.decode(opened.data)
        except Damaged:
            self.damaged.add(opened.at.id)
            return
        at = opened.at
        entry = Entry(
            id=at.id,
            space=at.space,
            author=at.author,
            seq=at.seq,
            at_ms=decoded.at_ms,
            tz_min=decoded.tz_min,
            shared=shared,
            mine=at.author == self.person,
            body=decoded.body,
        )
        if not codec.belongs(entry.body, shared=shared):
            self.damaged.add(at.id)
            return
        self.entries.append(entry)
        self._note(entry)
        self.life.take(entry)

    def _note(self, entry: Entry) -> None:
        """What the vault itself needs to know of an entry."""
        body = entry.body
        match body:
            case PartnerKnown():
                self.pins[body.space] = body
            case SpaceLeft():
                self.left.add(body.space)
            case KeysChanged() if self._signers is not None:
                self._signers.announce(entry.author, body)
            case CheckIn() | Memory() if body.share and body.seal and body.offer:
                said = said_by(body)
                self._mine[body.offer] = Mine(body.offer, entry.id, body.seal, said.topic, said, entry.at_ms)
            case Withdrawn():
                self._take_back(body.entry)
            case Offer() if not entry.mine:
                self._theirs[entry.id] = (body, entry.at_ms)
            case Released() if entry.mine:
                self._released[body.offer] = body.answers
            case Released():
                self._take_release(entry, body)

    @property
    def signers(self) -> Signers | None:
        """Who may sign in the shared space, as far as it has been read."""
        return self._signers

    @property
    def announced(self) -> int:
        """How often the partner has made new keys, as far as has been read."""
        return 0 if self._signers is None else len(self._signers.partner_past)

    # -------------------------------------------------------------------------------- sealed answers

    def _take_back(self, answer: bytes) -> None:
        """An answer of one's own is offered no more, unless it was released before."""
        for mine in [mine for mine in self._mine.values() if mine.entry == answer]:
            if mine.offer not in self._released:
                del self._mine[mine.offer]

    def _take_release(self, entry: Entry, body: Released) -> None:
        """The partner, who was first, has released their answer to mine."""
        mine = self._mine.get(body.answers)
        if mine is not None and body.said.topic == mine.topic:
            self._answered.add(body.answers)
            self.life.take_opened(
                Opened(
                    mine_id=mine.entry,
                    theirs_id=body.offer,
                    topic=mine.topic,
                    mine=mine.said,
                    theirs=body.said,
                    at_ms=entry.at_ms,
                )
            )
            self._answered.add(body.offer)

    def waiting(self, now_ms: int) -> list[offers.Waiting]:
        """The partner's offers that an answer of now would meet, newest first."""
        used = self._answered | set(self._released.values())
        young = [
            (at_ms, offer_id, offer.publics)
            for offer_id, (offer, at_ms) in self._theirs.items()
            if offer_id not in used and now_ms - at_ms <= offers.WINDOW_MS
        ]
        return [offers.Waiting(offer_id, publics) for _, offer_id, publics in sorted(young, reverse=True)]

    def offered_topic(self, entry: bytes) -> Topic | None:
        """The topic of an offered answer that may still be taken back, or None."""
        for mine in self._mine.values():
            if mine.entry == entry and mine.offer not in self._released and mine.offer not in self._answered:
                return mine.topic
        return None

    def begins_anew(self, space: bytes) -> bool:
        """Forget everything if the shared space is another than before.

        An earlier chapter is not mixed into today's.
        """
        if self._space is None or self._space == space:
            return False
        self._empty()
        return True

    def matches(self, now_ms: int) -> list[Match]:
        """My offers which the partner's later ones answer, and which I have not released yet.

        Newest of each topic only, and none that is long past: their rows may claim any time.
        """
        found: dict[Topic, Match] = {}
        for mine in sorted(self._mine.values(), key=lambda one: one.at_ms):
            if mine.offer in self._released or mine.offer in self._answered:
                continue
            if now_ms - mine.at_ms > offers.LATEST_MS:
                continue
            match = self._newest_answer(mine)
            if match is not None:
                found[mine.topic] = match
        return list(found.values())

    def _newest_answer(self, mine: Mine) -> Match | None:
        """The newest of the partner's offers that opens for mine, unless it says that the words were taken back."""
        used = self._answered | set(self._released.values())
        for theirs, (offer, at_ms) in sorted(self._theirs.items(), key=lambda one: one[1][1], reverse=True):
            if theirs in used or abs(at_ms - mine.at_ms) > 2 * offers.WINDOW_MS:
                continue
            content = self._try(mine, theirs, offer)
            if content is not None:
                return None if content.said is None else Match(mine, theirs, content.said, at_ms)
        return None

    def _try(self, mine: Mine, theirs: bytes, offer: Offer) -> offers.Content | None:
        key = (mine.offer, theirs)
        if key not in self._tried:
            self._tried[key] = offers.open_answer(mine.secret, mine.topic, mine.offer, offer)
        return self._tried[key]

    def show_released(self) -> None:
        """Fold in the exchanges that this person's own releases have opened (those they were first in)."""
        for mine_id, theirs in list(self._released.items()):
            mine, other = self._mine.get(mine_id), self._theirs.get(theirs)
            if mine is None or other is None or mine_id in self._answered:
                continue
            content = self._try(mine, theirs, other[0])
            self._answered.add(mine_id)
            if content is not None and content.said is not None:
                self.life.take_opened(
                    Opened(
                        mine_id=mine.entry,
                        theirs_id=theirs,
                        topic=mine.topic,
                        mine=mine.said,
                        theirs=content.said,
                        at_ms=other[1],
                    )
                )


class Ledgers:
    """A bounded cache of ledgers by session: at most ``limit`` people's, each dropped after ``idle_ms`` without use."""

    def __init__(self, limit: int = 64, idle_ms: int = 30 * 60_000) -> None:
        self._limit = limit
        self._idle_ms = idle_ms
        self._kept: dict[bytes, Ledger] = {}
        self._lock = threading.Lock()

    def of(self, session: bytes, person: bytes, now_ms: int) -> Ledger:
        """The ledger of a session, fresh if there is none."""
        with self._lock:
            for key in [key for key, ledger in self._kept.items() if now_ms - ledger.used_ms > self._idle_ms]:
                if key != session:
                    del self._kept[key]
            ledger = self._kept.pop(session, None) or Ledger(person)
            self._kept[session] = ledger
            ledger.used_ms = now_ms
            while len(self._kept) > self._limit:
                del self._kept[next(iter(self._kept))]
            return ledger

    def __len__(self) -> int:
        """Count what is kept."""
        return len(self._kept)

    def sweep(self, now_ms: int) -> None:
        """Forget what nobody has used for ``idle_ms``."""
        with self._lock:
            for session in [key for key, ledger in self._kept.items() if now_ms - ledger.used_ms > self._idle_ms]:
                del self._kept[session]

    def drop(self, sessions: Iterable[bytes]) -> None:
        """Forget what was opened for these sessions."""
        with self._lock:
            for session in sessions:
                self._kept.pop(session, None)

    def drop_person(self, person: bytes) -> None:
        """Forget all that was opened for a person, whatever the session."""
        with self._lock:
            for session in [key for key, ledger in self._kept.items() if ledger.person == person]:
                del self._kept[session]
