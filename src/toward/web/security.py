"""The outermost layer: who may speak to this server at all, and what every answer says to the browser.

Pure ASGI, so that sockets and HTTP pass the same door:

1. **Host.** Only names on the list, loopback, or the very address the connection came in on. A page on another site
that
   rebinds *its own name* to this machine arrives with that name, and is turned away.
2. **Origin.** Every unsafe method and every socket must come from a page of this very origin. There are no exemptions:
   sign-in is not exempt (or a partner could sign a phone in as somebody else), and nothing here is meant for other
   sites.
3. **Headers.** See ``policy``.

An app mounted inside another finds the door already passed and only says that it may be framed.
"""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers

from toward.errors import ForeignOrigin, TowardError
from toward.web.policy import SCOPE_KEY, Policy
from toward.web.settings import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from toward.web.settings import Settings

    Refuse = Callable[[Scope, Receive, Send, TowardError], Awaitable[None]]

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY_REFUSED: Final = 4403
"""The socket's closing code for "not from this page"; the same number that the live room uses."""

_HOST = re.compile(r"(?P<name>[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(?P<port>[0-9]{1,5}))?", re.ASCII)


class UnknownHost(ForeignOrigin):
    """A name this server was not told about. Start it with ``--name`` to add one."""

    status = 421


class SecurityLayer:
    """Wraps an app; *refuse* answers an HTTP request that may not come in."""

    def __init__(self, app: ASGIApp, *, settings: Settings, nested: bool, refuse: Refuse) -> None:
        self.app = app
        self.settings = settings
        self.nested = nested
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let *scope* in, or turn it away."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        if SCOPE_KEY in scope:
            scope[SCOPE_KEY].framed_by_self |= self.nested
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        scheme = "https" if self.settings.https or scope["scheme"] in {"https", "wss"} else "http"
        problem: TowardError | None = None
        try:
            origin = f"{scheme}://{known_host(headers, scope.get('server'), self.settings.hosts)}"
        except UnknownHost as error:
            origin, problem = f"{scheme}://localhost", error
        policy = scope[SCOPE_KEY] = Policy(origin)
        policy.framed_by_self = self.nested
        if problem is None and not from_here(scope, headers, origin):
            problem = ForeignOrigin()
        if scope["type"] == "http":
            send = _with_headers(send, policy)
        if problem is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": POLICY_REFUSED})
        else:
            await self.refuse(scope, receive, send, problem)


def known_host(headers: Headers, server: tuple[str, int | None] | None, names: frozenset[str]) -> str:
    """Return the Host header if it names this server; raises ``UnknownHost``.

    An address (not a name) that equals the local end of the connection is this machine by proof: rebinding needs a
    name.
    """
    sent = headers.getlist("host")
    match = _HOST.fullmatch(sent[0].lower()) if len(sent) == 1 else None
    if match is None:
        raise UnknownHost
    name = match["name"].strip("[]")
    if name in LOOPBACK or name in names or (server is not None and _same_address(name, server[0])):
        return match[0]
    raise UnknownHost


def from_here(scope: Scope, headers: Headers, origin: str) -> bool:
    """Say whether a request is harmless in kind (a safe method) or was made by a page of *origin*.

    Where the browser sends ``Sec-Fetch-Site`` it must say "same-origin"; where it sends ``Origin`` that must be ours.
    One of the two must be there: what has neither is no browser form, and nothing else may write.
    """
    is_socket = scope["type"] == "websocket"
    if not is_socket and scope["method"] in SAFE_METHODS:
        return True
    origins = headers.getlist("origin")
    sites = headers.getlist("sec-fetch-site")
    if sites and sites != ["same-origin"]:
        return False
    if origins:
        # A page under "no-referrer" says "null" even to itself; with Sec-Fetch-Site's word for it that is enough.
        return origins == [origin] or (origins == ["null"] and bool(sites) and not is_socket)
    return bool(sites) and not is_socket


def _same_address(name: str, local: str) -> bool:
    try:
        return ip_address(name) == ip_address(local.partition("%")[0])
    except ValueError:
        return False


def _with_headers(send: Send, policy: Policy) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            ours = policy.headers()
            names = {name for name, _ in ours}
            kept = [(name, value) for name, value in message.get("headers", []) if name.lower() not in names]
            message = {**message, "headers": [*kept, *ours]}
        await send(message)

    return sender
