"""Who a person is to the vault.

The keys they hold, and the two things that open them (a passphrase and a device secret).
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import msgspec

from toward.errors import BadInput, Damaged, WrongPassphrase
from toward.vault import keys
from toward.vault.keys import Kdf, Pair

DEVICE_SECRET_BYTES = 16
MIN_PASSPHRASE = 8
MAX_PASSPHRASE = 200
MAX_NAME = 40


class Keyring(msgspec.Struct, frozen=True, array_like=True):
    """Everything secret that a person holds. ``space_keys`` are those of the private space, by key id.

    ``past_signs`` are one's own earlier public keys, so that one's own old rows are still known as one's own.
    """

    person: bytes
    space: bytes
    space_keys: dict[int, bytes]
    sign_public: bytes
    sign_secret: bytes
    box_public: bytes
    box_secret: bytes
    past_signs: tuple[bytes, ...] = ()

    @property
    def box(self) -> Pair:
        """The X25519 pair to which shared keys are sealed."""
        return Pair(self.box_public, self.box_secret)

    @property
    def newest(self) -> int:
        """The key id under which new private rows are written."""
        return max(self.space_keys)

    def pack(self) -> bytes:
        """Bytes to be sealed; never stored open."""
        return msgspec.msgpack.encode(self)

    @staticmethod
    def unpack(data: bytes) -> Keyring:
        """The inverse of ``pack``."""
        return msgspec.msgpack.decode(data, type=Keyring)


def new_keyring() -> Keyring:
    """Fresh keys for a new person."""
    sign, box = keys.sign_pair(), keys.box_pair()
    return Keyring(
        person=keys.random_id(),
        space=keys.random_id(),
        space_keys={1: keys.random_key()},
        sign_public=sign.public,
        sign_secret=sign.secret,
        box_public=box.public,
        box_secret=box.secret,
    )


def rotated(old: Keyring) -> Keyring:
    """The same person with new keys of every sort; the old private keys stay until the rows are re-sealed."""
    sign, box = keys.sign_pair(), keys.box_pair()
    return Keyring(
        person=old.person,
        space=old.space,
        space_keys={**old.space_keys, old.newest + 1: keys.random_key()},
        sign_public=sign.public,
        sign_secret=sign.secret,
        box_public=box.public,
        box_secret=box.secret,
        past_signs=(*old.past_signs, old.sign_public),
    )


class Locked(NamedTuple):
    """A keyring as it lies on disk."""

    salt: bytes
    kdf: Kdf
    sealed: bytes
    device_check: bytes


def lock(keyring: Keyring, passphrase: str, device_secret: bytes, kdf: Kdf) -> Locked:
    """Seal a keyring under a passphrase and a device secret, with a fresh salt."""
    salt = keys.random_bytes(keys.SALT_BYTES)
    opener = keys.stretch(tidy(passphrase), salt, device_secret, kdf)
    return Locked(salt, kdf, keys.seal(opener, keyring.pack(), keyring.person), device_check(device_secret))


def unlock(person: bytes, locked: Locked, passphrase: str, device_secret: bytes) -> Keyring:
    """The inverse of ``lock``. Raises ``WrongPassphrase``, and does not work the machine for a wrong device secret."""
    if not keys.same(device_check(device_secret), locked.device_check):
        msg = "this device does not hold this person's secret"
        raise WrongPassphrase(msg)
    opener = keys.stretch(tidy(passphrase), locked.salt, device_secret, locked.kdf)
    try:
        return Keyring.unpack(keys.unseal(opener, locked.sealed, person))
    except Damaged as error:
        raise WrongPassphrase from error


def device_check(device_secret: bytes) -> bytes:
    """What the server keeps to know a device secret again: one-way, of 128 random bits, so that it opens nothing."""
    return keys.derive(device_secret, "device check")


def tidy(passphrase: str) -> str:
    """The same passphrase however a keyboard composes it (Unicode NFKC), without spaces around it."""
    return unicodedata.normalize("NFKC", passphrase).strip()


def check_passphrase(passphrase: str) -> str:
    """A passphrase that may be set. Raises ``BadInput`` with the reason ``short`` or ``long``."""
    words = tidy(passphrase)
    if len(words) < MIN_PASSPHRASE:
        raise BadInput(field="passphrase", reason="short", least=MIN_PASSPHRASE)
    if len(words) > MAX_PASSPHRASE:
        raise BadInput(field="passphrase", reason="long", most=MAX_PASSPHRASE)
    return words


def check_name(name: str) -> str:
    """A name to be called by. Raises ``BadInput`` with the reason ``empty`` or ``long``."""
    called = " ".join(unicodedata.normalize("NFC", name).split())
    if not called:
        raise BadInput(field="name", reason="empty")
    if len(called) > MAX_NAME:
        raise BadInput(field="name", reason="long", most=MAX_NAME)
    return called
