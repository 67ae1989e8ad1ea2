"""Behind a reverse proxy: what the proxy says of the browser is believed from the proxy alone.

``X-Forwarded-Proto`` and ``X-Forwarded-Host`` decide what counts as "this very site" and whether cookies are Secure.
Anybody can send them, so they are taken from connections of the proxies that were named, and removed from all others.
A proxy appends to what it received: the last value is its own word, the ones before are hearsay.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from toward.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

FORWARDED: Final = frozenset({b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"})
SECURE: Final = {"http": "https", "websocket": "wss"}
PLAIN: Final = {"http": "http", "websocket": "ws"}


def addresses(named: Iterable[str]) -> frozenset[str]:
    """Return the proxies' addresses in one spelling; raises ``Misconfigured`` for a name, which could change hands."""
    try:
        return frozenset(_spelt(one) for one in named)
    except ValueError as error:
        message = f"--proxy takes the address from which the proxy connects, such as 127.0.0.1 ({error})"
        raise Misconfigured(message) from error


class BehindProxy:
    """Wraps an app; *proxies* are the addresses that may speak for a browser."""

    def __init__(self, app: ASGIApp, proxies: frozenset[str]) -> None:
        self.app = app
        self.proxies = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take the proxy's word, take everybody else's away, and pass the request on."""
        if scope["type"] not in SECURE:
            await self.app(scope, receive, send)
            return
        said = {name: value for name, value in scope["headers"] if name in FORWARDED}  # of several lines the last
        headers = [(name, value) for name, value in scope["headers"] if name not in FORWARDED]
        scope = {**scope, "headers": headers}
        if self._is_proxy(scope.get("client")):
            if protocol := _last(said.get(b"x-forwarded-proto", b"")):
                scope["scheme"] = (SECURE if protocol == b"https" else PLAIN)[scope["type"]]
            if host := _last(said.get(b"x-forwarded-host", b"")):
                scope["headers"] = [*((name, value) for name, value in headers if name != b"host"), (b"host", host)]
        await self.app(scope, receive, send)

    def _is_proxy(self, client: tuple[str, int] | None) -> bool:
        try:
            return client is not None and _spelt(client[0]) in self.proxies
        except ValueError:
            return False


def _spelt(address: str) -> str:
    parsed = ip_address(address)
    mapped = parsed.ipv4_mapped if parsed.version == 6 else None  # noqa: PLR2004 - IPv6
    return str(mapped or parsed)


def _last(value: bytes) -> bytes:
    return value.rpartition(b",")[2].strip().lower()
