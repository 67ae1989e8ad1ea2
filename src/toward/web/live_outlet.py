"""The way out of a seat: what the room tells a phone is on its line in the same step that made it.

Waking a task for each frame would cost as much as the room itself (`benchmarks/live.py`, thumbs).
"""

from __future__ import annotations

import asyncio
from types import coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import Message, Send


class Outlet:
    """Sends a frame in the middle of what made it, and so to either phone without waking its task.

    Each send is begun by hand, as an eager task of later Pythons is; what does not go through at once becomes a task,
    and until it is through the line takes nothing: all else waits in the chair, where a newer state takes an older
    one's place.
    """

    def __init__(self, send: Send, through: Callable[[], None]) -> None:
        """Send by *send*, which begins each frame before it waits for anything.

        *through* is called once a frame is through that had to wait.
        """
        self._send = send
        self._now_free = through
        self._rest: asyncio.Task[None] | None = None

    def take(self, frame: bytes) -> bool:
        """Begin to send *frame*; false where the line does not take it now."""
        if self._rest is not None:
            return False
        begun = self._send({"type": "websocket.send", "text": frame.decode()}).__await__()
        try:
            waits_for = next(begun)
        except StopIteration:
            return True
        except OSError:
            # The phone is gone. Who listens to it hears of that too, and ends the connection.
            return True
        self._rest = asyncio.ensure_future(_carry_on(begun, waits_for))
        self._rest.add_done_callback(self._through)
        return True

    async def send(self, message: Message) -> None:
        """Send *message* after what is not through yet."""
        if self._rest is not None:
            await asyncio.wait((self._rest,))
        await self._send(message)

    def shut(self) -> None:
        """Give up what is not through."""
        if self._rest is not None:
            self._rest.cancel()

    def _through(self, rest: asyncio.Task[None]) -> None:
        self._rest = None
        if not rest.cancelled() and rest.exception() is None:
            self._now_free()


@coroutine
def _carry_on(begun: Generator[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:  # noqa: ANN401 - a loop's own
    """Go on with what was awaited, whose first step was taken by hand and ended in *waits_for*."""
    yield waits_for
    yield from begun
