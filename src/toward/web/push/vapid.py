"""How this house says at a browser's maker that it is the one a person allowed: RFC 8292."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from toward.web.push.message import CURVE, point

VALID_S: Final = 12 * 3600
"""A day is the most that is taken; clocks differ."""
CONTACT: Final = "mailto:nobody@example.com"
"""Makers want an address to complain to. A house has none that it would give away."""
_HEADER: Final = b'{"typ":"JWT","alg":"ES256"}'


def new_secret() -> bytes:
    """A new signing key: 32 bytes."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return number.to_bytes(32, "big")


def public_of(secret: bytes) -> str:
    """The public half, as a page hands it to the browser when it subscribes."""
    return _text(point(_key(secret).public_key()))


def authorization(secret: bytes, endpoint: str, now_s: int) -> str:
    """The ``Authorization`` header for one endpoint's maker."""
    at = urlsplit(endpoint)
    claims = {"aud": f"{at.scheme}://{at.netloc}", "exp": now_s + VALID_S, "sub": CONTACT}
    signed = f"{_text(_HEADER)}.{_text(msgspec.json.encode(claims))}"
    one, other = decode_dss_signature(_key(secret).sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = one.to_bytes(32, "big") + other.to_bytes(32, "big")
    return f"vapid t={signed}.{_text(signature)}, k={public_of(secret)}"


def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(secret, "big"), CURVE)


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()
