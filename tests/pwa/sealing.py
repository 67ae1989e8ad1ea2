"""The browser's half of the outbox in Python: seals a note as ``static/js/outbox.js`` does."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from nacl import bindings, utils

if TYPE_CHECKING:
    from toward.vault import Session

PAGE = 4096


def sealed(public: bytes, plain: bytes) -> bytes:
    """Any bytes to the holder of *public*."""
    once, secret = bindings.crypto_box_keypair()
    nonce = utils.random(bindings.crypto_box_NONCEBYTES)
    return once + nonce + bindings.crypto_box(plain, nonce, public, secret)


def note(
    session: Session, note_id: str, *, at_ms: int, tz_min: int = 0, form: dict[str, str] | None = None, **fields: str
) -> dict[str, str]:
    """One item of the queue, to somebody."""
    text = json.dumps({"id": note_id, "at_ms": at_ms, "tz_min": tz_min, "form": {**(form or {}), **fields}}).encode()
    box = sealed(session.keyring.box_public, text.ljust(-(-len(text) // PAGE) * PAGE))
    return {"id": note_id, "sealed": base64.b64encode(box).decode()}
