"""The way out of a seat: what one phone said is sent to the other's in the same breath.

Waking a task for each frame would cost as much as the room itself (`benchmarks/live.py`, thumbs).
"""

from __future__ import annotations

import asyncio
from types import coroutine
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocketDisconnect

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from toward.live import Seated


class Outlet:
    """Sends in the middle of what made a frame ready, and so for the other phone without waking its task.

    Each send is begun by hand, as an eager task of later Pythons is; what does not go through at once becomes a task,
    and until it is through everything waits in the chair, where a newer state takes an older one's place.
    """

    def __init__(self, send: Callable[[dict[str, str]], Coroutine[Any, Any, None]], seated: Seated) -> None:
        """Send the frames of *seated* by *send*, which begins each frame before it waits for anything."""
        self._send = send
        self._seated = seated
        self._rest: asyncio.Task[None] | None = None

    def pour(self) -> None:
        """Send what is ready, as far as the line takes it now."""
        while self._rest is None and (frame := self._seated.ready()) is not None:
            begun = self._send({"type": "websocket.send", "text": frame.decode()})
            try:
                waits_for = begun.send(None)
            except StopIteration:
                continue
            except WebSocketDisconnect:
                # The receiving half hears of it too, and ends.
                return
            self._rest = asyncio.ensure_future(_carry_on(begun, waits_for))
            self._rest.add_done_callback(self._through)

    def shut(self) -> None:
        """Give up what is not through."""
        if self._rest is not None:
            self._rest.cancel()

    def _through(self, rest: asyncio.Task[None]) -> None:
        self._rest = None
        if not rest.cancelled() and rest.exception() is None:
            self._seated.wake()


@coroutine
def _carry_on(begun: Coroutine[Any, Any, None], waits_for: Any) -> Generator[Any, Any, None]:  # noqa: ANN401 - a loop's own
    """Go on with a coroutine whose first step was taken by hand and ended in *waits_for*."""
    yield waits_for
    yield from begun
