"""A message that one browser can open: RFC 8291, with the one content that every reminder has.

A *blank* is locked for nobody: to a key that is thrown away. A browser that can't open a message drops it without a
sign and tells its sender nothing (Push API, "receiving a push message"), so blanks cost nobody a notification. Without
the browser's own secret no one, the house included, can tell a blank from a reminder.
"""

from __future__ import annotations

import hmac
import os
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from toward.errors import BadInput

CONTENT: Final = b"toward"
"""What each reminder holds. The words are the worker's own; this only has to be there."""
RECORD_BYTES: Final = 4096
CURVE: Final = ec.SECP256R1()


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key as it travels: 65 bytes, uncompressed."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def browser_key(p256dh: bytes) -> ec.EllipticCurvePublicKey:
    """A subscription's public key. Raises ``BadInput`` if it is none."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, p256dh)
    except ValueError as error:
        raise BadInput(field="p256dh", reason="form") from error


def reminder(p256dh: bytes, auth: bytes) -> bytes:
    """The fixed content, locked to a browser's subscription. Raises ``BadInput`` if its key is none."""
    return lock(CONTENT, p256dh, auth, ec.generate_private_key(CURVE), os.urandom(16))


def blank() -> bytes:
    """The same, locked to nobody."""
    return reminder(point(ec.generate_private_key(CURVE).public_key()), os.urandom(16))


def lock(content: bytes, p256dh: bytes, auth: bytes, once: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """RFC 8291, section 3.4: *content* as one ``aes128gcm`` record (RFC 8188) under a key made for this message."""
    mine = point(once.public_key())
    shared = once.exchange(ec.ECDH(), browser_key(p256dh))
    secret = _derive(auth, shared, b"WebPush: info\x00" + p256dh + mine, 32)
    key = _derive(salt, secret, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derive(salt, secret, b"Content-Encoding: nonce\x00", 12)
    record = AESGCM(key).encrypt(nonce, content + b"\x02", None)
    return salt + RECORD_BYTES.to_bytes(4, "big") + bytes([len(mine)]) + mine + record


def _derive(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """HKDF-SHA256 (RFC 5869) of at most one block."""
    extracted = hmac.digest(salt, secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")[:length]
