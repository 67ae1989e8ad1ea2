"""The few cryptographic moves that everything else is made of, each a thin face on libsodium.

Authenticated encryption is XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03) with a random 24-byte nonce in front. Keys
are derived by HKDF-SHA256 (RFC 5869) with a purpose as ``info``, so that no key serves two ends. A passphrase goes
through Argon2id (RFC 9106), one at a time, because each takes a quarter of a gigabyte.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import threading
from typing import NamedTuple

from nacl import bindings, exceptions, utils

from toward.errors import Damaged

KEY_BYTES = 32
ID_BYTES = 16
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
TAG_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES
OVERHEAD = NONCE_BYTES + TAG_BYTES
SIGNATURE_BYTES = bindings.crypto_sign_BYTES
SALT_BYTES = bindings.crypto_pwhash_SALTBYTES


class Kdf(enum.IntEnum):
    """How hard a passphrase is to try: the number is stored with the person, so that it can grow."""

    MODERATE = 1
    TRIVIAL = 2
    """For invented people and tests only: no protection at all."""


_COST = {
    Kdf.MODERATE: (
        bindings.crypto_pwhash_argon2id_OPSLIMIT_MODERATE,
        bindings.crypto_pwhash_argon2id_MEMLIMIT_MODERATE,
    ),
    Kdf.TRIVIAL: (bindings.crypto_pwhash_argon2id_OPSLIMIT_MIN, bindings.crypto_pwhash_argon2id_MEMLIMIT_MIN),
}
_ONE_AT_A_TIME = threading.Lock()


def random_bytes(count: int) -> bytes:
    """Bytes from the system's generator."""
    return utils.random(count)


def same(one: bytes, other: bytes) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one, other)


def random_key() -> bytes:
    """32 random bytes."""
    return utils.random(KEY_BYTES)


def random_id() -> bytes:
    """16 random bytes: the name of a row, a space, a person or a device."""
    return utils.random(ID_BYTES)


def derive(key: bytes, purpose: str, *, salt: bytes = b"") -> bytes:
    """A 32-byte key for one purpose: HKDF-SHA256 with ``purpose`` as info (RFC 5869, one block)."""
    extracted = hmac.digest(salt or bytes(hashlib.sha256().digest_size), key, "sha256")
    return hmac.digest(extracted, b"toward " + purpose.encode() + b"\x01", "sha256")


def stretch(passphrase: str, salt: bytes, device_secret: bytes, kdf: Kdf) -> bytes:
    """The key that opens a person's keyring: HKDF(Argon2id(passphrase) || device secret).

    Without the 128-bit device secret no guess of the passphrase can be tried, however short it is.
    """
    ops, memory = _COST[kdf]
    with _ONE_AT_A_TIME:
        hashed = bindings.crypto_pwhash_alg(
            KEY_BYTES, passphrase.encode(), salt, ops, memory, bindings.crypto_pwhash_ALG_ARGON2ID13
        )
    return derive(hashed + device_secret, "keyring")


def seal(key: bytes, plaintext: bytes, about: bytes = b"") -> bytes:
    """Encrypt and authenticate; ``about`` is bound to it without being stored.

    ``OVERHEAD`` bytes longer than the text.
    """
    nonce = utils.random(NONCE_BYTES)
    return nonce + bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, about, nonce, key)


def unseal(key: bytes, sealed: bytes, about: bytes = b"") -> bytes:
    """The inverse of ``seal``. Raises ``Damaged`` for another key, another ``about`` or a changed byte."""
    try:
        return bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[NONCE_BYTES:], about, sealed[:NONCE_BYTES], key
        )
    except (exceptions.CryptoError, ValueError, TypeError) as error:
        msg = "sealed bytes do not open with this key"
        raise Damaged(msg) from error


class Pair(NamedTuple):
    """A public key and its secret."""

    public: bytes
    secret: bytes


def box_pair() -> Pair:
    """A new X25519 key pair."""
    return Pair(*bindings.crypto_box_keypair())


def box_public(secret: bytes) -> bytes:
    """The public half of an X25519 secret."""
    return bindings.crypto_scalarmult_base(secret)


def sign_pair() -> Pair:
    """A new Ed25519 key pair; the secret is libsodium's 64 bytes (seed and public key)."""
    return Pair(*bindings.crypto_sign_keypair())


def sign(secret: bytes, message: bytes) -> bytes:
    """A detached Ed25519 signature (RFC 8032)."""
    return bindings.crypto_sign(message, secret)[:SIGNATURE_BYTES]


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is the holder of ``public``'s over ``message``."""
    if len(public) != KEY_BYTES:  # the binding reads 32 bytes, whatever it is given
        return False
    try:
        bindings.crypto_sign_open(signature + message, public)
    except (exceptions.CryptoError, ValueError, TypeError):
        return False
    return True


def agree(secret: bytes, public: bytes, purpose: str, *, salt: bytes = b"") -> bytes:
    """A key that only the holders of the two secrets can make: HKDF(X25519). Raises ``Damaged`` for a useless point."""
    if len(secret) != KEY_BYTES or len(public) != KEY_BYTES:  # the binding reads 32 bytes, whatever it is given
        msg = "a key of another length"
        raise Damaged(msg)
    try:
        shared = bindings.crypto_scalarmult(secret, public)
    except (exceptions.CryptoError, RuntimeError, ValueError) as error:
        msg = "a public key is none"
        raise Damaged(msg) from error
    return derive(shared, purpose, salt=salt)


def seal_to(public: bytes, message: bytes) -> bytes:
    """Encrypt to the holder of ``public`` without saying from whom (libsodium's sealed box)."""
    return bindings.crypto_box_seal(message, public)


def open_sealed(pair: Pair, sealed: bytes) -> bytes:
    """The inverse of ``seal_to``. Raises ``Damaged`` if it was not for this pair."""
    try:
        return bindings.crypto_box_seal_open(sealed, pair.public, pair.secret)
    except (exceptions.CryptoError, ValueError, TypeError) as error:
        msg = "a sealed key is not for this person"
        raise Damaged(msg) from error
