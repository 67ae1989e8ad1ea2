"""The other end of Web Push for tests: a browser's subscription, and a maker's endpoint on this machine."""

from __future__ import annotations

import hmac
import threading
from base64 import urlsafe_b64encode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from toward.web.push.message import CURVE, point


def text(data: bytes) -> str:
    """Base64 as the Push API writes it."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Subscription:
    """What a browser keeps to itself, and what it hands out."""

    def __init__(self) -> None:
        self.secret = ec.generate_private_key(CURVE)
        self.p256dh = point(self.secret.public_key())
        self.auth = b"an auth secret!!"

    def open(self, body: bytes) -> bytes | None:
        """What a message says, or None for one that is not for this browser: written from RFC 8188 and 8291."""
        salt, length = body[:16], body[20]
        theirs, record = body[21 : 21 + length], body[21 + length :]
        shared = self.secret.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
        secret = _hkdf(self.auth, shared, b"WebPush: info\0" + self.p256dh + theirs, 32)
        key = _hkdf(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
        try:
            padded = AESGCM(key).decrypt(_hkdf(salt, secret, b"Content-Encoding: nonce\0", 12), record, None)
        except InvalidTag:
            return None
        return padded.rstrip(b"\0")[:-1]


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\1", "sha256")[:length]


class Received(NamedTuple):
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


class Maker:
    """A browser maker's push service on loopback; answers with the next of ``answers``, else 201."""

    def __init__(self) -> None:
        self.got: list[Received] = []
        self.answers: list[int] = []
        maker = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                maker.got.append(Received(self.path, dict(self.headers), body))
                self.send_response(maker.answers.pop(0) if maker.answers else 201)
                self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def may(self, endpoint: str) -> bool:
        """Whether an endpoint is here: what a test lets a carrier do."""
        return endpoint.startswith(self.origin)

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
