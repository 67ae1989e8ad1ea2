"""A room's line to the other workers: frames out in order, frames in one by one, over any broker."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from toward.errors import Damaged, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from toward.live.broker import Broker, Subscription
    from toward.live.frames import AnyFrame, Wire

_log = logging.getLogger(__name__)

BACKLOG: Final = 1024


class Line:
    """Posts without waiting and calls ``hear`` with whatever the others say."""

    def __init__(
        self, wire: Wire, broker: Broker, hear: Callable[[str, AnyFrame], None], *, beat_ms: float = 1000
    ) -> None:
        self.worker = wire.worker
        self.beat_ms = beat_ms
        self._wire = wire
        self._broker = broker
        self._hear = hear
        # A list: of a thousand rooms nearly every line is empty, and an empty asyncio queue takes three kilobytes.
        self._outgoing: list[AnyFrame] = []
        self._sender: asyncio.Task[None] | None = None
        self._reader: asyncio.Task[None] | None = None
        self._subscription: Subscription | None = None

    async def open(self) -> None:
        """Begin to listen."""
        self._subscription = await self._broker.subscribe(self._wire.subject)
        self._reader = asyncio.create_task(self._read(self._subscription))

    async def aclose(self) -> None:
        """Stop listening; what was not sent yet is dropped."""
        for task in (self._reader, self._sender):
            if task is not None:
                task.cancel()
        if self._subscription is not None:
            await self._subscription.aclose()
            self._subscription = None

    def post(self, frame: AnyFrame) -> None:
        """Send a frame soon. When the broker is stuck it is dropped: what matters is said again at the next beat."""
        if self._subscription is None or len(self._outgoing) >= BACKLOG:
            return
        self._outgoing.append(frame)
        if self._sender is None or self._sender.done():
            self._sender = asyncio.create_task(self._drain())

    async def _drain(self) -> None:
        while self._outgoing:
            data = self._wire.seal(self._outgoing.pop(0))
            try:
                await self._broker.publish(self._wire.subject, data)
            except Unavailable:
                _log.warning("A message between workers was lost")

    async def _read(self, subscription: Subscription) -> None:
        async for data in subscription:
            try:
                heard = self._wire.open(data)
            except Damaged:
                _log.warning("A frame between workers did not open")
                continue
            if heard is not None:
                self._hear(*heard)
