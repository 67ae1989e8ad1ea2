"""What is fixed for one run of the server."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

FORM_BYTES: Final = 256 * 1024
IMPORT_BYTES: Final = 64 * 1024 * 1024
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Trust(Struct, frozen=True, kw_only=True):
    """How a new phone comes to trust this house: the *url* of the page that shows it, and what to compare."""

    url: str
    fingerprint: str
    thumbprint: str


class Settings(Struct, frozen=True, kw_only=True):
    """``hosts`` are the names besides loopback by which people reach this server, without a port, in small letters.

    ``https`` says that people arrive by HTTPS even where this process sees plain HTTP (a proxy before it does TLS).
    ``look_around`` says that an invented couple's phones stand at ``/look/a`` and ``/look/b``.
    ``trust`` is there where this machine has made its own certificates.
    """

    hosts: frozenset[str] = frozenset()
    https: bool = False
    language: str = "en"
    look_around: bool = False
    trust: Trust | None = None
    form_bytes: int = FORM_BYTES
    form_seconds: float = 30.0
