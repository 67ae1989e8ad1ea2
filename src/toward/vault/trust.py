"""Whose key is whose: grants of shared keys, and the chain of a partner's signing keys from what was seen at pairing.

The database says who is in a couple and which keys they have; whoever holds the disk can change it. So nothing here
believes it. A person pins the other's keys in their own private space when the two pair, believes a key that arrives
later only if it was announced under the key before it, and takes a shared key only from themselves or the pinned
other.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from toward.errors import Damaged
from toward.vault import keys, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from toward.journal.kinds import KeysChanged, PartnerKnown
    from toward.vault.identity import Keyring


def _grant_text(space: bytes, key_id: int, to: bytes, key: bytes) -> bytes:
    return b"toward space key 1|" + space + struct.pack(">I", key_id) + to + key


def grant(by: Keyring, space: bytes, key_id: int, key: bytes, to: bytes, to_box: bytes) -> bytes:
    """A shared key sealed to one person, signed by its giver."""
    return keys.seal_to(to_box, key + keys.sign(by.sign_secret, _grant_text(space, key_id, to, key)))


def take_grant(mine: Keyring, space: bytes, key_id: int, sealed: bytes, givers: Iterable[bytes]) -> bytes:
    """The inverse of ``grant``.

    Raises ``Damaged`` unless one of ``givers`` (public signing keys) gave it to this person.
    """
    opened = keys.open_sealed(mine.box, sealed)
    key, signature = opened[: keys.KEY_BYTES], opened[keys.KEY_BYTES :]
    text = _grant_text(space, key_id, mine.person, key)
    if not any(keys.verify(giver, text, signature) for giver in givers):
        msg = "a shared key from neither of the two"
        raise Damaged(msg)
    return key


class Signers:
    """Who may sign in one shared space, as the reader knows it. Feed it each row in order of its author's sequence."""

    def __init__(self, mine: Keyring, partner: PartnerKnown) -> None:
        self._me = mine.person
        self._mine = [*mine.past_signs, mine.sign_public]
        self._mine_from = 0
        self.partner = partner.person
        self.partner_sign = partner.sign_key
        self.partner_box = partner.box_key
        self.partner_past: list[bytes] = []

    def givers(self) -> list[bytes]:
        """Public keys whose grants of shared keys count."""
        return [*self._mine, self.partner_sign, *self.partner_past]

    def accepts(self, opened: rows.Opened) -> bool:
        """Whether the entry bears the signature of the one who is said to have written it."""
        if opened.at.author == self._me:
            return any(rows.signed_by(public, opened) for public in self._mine[self._mine_from :])
        return opened.at.author == self.partner and rows.signed_by(self.partner_sign, opened)

    def announce(self, author: bytes, body: KeysChanged) -> None:
        """An accepted entry names the keys that count from its author's next row on.

        For one's own as well: new keys are made because somebody may have the old ones.
        """
        if author == self._me and body.sign_key in self._mine:
            self._mine_from = max(self._mine_from, self._mine.index(body.sign_key))
        if author == self.partner:
            self.partner_past.append(self.partner_sign)
            self.partner_sign, self.partner_box = body.sign_key, body.box_key
