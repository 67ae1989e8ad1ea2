"""Sealed answers: two people answer apart, and neither can tell whether the other has until both have.

The plan of record kept the first answer under its author's key and left a mark that it was there. A partner who runs
the machine could read that mark. Here nobody can: every check-in, memory and withdrawal, shared or not, appends one
*offer* of one shape to the shared space:

    public   an X25519 public key made for this offer; its secret lies in the author's private row
    slots    SLOTS wrapped keys, each for one offer of the other that is still unanswered
    box      the words, padded to one size, under a content key

If its author shares the words, each slot holds the content key wrapped for ``X25519(my secret, their public)``. If
not, slots and box are random bytes, and the two look the same to anyone who lacks the secrets. So the second answer
is readable only by somebody who *had* offered, and an offer that was kept private learns nothing: it has no secret to
open a slot with that fits. The first answer is then released by its author's own session (``vault.ledger``) in the
step that first shows them the second.

Taking an answer back is one more offer whose content says "nothing"; the newest that opens counts.

What remains visible on disk is that a check-in, a memory or a withdrawal happened, and when.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec
from nacl import utils

from toward.errors import Damaged
from toward.journal.kinds import Offer, Said, Topic
from toward.vault import keys

if TYPE_CHECKING:
    from collections.abc import Iterable

SLOTS = 4
BOX_BYTES = 5120
SLOT_BYTES = keys.KEY_BYTES + keys.OVERHEAD
WINDOW_MS = 24 * 3_600_000
"""An offer waits this long for its answer; after that the evening has passed."""


class Content(msgspec.Struct, frozen=True, array_like=True):
    """What is in a box: words, or nothing if they were taken back."""

    topic: Topic
    said: Said | None


class Waiting(NamedTuple):
    """An offer of the other that is still unanswered: its row id and its public key."""

    id: bytes
    public: bytes


def _slot_key(secret: bytes, public: bytes, topic: Topic, first: bytes) -> bytes:
    return keys.agree(secret, public, f"offer {topic}", salt=first)


def make(secret: bytes, content: Content | None, waiting: Iterable[Waiting]) -> Offer:
    """An offer.

    ``content`` is None when the words stay private; ``waiting`` holds the other's newest offers, newest first.
    """
    public = keys.box_public(secret)
    slots = [utils.random(SLOT_BYTES) for _ in range(SLOTS)]
    if content is None:
        return Offer(public=public, slots=b"".join(slots), box=utils.random(BOX_BYTES + keys.OVERHEAD))
    content_key = keys.random_key()
    for place, first in enumerate(list(waiting)[:SLOTS]):
        slots[place] = keys.seal(_slot_key(secret, first.public, content.topic, first.id), content_key, public)
    packed = msgspec.msgpack.encode(content)
    padded = len(packed).to_bytes(4, "big") + packed.ljust(BOX_BYTES - 4, b"\0")
    return Offer(public=public, slots=b"".join(slots), box=keys.seal(content_key, padded, public))


def open_answer(secret: bytes, topic: Topic, first: bytes, answer: Offer) -> Content | None:
    """What the other's later offer says to whoever holds ``secret`` and whose own offer is row ``first``, or None."""
    try:
        slot_key = _slot_key(secret, answer.public, topic, first)
    except Damaged:
        return None
    for place in range(SLOTS):
        slot = answer.slots[place * SLOT_BYTES : (place + 1) * SLOT_BYTES]
        try:
            content_key = keys.unseal(slot_key, slot, answer.public)
            padded = keys.unseal(content_key, answer.box, answer.public)
            length = int.from_bytes(padded[:4], "big")
            content = msgspec.msgpack.decode(padded[4 : 4 + length], type=Content)
        except (Damaged, msgspec.MsgspecError):
            continue
        return content if content.topic == topic else None
    return None
