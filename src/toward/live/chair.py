"""One device's place in a room on this worker: its door, and what waits to be sent to it.

A slow phone never holds up the other. Of the states that wait only the newest is kept, for it holds all that the older
ones said; the rest is bounded.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from toward.live.door import Door

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.live.seat import LiveSeat

WAITING: Final = 64


class Chair:
    """Where one connection sits. ``frames`` are taken by its socket, everything else is for the room."""

    __slots__ = ("_closed", "_others", "_state", "_waiter", "conn", "door", "heard_ms", "seat", "straight")

    def __init__(self, conn: str, seat: LiveSeat, now_ms: float) -> None:
        self.conn = conn
        self.seat = seat
        self.door = Door(now_ms)
        self.heard_ms = now_ms
        self._state: bytes | None = None
        self._others: list[bytes] = []
        self._closed: int | None = None
        self._waiter: asyncio.Future[None] | None = None
        self.straight: Callable[[bytes], bool] | None = None
        """Sends a frame in the middle of what made it, or says that the line does not take it now: waking a task costs
        as much as the room itself."""

    @property
    def closed(self) -> int | None:
        """The code to close the socket with, once the room wants that."""
        return self._closed

    def put(self, data: bytes, *, state: bool) -> None:
        """Send something: a state in place of one that still waits, anything else in order."""
        if self._closed is not None:
            return
        # While somebody waits for ``next``, nothing is before this frame but what the line itself may still hold.
        waited_for = self._waiter is not None and not self._waiter.done()
        if waited_for and self.straight is not None and self.straight(data):
            return
        if state:
            self._state = data
        else:
            self._others.append(data)
            del self._others[:-WAITING]
        if self.straight is None:
            self.wake()

    def close(self, code: int) -> None:
        """End the connection once what waits has been sent."""
        if self._closed is None:
            self._closed = code
        self.wake()

    def wake(self) -> None:
        """Let ``next`` look again at what is ready."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def ready(self) -> bytes | None:
        """Return the next frame to send, if there is one now."""
        if self._others:
            return self._others.pop(0)
        data, self._state = self._state, None
        return data

    async def next(self) -> bytes | None:
        """Wait for the next frame to send; None when the connection is to be closed. For one caller at a time."""
        while (data := self.ready()) is None and self._closed is None:
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        return data
