"""Check-ins made where no server could be reached: sealed in the browser, opened here, kept once each.

A browser that is offline has no session to write with, and what it holds can be looked at by whoever holds the phone.
So it knows one thing of its person: their public key. What they say is sealed to it at once, and only this room, with
the keyring of a signed-in session, can open it again:

    sealed = ephemeral public key (32) || nonce (24) || crypto_box(JSON padded with spaces to 4 KiB)

``crypto_box`` is X25519, XSalsa20 and Poly1305, the same in libsodium here and in TweetNaCl there. libsodium's own
sealed box would derive the nonce by BLAKE2b, which TweetNaCl does not have; a random one beside a key that is used once
is as good. Anybody can seal to a public key, so nothing here is believed because it opens: a note is only ever taken
from its owner's own session, and says no more than a form could have said.

The note's id is made in the browser and becomes the entry's id. So one that arrives twice, out of two tabs or after an
answer that got lost, is there already the second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec
from msgspec import Meta, Struct
from nacl import bindings, exceptions

from toward.errors import Conflict, Damaged

if TYPE_CHECKING:
    from toward.journal.kinds import Body
    from toward.vault.keys import Pair
    from toward.vault.session import Session

PUBLIC_BYTES: Final = bindings.crypto_box_PUBLICKEYBYTES
NONCE_BYTES: Final = bindings.crypto_box_NONCEBYTES
MOST_BYTES: Final = 16 * 1024
"""More than a check-in's longest words take: four bytes a letter, and escapes."""


class Note(Struct, frozen=True, kw_only=True):
    """A form as it was filled in, by whose clock it was, and the id under which it will stand."""

    id: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    at_ms: Annotated[int, Meta(ge=0, le=2**53)]
    tz_min: Annotated[int, Meta(ge=-14 * 60, le=14 * 60)]
    form: Annotated[dict[str, str], Meta(max_length=20)]


_note = msgspec.json.Decoder(Note)


def open_note(pair: Pair, sealed: bytes) -> Note:
    """Open what a browser sealed. Raises ``Damaged`` if it is not for this pair, or is no note."""
    if len(sealed) > MOST_BYTES:
        raise Damaged("longer than any note")
    public, nonce = sealed[:PUBLIC_BYTES], sealed[PUBLIC_BYTES : PUBLIC_BYTES + NONCE_BYTES]
    try:
        opened = bindings.crypto_box_open(sealed[PUBLIC_BYTES + NONCE_BYTES :], nonce, public, pair.secret)
        return _note.decode(opened)
    except (exceptions.CryptoError, msgspec.MsgspecError, ValueError, TypeError, RuntimeError) as error:
        raise Damaged("a note does not open with this key") from error


def keep(session: Session, note: Note, body: Body) -> bool:
    """Write what a note says under the note's id and at its time; False if that was done before.

    A time that is still to come is taken as now: that phone's clock is wrong.
    """
    entry_id = bytes.fromhex(note.id)
    if session.standing([entry_id]):
        return False
    try:
        session.write(body, at_ms=min(note.at_ms, session.vault.now_ms()), tz_min=note.tz_min, entry_id=entry_id)
    except Conflict:
        if session.standing([entry_id]):  # another device of theirs, or another tab, was quicker
            return False
        raise
    return True
