"""The socket of a live room: who may come in, how much, and the way between a phone and its seat in the hub.

The app gives it two things in ``app.state``: ``hub`` (a ``toward.live.Hub``) and ``live_authenticate``, which returns
the ``LiveSeat`` that a session has, or None. ``SERVER_SETTINGS`` are the server's part: no compression (it costs memory
for each socket, and sizes would tell of content), and no frame larger than a room takes.

Close codes: 4401 sign in, 4403 another site or a third person, 4408 silent too long, 4409 too many devices, 4429 too
fast, 1013 try again later.
"""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from toward.errors import Unavailable
from toward.live.messages import MAX_BYTES

if TYPE_CHECKING:
    from starlette.websockets import WebSocket

    from toward.live import Hub, LiveSeat, Seated

SERVER_SETTINGS: Final = {"ws_max_size": 4 * MAX_BYTES, "ws_per_message_deflate": False}

CLOSE_SIGN_IN: Final = 4401
CLOSE_FOREIGN: Final = 4403
CLOSE_LATER: Final = 1013


async def live(websocket: WebSocket) -> None:
    """Let one device of one person into the room of their couple, for as long as its connection lasts."""
    # Refusals are said after accepting: a browser shows a page nothing of a handshake that failed.
    await websocket.accept()
    if not same_origin(websocket):
        await websocket.close(CLOSE_FOREIGN)
        return
    seat = await _authenticate(websocket)
    if seat is None:
        await websocket.close(CLOSE_SIGN_IN)
        return
    hub: Hub = websocket.app.state.hub
    try:
        async with hub.seat(seat) as seated:
            await _carry(websocket, seated)
    except Unavailable:
        await websocket.close(CLOSE_LATER)


def same_origin(websocket: WebSocket) -> bool:
    """Whether the page that opened the socket came from this host. A browser always says; whoever doesn't is none."""
    origin = urlsplit(websocket.headers.get("origin", ""))
    return origin.scheme in {"http", "https"} and origin.netloc == websocket.headers.get("host")


async def _authenticate(websocket: WebSocket) -> LiveSeat | None:
    found = websocket.app.state.live_authenticate(websocket)
    seat: LiveSeat | None = await found if inspect.isawaitable(found) else found
    return seat


async def _carry(websocket: WebSocket, seated: Seated) -> None:
    """Carry frames both ways until either end closes."""
    sending = asyncio.create_task(_send(websocket, seated))
    try:
        # Straight from ASGI: Starlette's wrappers check in each call what this loop knows.
        while (message := await websocket.receive())["type"] == "websocket.receive":
            seated.take(message.get("text") or message.get("bytes") or "")
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _send(websocket: WebSocket, seated: Seated) -> None:
    send = websocket.send
    while (frame := await seated.next()) is not None:
        await send({"type": "websocket.send", "text": frame.decode()})
    await websocket.close(seated.close_code)
