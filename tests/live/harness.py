"""A tiny app around the live socket and the settle script, under the same strict policy as the real one.

Who somebody is comes from a cookie, ``<couple>.<name>``. ``/cut/<name>`` breaks that person's connections as a bad
network does.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import asynccontextmanager, contextmanager
from hashlib import blake2b
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from toward.live import Hub, LiveSeat, Note
from toward.live.nats_broker import NatsBroker
from toward.web.live_socket import FRAME_BYTES, LiveSocket

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.websockets import WebSocket

    from toward.live.events import HeartNote

HERE: Final = Path(__file__).parent
STATIC: Final = HERE.parents[1] / "src" / "toward" / "web" / "static"
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'"
)


class Cuttable:
    """A socket's endpoint whose connections break when a test wants it."""

    def __init__(self, endpoint: ASGIApp) -> None:
        self._endpoint = endpoint
        self._open: dict[str, list[Send]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, and know its line while it lasts."""
        name = HTTPConnection(scope).cookies.get("who", ".").partition(".")[2]
        lines = self._open.setdefault(name, [])
        lines.append(send)
        try:
            await self._endpoint(scope, receive, send)
        finally:
            lines.remove(send)

    async def cut(self, name: str) -> None:
        """Break all connections of one name."""
        for send in list(self._open.get(name, ())):
            await send({"type": "websocket.close", "code": 1011})


class Harness:
    """The app, and what a test may look at from outside: the notes that were to be kept."""

    def __init__(self, nats_url: str | None = None, *, bucket: str = "harness", lease_ttl_s: float = 1.0) -> None:
        async def connect() -> NatsBroker:
            return await NatsBroker.connect(nats_url or "", lease_ttl_s=lease_ttl_s, bucket=bucket, patience_s=1)

        self.notes: list[Note | HeartNote] = []
        self.hub = Hub(connect) if nats_url else Hub()
        self._live = Cuttable(LiveSocket(self.hub, self._authenticate))
        self.app = Starlette(
            routes=[
                Route("/", self._page),
                Route("/cut/{name}", self._cut, methods=["POST"]),
                WebSocketRoute("/live", self._live),
                Mount("/static", StaticFiles(directory=STATIC)),
            ],
            lifespan=self._lifespan,
        )

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self.hub.close()

    async def _page(self, request: Request) -> Response:
        socket_path = "" if "alone" in request.query_params else 'data-socket="/live"'
        page = Template((HERE / "harness.html").read_text(encoding="utf-8"))
        return HTMLResponse(
            page.substitute(socket=socket_path),
            headers={"content-security-policy": POLICY, "cache-control": "no-store"},
        )

    async def _authenticate(self, websocket: WebSocket) -> LiveSeat | None:
        couple, _, name = websocket.cookies.get("who", "").partition(".")
        if not name:
            return None
        key = blake2b(couple.encode(), digest_size=32).digest()
        return LiveSeat(name.encode().ljust(16), key[:16], key, name, self._keep)

    async def _keep(self, note: Note | HeartNote) -> None:
        self.notes.append(note)

    async def _cut(self, request: Request) -> Response:
        await self._live.cut(request.path_params["name"])
        return Response(status_code=204)


@contextmanager
def served(app: Starlette, port: int = 0) -> Iterator[str]:
    """Serve *app* in a thread as the real server does; the address is given."""
    listener = socket.create_server(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_max_size=FRAME_BYTES,
            ws_per_message_deflate=False,
            log_level="error",
            access_log=False,
        )
    )
    thread = threading.Thread(target=asyncio.run, args=[server.serve(sockets=[listener])], daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
