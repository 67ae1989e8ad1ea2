"""The socket of a live room: who may come in, how much, and the way between a phone and its seat in the hub.

The server's part is to send without compression (it costs memory for each socket, and sizes would tell of content) and
to take no frame larger than a room takes, ``FRAME_BYTES``.

Close codes: 4401 sign in, 4403 another site or a third person, 4408 silent too long, 4409 too many devices, 4429 too
fast, 1013 try again later.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.websockets import WebSocket

from toward.errors import Unavailable
from toward.live.messages import MAX_BYTES as FRAME_BYTES
from toward.web.live_outlet import Outlet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Receive, Scope, Send

    from toward.live import Hub, LiveSeat, Seated

CLOSE_SIGN_IN: Final = 4401
CLOSE_FOREIGN: Final = 4403
CLOSE_LATER: Final = 1013
LOOK_S: Final = 10.0
"""So often a seat is looked at: who was signed out elsewhere, or left, is in the room no longer than this."""

__all__ = ["FRAME_BYTES", "LiveSocket"]


class LiveSocket:
    """The endpoint that seats in a hub whom *authenticate* knows.

    It is an ASGI app and no function of a ``WebSocket``: Starlette's class checks in each call what the loop here
    knows, which costs half of what the room itself does for a probe.
    """

    def __init__(self, hub: Hub, authenticate: Callable[[WebSocket], Awaitable[LiveSeat | None]]) -> None:
        self._hub = hub
        self._authenticate = authenticate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one device of one person into the room of their couple, for as long as its connection lasts."""
        websocket = WebSocket(scope, receive, send)
        # Refusals are said after accepting: a browser shows a page nothing of a handshake that failed.
        await websocket.accept()
        if not same_origin(websocket):
            await websocket.close(CLOSE_FOREIGN)
            return
        seat = await self._authenticate(websocket)
        if seat is None:
            await websocket.close(CLOSE_SIGN_IN)
            return
        try:
            async with self._hub.seat(seat) as seated:
                await _carry(receive, send, seat, seated)
        except Unavailable:
            await websocket.close(CLOSE_LATER)


def same_origin(websocket: WebSocket) -> bool:
    """Whether the page that opened the socket came from this host. A browser always says; whoever doesn't is none."""
    origin = urlsplit(websocket.headers.get("origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc == websocket.headers.get("host")


async def _carry(receive: Receive, send: Send, seat: LiveSeat, seated: Seated) -> None:
    """Carry frames both ways until either end closes, or the seat does not hold."""
    outlet = Outlet(send, seated.wake)
    seated.send_with(outlet.take)
    sending = asyncio.create_task(_send(outlet.send, seated))
    looking = asyncio.create_task(_look(seat, seated))
    try:
        while (message := await receive())["type"] == "websocket.receive":
            seated.take(message.get("text") or message.get("bytes") or "")
    finally:
        outlet.shut()
        sending.cancel()
        looking.cancel()
        await asyncio.gather(sending, looking, return_exceptions=True)


async def _look(seat: LiveSeat, seated: Seated) -> None:
    """Let go of a seat that does not hold any more. The phone may knock again, and is told then where it stands."""
    while seat.holds is not None:
        await asyncio.sleep(LOOK_S)
        try:
            holds = await seat.holds()
        except Unavailable:
            continue
        if not holds:
            seated.let_go(CLOSE_LATER)
            return


async def _send(send: Send, seated: Seated) -> None:
    """Send what had to wait, and the end of it."""
    try:
        while (frame := await seated.next()) is not None:
            await send({"type": "websocket.send", "text": frame.decode()})
        await send({"type": "websocket.close", "code": seated.close_code})
    except OSError:
        # The phone went first; the receiving half hears of it too, and ends.
        return
