"""Sealed answers: two people answer apart, and neither can tell whether the other has until both have.

The plan of record kept the first answer under its author's key and left a mark that it was there. A partner who runs
the machine could read that mark. Here nobody can: every check-in, memory and withdrawal, shared or not, appends one
*offer* of one shape to the shared space:

    publics  an X25519 public key for each topic, made for this offer
    slots    SLOTS wrapped keys, each for one offer of the other that is still unanswered
    box      the words, padded to one size, under a content key

If its author shares the words, the secret of their topic's key is kept in the author's private row, and each slot
holds the content key wrapped for ``X25519(my secret, their public)``. All other secrets are thrown away as soon as
the offer is made, and what is not filled is random bytes: without the secrets real and empty offers look the same. So
an answer opens only for somebody who *had* offered on that topic. The first answer is then released by its author's
own session (``vault.ledger``) in the step that first shows them the second.

Taking an answer back is one more offer whose content says "nothing"; the newest that opens counts.

What remains visible on disk is that a check-in, a memory or a withdrawal happened. What remains possible is to offer,
take it back, and open an answer of the next hours with the old secret and a tool of one's own.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, NamedTuple, get_args

import msgspec

from toward.errors import Damaged
from toward.journal.kinds import Offer, Said, Topic
from toward.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOTS = 8
BOX_BYTES = 5120
SLOT_BYTES = keys.KEY_BYTES + keys.OVERHEAD
WINDOW_MS = 24 * 3_600_000
"""An offer waits this long for its answer; after that the evening has passed."""
LATEST_MS = 7 * WINDOW_MS
"""So long after it was made an answer is released by its author's next request.

An answer to it may have come in time and be seen late. Whether it came in time only its own row says, and a partner's
own tools can write any time there: what is older than this stays with its author whatever a row claims.
"""


TOPICS: Final[tuple[Topic, ...]] = get_args(Topic)


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What is in a box: words, or nothing if they were taken back."""

    topic: Topic
    said: Said | None


class Waiting(NamedTuple):
    """An offer of the other that is still unanswered: its row id and its public keys."""

    id: bytes
    publics: bytes


def _public(publics: bytes, topic: Topic) -> bytes:
    place = TOPICS.index(topic) * keys.KEY_BYTES
    return publics[place : place + keys.KEY_BYTES]


def _slot_key(secret: bytes, publics: bytes, topic: Topic, first: bytes) -> bytes:
    return keys.agree(secret, _public(publics, topic), f"offer {topic}", salt=first)


class Made(NamedTuple):
    """An offer, and the one secret to keep for it; random bytes where there is nothing to keep."""

    offer: Offer
    secret: bytes


def make(content: Content | None, waiting: Iterable[Waiting]) -> Made:
    """A new offer.

    ``content`` is None when the words stay private; ``waiting`` holds the other's offers, newest first.
    """
    pairs = {topic: keys.box_pair() for topic in TOPICS}
    publics = b"".join(pairs[topic].public for topic in TOPICS)
    slots = [keys.random_bytes(SLOT_BYTES) for _ in range(SLOTS)]
    if content is None:
        box = keys.random_bytes(BOX_BYTES + keys.OVERHEAD)
        return Made(Offer(publics=publics, slots=b"".join(slots), box=box), keys.random_key())
    content_key, secret = keys.random_key(), pairs[content.topic].secret
    for place, first in enumerate(list(waiting)[:SLOTS]):
        with contextlib.suppress(Damaged):  # a point that is none: the other's own program would not have made it
            slot_key = _slot_key(secret, first.publics, content.topic, first.id)
            slots[place] = keys.seal(slot_key, content_key, publics)
    packed = msgspec.msgpack.encode(content)
    padded = len(packed).to_bytes(4, "big") + packed.ljust(BOX_BYTES - 4, b"\0")
    offer = Offer(publics=publics, slots=b"".join(slots), box=keys.seal(content_key, padded, publics))
    return Made(offer, keys.random_key() if content.said is None else secret)


def open_answer(secret: bytes, topic: Topic, first: bytes, answer: Offer) -> Content | None:
    """What the other's later offer says to whoever holds ``secret`` and whose own offer is row ``first``, or None."""
    try:
        slot_key = _slot_key(secret, answer.publics, topic, first)
    except Damaged:
        return None
    for place in range(SLOTS):
        slot = answer.slots[place * SLOT_BYTES : (place + 1) * SLOT_BYTES]
        try:
            content_key = keys.unseal(slot_key, slot, answer.publics)
            padded = keys.unseal(content_key, answer.box, answer.publics)
            length = int.from_bytes(padded[:4], "big")
            content = msgspec.msgpack.decode(padded[4 : 4 + length], type=Content)
        except (Damaged, msgspec.MsgspecError, ValueError, RecursionError):  # their program may have put in anything
            continue
        return content if content.topic == topic else None
    return None
